// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/versions.hpp"

#include <gmock/gmock.h>

namespace photosafe::worker {
namespace {

TEST(Versions, NameEveryReader)
{
    EXPECT_THAT(versions(),
                testing::MatchesRegex("photosafe [0-9.]+, libexif [0-9.]+, Exiv2 [0-9.]+, libjpeg [0-9.]+, "
                                      "libplist [0-9.]+, zlib [0-9.]+, Brotli [0-9.]+, SQLite [0-9.]+, lcms "
                                      "[0-9]+, libavformat [0-9.]+, "
                                      "libavcodec [0-9.]+, libswscale [0-9.]+, libheif [0-9.]+(, .*)?"));
}

} // namespace
} // namespace photosafe::worker
