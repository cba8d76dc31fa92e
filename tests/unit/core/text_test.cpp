// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/text.hpp"

#include <gtest/gtest.h>

namespace photosafe {
namespace {

std::string utf8(char32_t code)
{
    std::string text;
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xc0 | (code >> 6));
        text += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
        text += static_cast<char>(0xe0 | (code >> 12));
        text += static_cast<char>(0x80 | ((code >> 6) & 63));
        text += static_cast<char>(0x80 | (code & 63));
    } else {
        text += static_cast<char>(0xf0 | (code >> 18));
        text += static_cast<char>(0x80 | ((code >> 12) & 63));
        text += static_cast<char>(0x80 | ((code >> 6) & 63));
        text += static_cast<char>(0x80 | (code & 63));
    }
    return text;
}

bool is_surrogate(char32_t code) { return code >= 0xd800 && code < 0xe000; }

TEST(Utf8, TakesEveryCharacterAndNoSurrogate)
{
    for (char32_t code = 0; code <= 0x10ffff; ++code) {
        EXPECT_EQ(is_utf8(utf8(code)), !is_surrogate(code)) << std::hex << static_cast<unsigned>(code);
    }
}

TEST(Utf8, RefusesOverlongTornAndTooLargeForms)
{
    for (const char* bytes :
         {"\xc0\xaf", "\xc1\x81", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xc3", "\xe2\x82", "\xf0\x9f\x98",
          "\x80", "\xff", "\xfe", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xed\xa0\x80", "\xed\xbf\xbf",
          "a\xc3(", "\xc3\xa9\xc3"}) {
        EXPECT_FALSE(is_utf8(bytes)) << printable(bytes);
    }
    EXPECT_TRUE(is_utf8(""));
}

TEST(FoldKey, IsOneForNamesThatDifferInCaseOrForm)
{
    const std::pair<const char*, const char*> twins[] = {
        {"a.jpg", "A.JPG"},
        {"\u00c9.HEIC", "E\u0301.HEIC"},
        {"\u00e9.heic", "E\u0301.HEIC"},
        {"stra\u00dfe", "STRASSE"},
        {"\u1e9e", "ss"},
        {"\u03a3", "\u03c2"},
        {"\u03c3", "\u03c2"},
        {"\u212a", "k"},
        {"\u212b", "a\u030a"},
        {"\u0131", "I"},
        {"\u017f", "S"},
        {"\u00b5", "\u03bc"},
        {"\u1fb3", "\u0391\u0399"},
        {"\u1e69", "s\u0307\u0323"},
        {"\ufb03", "FFI"},
        {"\U00010400", "\U00010428"},
        {"\uac00", "\u1100\u1161"},
        {"2024/A/img_0001.HEIC", "2024/a/IMG_0001.heic"},
    };
    for (const auto& [one, other] : twins) EXPECT_EQ(fold_key(one), fold_key(other)) << one << ' ' << other;
}

TEST(FoldKey, KeepsOtherNamesApart)
{
    using namespace std::string_literals;
    const std::string names[] = {"",
                                 "a",
                                 "b",
                                 "a/b",
                                 "a_b",
                                 "ab",
                                 "\u00e9",
                                 "e",
                                 "\xff",
                                 "\xfe",
                                 "\\xFF",
                                 "\xc3",
                                 "\x1a",
                                 "\x1a\x1a",
                                 "\x1a"
                                 "FF",
                                 "FF",
                                 "\x1a\xff",
                                 "\xff\x1a",
                                 "\ufffd",
                                 "a\0b"s,
                                 "a\0"s,
                                 "\uff41",
                                 "\u2460",
                                 "1",
                                 "IMG_1.JPG",
                                 "IMG_1 .JPG",
                                 "IMG_1.JPG ",
                                 "\xed\xa0\x80",
                                 "\xc0\xaf",
                                 "/"};
    for (const std::string& one : names) {
        for (const std::string& other : names) {
            EXPECT_EQ(fold_key(one) == fold_key(other), one == other)
                << printable(one) << ' ' << printable(other);
        }
    }
}

TEST(FoldKey, IsUtf8AndItsOwnKeyForEveryCharacter)
{
    for (char32_t code = 0; code <= 0x10ffff; ++code) {
        if (code == 0x1a || is_surrogate(code)) continue; // the escape itself is doubled each time
        const std::string key = fold_key(utf8(code));
        ASSERT_TRUE(is_utf8(key)) << std::hex << static_cast<unsigned>(code);
        ASSERT_EQ(fold_key(key), key) << std::hex << static_cast<unsigned>(code);
        ASSERT_EQ(key.find('/') != std::string::npos, code == U'/')
            << std::hex << static_cast<unsigned>(code);
    }
}

TEST(FoldKey, TakesAllBytes)
{
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string bytes{static_cast<char>(first), static_cast<char>(second)};
            EXPECT_TRUE(is_utf8(fold_key(bytes)));
        }
    }
}

TEST(Nfc, ComposesAndLeavesOtherBytes)
{
    EXPECT_EQ(to_nfc("E\u0301"), "\u00c9");
    EXPECT_EQ(to_nfc("E\u0301\xff"
                     "e\u0301"),
              "\u00c9\xff\u00e9");
    EXPECT_EQ(to_nfc("\xff\u0301"), "\xff\u0301");
    EXPECT_EQ(to_nfc(""), "");
    EXPECT_EQ(to_nfd("\u00c9\xff"
                     "a"),
              "E\u0301\xff"
              "a");
    EXPECT_EQ(to_nfd(to_nfc("IMG_0042")), "IMG_0042");
}

TEST(Printable, ShowsNothingThatMovesACursorOrTurnsText)
{
    EXPECT_EQ(printable("IMG_0042.HEIC"), "IMG_0042.HEIC");
    EXPECT_EQ(printable("Zo\u00eb \u65e5\u672c \U0001f600"), "Zo\u00eb \u65e5\u672c \U0001f600");
    EXPECT_EQ(printable("a\nb\x1b[2J\x7f"), "a\\x0Ab\\x1B[2J\\x7F");
    EXPECT_EQ(printable("\u0085"), "\\xC2\\x85");
    EXPECT_EQ(printable("\u202egpj.exe"), "\\xE2\\x80\\xAEgpj.exe");
    EXPECT_EQ(printable("\u2028\u2029\u2066\u2069\u200e\u200f\u061c").find('\xe2'), std::string::npos);
    EXPECT_EQ(printable("\xff\xc3"), "\\xFF\\xC3");
    EXPECT_EQ(printable(std::string_view{"a\0b", 3}), "a\\x00b");
}

TEST(CutAtCharacter, NeverLeavesHalfOfOne)
{
    EXPECT_EQ(cut_at_character("abc", 3), "abc");
    EXPECT_EQ(cut_at_character("abc", 2), "ab");
    EXPECT_EQ(cut_at_character("a\u00e9", 2), "a");
    EXPECT_EQ(cut_at_character("\U0001f600", 3), "");
    EXPECT_EQ(cut_at_character("abc", 0), "");
}

} // namespace
} // namespace photosafe
