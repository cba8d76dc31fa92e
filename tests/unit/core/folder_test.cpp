// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.hpp"
#include "support/archive_facts.hpp"

namespace photosafe {
namespace {

namespace fs = std::filesystem;

/// What `act` throws, as the name of its code; empty when it throws nothing.
template <class Act>
std::string code_of(Act act)
{
    try {
        act();
        return {};
    } catch (const ArchiveError& e) {
        return std::string{name(e.code())};
    }
}

class FolderTest : public ::testing::Test {
protected:
    FolderTest()
    {
        outside_.write("secret", "not ours");
        fs::create_directory(outside_ / "inside");
        root_ = std::make_unique<Folder>(Folder::open(outside_ / "inside"));
    }
    test::TempFolder outside_;
    std::unique_ptr<Folder> root_;
};

TEST_F(FolderTest, IsNotLeftByAnyPath)
{
    outside_.write("inside/mine", "mine");
    fs::create_directory(outside_ / "inside/sub");
    fs::create_symlink("..", outside_ / "inside/up");
    fs::create_symlink("../secret", outside_ / "inside/link");
    const std::string absolute = (outside_ / "secret").native();
    for (const std::string& path :
         {std::string{".."}, std::string{"../secret"}, std::string{"sub/../../secret"}, std::string{"sub/.."},
          std::string{"up/secret"}, std::string{"./mine"}, std::string{"sub//x"}, std::string{"sub/"},
          absolute, std::string{"mine\0x", 6}, std::string{"/"}}) {
        EXPECT_NE(code_of([&] { (void)root_->open_file(path, O_RDWR | O_CREAT); }), "") << path;
        EXPECT_NE(code_of([&] { (void)root_->stat(path); }), "") << path;
        EXPECT_NE(code_of([&] { root_->remove(path); }), "") << path;
        EXPECT_NE(code_of([&] { root_->rename("mine", path); }), "") << path;
        EXPECT_NE(code_of([&] { (void)root_->rename_without_replacing("mine", path); }), "") << path;
        EXPECT_NE(code_of([&] { (void)root_->make_folders(path + "/new"); }), "") << path;
    }
    // A link itself can be looked at and removed, never what it points to.
    EXPECT_TRUE(S_ISLNK(root_->stat("link")->st_mode));
    EXPECT_NE(code_of([&] { (void)root_->open_file("link", O_RDONLY); }), "");
    root_->remove("link");
    EXPECT_EQ(test::content_of(outside_ / "secret"), "not ours");
    EXPECT_EQ(test::files_below(outside_),
              (std::map<std::string, std::string>{{"secret", "not ours"}, {"inside/mine", "mine"}}));
}

TEST_F(FolderTest, DoesNotFollowAFolderThatBecameALink)
{
    fs::create_directory(outside_ / "elsewhere");
    fs::create_symlink("../elsewhere", outside_ / "inside/2024");
    EXPECT_NE(code_of([&] { (void)root_->open_file("2024/IMG_1.JPG", O_WRONLY | O_CREAT); }), "");
    EXPECT_NE(code_of([&] { (void)root_->make_folders("2024/05"); }), "");
    EXPECT_TRUE(fs::is_empty(outside_ / "elsewhere"));
}

TEST_F(FolderTest, RenamesWithoutReplacing)
{
    outside_.write("inside/a", "a");
    outside_.write("inside/b", "b");
    EXPECT_FALSE(root_->rename_without_replacing("a", "b"));
    EXPECT_EQ(test::content_of(outside_ / "inside/b"), "b");
    EXPECT_EQ(test::content_of(outside_ / "inside/a"), "a");
    fs::create_symlink("nowhere", outside_ / "inside/dangling");
    EXPECT_FALSE(root_->rename_without_replacing("a", "dangling"));
    EXPECT_TRUE(root_->rename_without_replacing("a", "c"));
    EXPECT_FALSE(fs::exists(outside_ / "inside/a"));
}

TEST_F(FolderTest, DoesNotWaitForAPipe)
{
    ASSERT_EQ(::mkfifo((outside_ / "inside/pipe").c_str(), 0600), 0);
    const File pipe = root_->open_file("pipe", O_RDONLY);
    std::byte byte{};
    EXPECT_NE(code_of([&] { (void)pipe.read_at({&byte, 1}, 0); }), "");
}

TEST_F(FolderTest, WalksAllFilesAndNoLinks)
{
    outside_.write("inside/b/2", "");
    outside_.write("inside/b/1", "");
    outside_.write("inside/a/x/y", "");
    fs::create_symlink("../..", outside_ / "inside/a/up");
    std::vector<std::string> seen;
    root_->walk("", [&](const std::string& path, const struct stat&) { seen.push_back(path); });
    EXPECT_EQ(seen, (std::vector<std::string>{"a/x/y", "b/1", "b/2"}));
    EXPECT_TRUE(root_->names("not there").empty());
}

TEST_F(FolderTest, SaysWhetherItMadeFolders)
{
    EXPECT_TRUE(root_->make_folders("a/b/c"));
    EXPECT_FALSE(root_->make_folders("a/b/c"));
    EXPECT_TRUE(root_->make_folders("a/b/d"));
    outside_.write("inside/file", "");
    EXPECT_NE(code_of([&] { (void)root_->make_folders("file/below"); }), "");
}

TEST_F(FolderTest, ReadsASmallFileWithinItsLimit)
{
    outside_.write("inside/text", "12345");
    const File file = root_->open_file("text", O_RDONLY);
    EXPECT_EQ(read_text(file, 5), "12345");
    EXPECT_EQ(read_text(file, std::size_t{1} << 40), "12345"); // and takes no more memory than it needs
    EXPECT_EQ(code_of([&] { (void)read_text(file, 4); }), "damaged");
}

TEST(DiskError, SaysOnWhatToAct)
{
    const auto code = [](int error) { return name(disk_error(error, "Writing", "IMG_1.HEIC").code()); };
    EXPECT_EQ(code(ENOSPC), "no_space");
    EXPECT_EQ(code(EDQUOT), "no_space");
    EXPECT_EQ(code(EROFS), "read_only");
    EXPECT_EQ(code(EACCES), "read_only");
    EXPECT_EQ(code(ENOENT), "not_found");
    EXPECT_EQ(code(EIO), "io");
    EXPECT_EQ(code(EFBIG), "unsafe"); // of this file, not of the disk
    EXPECT_EQ(code(ENAMETOOLONG), "unsafe");
    EXPECT_EQ(std::string{disk_error(EIO, "Writing", "a\x1b[2Jb").what()}.find('\x1b'), std::string::npos);
}

TEST(FileSystem, IsSharedWhenItIsOrCannotBeTold)
{
    const auto type = [](std::uint64_t magic) { return file_system_of_type(magic); };
    for (const std::uint64_t local :
         {0xEF53u, 0x58465342u, 0x9123683Eu, 0x01021994u, 0x794C7630u, 0x2011BAB0u})
        EXPECT_FALSE(type(local).shared) << type(local).type;
    for (const std::uint64_t shared :
         {0x6969u, 0x517Bu, 0xFE534D42u, 0xFF534D42u, 0x65735546u, 0x01021997u, 0x786F4256u})
        EXPECT_TRUE(type(shared).shared) << type(shared).type;
    EXPECT_EQ(type(0x12345678).type, "0x12345678");
    EXPECT_TRUE(type(0x12345678).shared);
    EXPECT_GT(file_system_of("/").total_bytes, 0u);
}

} // namespace
} // namespace photosafe
