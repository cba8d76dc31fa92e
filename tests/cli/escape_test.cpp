// SPDX-License-Identifier: LGPL-2.1-or-later
#include "escape.hpp"

#include <gtest/gtest.h>

namespace photosafe::cli {
namespace {

using namespace std::string_literals;

TEST(Printable, LeavesOrdinaryNamesAlone)
{
    for (const auto* name :
         {"IMG_0042.HEIC", "Été à Rome.jpg", "写真 001.heic", "👨‍👩‍👧.png", "a b\\c", ""})
        EXPECT_EQ(printable(name), name);
}

TEST(Printable, ShowsControlCharactersAsBytes)
{
    EXPECT_EQ(printable("\x1b]0;owned\x07"), "\\x1b]0;owned\\x07");
    EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
    EXPECT_EQ(printable("a\nb\rc\td"), "a\\x0ab\\x0dc\\x09d");
    EXPECT_EQ(printable("\x7f"), "\\x7f");
    EXPECT_EQ(printable("a\0b"s), "a\\x00b");
    EXPECT_EQ(printable("\xc2\x9b"
                        "31m"),
              "\\xc2\\x9b31m"); // C1: one character that begins a control sequence
    EXPECT_EQ(printable("\xc2\x80\xc2\x9f\xc2\xa0"), "\\xc2\\x80\\xc2\\x9f\xc2\xa0");
}

TEST(Printable, ShowsWhatTurnsTheReadingDirectionAsBytes)
{
    const std::pair<const char*, const char*> cases[] = {
        {"\u202a", "\\xe2\\x80\\xaa"}, {"\u202e", "\\xe2\\x80\\xae"}, {"\u2066", "\\xe2\\x81\\xa6"},
        {"\u2069", "\\xe2\\x81\\xa9"}, {"\u200e", "\\xe2\\x80\\x8e"}, {"\u200f", "\\xe2\\x80\\x8f"},
        {"\u061c", "\\xd8\\x9c"},      {"\u2028", "\\xe2\\x80\\xa8"}, {"\u2029", "\\xe2\\x80\\xa9"},
    };
    for (const auto& [name, shown] : cases) EXPECT_EQ(printable(name), shown);
    EXPECT_EQ(printable("\u2026\u2065\u206a"), "\u2026\u2065\u206a"); // their neighbours are harmless
}

TEST(Printable, ShowsBytesThatAreNoUtf8)
{
    const std::pair<const char*, const char*> cases[] = {
        {"\xff", "\\xff"},
        {"a\x80z", "a\\x80z"},
        {"\xc3", "\\xc3"},                            // cut off
        {"\xe2\x82z", "\\xe2\\x82z"},                 // cut off in the middle
        {"\xc0\xaf", "\\xc0\\xaf"},                   // overlong slash
        {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},          // overlong slash
        {"\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"}, // overlong slash
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          // half of a surrogate pair
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, // beyond the last character
        {"\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"},
    };
    for (const auto& [name, shown] : cases) {
        EXPECT_EQ(printable(name), shown);
        EXPECT_FALSE(is_utf8(name));
    }
}

TEST(Printable, IsValidHarmlessUtf8WhateverItIsGiven)
{
    // Every pair of bytes, and every character with a third byte, as hostile names would have them.
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string name{static_cast<char>(first), static_cast<char>(second)};
            const std::string shown = printable(name);
            ASSERT_TRUE(is_utf8(shown));
            ASSERT_EQ(printable(shown), shown);
            for (const char c : shown) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
        }
    }
}

TEST(Width, CountsColumnsNotBytes)
{
    EXPECT_EQ(display_width("abc"), 3u);
    EXPECT_EQ(display_width("é"), 1u);
    EXPECT_EQ(display_width("e\u0301"), 1u); // a letter and an accent of its own
    EXPECT_EQ(display_width("写真"), 4u);
}

TEST(Width, KeepsTheEndOfLongPaths)
{
    EXPECT_EQ(keep_end("DCIM/100APPLE/IMG_0042.MOV", 13), "…IMG_0042.MOV");
    EXPECT_EQ(keep_end("short", 13), "short");
    EXPECT_EQ(keep_end("写真写真", 5), "…写真");
    EXPECT_EQ(keep_end("写真写真", 4), "…真"); // half of a wide character doesn't fit
    EXPECT_EQ(keep_end("abc", 0), "");
}

TEST(Width, KeepsTheBeginning)
{
    EXPECT_EQ(keep_begin("abcdef", 3), "abc");
    EXPECT_EQ(keep_begin("写真", 3), "写");
}

} // namespace
} // namespace photosafe::cli
