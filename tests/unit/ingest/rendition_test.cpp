// SPDX-License-Identifier: LGPL-2.1-or-later
// Renditions that come back to an archive among originals.
#include <gtest/gtest.h>

#include "archive/rendition_mark.hpp"
#include "ingest_help.hpp"

namespace photosafe {
namespace {

using namespace test;

/// What `convert` might have made of a content.
std::string rendition_of(const std::string& original)
{
    std::vector<std::byte> jpeg{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}, std::byte{0xd9}};
    RenditionMark mark{.original = digest(original).sha256, .rendition = {}};
    mark.rendition.folder = "jpeg";
    add_mark(jpeg, mark);
    return {reinterpret_cast<const char*>(jpeg.data()), jpeg.size()};
}

TEST(Rendition, IsNoOriginalAlsoWhereItComesWithItsOriginal)
{
    const std::string rendition = rendition_of("still");
    for (const char* path : {"a/IMG_1.JPG", "z/IMG_1.JPG", "m/IMG_1.HEIC.jpg"}) {
        TempArchive archive;
        MemorySource folder{{"m/IMG_1.HEIC", "still"}, {path, rendition}};
        EXPECT_EQ(sums(run(folder, archive)), "seen 2: 1 stored, 0 known, 0 failed, 1 excluded") << path;
        EXPECT_FALSE(archive->find(digest(rendition)));
        EXPECT_EQ(sums(run(folder, archive)), "seen 2: 0 stored, 1 known, 0 failed, 1 excluded") << path;
    }
}

TEST(Rendition, IsKeptWhereItsOriginalDoesNotArrive)
{
    TempArchive archive;
    const std::string rendition = rendition_of("still");
    MemorySource folder{{"m/IMG_1.HEIC", "still"}, {"z/IMG_1.JPG", rendition}};
    folder.fail_at("m/IMG_1.HEIC", 0, ErrorCode::unreadable, 100);
    EXPECT_EQ(sums(run(folder, archive)), "seen 2: 1 stored, 0 known, 1 failed, 0 excluded");
    EXPECT_TRUE(archive->find(digest(rendition)));
}

TEST(Rendition, IsNoOriginalWhereItComesWithOneThatWasLost)
{
    TempArchive archive;
    MemorySource phone{{"m/IMG_1.HEIC", "still"}};
    run(phone, archive);
    std::filesystem::remove(archive.root() / archive->find(digest("still"))->path);
    (void)check_fixity(archive);
    MemorySource card{{"a/IMG_1.JPG", rendition_of("still")}, {"m/IMG_1.HEIC", "still"}};
    card.set_info({"folder:/card", "folder", "/card", "", ""});
    EXPECT_EQ(sums(run(card, archive)), "seen 2: 1 stored, 0 known, 0 failed, 1 excluded");
}

} // namespace
} // namespace photosafe
