// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "worker/exif_copy.hpp"
#include "worker/tiff_pictures.hpp"

namespace photosafe::worker {
namespace {

/// EXIF of one folder: an orientation, and a GPS folder with a latitude's letter.
Bytes small_exif()
{
    return {'M', 'M', 0, 42,   0,    0, 0, 8, 0, 2, 0x01, 0x12, 0, 3, 0,  0, 0, 1, 0,
            6,   0,   0, 0x88, 0x25, 0, 4, 0, 0, 0, 1,    0,    0, 0, 38, 0, 0, 0, 0,
            0,   1,   0, 1,    0,    2, 0, 0, 0, 2, 'N',  0,    0, 0, 0,  0, 0, 0};
}

TEST(ExifCopy, TellsTheRenditionsOwnOrientation)
{
    Bytes exif = small_exif();
    std::vector<std::string> lost;
    ASSERT_EQ(exif_orientation(exif), 6);
    change_exif(exif, {.orientation = 1, .width = 4, .height = 3}, lost);
    EXPECT_EQ(exif_orientation(exif), 1);
    EXPECT_EQ(exif.size(), small_exif().size());
    EXPECT_TRUE(lost.empty());
}

TEST(ExifCopy, LeavesNoPlaceBehind)
{
    Bytes exif = small_exif();
    std::vector<std::string> lost;
    change_exif(exif, {.orientation = 1, .width = 4, .height = 3, .strip_location = true}, lost);
    EXPECT_EQ(std::count(exif.begin(), exif.end(), 'N'), 0);
    EXPECT_EQ(std::count(exif.begin(), exif.end(), 0x25), 0) << "the folder is still named";
    EXPECT_EQ(exif_orientation(exif), 1);
}

TEST(ExifCopy, LeavesNoPlaceBehindThatTheWrongFolderNames)
{
    // The first folder has that of EXIF, which has that of GPS: some programs put it there, and all read it.
    Bytes exif{'M', 'M', 0, 42, 0, 0, 0, 8,    0,    1, 0x87, 0x69, 0,   4, 0, 0, 0, 1, 0,  0, 0,
               26,  0,   0, 0,  0, 0, 1, 0x88, 0x25, 0, 4,    0,    0,   0, 1, 0, 0, 0, 44, 0, 0,
               0,   0,   0, 1,  0, 1, 0, 2,    0,    0, 0,    2,    'N', 0, 0, 0, 0, 0, 0,  0};
    std::vector<std::string> lost;
    change_exif(exif, {.orientation = 1, .width = 4, .height = 3, .strip_location = true}, lost);
    EXPECT_EQ(std::count(exif.begin(), exif.end(), 'N'), 0);
    EXPECT_EQ(std::count(exif.begin(), exif.end(), 0x25), 0) << "the folder is still named";
    EXPECT_EQ(std::count(exif.begin(), exif.end(), 0x87), 1);
}

TEST(ExifCopy, LeavesNoneOfTwoPlacesBehind)
{
    Bytes exif{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 2};
    const auto add = [&](std::initializer_list<std::uint8_t> bytes) { exif.insert(exif.end(), bytes); };
    for (const std::uint8_t at : {std::uint8_t{38}, std::uint8_t{56}})
        add({0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, at});
    add({0, 0, 0, 0});
    for (const char letter : {'N', 'S'})
        add({0, 1, 0, 1, 0, 2, 0, 0, 0, 2, static_cast<std::uint8_t>(letter), 0, 0, 0, 0, 0, 0, 0});
    std::vector<std::string> lost;
    change_exif(exif, {.orientation = 1, .width = 4, .height = 3, .strip_location = true}, lost);
    for (const int left : {int{'N'}, int{'S'}, 0x25})
        EXPECT_EQ(std::count(exif.begin(), exif.end(), left), 0);
}

TEST(ExifCopy, IsGivenUpWhereAPlaceClaimsToLieInItsHeader)
{
    Bytes exif = small_exif();
    const Bytes latitude{0, 2, 0, 5, 0, 0,
                         0, 1, 0, 0, 0, 4}; // eight bytes, of which the first is the header's fifth
    std::copy(latitude.begin(), latitude.end(), exif.begin() + 40);
    std::vector<std::string> lost;
    change_exif(exif, {.orientation = 6, .width = 4, .height = 3, .strip_location = true}, lost);
    EXPECT_EQ(lost, std::vector<std::string>{"exif"});
    EXPECT_EQ(exif_orientation(exif), 6);
}

TEST(ExifCopy, WritesNoSubjectWhereTheBlockKeepsItsOrder)
{
    // The first folder has that of EXIF, which has a size and a subject area of four numbers at `offset`.
    for (std::uint8_t offset = 0; offset < 80; ++offset) {
        for (const std::uint8_t count : {std::uint8_t{4}, std::uint8_t{6}}) {
            Bytes exif{'M', 'M', 0, 42,    0,    0,    0, 8,      0,    1,    0x87, 0x69, 0,    4,    0, 0,
                       0,   1,   0, 0,     0,    26,   0, 0,      0,    0,    0,    3,    0x92, 0x14, 0, 3,
                       0,   0,   0, count, 0,    0,    0, offset, 0xa0, 0x02, 0,    3,    0,    0,    0, 1,
                       0,   40,  0, 0,     0xa0, 0x03, 0, 3,      0,    0,    0,    1,    0,    30,   0, 0,
                       0,   0,   0, 0,     0,    4,    0, 5,      0,    2,    0,    1};
            exif.resize(exif.size() + 40); // what it names is there
            std::vector<std::string> lost;
            change_exif(exif, {.orientation = 6, .turned_by = 1, .width = 20, .height = 15}, lost);
            EXPECT_EQ(exif_orientation(exif), 6);
            const bool beside = offset >= 68; // behind both folders
            EXPECT_EQ(std::count(lost.begin(), lost.end(), "exif"), beside ? 0 : 1) << int{offset};
            if (offset != 68 || count != 4) continue;
            EXPECT_TRUE(lost.empty());
            const Bytes moved{0, 2, 0, 3, 0, 1, 0, 1};
            EXPECT_NE(std::search(exif.begin(), exif.end(), moved.begin(), moved.end()), exif.end());
        }
    }
}

TEST(ExifCopy, AddsAnOrientationWhereNoneIs)
{
    Bytes exif;
    std::vector<std::string> lost;
    change_exif(exif, {.orientation = 8, .width = 4, .height = 3}, lost);
    EXPECT_EQ(exif_orientation(exif), 8);
}

TEST(ExifCopy, SurvivesEveryCutAndEveryWrongByte)
{
    for (std::size_t at = 0; at < small_exif().size(); ++at) {
        for (const int value : {0x00, 0x7f, 0xff, -1}) {
            Bytes exif = small_exif();
            if (value < 0) {
                exif.resize(at);
            } else {
                exif[at] = static_cast<std::uint8_t>(value);
            }
            std::vector<std::string> lost;
            change_exif(exif, {.orientation = 1, .width = 4, .height = 3, .strip_location = true}, lost);
            EXPECT_EQ(exif_orientation(exif), 1);
            EXPECT_TRUE(exif_thumbnail(exif).empty());
        }
    }
}

TEST(TiffPictures, SurviveEveryCutAndEveryWrongByte)
{
    for (std::size_t at = 0; at < small_exif().size(); ++at) {
        for (const int value : {0x00, 0x08, 0x7f, 0xff, -1}) {
            Bytes tiff = small_exif();
            if (value < 0) {
                tiff.resize(at);
            } else {
                tiff[at] = static_cast<std::uint8_t>(value);
            }
            EXPECT_TRUE(jpegs_in_tiff(ByteView{tiff}).empty());
        }
    }
}

} // namespace
} // namespace photosafe::worker
