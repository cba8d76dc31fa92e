// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/time_clues.hpp"

#include <gtest/gtest.h>

#include "core/time.hpp"

namespace photosafe::worker {
namespace {

struct Weighed {
    CaptureTime time;
    std::vector<std::string> troubles;
    std::string instant() const { return time.instant ? to_rfc3339(*time.instant) : ""; }
};

Weighed of(const TimeClues& clues)
{
    Weighed result;
    result.time = weigh(clues, result.troubles);
    return result;
}

TimeClues original(std::string time, std::string fraction = {}, std::string offset = {})
{
    TimeClues clues;
    clues.original = {std::move(time), std::move(fraction), std::move(offset)};
    return clues;
}

TEST(TimeClues, BelievesExifsOwnOffsetFirst)
{
    TimeClues clues = original("2024:05:31 14:03:22", "123", "+02:00");
    clues.gps = from_rfc3339("2024-05-31T18:03:22Z");
    clues.xmp_original = {"2020-01-01T00:00:00Z"};

    const Weighed found = of(clues);

    EXPECT_EQ(found.time.source, TimeSource::exif_offset);
    EXPECT_EQ(found.time.local, "2024-05-31T14:03:22.123");
    EXPECT_EQ(found.instant(), "2024-05-31T12:03:22.123Z");
    EXPECT_TRUE(found.troubles.empty());
}

TEST(TimeClues, AsksTheSatellitesForTheZone)
{
    TimeClues clues = original("2015:04:10 20:12:23", "016");
    clues.gps = from_rfc3339("2015-04-10T18:12:22Z");

    const Weighed found = of(clues);

    EXPECT_EQ(found.time.source, TimeSource::exif_gps);
    EXPECT_EQ(found.time.offset_minutes, 120);
    EXPECT_EQ(found.instant(), "2015-04-10T18:12:23.016Z"); // EXIF's clock, which has the fraction
}

TEST(TimeClues, KeepsALocalTimeWithoutAZoneAsSuch)
{
    TimeClues clues = original("2015:04:10 20:12:23");
    clues.gps = from_rfc3339("2014-04-10T18:12:22Z"); // of another year: no zone explains it

    const Weighed found = of(clues);

    EXPECT_EQ(found.time.source, TimeSource::exif_local);
    EXPECT_EQ(found.time.local, "2015-04-10T20:12:23");
    EXPECT_FALSE(found.time.instant);
    EXPECT_FALSE(found.time.offset_minutes);
}

TEST(TimeClues, SaysWhichOffsetIsNone)
{
    const Weighed found = of(original("2024:05:31 14:03:22", "5", "+25:00"));

    EXPECT_EQ(found.time.source, TimeSource::exif_local);
    EXPECT_EQ(found.time.local, "2024-05-31T14:03:22.5");
    ASSERT_EQ(found.troubles.size(), 1u);
    EXPECT_NE(found.troubles[0].find("+25:00"), std::string::npos);
}

TEST(TimeClues, KeepsTheTimeWhoseOwnOffsetIsNone)
{
    const Weighed exif = of(original("2024:05:31 14:03:22+03:17"));
    EXPECT_EQ(exif.time.source, TimeSource::exif_local);
    EXPECT_EQ(exif.time.local, "2024-05-31T14:03:22");
    EXPECT_EQ(exif.troubles.size(), 1u);

    TimeClues clues;
    clues.xmp_original = {"2024-05-31T14:03:22-00:30"};
    const Weighed xmp = of(clues);
    EXPECT_EQ(xmp.time.local, "2024-05-31T14:03:22");
    EXPECT_FALSE(xmp.time.instant);
    EXPECT_EQ(xmp.troubles.size(), 1u);
}

TEST(TimeClues, ReadsAFractionBesideATimeWithItsOwnOffset)
{
    const Weighed found = of(original("2024:05:31 14:03:22+02:00", "123"));
    EXPECT_EQ(found.time.source, TimeSource::exif_offset);
    EXPECT_EQ(found.time.local, "2024-05-31T14:03:22.123");
    EXPECT_EQ(found.instant(), "2024-05-31T12:03:22.123Z");
    EXPECT_TRUE(found.troubles.empty());
}

TEST(TimeClues, TakesABlankForNotKnown)
{
    EXPECT_TRUE(of(original("    :  :     :  :  ")).troubles.empty());
    EXPECT_TRUE(of(original("2024:05:31 14:03:22", "   ", "   :  ")).time.source == TimeSource::exif_local);
    EXPECT_TRUE(of(original("")).troubles.empty());
    EXPECT_EQ(of(original("0000:00:00 00:00:00")).time.source, TimeSource::none);
    EXPECT_EQ(of(original("0000:00:00 00:00:00")).troubles.size(), 1u);
}

TEST(TimeClues, PrefersWhenItWasTakenToWhenItBecameAFile)
{
    TimeClues clues;
    clues.digitized = {"2020:01:01 10:00:00", "", ""}; // a scan
    clues.xmp_original = {"1978-08-12T15:00:00"};

    EXPECT_EQ(of(clues).time.local, "1978-08-12T15:00:00");
    clues.xmp_original.clear();
    EXPECT_EQ(of(clues).time.local, "2020-01-01T10:00:00");
    EXPECT_EQ(of(clues).time.source, TimeSource::exif_local);
}

TEST(TimeClues, UsesXmpWithOrWithoutAZone)
{
    TimeClues clues;
    clues.xmp_original = {"2024-05", "2024-05-31T14:03:22+02:00"};

    const Weighed found = of(clues);

    EXPECT_EQ(found.time.source, TimeSource::xmp);
    EXPECT_EQ(found.instant(), "2024-05-31T12:03:22Z");
    EXPECT_EQ(found.troubles.size(), 1u); // a month is no time
}

TEST(TimeClues, TakesADayOnlyWhereNothingBetterIsThere)
{
    TimeClues clues;
    clues.xmp_original = {"1978-08-12"};
    EXPECT_EQ(of(clues).time.local, "1978-08-12T00:00:00");
    EXPECT_EQ(of(clues).troubles.size(), 1u);
    clues.xmp_created = {"2020-01-01T10:00:00"};
    EXPECT_EQ(of(clues).time.local, "2020-01-01T10:00:00");
}

TEST(TimeClues, KnowsOnlyTheInstantOfAPictureThatHasGpsTimeAlone)
{
    TimeClues clues;
    clues.gps = from_rfc3339("2024-05-31T12:03:22Z");

    const Weighed found = of(clues);

    EXPECT_EQ(found.time.source, TimeSource::exif_gps);
    EXPECT_EQ(found.instant(), "2024-05-31T12:03:22Z");
    EXPECT_TRUE(found.time.local.empty());
    EXPECT_FALSE(found.time.offset_minutes);
}

TEST(TimeClues, KnowsNothingOfNothing)
{
    const Weighed found = of({});
    EXPECT_EQ(found.time.source, TimeSource::none);
    EXPECT_TRUE(found.troubles.empty());
}

} // namespace
} // namespace photosafe::worker
