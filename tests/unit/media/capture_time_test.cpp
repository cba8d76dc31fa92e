// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/capture_time.hpp"

#include <gtest/gtest.h>

#include "core/time.hpp"

namespace photosafe {
namespace {

WallTime wall(std::string_view text) { return parse_wall_time(text).value(); }

CaptureTime taken(TimeSource source, std::string_view text) { return capture_time(source, wall(text)); }

std::string local(std::string_view text)
{
    const auto time = parse_wall_time(text);
    return time ? capture_time(TimeSource::xmp, *time).local : std::string{};
}

TEST(CaptureTime, ReadsWhatCamerasAndProgramsWrite)
{
    EXPECT_EQ(local("2024:05:31 14:03:22"), "2024-05-31T14:03:22");
    EXPECT_EQ(local("2024-05-31T14:03:22.123"), "2024-05-31T14:03:22.123");
    EXPECT_EQ(local("2024-05-31T14:03"), "2024-05-31T14:03:00");
    EXPECT_EQ(local("  2024:05:31 14:03:22 "), "2024-05-31T14:03:22");
    EXPECT_EQ(local("2024-05-31T14:03:22.000000001Z"), "2024-05-31T14:03:22.000000001");
    EXPECT_EQ(local("2000-02-29T23:59:59"), "2000-02-29T23:59:59");
    EXPECT_FALSE(wall("2024-05-31T14:03").day_only);
    EXPECT_TRUE(wall("2024-05-31").day_only);
}

TEST(CaptureTime, KnowsTheInstantWhereTheZoneIsKnown)
{
    const CaptureTime time = taken(TimeSource::quicktime_zone, "2024-05-31T14:03:22.5+0530");

    ASSERT_TRUE(time.instant);
    EXPECT_EQ(to_rfc3339(*time.instant), "2024-05-31T08:33:22.5Z");
    EXPECT_EQ(time.local, "2024-05-31T14:03:22.5");
    EXPECT_EQ(time.offset_minutes, 330);
    EXPECT_FALSE(taken(TimeSource::exif_local, "2024:05:31 14:03:22").instant);
}

TEST(CaptureTime, CrossesMidnightAndNewYear)
{
    const CaptureTime time = taken(TimeSource::exif_offset, "2024-01-01T00:30:00+13:45");

    EXPECT_EQ(to_rfc3339(*time.instant), "2023-12-31T10:45:00Z");
}

TEST(CaptureTime, RefusesWhatIsNoTime)
{
    for (const std::string_view text : {"",
                                        "0000:00:00 00:00:00",
                                        "    :  :     :  :  ",
                                        "2024:13:01 00:00:00",
                                        "2024:02:30 00:00:00",
                                        "2023:02:29 00:00:00",
                                        "2024:05:31 24:00:00",
                                        "2024:05:31 12:60:00",
                                        "2024:05:31 12:00:60",
                                        "2024",
                                        "2024-05",

                                        "2024:05:31 14",
                                        "2024:05:31 14:03:22x",
                                        "2024:05:31 14:03:22+25:00",
                                        "2024:05:31T14:03:22.",
                                        ":07:04 16:24:01",
                                        "2024 :05:31 14:03:22",
                                        "9999:01:01 00:00:00",
                                        "0001:01:01 00:00:00",
                                        "31.05.2024"}) {
        EXPECT_FALSE(parse_wall_time(text)) << text;
    }
}

TEST(CaptureTime, ReadsOffsets)
{
    EXPECT_EQ(parse_offset("+02:00"), 120);
    EXPECT_EQ(parse_offset("-0330"), -210);
    EXPECT_EQ(parse_offset("Z"), 0);
    EXPECT_EQ(parse_offset("+00:00"), 0);
    EXPECT_EQ(parse_offset("+02"), 120);
    EXPECT_EQ(parse_offset("+14:00"), 840);
    EXPECT_EQ(parse_offset("-12:00"), -720);
    EXPECT_EQ(parse_offset("+05:45"), 345);
    EXPECT_EQ(parse_offset("-08:30"), -510); // Pitcairn, until 1998
    for (const std::string_view text :
         {"", "+25:00", "+14:01", "-12:15", "02:00", "+2:00", "+02:60", "+02:0", "+02:000", "+02:", "   :  ",
          "UTC", "-00:30", "+03:17", "+02:15", "-12:30"})
        EXPECT_FALSE(parse_offset(text)) << text;
}

TEST(CaptureTime, ReadsAClockWhoseOffsetIsNone)
{
    const auto clock = parse_clock("2024:05:31 14:03:22.5 +25:00");
    ASSERT_TRUE(clock);
    EXPECT_EQ(clock->wrong_offset, "+25:00");
    EXPECT_FALSE(clock->time.offset_minutes);
    EXPECT_EQ(clock->time.at, wall("2024:05:31 14:03:22.5").at);
    EXPECT_EQ(parse_clock("2024:05:31 14:03:22+02:00")->wrong_offset, "");
    EXPECT_EQ(parse_clock("2024:05:31 14:03:22+02:00")->time.offset_minutes, 120);
    for (const char* text : {"2024:05:31 14:03:22x", "2024:05:31 14:03:22 PM", "2024:05:31 14"})
        EXPECT_FALSE(parse_clock(text)) << text;
}

TEST(CaptureTime, FindsTheZoneThatExplainsTwoClocks)
{
    const auto between = [](std::string_view local, std::string_view utc) {
        return offset_between(wall(local), from_rfc3339(utc).value());
    };
    EXPECT_EQ(between("2024:05:31 14:03:22", "2024-05-31T12:03:22Z"), 120);
    EXPECT_EQ(between("2024:05:31 14:03:22", "2024-05-31T12:01:00Z"), 120);  // an older fix
    EXPECT_EQ(between("2024:05:31 14:03:22", "2024-05-31T12:04:10Z"), 120);  // a clock that is slow
    EXPECT_EQ(between("2024:05:31 00:10:00", "2024-05-30T18:25:00Z"), 345);  // Nepal, the day before
    EXPECT_EQ(between("2024:05:30 16:25:00", "2024-05-30T19:55:00Z"), -210); // Newfoundland
    EXPECT_EQ(between("2024:06:01 02:00:00", "2024-05-31T12:00:00Z"), 840);
    EXPECT_FALSE(between("2024:05:31 14:03:22", "2024-05-31T11:56:00Z")); // seven minutes: which zone?
    EXPECT_FALSE(between("2024:05:31 14:15:00", "2024-05-31T12:00:00Z")); // nobody is at +02:15
    EXPECT_FALSE(between("2024:06:01 03:00:00", "2024-05-31T12:00:00Z")); // nor at +15:00
    EXPECT_FALSE(between("2024:05:31 14:03:22", "2014-05-31T12:03:22Z"));
}

TEST(CaptureTime, GivesAStillTheZoneOfItsMovingHalf)
{
    const CaptureTime still = taken(TimeSource::exif_local, "2015-09-25T14:03:22.123");
    const CaptureTime movie = taken(TimeSource::quicktime_zone, "2015-09-25T14:03:21+0200");

    const CaptureTime known = with_zone_of(still, movie);

    EXPECT_EQ(known.source, TimeSource::live_video);
    EXPECT_EQ(known.local, "2015-09-25T14:03:22.123");
    EXPECT_EQ(known.offset_minutes, 120);
    EXPECT_EQ(to_rfc3339(known.instant.value()), "2015-09-25T12:03:22.123Z");
}

TEST(CaptureTime, LeavesAStillAloneWhoseZoneTheMovieDoesntKnow)
{
    const auto unchanged = [](const CaptureTime& still, const CaptureTime& movie) {
        const CaptureTime after = with_zone_of(still, movie);
        return after.source == still.source && after.local == still.local && after.instant == still.instant &&
               after.offset_minutes == still.offset_minutes;
    };
    const CaptureTime still = taken(TimeSource::exif_local, "2015-09-25T14:03:22");
    const CaptureTime sure = taken(TimeSource::exif_offset, "2015-09-25T14:03:22-07:00");
    const CaptureTime zoned = taken(TimeSource::quicktime_zone, "2015-09-25T14:03:21+0200");
    CaptureTime utc;
    utc.source = TimeSource::quicktime_utc;
    utc.instant = from_rfc3339("2015-09-25T14:03:21Z");

    EXPECT_TRUE(unchanged(sure, zoned));
    EXPECT_TRUE(unchanged(still, utc));
    EXPECT_TRUE(unchanged(still, CaptureTime{}));
    EXPECT_TRUE(unchanged(CaptureTime{}, zoned));
    EXPECT_TRUE(
        unchanged(still, taken(TimeSource::quicktime_zone, "2015-09-25T14:04:22+0200"))); // another moment
    EXPECT_TRUE(
        unchanged(still, taken(TimeSource::quicktime_zone, "2015-09-25T12:03:22+0000"))); // another clock
}

} // namespace
} // namespace photosafe
