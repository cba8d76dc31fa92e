// SPDX-License-Identifier: LGPL-2.1-or-later
// Disks that are really full, and really read-only: small file systems in memory, mounted where only this
// process sees them. Skipped, and said so, where that isn't allowed.
#include <cerrno>
#include <cstring>
#include <fstream>

#include <gmock/gmock.h>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <photosafe/photosafe.hpp>

#include "crash/archive_checks.hpp"
#include "support/memory_source.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t mib = std::size_t{1} << 20;

/// A mount namespace of this process's own; without root, in a user namespace, in which it is root.
bool leave_mounts_alone()
{
    static const bool alone = [] {
        const uid_t user = ::geteuid();
        const gid_t group = ::getegid();
        if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        if (user != 0) {
            std::ofstream{"/proc/self/setgroups"} << "deny";
            std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
            std::ofstream{"/proc/self/gid_map"} << "0 " << group << " 1";
        }
        return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    }();
    return alone;
}

class SmallDisk : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (!leave_mounts_alone() || ::mount("none", disk().c_str(), "tmpfs", 0, "size=40m") != 0)
            GTEST_SKIP() << "this user may not mount file systems here";
        mounted_ = true;
        Archive::create(root());
    }
    void TearDown() override
    {
        if (mounted_) {
            EXPECT_EQ(::umount2(disk().c_str(), MNT_DETACH), 0);
        }
    }
    void remount(unsigned long flags, const char* options) const
    {
        ASSERT_EQ(::mount("none", disk().c_str(), "tmpfs", MS_REMOUNT | flags, options), 0)
            << std::strerror(errno);
    }
    fs::path disk() const { return folder_.path(); }
    fs::path root() const { return disk() / "Photos"; }
    bool is_litter_free() const { return fs::is_empty(root() / ".photosafe/incoming"); }

    TempFolder folder_;
    bool mounted_ = false;
};

void add_movies(MemorySource& source, unsigned count, std::size_t bytes)
{
    for (unsigned i = 0; i < count; ++i) {
        source.add({.path = "DCIM/100APPLE/IMG_00" + std::to_string(10 + i) + ".MOV",
                    .content = std::string(bytes, static_cast<char>('a' + i))});
    }
}

TEST_F(SmallDisk, KeepsWhatIsDoneWhenItIsFullAndGoesOnWhenThereIsRoom)
{
    MemorySource source;
    add_movies(source, 10, 6 * mib);
    std::uint64_t stored = 0;
    try {
        Archive archive = Archive::open(root(), Access::write);
        ingest(source, archive);
        FAIL() << "60 MiB do not fit into 40";
    } catch (const IngestInterrupted& e) {
        EXPECT_EQ(e.code(), ErrorCode::no_space);
        EXPECT_THAT(e.what(), HasSubstr("needs 7 MB")); // and what is free
        EXPECT_THAT(e.what(), HasSubstr("Make room"));
        stored = e.report().stored;
        EXPECT_EQ(e.report().seen, e.report().stored + e.report().failed);
    }
    EXPECT_GT(stored, 0u);
    EXPECT_TRUE(is_litter_free());
    {
        Archive archive = Archive::open(root(), Access::read);
        EXPECT_EQ(archive.summary().originals, stored);
        EXPECT_EQ(check_fixity(archive).matched, stored);
    }
    remount(0, "size=120m");
    Archive archive = Archive::open(root(), Access::write);
    const IngestReport report = ingest(source, archive);
    EXPECT_EQ(report.stored, 10u - stored);
    EXPECT_EQ(report.known, stored);
    EXPECT_EQ(check_fixity(archive).matched, 10u);
    EXPECT_TRUE(is_litter_free());
}

/// The room is there when the file is begun, and gone when its bytes come.
TEST_F(SmallDisk, EndsWellWhenAnotherFillsIt)
{
    MemorySource source;
    add_movies(source, 3, 6 * mib);
    source.at("DCIM/100APPLE/IMG_0011.MOV", 2 * mib, [&](const std::stop_token&) {
        std::ofstream hog{disk() / "hog", std::ios::binary};
        const std::string much(mib, 'x');
        while (hog.write(much.data(), static_cast<std::streamsize>(much.size())).flush()) {
        }
    });
    try {
        Archive archive = Archive::open(root(), Access::write);
        ingest(source, archive);
        FAIL() << "the disk was full";
    } catch (const IngestInterrupted& e) {
        EXPECT_EQ(e.code(), ErrorCode::no_space);
        EXPECT_THAT(e.what(), HasSubstr("Make room"));
        EXPECT_EQ(e.report().seen, e.report().stored + e.report().failed);
    }
    fs::remove(disk() / "hog");
    Archive archive = Archive::open(root(), Access::write);
    const IngestReport report = ingest(source, archive);
    EXPECT_EQ(report.stored + report.known, 3u);
    const FixityReport fixity = check_fixity(archive);
    EXPECT_EQ(fixity.matched, 3u);
    EXPECT_EQ(fixity.unrecorded, 0u);
    EXPECT_TRUE(is_litter_free());
}

TEST_F(SmallDisk, CanBeReadWhenItIsFull)
{
    MemorySource source;
    add_movies(source, 2, mib);
    {
        Archive archive = Archive::open(root(), Access::write);
        ASSERT_EQ(ingest(source, archive).stored, 2u);
    }
    {
        std::ofstream hog{disk() / "hog", std::ios::binary};
        const std::string page(4096, 'x');
        while (hog.write(page.data(), 4096).flush()) { // the catalog's shared memory takes a page
        }
    }
    try {
        Archive::open(root(), Access::write);
        ADD_FAILURE() << "there is no room for the log";
    } catch (const ArchiveError& e) {
        EXPECT_EQ(e.code(), ErrorCode::no_space) << e.what();
        EXPECT_THAT(e.what(), HasSubstr("No space left on device. Make room there"));
    }
    {
        Archive archive = Archive::open(root(), Access::read);
        EXPECT_EQ(archive.summary().originals, 2u);
        EXPECT_EQ(check_fixity(archive).matched, 2u);
    }
    fs::remove(disk() / "hog");
    Archive archive = Archive::open(root(), Access::write);
    EXPECT_EQ(ingest(source, archive).known, 2u);
}

TEST_F(SmallDisk, CanBeReadWhenItIsReadOnly)
{
    MemorySource source;
    add_movies(source, 2, mib);
    {
        Archive archive = Archive::open(root(), Access::write);
        ASSERT_EQ(ingest(source, archive).stored, 2u);
    }
    remount(MS_RDONLY, "size=40m");
    try {
        Archive::open(root(), Access::write);
        ADD_FAILURE() << "nobody can write there";
    } catch (const ArchiveError& e) {
        EXPECT_EQ(e.code(), ErrorCode::read_only) << e.what();
    }
    Archive archive = Archive::open(root(), Access::read);
    EXPECT_EQ(archive.summary().originals, 2u);
    EXPECT_EQ(check_fixity(archive).matched, 2u);
}

} // namespace
} // namespace photosafe::test
