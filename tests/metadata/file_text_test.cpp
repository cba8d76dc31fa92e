// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/file_text.hpp"

#include <gtest/gtest.h>

#include "core/text.hpp"

namespace photosafe::worker {
namespace {

using namespace std::string_literals;

std::string utf16(const std::string& bytes, ByteOrder order)
{
    return clean_utf16({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, order);
}

TEST(FileText, KeepsUtf8)
{
    EXPECT_EQ(clean_text("Grüße aus 東京 🗼"), "Grüße aus 東京 🗼");
    EXPECT_EQ(clean_text("plain"), "plain");
}

TEST(FileText, TakesWesternBytesForWindows1252)
{
    EXPECT_EQ(clean_text("Z\xfcrich"), "Zürich");
    EXPECT_EQ(clean_text("Stra\xdf"
                         "e am M\xe4"
                         "dchen-\xdc"
                         "bungsplatz"),
              "Straße am Mädchen-Übungsplatz");
    EXPECT_EQ(clean_text("caf\xe9"), "café");
    EXPECT_EQ(clean_text("don\x92t \x93stop\x94"), "don’t “stop”");
    EXPECT_EQ(clean_text("\xc9t\xe9 \xe0 \xceles"), "Été à Îles");
    EXPECT_EQ(clean_text("a\x81z"), "a\xef\xbf\xbdz"); // nothing is there in the code page
}

TEST(FileText, TakesKanaAndKanjiForShiftJis)
{
    EXPECT_EQ(clean_text("\x93\x8c\x8b\x9e"), "東京");
    EXPECT_EQ(clean_text("\x82\xb3\x82\xad\x82\xe7"), "さくら");
    EXPECT_EQ(clean_text("\x83J\x83\x81\x83\x89 1"), "カメラ 1");
    EXPECT_EQ(clean_text("\x93\x8c\x8b\x9e\x82"),
              clean_text("\x93\x8c\x8b\x9e\x82")); // cut: something, and the same
    EXPECT_TRUE(is_utf8(clean_text("\x93\x8c\x8b\x9e\x82")));
}

TEST(FileText, LeavesOutACutCharacter)
{
    EXPECT_EQ(clean_text("Grüße aus M\xc3"), "Grüße aus M");
    EXPECT_EQ(clean_text("東京の\xe6\x9d"), "東京の");
    EXPECT_EQ(clean_text("Grüße \xf0\x9f\x97"), "Grüße");
    EXPECT_EQ(clean_text("caf\xe9"), "café") << "a whole text of one byte a character";
    EXPECT_EQ(clean_text("Gr\xfc\xdf"
                         "e \xc3"),
              "Grüße Ã");
    EXPECT_EQ(clean_text("\x83J\x83\x81\x83\x89\x82"), "カメラ") << "Shift-JIS";
}

TEST(FileText, BelievesThatATextIsUtf8WhereItCanBe)
{
    const std::string field = std::string(63, 'x') + "\xc3";
    EXPECT_EQ(clean_utf8(field), std::string(63, 'x')) << "as long as the field";
    EXPECT_EQ(clean_utf8("don\xe2\x80"), "don");
    EXPECT_EQ(clean_utf8("caf\xe9"), "café") << "it isn't";
    EXPECT_EQ(clean_utf8("Grüße\n"), "Grüße");
}

std::string xml(const std::string& bytes)
{
    return text_as_utf8({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

TEST(FileText, HeedsAnXmlDeclarationAndTakesItsEncodingOut)
{
    EXPECT_EQ(xml("<?xml version='1.0' encoding='ISO-8859-1'?><a>M\xfcller</a>"),
              "<?xml version='1.0' ?><a>Müller</a>");
    EXPECT_EQ(xml("<?xml encoding = \"Shift_JIS\"?><a>\x8eR</a>"), "<?xml ?><a>山</a>");
    EXPECT_EQ(xml("<?xml encoding='latin1'?><a>Müller</a>"), "<?xml ?><a>Müller</a>") << "UTF-8 all the same";
    EXPECT_EQ(xml("<?xml version='1.0'?><a>M\xfcller encoding='koi8-r'</a>"),
              "<?xml version='1.0'?><a>Müller encoding='koi8-r'</a>");
    const std::string other = "<?xml encoding='koi8-r'?><a>\xed</a>";
    EXPECT_EQ(xml(other), other) << "left to a parser that will refuse it";
    const std::string utf16 = "\xff\xfe<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0u\0'\0?\0>\0"s;
    EXPECT_EQ(xml(utf16), "<?xml ?>");
    EXPECT_EQ(xml("<?xml encoding='"), "<?xml encoding='");
    EXPECT_EQ(xml("<?xml encoding"), "<?xml encoding");
}

TEST(FileText, HasNoControlsAndEndsAtZero)
{
    EXPECT_EQ(clean_text("one\ntwo\x1b[31m"), "one two [31m");
    EXPECT_EQ(clean_text("Canon\0garbage\xff"s), "Canon");
    EXPECT_EQ(clean_text("  padded \0\0\0"s), "padded");
    EXPECT_EQ(clean_text("a\u202egnp.exe"), "a gnp.exe");
    EXPECT_EQ(clean_text("\0"s), "");
    EXPECT_EQ(clean_text(""), "");
}

TEST(FileText, IsBounded)
{
    EXPECT_EQ(clean_text(std::string(10'000, 'x')).size(), most_text);
    std::string umlauts;
    for (int i = 0; i < 100'000; ++i) umlauts += "ä";
    EXPECT_TRUE(is_utf8(clean_text(umlauts)));
    EXPECT_EQ(clean_text(umlauts).size(), most_text);
    EXPECT_EQ(clean_text("x" + umlauts).size(), most_text - 1);
}

TEST(FileText, ReadsUtf16)
{
    EXPECT_EQ(utf16("Z\0\xfc\0r\0i\0"s, ByteOrder::little), "Züri");
    EXPECT_EQ(utf16("\0Z\0\xfc"s, ByteOrder::big), "Zü");
    EXPECT_EQ(utf16("\xff\xfeZ\0"s, ByteOrder::big), "Z");                // its mark knows better
    EXPECT_EQ(utf16("\x3d\xd8\xfc\xdd"s, ByteOrder::little), "🗼");        // a pair
    EXPECT_EQ(utf16("\x3d\xd8Z\0"s, ByteOrder::little), "\xef\xbf\xbdZ"); // half of one
    EXPECT_EQ(utf16("Z\0\0\0x\0"s, ByteOrder::little), "Z");
    EXPECT_EQ(utf16("Z\0q"s, ByteOrder::little), "Z");
    EXPECT_EQ(utf16("", ByteOrder::big), "");
}

} // namespace
} // namespace photosafe::worker
