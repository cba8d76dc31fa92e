// SPDX-License-Identifier: LGPL-2.1-or-later
#include "human.hpp"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "progress.hpp"

namespace photosafe::cli {
namespace {

using namespace std::chrono_literals;

TEST(Human, WritesCounts)
{
    EXPECT_EQ(count_text(0), "0");
    EXPECT_EQ(count_text(999), "999");
    EXPECT_EQ(count_text(100'000), "100,000");
    EXPECT_EQ(count_text(1'234'567), "1,234,567");
    EXPECT_EQ(count_text(1, "file"), "1 file");
    EXPECT_EQ(count_text(0, "file"), "0 files");
}

TEST(Human, WritesSizes)
{
    EXPECT_EQ(bytes_text(0), "0 bytes");
    EXPECT_EQ(bytes_text(1), "1 byte");
    EXPECT_EQ(bytes_text(999), "999 bytes");
    EXPECT_EQ(bytes_text(1000), "1.0 kB");
    EXPECT_EQ(bytes_text(9'950), "10 kB");
    EXPECT_EQ(bytes_text(999'499), "999 kB");
    EXPECT_EQ(bytes_text(999'500), "1.0 MB");
    EXPECT_EQ(bytes_text(4'231'000'000), "4.2 GB");
    EXPECT_EQ(bytes_text(18'446'744'073'709'551'615u), "18 EB");
}

TEST(Human, WritesDurations)
{
    EXPECT_EQ(duration_text(0s), "0 s");
    EXPECT_EQ(duration_text(192s), "3 min 12 s");
    EXPECT_EQ(duration_text(120s), "2 min");
    EXPECT_EQ(duration_text(2h + 5min), "2 h 5 min");
    EXPECT_EQ(duration_text(25h), "1 d 1 h");
    EXPECT_EQ(duration_text(-5s), "0 s");
}

TEST(Human, WritesAges)
{
    const Instant now{std::chrono::sys_days{2024y / 6 / 2}};
    EXPECT_EQ(age_text(now - 5s, now), "just now");
    EXPECT_EQ(age_text(now - 1min, now), "1 minute ago");
    EXPECT_EQ(age_text(now - 3h, now), "3 hours ago");
    EXPECT_EQ(age_text(now - std::chrono::days{9}, now), "9 days ago");
    EXPECT_EQ(age_text(now + 1h, now), "in the future; is the clock right?");
}

TEST(Human, WritesInstantsWithOffset)
{
    const Instant instant{std::chrono::sys_days{2024y / 6 / 2} + 16h + 12min + 4s + 5ns};
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    EXPECT_EQ(rfc3339(instant), "2024-06-02T18:12:04+02:00");
    EXPECT_EQ(local_time_text(instant), "2024-06-02 18:12");
    setenv("TZ", "America/St_Johns", 1);
    tzset();
    EXPECT_EQ(rfc3339(instant), "2024-06-02T13:42:04-02:30");
    setenv("TZ", "UTC", 1);
    tzset();
    EXPECT_EQ(rfc3339(Instant{-1ns}), "1969-12-31T23:59:59+00:00");
    unsetenv("TZ");
    tzset();
}

TEST(Human, AlignsColumnsAsWideAsTheyAreShown)
{
    const auto lines = table_lines({{{"写真"}, {"1", true}}, {{"abc"}, {"1,000", true}}});
    EXPECT_EQ(lines, (std::vector<std::string>{"写真      1", "abc   1,000"}));
}

TEST(Human, NothingInATableCellCanMoveTheCursor)
{
    EXPECT_EQ(table_lines({{{"\x1b[2J"}, {"x"}}}).front(), "\\x1b[2J  x");
}

TEST(Human, WrapsAtWords)
{
    EXPECT_EQ(wrapped("one two three", 9, 2), (std::vector<std::string>{"  one two", "  three"}));
    EXPECT_EQ(wrapped("unbreakable", 4, 0), (std::vector<std::string>{"unbreakable"}));
    EXPECT_TRUE(wrapped("", 80, 2).empty());
}

TEST(ProgressText, SaysItemsBytesRateTimeLeftAndFile)
{
    const Amount amount{12, 311, 1'200'000'000, 4'200'000'000, "DCIM/100APPLE/IMG_0042.MOV"};
    EXPECT_EQ(progress_text(amount, 38e6, 200),
              "12 of 311 files, 1.2 GB of 4.2 GB, 38 MB/s, 1 min 19 s left  DCIM/100APPLE/IMG_0042.MOV");
    EXPECT_EQ(progress_text(amount, std::nullopt, 52),
              "12 of 311 files, 1.2 GB of 4.2 GB  …PLE/IMG_0042.MOV");
    EXPECT_EQ(progress_text(amount, std::nullopt, 20), "12 of 311 files, 1.2");
}

TEST(ProgressText, SaysNoTimeLeftWhenNothingMoves)
{
    EXPECT_EQ(progress_text({1, 2, 10, 20, ""}, 0.0, 200), "1 of 2 files, 10 bytes of 20 bytes, 0 bytes/s");
}

TEST(ProgressText, EscapesTheFileName)
{
    EXPECT_NE(progress_text({1, 2, 10, 20, "a\x1b[2Jb"}, 0.0, 200).find("a\\x1b[2Jb"), std::string::npos);
}

TEST(Pace, LooksAtTheLastTenSeconds)
{
    Pace pace;
    const Pace::Clock::time_point start{};
    EXPECT_FALSE(pace.bytes_per_second());
    pace.add(0, start);
    EXPECT_FALSE(pace.bytes_per_second());
    pace.add(100, start + 1s);
    EXPECT_DOUBLE_EQ(pace.bytes_per_second().value(), 100.0);
    for (int second = 2; second <= 30; ++second) pace.add(100, start + std::chrono::seconds{second});
    EXPECT_DOUBLE_EQ(pace.bytes_per_second().value(), 0.0);
}

TEST(Pace, BeginsAnewWhenBytesGoBack)
{
    Pace pace;
    pace.add(1000, Pace::Clock::time_point{});
    pace.add(10, Pace::Clock::time_point{} + 5s);
    EXPECT_FALSE(pace.bytes_per_second());
}

} // namespace
} // namespace photosafe::cli
