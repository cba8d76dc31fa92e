// SPDX-License-Identifier: LGPL-2.1-or-later
#include "parse_value.hpp"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "cli.hpp"

namespace photosafe::cli {
namespace {

using namespace std::chrono_literals;

TEST(ParseSize, TakesDecimalAndBinaryUnits)
{
    EXPECT_EQ(parse_size("4096"), 4096u);
    EXPECT_EQ(parse_size("50G"), 50'000'000'000u);
    EXPECT_EQ(parse_size("1.5 TB"), 1'500'000'000'000u);
    EXPECT_EQ(parse_size("64MiB"), 64u * 1024 * 1024);
    EXPECT_EQ(parse_size("10k"), 10'000u);
}

TEST(ParseSize, RefusesWhatIsNoSize)
{
    for (const auto* text : {"", "G", "-1G", "1X", "1e3", "nan", "inf", "99999999999T", "1 G B", "0x10"})
        EXPECT_THROW(parse_size(text), UsageError) << text;
}

TEST(ParseDuration, TakesUnits)
{
    EXPECT_EQ(parse_duration("30"), 30s);
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("1.5m"), 90s);
    EXPECT_EQ(parse_duration("1h"), 1h);
    for (const auto* text : {"", "s", "-5s", "5d", "1e400h"})
        EXPECT_THROW(parse_duration(text), UsageError) << text;
}

TEST(ParseSince, CountsBackFromNow)
{
    const Instant now{std::chrono::sys_days{2024y / 6 / 2}};
    EXPECT_EQ(parse_since("20d", now), now - std::chrono::days{20});
    EXPECT_EQ(parse_since("2w", now), now - std::chrono::weeks{2});
    EXPECT_EQ(parse_since("12h", now), now - 12h);
}

TEST(ParseSince, TakesADayFromItsFirstLocalSecond)
{
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    EXPECT_EQ(parse_since("2024-05-01", Instant{}),
              Instant{std::chrono::sys_days{2024y / 4 / 30} + 22h}); // summer
    EXPECT_EQ(parse_since("2024-01-01", Instant{}), Instant{std::chrono::sys_days{2023y / 12 / 31} + 23h});
    unsetenv("TZ");
    tzset();
}

TEST(ParseSince, RefusesDaysThatAreNone)
{
    for (const auto* text :
         {"", "2024-02-30", "2024-13-01", "20240501", "d", "20x", "-2d", "1000000y", "24-05-01"})
        EXPECT_THROW(parse_since(text, Instant{}), UsageError) << text;
}

TEST(ParseSubset, TakesShareFractionAndSize)
{
    EXPECT_DOUBLE_EQ(parse_subset("2.5%").share.value(), 0.025);
    EXPECT_DOUBLE_EQ(parse_subset("1/30").share.value(), 1.0 / 30);
    EXPECT_DOUBLE_EQ(parse_subset("100%").share.value(), 1.0);
    EXPECT_EQ(parse_subset("50G").bytes.value(), 50'000'000'000u);
}

TEST(ParseSubset, RefusesNothingAndMoreThanAll)
{
    for (const auto* text : {"0%", "101%", "-1%", "0/30", "31/30", "1/0", "1/", "/2", "0", "%", "5%%", ""})
        EXPECT_THROW(parse_subset(text), UsageError) << text;
}

TEST(ParseOnly, TakesKindsInAnyOrder)
{
    EXPECT_FALSE(parse_only("photos").videos);
    EXPECT_FALSE(parse_only("videos").photos);
    const auto both = parse_only("videos, photos");
    EXPECT_TRUE(both.photos && both.videos);
    for (const auto* text : {"", "music", "photos;videos", ",", "photos,,videos"})
        EXPECT_THROW(parse_only(text), UsageError) << text;
}

TEST(ParseNumber, RefusesWhatIsNone)
{
    EXPECT_EQ(parse_number("3"), 3u);
    for (const auto* text : {"", "-1", "3x", "1001", "99999999999999999999"})
        EXPECT_THROW(parse_number(text), UsageError) << text;
}

TEST(ParseYesNo, TakesTheWordsOfSettingsFilesAndShells)
{
    for (const auto* yes : {"true", "yes", "on", "1"}) EXPECT_TRUE(parse_yes_no(yes));
    for (const auto* no : {"false", "no", "off", "0"}) EXPECT_FALSE(parse_yes_no(no));
    EXPECT_THROW(parse_yes_no("perhaps"), UsageError);
}

} // namespace
} // namespace photosafe::cli
