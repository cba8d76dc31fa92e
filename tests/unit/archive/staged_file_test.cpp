// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/staged_file.hpp"

#include <gtest/gtest.h>

#include "support/archive_facts.hpp"

namespace photosafe {
namespace {

namespace fs = std::filesystem;

class StagedFileTest : public ::testing::Test {
protected:
    StagedFileTest() : root_{Folder::open(disk_)} { root_.make_folders(".photosafe/incoming"); }
    fs::path part(const std::string& key = "key") const
    {
        return disk_ / (".photosafe/incoming/" + key + ".part");
    }
    fs::path note(const std::string& key = "key") const
    {
        return disk_ / (".photosafe/incoming/" + key + ".json");
    }
    void keep(const std::string& content)
    {
        StagedFile staged = StagedFile::begin(root_, "key");
        staged.write(std::as_bytes(std::span{content}));
        staged.keep();
    }
    test::TempFolder disk_;
    Folder root_;
    std::string content_ = std::string(3u << 20, 'a') + "end";
};

TEST_F(StagedFileTest, IsPublishedWithItsTimeAndLeavesNothing)
{
    StagedFile staged = StagedFile::begin(root_, "key");
    staged.write(std::as_bytes(std::span{content_}));
    staged.seal(Instant{std::chrono::nanoseconds{1'717'157'002'123'456'789}});
    staged.sync();
    staged.verify();
    EXPECT_EQ(staged.digest(), digest_of(std::as_bytes(std::span{content_})));
    disk_.write("taken", "somebody else's");
    EXPECT_FALSE(staged.publish("taken"));
    EXPECT_TRUE(staged.publish("IMG.HEIC"));
    EXPECT_EQ(test::files_below(disk_),
              (std::map<std::string, std::string>{{"IMG.HEIC", content_}, {"taken", "somebody else's"}}));
    EXPECT_EQ(root_.stat("IMG.HEIC")->st_mtim.tv_nsec, 123'456'789);
}

TEST_F(StagedFileTest, IsNotVerifiedWhenTheDiskHoldsOtherBytes)
{
    StagedFile staged = StagedFile::begin(root_, "key");
    staged.write(std::as_bytes(std::span{content_}));
    staged.seal({});
    for (const std::uint64_t at :
         {std::uint64_t{0}, std::uint64_t{1'500'000}, std::uint64_t{content_.size() - 1}}) {
        std::fstream disk{part(), std::ios::in | std::ios::out | std::ios::binary};
        disk.seekp(static_cast<std::streamoff>(at));
        disk.put('X').flush();
        EXPECT_THROW(staged.verify(), FixityError) << at;
        disk.seekp(static_cast<std::streamoff>(at));
        disk.put(content_[at]).flush();
        EXPECT_NO_THROW(staged.verify());
    }
    fs::resize_file(part(), content_.size() + 1);
    EXPECT_THROW(staged.verify(), FixityError);
    fs::resize_file(part(), content_.size() - 1);
    EXPECT_THROW(staged.verify(), FixityError);
}

TEST_F(StagedFileTest, GoesOnWhereItWasKept)
{
    keep(content_);
    {
        std::ofstream{part(), std::ios::app} << "written after the checkpoint";
    }
    auto staged = StagedFile::resume(root_, "key");
    ASSERT_TRUE(staged);
    EXPECT_EQ(staged->bytes(), content_.size());
    staged->write(std::as_bytes(std::span{std::string_view{" and more"}}));
    staged->seal({});
    staged->verify();
    ASSERT_TRUE(staged->publish("out"));
    EXPECT_EQ(test::files_below(disk_),
              (std::map<std::string, std::string>{{"out", content_ + " and more"}}));
}

TEST_F(StagedFileTest, DoesNotGoOnFromWhatIsNotWhatItWas)
{
    const std::vector<std::function<void()>> harms{
        [&] {
            std::fstream{part(), std::ios::in | std::ios::out}.seekp(2'000'000).put('X');
        },
        [&] { fs::resize_file(part(), content_.size() - 1); },
        [&] { fs::remove(part()); },
        [&] { fs::remove(note()); },
        [&] { std::ofstream{note()} << ""; },
        [&] { std::ofstream{note()} << "{\"bytes\":3,\"sha256\":7,\"xxh128\":[]}"; },
        [&] { std::ofstream{note()} << "{\"bytes\":-3,\"sha256\":\"00\"}"; },
        [&] { std::ofstream{note()} << "[[[["; },
        [&] { std::ofstream{note()} << std::string(10'000, ' '); },
        [&] {
            fs::remove(part());
            fs::create_symlink("/etc/passwd", part());
        }};
    for (const auto& harm : harms) {
        keep(content_);
        harm();
        try {
            EXPECT_FALSE(StagedFile::resume(root_, "key"));
        } catch (const ArchiveError&) { // a link is refused outright
        }
        StagedFile fresh = StagedFile::begin(root_, "key");
        EXPECT_EQ(fresh.bytes(), 0u);
        fresh.discard();
        EXPECT_TRUE(test::files_below(disk_).empty());
    }
}

TEST_F(StagedFileTest, NeverTouchesAnOriginalThatACrashLeftWithBothNames)
{
    // Where a file system can't rename without replacing, publishing is a link and an unlink: a crash comes
    // between.
    keep(content_);
    {
        std::ofstream{part(), std::ios::app} << "the rest of it";
    }
    fs::create_hard_link(part(), disk_ / "published");
    EXPECT_FALSE(StagedFile::resume(root_, "key"));
    {
        StagedFile again = StagedFile::begin(root_, "key");
        again.write(std::as_bytes(std::span{std::string_view{"other"}}));
    }
    EXPECT_EQ(test::content_of(disk_ / "published"), content_ + "the rest of it");
}

TEST_F(StagedFileTest, TooSmallToBeWorthItIsNotKept)
{
    keep("a few bytes");
    EXPECT_TRUE(test::files_below(disk_).empty());
}

TEST_F(StagedFileTest, IsForgottenWithItsSource)
{
    const auto key = [](const std::string& source, const std::string& path) {
        return staging_key(source, path, 1, {});
    };
    for (const auto& name : {key("a", "1"), key("a", "2"), key("b", "1")}) {
        StagedFile staged = StagedFile::begin(root_, name);
        staged.write(std::as_bytes(std::span{content_}));
        staged.keep();
    }
    EXPECT_EQ(count_incoming(root_), 3u);
    forget_transfers(root_, "a", [&](const std::string& name) { return name == key("a", "2"); });
    EXPECT_EQ(count_incoming(root_), 2u);
    EXPECT_TRUE(StagedFile::resume(root_, key("a", "2")));
}

TEST(StagingKey, TellsTransfersApart)
{
    const std::string one = staging_key("s", "p", 1, Instant{});
    EXPECT_EQ(staging_key("s", "p", 1, Instant{}), one);
    for (const auto& other : {staging_key("t", "p", 1, Instant{}), staging_key("s", "q", 1, Instant{}),
                              staging_key("s", "p", 2, Instant{}),
                              staging_key("s", "p", 1, Instant{std::chrono::nanoseconds{1}})})
        EXPECT_NE(other, one);
}

} // namespace
} // namespace photosafe
