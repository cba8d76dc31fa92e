// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/looks_japanese.hpp"

#include <gtest/gtest.h>

#include <iconv.h>

#include "worker/file_text.hpp"

namespace photosafe::worker {
namespace {

/// UTF-8 in another encoding; empty where that hasn't all of it.
std::string encoded(std::string_view text, const char* encoding)
{
    const iconv_t open = iconv_open(encoding, "UTF-8");
    std::string input{text}, result(text.size() + 1, '\0');
    char *from = input.data(), *to = result.data();
    std::size_t left = input.size(), room = result.size();
    const bool whole = iconv(open, &from, &left, &to, &room) == 0;
    iconv_close(open);
    result.resize(whole ? result.size() - room : 0);
    return result;
}

TEST(LooksJapanese, IsNoWesternText)
{
    for (const char* text : {"I’m “OK”",
                             "I’m “OK” today",
                             "Fish ’n’chips",
                             "Fish ’n’ chips",
                             "don’t “stop”",
                             "rock ’n’ roll",
                             "It’s my sister’s dog",
                             "O’Brien’s “pub”",
                             "“Quote",
                             "“A” and “B”",
                             "l’été à l’île d’Yeu",
                             "l’œuvre d’un cœur",
                             "Œuvre",
                             "Sœur Œdipe",
                             "bœuf",
                             "Jan Žižka",
                             "Šiška, Ljubljana",
                             "Žižkov",
                             "Škoda",
                             "Škofja Loka",
                             "ŠKODA AUTO",
                             "ŠK Slovan",
                             "ŽŠK Žilina",
                             "Košice",
                             "Žitný ostrov",
                             "Šárka",
                             "Žofín",
                             "Pärnu – Haapsalu",
                             "Tšehhi",
                             "šaš",
                             "trž",
                             "Brž",
                             "2023–2024",
                             "Berlin–Paris",
                             "Wien — Graz",
                             "— Non, dit-il",
                             "—¿Qué? —dijo Juan—",
                             "‚Hallo‘, sagte er",
                             "„Hallo“, sagte er",
                             "»Hallo«",
                             "«Voilà»",
                             "« Voilà »",
                             "‹ja›",
                             "”Hej” på dig",
                             "…und dann",
                             "Ende …",
                             "100 €",
                             "€100",
                             "ƒ/2.8",
                             "ƒ",
                             "20 ‰",
                             "† 1943",
                             "Sony™",
                             "Lego® und Duplo®",
                             "© Österreich",
                             "©2024 Müller",
                             "25 °C",
                             "Nº 5",
                             "1ª",
                             "m²",
                             "m³",
                             "½ Liter",
                             "50 µm",
                             "9×13",
                             "3 × 4",
                             "¡Olé!",
                             "¿Qué?",
                             "col·legi",
                             "§ 5",
                             "Straße am Mädchen-Übungsplatz",
                             "STRAßE",
                             "Été à Îles",
                             "ÉTÉ",
                             "CHÂTEAU",
                             "Noël",
                             "Zürich",
                             "café",
                             "Ærø",
                             "ÆØÅ",
                             "ÅÄÖ",
                             "Å",
                             "Ö",
                             "à",
                             "où",
                             "Hämähäkki",
                             "Ääniä",
                             "Yö",
                             "Blåbærgrød",
                             "São João",
                             "Conceição",
                             "AÇÕES",
                             "Ñandú",
                             "Þingvellir",
                             "Reykjavík",
                             "MÜNCHEN",
                             "Größe",
                             "Löwenbräu",
                             "Fußgänger",
                             "naïve",
                             "Curaçao",
                             "Ísafjörður",
                             "£5",
                             "5¢",
                             "a´b",
                             "L´été",
                             "•Item",
                             "• Item",
                             "80’s",
                             "’68",
                             "9“x12“ print",
                             "Mike‘s",
                             "Ž"}) {
        const std::string bytes = encoded(text, "WINDOWS-1252");
        ASSERT_FALSE(bytes.empty()) << text;
        EXPECT_FALSE(looks_japanese(bytes)) << text;
        EXPECT_EQ(clean_text(bytes), text);
    }
}

TEST(LooksJapanese, IsJapaneseText)
{
    for (const char* text : {"東京",
                             "京都",
                             "大阪",
                             "名古屋",
                             "札幌",
                             "奈良",
                             "鎌倉",
                             "沖縄",
                             "北海道",
                             "富士山",
                             "田中",
                             "鈴木",
                             "佐藤",
                             "黒澤",
                             "男子",
                             "中山",
                             "地図",
                             "写真",
                             "旅行",
                             "結婚式",
                             "運動会",
                             "七五三",
                             "誕生日 1歳",
                             "時計",
                             "四月",
                             "自然",
                             "動物園",
                             "海水浴",
                             "2024年5月31日",
                             "2024年",
                             "5月31日",
                             "平成12年3月",
                             "森",
                             "川",
                             "空",
                             "花",
                             "春",
                             "夏",
                             "秋",
                             "駅",
                             "城",
                             "犬",
                             "魚",
                             "橋",
                             "子",
                             "寺",
                             "中",
                             "Tokyo 駅 2024",
                             "Tokyo 森",
                             "花 1",
                             "JR東日本",
                             "iPhone写真",
                             "A組 写真",
                             "東京 Tokyo",
                             "Sony カメラ",
                             "カメラ 1",
                             "さくら",
                             "の",
                             "桜の花",
                             "お正月",
                             "クリスマス",
                             "山の上",
                             "家族で旅行。",
                             "はい、チーズ",
                             "（東京）",
                             "「東京」",
                             "ＡＢＣ",
                             "１２３",
                             "ｶﾒﾗ",
                             "ﾆｺﾝ ｶﾒﾗ",
                             "ｷﾔﾉﾝ",
                             "ｻｸﾗ",
                             "ﾃﾞｼﾞｶﾒ",
                             "OLYMPUS ｶﾒﾗ",
                             "①東京"}) {
        const std::string bytes = encoded(text, "CP932");
        ASSERT_FALSE(bytes.empty()) << text;
        EXPECT_TRUE(looks_japanese(bytes)) << text;
        EXPECT_EQ(clean_text(bytes), text);
    }
}

TEST(LooksJapanese, TakesWhatIsNeitherClearlyForWestern)
{
    EXPECT_FALSE(looks_japanese("\x8eR")) << "山 or ŽR";
    EXPECT_FALSE(looks_japanese("\x8a"
                                "C"))
        << "海 or ŠC";
    EXPECT_FALSE(looks_japanese("\x92l")) << "値 or ’l";
    EXPECT_FALSE(looks_japanese("\xca\xc5")) << "ﾊﾅ or ÊÅ";
    EXPECT_FALSE(looks_japanese("\xd2\xee\xf7\xea\xe8")) << "Russian of Windows-1251, which is not read";
    EXPECT_FALSE(looks_japanese("\x81")) << "nothing in either";
    EXPECT_FALSE(looks_japanese("a\x81z"));
    EXPECT_FALSE(looks_japanese(""));
}

} // namespace
} // namespace photosafe::worker
