// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include "core/time.hpp"
#include "worker/avi_maker.hpp"
#include "worker/movie_maker.hpp"
#include "worker/movie_reader.hpp"

namespace photosafe::worker {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(VideoTime, TakesTheHeadersTimeForAnInstantOnly)
{
    const Metadata facts = read(MovieMaker{}.bytes());
    EXPECT_EQ(facts.taken.source, TimeSource::quicktime_utc);
    EXPECT_EQ(facts.taken.local, "");
    EXPECT_FALSE(facts.taken.offset_minutes);
    ASSERT_TRUE(facts.taken.instant);
    EXPECT_EQ(to_rfc3339(*facts.taken.instant), "2024-05-31T11:33:20Z");
}

TEST(VideoTime, KnowsAHeaderWithoutATime)
{
    for (const std::uint64_t created : {0u, 1u, 2'082'844'800u, 2'082'844'801u}) {
        MovieMaker maker;
        maker.created = created;
        const Metadata facts = read(maker.bytes());
        EXPECT_EQ(facts.taken.source, TimeSource::none) << created;
        EXPECT_FALSE(facts.taken.instant) << created;
        EXPECT_EQ(facts.duration_s, 2) << created;
    }
}

TEST(VideoTime, FindsTheZoneOfALocalDateByTheHeadersUtc)
{
    const auto taken = [](std::uint64_t created, const char* date) {
        MovieMaker maker;
        maker.created = created;
        return read(maker.key("com.apple.quicktime.creationdate", date).bytes());
    };
    constexpr std::uint64_t header = 3'800'000'000; // 2024-05-31 11:33:20
    const Metadata known = taken(header, "2024-05-31T13:33:21");
    EXPECT_EQ(known.taken.source, TimeSource::quicktime_zone);
    EXPECT_EQ(known.taken.local, "2024-05-31T13:33:21");
    EXPECT_EQ(known.taken.offset_minutes, 120);
    ASSERT_TRUE(known.taken.instant);
    EXPECT_EQ(to_rfc3339(*known.taken.instant), "2024-05-31T11:33:21Z");
    EXPECT_THAT(known.troubles, IsEmpty());

    // No time, the same clock, nobody at +02:15, two minutes from a zone, another year.
    struct Unknown {
        std::uint64_t created;
        const char* date;
        std::size_t troubles;
    };
    for (const auto& [created, date, troubles] :
         {Unknown{0, "2024-05-31T14:03:22", 0}, Unknown{header, "2024-05-31T11:33:20", 0},
          Unknown{header, "2024-05-31T13:48:20", 1}, Unknown{header, "2024-05-31T13:35:21", 1},
          Unknown{header, "2019-05-31T13:33:20", 1}}) {
        const Metadata facts = taken(created, date);
        EXPECT_EQ(facts.taken.source, TimeSource::exif_local) << date;
        EXPECT_EQ(facts.taken.local, date);
        EXPECT_FALSE(facts.taken.instant) << date;
        EXPECT_THAT(facts.troubles, SizeIs(troubles)) << date;
    }
}

TEST(VideoTime, SaysWhatOfACreationDateIsNone)
{
    const auto read_date = [](const char* date) {
        MovieMaker maker;
        maker.created = 0;
        return read(maker.key("com.apple.quicktime.creationdate", date).bytes());
    };
    const Metadata offset = read_date("2024-05-31T14:03:22+2500");
    EXPECT_EQ(offset.taken.source, TimeSource::exif_local);
    EXPECT_EQ(offset.taken.local, "2024-05-31T14:03:22");
    EXPECT_THAT(offset.troubles, ElementsAre("The movie has an offset from UTC that no zone has: +2500."));
    const Metadata none = read_date("yesterday");
    EXPECT_EQ(none.taken.source, TimeSource::none);
    EXPECT_THAT(none.troubles, ElementsAre("The movie has a creation date that is none: yesterday."));
}

TEST(VideoTime, ReadsTheClocksThatCamerasWriteIntoAnAvi)
{
    const auto taken = [](const std::string& clock) { return read(avi_file(clock), "video/x-msvideo"); };
    for (const auto& [clock, local] : {std::pair{"2024:05:31 14:03:22", "2024-05-31T14:03:22"},
                                       {"2024/05/31/ 14:03", "2024-05-31T14:03:00"},
                                       {"2001/ 1/27  1:42PM", "2001-01-27T13:42:00"},
                                       {"2001/ 1/27 12:42AM", "2001-01-27T00:42:00"},
                                       {"2002-12-16  15:35:01", "2002-12-16T15:35:01"},
                                       {"FRI MAY 31 14:03:22 2024", "2024-05-31T14:03:22"}}) {
        const Metadata facts = taken(clock);
        EXPECT_EQ(facts.taken.source, TimeSource::exif_local) << clock;
        EXPECT_EQ(facts.taken.local, local);
        EXPECT_THAT(facts.troubles, IsEmpty()) << clock;
    }
    for (const char* clock : {"2024:13:31 14:03:22", "2024:05:31 14", "2024:05:31 13:03PM", "soon"}) {
        const Metadata facts = taken(clock);
        EXPECT_EQ(facts.taken.source, TimeSource::none) << clock;
        EXPECT_THAT(facts.troubles,
                    ElementsAre("The AVI has a time that is none: " + std::string{clock} + '.'));
    }
    EXPECT_THAT(taken("   ").troubles, IsEmpty());
}

TEST(VideoTime, TakesTheClockOfAnAviForLocalTime)
{
    const Metadata facts = read(avi_file(), "video/x-msvideo");
    EXPECT_THAT(facts.troubles, IsEmpty());
    EXPECT_EQ(facts.taken.source, TimeSource::exif_local);
    EXPECT_EQ(facts.taken.local, "2003-03-10T15:04:43");
    EXPECT_FALSE(facts.taken.instant) << "nobody knows the zone";
    EXPECT_EQ(facts.width, 320u);
    EXPECT_EQ(facts.duration_s, 2);
    EXPECT_EQ(facts.frame_rate, 30);
    EXPECT_EQ(facts.codec, "jpeg");
    EXPECT_EQ(facts.title, "a title");
    EXPECT_EQ(raw(facts, "Movie.title"), "a title");
}

} // namespace
} // namespace photosafe::worker
