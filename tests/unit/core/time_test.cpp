// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/time.hpp"

#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

#include "core/file.hpp"
#include "support/temp_folder.hpp"

namespace photosafe {
namespace {

using namespace std::chrono_literals;

Instant at(std::int64_t nanoseconds) { return Instant{std::chrono::nanoseconds{nanoseconds}}; }

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::array samples{std::int64_t{0},
                             std::int64_t{1},
                             std::int64_t{-1},
                             std::int64_t{999'999'999},
                             -1'000'000'000L,
                             1'717'157'002'000'000'000L,
                             1'717'157'002'120'000'000,
                             -2'208'988'800'000'000'001L,
                             least,
                             least + 1,
                             least + 145'224'192,
                             least + 1'000'000'000,
                             most,
                             most - 1};

TEST(Time, IsWrittenAsRfc3339)
{
    EXPECT_EQ(to_rfc3339(at(0)), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(at(1'717'157'002'500'000'000)), "2024-05-31T12:03:22.5Z");
    EXPECT_EQ(to_rfc3339(at(-1)), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(to_rfc3339(at(least)), "1677-09-21T00:12:43.145224192Z");
    EXPECT_EQ(to_rfc3339(at(most)), "2262-04-11T23:47:16.854775807Z");
}

TEST(Time, IsReadBackToTheNanosecondUpToTheEndsOfItsRange)
{
    for (const std::int64_t sample : samples) {
        const auto read = from_rfc3339(to_rfc3339(at(sample)));
        ASSERT_TRUE(read) << sample << ' ' << to_rfc3339(at(sample));
        EXPECT_EQ(read->time_since_epoch().count(), sample);
    }
}

TEST(Time, IsNotReadFromAnythingElse)
{
    for (const char* text : {"",
                             "Z",
                             "2024",
                             "2024-05-31",
                             "2024-05-31T12:03:22",
                             "2024-05-31T12:03:22+00:00",
                             "2024-05-31 12:03:22Z",
                             "2024-02-30T00:00:00Z",
                             "2023-02-29T00:00:00Z",
                             "2024-13-01T00:00:00Z",
                             "2024-00-10T00:00:00Z",
                             "2024-01-00T00:00:00Z",
                             "2024-01-01T24:00:00Z",
                             "2024-01-01T00:60:00Z",
                             "2024-01-01T00:00:60Z",
                             "2024-01-01T00:00:00.Z",
                             "2024-01-01T00:00:00.1234567890Z",
                             "2024-01-01T00:00:00,5Z",
                             "2024-01-01T00:00:00.5",
                             "-024-01-01T00:00:00Z",
                             "2024-1 -01T00:00:00Z",
                             "1677-09-21T00:12:43.145224191Z",
                             "0000-01-01T00:00:00Z",
                             "2262-04-11T23:47:16.854775808Z",
                             "9999-12-31T23:59:59Z",
                             "2024-01-01T00:00:0\xc3\xbcZ"}) {
        EXPECT_FALSE(from_rfc3339(text)) << text;
    }
}

TEST(Time, SplitsIntoSecondsRoundedDown)
{
    for (const std::int64_t sample : samples) {
        const auto [seconds, nanoseconds] = split(at(sample));
        EXPECT_GE(nanoseconds, 0);
        EXPECT_LT(nanoseconds, 1'000'000'000);
        EXPECT_EQ(static_cast<std::uint64_t>(seconds) * 1'000'000'000u +
                      static_cast<std::uint64_t>(nanoseconds),
                  static_cast<std::uint64_t>(sample)); // modulo 2^64, since the product may lie beyond
    }
}

TEST(Time, OfAFileIsKeptToTheNanosecond)
{
    const test::TempFolder folder;
    const Folder root = Folder::open(folder);
    File file = root.open_file("file", O_RDWR | O_CREAT);
    for (const std::int64_t sample :
         {std::int64_t{0}, std::int64_t{1'717'157'002'123'456'789}, std::int64_t{-1}}) {
        file.set_modified(at(sample));
        const auto facts = file.stat();
        EXPECT_EQ(facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec, sample);
    }
    file.set_modified(at(least)); // the file system keeps what it can; it's no error
    file.set_modified(at(most));
}

TEST(Time, IsToldLocallyAsTheComputersZoneSays)
{
    ASSERT_EQ(::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
    ::tzset();
    EXPECT_EQ(to_local(at(1'717'157'002'500'000'000)), "2024-05-31T14:03:22");
    EXPECT_EQ(to_local(at(-1)), "1970-01-01T00:59:59");
    EXPECT_EQ(to_local(at(least)).substr(0, 5), "1677-");
    EXPECT_EQ(to_local(at(most)).substr(0, 5), "2262-");
    ::unsetenv("TZ");
    ::tzset();
}

} // namespace
} // namespace photosafe
