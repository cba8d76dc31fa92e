// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/quicktime.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>

#include "core/file.hpp"
#include "support/temp_folder.hpp"
#include "worker/movie_maker.hpp"

namespace photosafe::worker {
namespace {

QuickTimeFacts read(const std::string& bytes)
{
    const test::TempFolder folder;
    const auto path = folder.write("movie", bytes);
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC), path};
    return read_quicktime(file.fd());
}

TEST(QuickTime, SaysThatItEndsWithinABox)
{
    for (const bool moov_first : {false, true}) {
        test::MovieMaker maker;
        maker.moov_first = moov_first;
        const std::string whole = maker.key("com.apple.quicktime.make", "Apple").bytes();
        EXPECT_FALSE(read(whole).cut);
        for (const std::size_t size : {std::size_t{8}, std::size_t{12}, whole.size() / 2, whole.size() - 1})
            EXPECT_TRUE(read(whole.substr(0, size)).cut) << size;
    }
}

TEST(QuickTime, TakesWhatACameraPutsBehindItForNoBoxes)
{
    const std::string whole = test::MovieMaker{}.bytes();
    EXPECT_FALSE(read(whole + std::string(100, '\xee')).cut);
    EXPECT_FALSE(read(whole + std::string(4, '\0')).cut);
    EXPECT_FALSE(read(whole + test::u32(0) + "free and to its end").cut);
}

} // namespace
} // namespace photosafe::worker
