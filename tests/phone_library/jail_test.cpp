// SPDX-License-Identifier: LGPL-2.1-or-later
// The reader in its jail, where there is no file system.
#include <fstream>

#include <fcntl.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <photosafe/error.hpp>

#include "core/descriptor.hpp"
#include "media/worker_pool.hpp"
#include "phone_library/read_library.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {

namespace {

/// A database and its log in one file.
struct Joined {
    explicit Joined(const std::filesystem::path& database)
    {
        const std::string bytes = content_of(database), log = content_of(database.native() + "-wal");
        fd = Descriptor{::open(folder.write("joined", bytes + log).c_str(), O_RDONLY | O_CLOEXEC)};
        file = {fd.get(), bytes.size(), log.size()};
    }
    TempFolder folder;
    Descriptor fd;
    DatabaseFile file;
};

} // namespace

TEST(JailedPhoneLibrary, IsReadWithNoFileSystemInReach)
{
    TempFolder folder;
    (void)make_roll(folder / "roll", "--items 40 --pictures 1 --library ios18 --only-in-icloud 5");
    const std::filesystem::path database = folder / "roll/PhotoData/Photos.sqlite";
    const Joined joined{database};
    WorkerPool pool{{.worker = MEDIA_WORKER, .workers = 1}};

    const PhoneLibrary jailed = pool.read_phone_library(joined.file);

    const PhoneLibrary free = read_library(database);
    ASSERT_EQ(jailed.assets.size(), free.assets.size());
    for (std::size_t i = 0; i < free.assets.size(); ++i)
        EXPECT_EQ(asset_line(jailed.assets[i]), asset_line(free.assets[i]));
    ASSERT_EQ(jailed.albums.size(), free.albums.size());
    for (std::size_t i = 0; i < free.albums.size(); ++i) {
        EXPECT_EQ(album_line(jailed.albums[i]), album_line(free.albums[i]));
        EXPECT_EQ(jailed.albums[i].members, free.albums[i].members);
    }
    EXPECT_EQ(library_line(jailed), library_line(free));
    EXPECT_THAT(jailed.troubles, testing::IsEmpty());
    EXPECT_THAT(jailed.lost_facts, testing::IsEmpty());
}

TEST(JailedPhoneLibrary, CostsItselfOnlyWhereItIsBroken)
{
    TempFolder folder;
    (void)make_roll(folder / "good", "--bulk 20:64 --library ios16");
    (void)make_roll(folder / "bad", "--bulk 20:64 --library ios16 --oddity malformed");
    WorkerPool pool{{.worker = MEDIA_WORKER, .workers = 1}};
    const Joined bad{folder / "bad/PhotoData/Photos.sqlite"}, good{folder / "good/PhotoData/Photos.sqlite"};
    try {
        (void)pool.read_phone_library(bad.file);
        FAIL();
    } catch (const MediaError& error) {
        EXPECT_EQ(error.code(), ErrorCode::unreadable);
        EXPECT_THAT(error.what(), testing::HasSubstr("damaged"));
    }
    EXPECT_EQ(pool.read_phone_library(good.file).assets.size(), 20u);
    // Sizes that aren't the file's: what is missing reads as nothing, and is noticed.
    DatabaseFile lie = good.file;
    lie.database_bytes += lie.log_bytes + 4096;
    lie.log_bytes = 100'000;
    EXPECT_THROW((void)pool.read_phone_library(lie), MediaError);
}

} // namespace photosafe::test
