// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/read_back.hpp"

#include <gtest/gtest.h>

#include "archive/staged_file.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {
namespace {

std::vector<std::byte> noise(std::size_t bytes)
{
    std::vector<std::byte> result(bytes);
    std::uint64_t state = 88'172'645'463'325'252u;
    for (std::byte& b : result) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        b = static_cast<std::byte>(state);
    }
    return result;
}

Folder archive_folder(const TempFolder& folder)
{
    Folder root = Folder::open(folder.path());
    root.make_folders(".photosafe/incoming");
    root.make_folders("originals");
    return root;
}

TEST(ReadBack, GivesTheDigestOfWhatTheDiskHas)
{
    const TempFolder folder;
    const Folder root = Folder::open(folder.path());
    File file = root.open_file("movie", O_RDWR | O_CREAT);
    const auto bytes = noise((std::size_t{40} << 20) + 123);
    ReadBack back{file};
    for (std::size_t at = 0; at < bytes.size(); at += std::size_t{1} << 20) {
        file.write(std::span{bytes}.subspan(at, std::min(bytes.size() - at, std::size_t{1} << 20)));
        back.advance(std::min(bytes.size(), at + (std::size_t{1} << 20)));
    }

    EXPECT_EQ(back.finish(bytes.size()), digest_of(bytes));
}

TEST(ReadBack, EndsWithoutBeingAskedForItsDigest)
{
    const TempFolder folder;
    const Folder root = Folder::open(folder.path());
    File file = root.open_file("movie", O_RDWR | O_CREAT);
    file.write(noise(std::size_t{20} << 20));
    ReadBack back{file};
    back.advance(std::uint64_t{20} << 20);
}

TEST(ReadBack, HasNoDigestOfAFileThatEndsBeforeItShould)
{
    const TempFolder folder;
    const Folder root = Folder::open(folder.path());
    File file = root.open_file("movie", O_RDWR | O_CREAT);
    file.write(noise(1000));
    ReadBack back{file};

    EXPECT_EQ(back.finish(2000), std::nullopt);
}

TEST(ReadBack, FindsALargeStagedFileAlteredOnTheDisk)
{
    const TempFolder folder;
    const Folder root = archive_folder(folder);
    StagedFile staged = StagedFile::begin(root, "key");
    const auto bytes = noise(std::size_t{1} << 20);
    for (int i = 0; i < 40; ++i) staged.write(bytes);
    {
        File other = root.open_file(".photosafe/incoming/key.part", O_RDWR);
        other.seek((std::uint64_t{40} << 20) - 5); // behind what has been read back by now
        const std::byte wrong{0x5A};
        other.write({&wrong, 1});
    }
    staged.seal(Instant{});

    EXPECT_THROW(staged.verify(), FixityError);
}

TEST(ReadBack, PublishesALargeStagedFileThatIsRight)
{
    const TempFolder folder;
    const Folder root = archive_folder(folder);
    StagedFile staged = StagedFile::begin(root, "key");
    const auto bytes = noise(std::size_t{1} << 20);
    for (int i = 0; i < 40; ++i) staged.write(bytes);
    staged.seal(Instant{});
    staged.verify();

    EXPECT_TRUE(staged.publish("originals/movie.mov"));
    EXPECT_FALSE(root.stat(".photosafe/incoming/key.part"));
}

} // namespace
} // namespace photosafe::test
