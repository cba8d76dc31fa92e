// SPDX-License-Identifier: LGPL-2.1-or-later
// What is special about a folder; what it shares with every source is in tests/contract.
#include <photosafe/source.hpp>

#include <map>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <photosafe/error.hpp>

#include "support/temp_folder.hpp"
#include "support/without_root.hpp"

namespace photosafe {
namespace {

using test::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
namespace fs = std::filesystem;

std::vector<std::string> paths(const Listing& listing)
{
    std::vector<std::string> result;
    for (const SourceFile& file : listing.files) result.push_back(file.path);
    return result;
}

std::map<std::string, std::string> reasons(const Listing& listing, bool excluded)
{
    std::map<std::string, std::string> result;
    for (const SkippedEntry& entry : listing.skipped) {
        if (entry.excluded == excluded) result[entry.path] = entry.reason;
    }
    return result;
}

template <class Call>
ErrorCode code_of(Call call)
{
    try {
        call();
    } catch (const ArchiveError& e) {
        return e.code();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

std::string whole(Source& source, const SourceFile& file)
{
    const auto reader = source.open(file);
    std::string bytes;
    for (auto chunk = reader->next(); !chunk.empty(); chunk = reader->next()) {
        bytes.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    }
    reader->finish();
    return bytes;
}

TEST(FolderSource, IsKnownByItsCanonicalPath)
{
    const TempFolder folder;
    folder.write("card/a.jpg", "x");
    fs::create_directory_symlink(folder / "card", folder / "link");
    const SourceInfo info = open_folder(folder / "link/../card/.")->info();
    EXPECT_EQ(info.id, "folder:" + (folder / "card").string());
    EXPECT_EQ(info.kind, "folder");
    EXPECT_EQ(open_folder(folder / "link")->info().id, info.id);
}

TEST(FolderSource, NeedsAFolder)
{
    const TempFolder folder;
    const fs::path file = folder.write("a.jpg", "x");
    EXPECT_EQ(code_of([&] { open_folder(folder / "nowhere"); }), ErrorCode::not_found);
    EXPECT_EQ(code_of([&] { open_folder(file); }), ErrorCode::not_found);
}

TEST(FolderSource, FollowsNoLink)
{
    const TempFolder folder;
    folder.write("outside/secret.jpg", "secret");
    folder.write("card/a.jpg", "x");
    fs::create_symlink("../outside/secret.jpg", folder / "card/link.jpg");
    fs::create_directory_symlink("../outside", folder / "card/folder");
    fs::create_symlink("nowhere", folder / "card/dangling.jpg");
    fs::create_directory_symlink(".", folder / "card/loop");

    const Listing listing = open_folder(folder / "card")->list();

    EXPECT_THAT(paths(listing), ElementsAre("a.jpg"));
    const auto excluded = reasons(listing, true);
    EXPECT_EQ(excluded.size(), 4u);
    for (const auto& [path, reason] : excluded) EXPECT_THAT(reason, HasSubstr("link")) << path;
}

TEST(FolderSource, ReadsNoLinkThatTookTheFilesPlace)
{
    const TempFolder folder;
    folder.write("outside/secret.jpg", "x");
    const fs::path file = folder.write("card/in/a.jpg", "x");
    const auto card = open_folder(folder / "card");
    SourceFile listed = card->list().files.at(0);

    fs::remove(file);
    fs::create_symlink("../../outside/secret.jpg", file);
    EXPECT_EQ(code_of([&] { whole(*card, listed); }), ErrorCode::unreadable);

    fs::remove_all(folder / "card/in");
    fs::create_directory_symlink("../outside", folder / "card/in");
    listed.path = "in/secret.jpg";
    EXPECT_EQ(code_of([&] { whole(*card, listed); }), ErrorCode::unreadable);
}

TEST(FolderSource, ReadsNothingOutsideWhateverTheName)
{
    const TempFolder folder;
    folder.write("secret.jpg", "x");
    folder.write("card/a.jpg", "x");
    const auto card = open_folder(folder / "card");
    SourceFile file = card->list().files.at(0);
    for (const std::string& path :
         {std::string{"../secret.jpg"}, (folder / "secret.jpg").string(), std::string{"b/../../secret.jpg"},
          std::string{}, std::string{"."}, std::string{".."}}) {
        file.path = path;
        EXPECT_ANY_THROW(whole(*card, file)) << path;
    }
}

TEST(FolderSource, LeavesOutWhatIsNoFileAndWhatSystemsLeaveBehind)
{
    const TempFolder folder;
    folder.write("a.jpg", "x");
    folder.write(".hidden.jpg", "kept: it is somebody's file");
    for (const char* litter :
         {".DS_Store", "._a.jpg", "Thumbs.db", "THUMBS.DB", "desktop.ini", ".Trashes/501/a.jpg",
          ".Trash-1000/files/a.jpg", "System Volume Information/x", "$RECYCLE.BIN/x"}) {
        folder.write(litter, "x");
    }
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);

    const Listing listing = open_folder(folder)->list();

    EXPECT_THAT(paths(listing), UnorderedElementsAre("a.jpg", ".hidden.jpg"));
    EXPECT_EQ(reasons(listing, true).size(), 10u);
    EXPECT_THAT(reasons(listing, true).at("pipe"), HasSubstr("regular"));
    EXPECT_TRUE(reasons(listing, false).empty());
}

TEST(FolderSource, DoesNotWaitForAPipeThatTookTheFilesPlace)
{
    const TempFolder folder;
    const fs::path file = folder.write("a.jpg", "x");
    const auto card = open_folder(folder);
    const SourceFile listed = card->list().files.at(0);
    fs::remove(file);
    ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
    EXPECT_EQ(code_of([&] { whole(*card, listed); }), ErrorCode::changed);
}

TEST(FolderSource, LeavesOutAnArchiveInsideIt)
{
    const TempFolder folder;
    folder.write("a.jpg", "x");
    folder.write("Photos/catalog.sqlite", "x");
    folder.write("Photos/manifests/m.sha256", "x");
    folder.write("Photos/renditions/a.jpg", "x");
    folder.write("Old/.photosafe/lock", "");
    folder.write("Old/originals/b.jpg", "x");
    folder.write("Other/catalog.sqlite", "somebody else's");

    const Listing listing = open_folder(folder)->list();

    EXPECT_THAT(paths(listing), UnorderedElementsAre("a.jpg", "Other/catalog.sqlite"));
    const auto excluded = reasons(listing, true);
    EXPECT_EQ(excluded.size(), 2u);
    EXPECT_THAT(excluded.at("Photos"), HasSubstr("archive of PhotoSafe"));
    EXPECT_TRUE(excluded.contains("Old"));
}

TEST(FolderSource, RefusesAnArchiveButTakesItsOriginals)
{
    const TempFolder folder;
    folder.write("catalog.sqlite", "x");
    folder.write("manifests/m.sha256", "x");
    folder.write("originals/a.jpg", "x");
    EXPECT_EQ(code_of([&] { open_folder(folder); }), ErrorCode::unsafe);
    EXPECT_THAT(paths(open_folder(folder / "originals")->list()), ElementsAre("a.jpg"));
}

TEST(FolderSource, ReportsAFolderItMayNotRead)
{
    const TempFolder folder;
    folder.write("a.jpg", "x");
    folder.write("closed/b.jpg", "x");
    fs::permissions(folder / "closed", fs::perms::none);
    Listing listing;
    {
        const test::WithoutRoot nobody;
        listing = open_folder(folder)->list();
    }
    fs::permissions(folder / "closed", fs::perms::owner_all);
    EXPECT_THAT(paths(listing), ElementsAre("a.jpg"));
    EXPECT_THAT(reasons(listing, false).at("closed"), HasSubstr("Permission denied"));
}

TEST(FolderSource, ReportsAFileItMayNotRead)
{
    const TempFolder folder;
    fs::permissions(folder.write("a.jpg", "x"), fs::perms::none);
    const test::WithoutRoot nobody;
    const auto card = open_folder(folder);
    const SourceFile file = card->list().files.at(0);
    EXPECT_EQ(code_of([&] { whole(*card, file); }), ErrorCode::unreadable);
}

TEST(FolderSource, NeedsAFolderItMayRead)
{
    const TempFolder folder;
    fs::create_directory(folder / "closed");
    fs::permissions(folder / "closed", fs::perms::none);
    const test::WithoutRoot nobody;
    EXPECT_EQ(code_of([&] { open_folder(folder / "closed"); }), ErrorCode::unreadable);
}

TEST(FolderSource, GoesOnlySoDeep)
{
    const TempFolder folder;
    std::string path = "a.jpg";
    for (int i = 0; i < 64; ++i) path = "d/" + path;
    folder.write(path, "x");
    folder.write(fs::path{path}.parent_path() / "one/more.jpg", "x");

    const Listing listing = open_folder(folder)->list();

    EXPECT_THAT(paths(listing), ElementsAre(path));
    EXPECT_EQ(reasons(listing, false).size(), 1u);
}

TEST(FolderSource, ReportsAPathTooLongToOpen)
{
    const TempFolder folder;
    const fs::path start = fs::current_path();
    fs::current_path(folder);
    const std::string part(250, 'd');
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(::mkdir(part.c_str(), 0700), 0);
        ASSERT_EQ(::chdir(part.c_str()), 0);
    }
    fs::current_path(start);

    const Listing listing = open_folder(folder)->list();

    EXPECT_TRUE(listing.files.empty());
    ASSERT_EQ(listing.skipped.size(), 1u);
    EXPECT_FALSE(listing.skipped[0].excluded);
    EXPECT_THAT(listing.skipped[0].reason, HasSubstr("too long"));
}

TEST(FolderSource, NoticesAnotherFileOfTheSameSizeAndTime)
{
    const TempFolder folder;
    const fs::path file = folder.write("a.jpg", "first");
    const auto card = open_folder(folder);
    const auto reader = card->open(card->list().files.at(0));
    ASSERT_EQ(reader->next().size(), 5u);
    ASSERT_TRUE(reader->next().empty());
    const auto time = fs::last_write_time(file);
    fs::rename(folder.write("b.jpg", "other"), file);
    fs::last_write_time(file, time);
    EXPECT_EQ(code_of([&] { reader->finish(); }), ErrorCode::changed);
}

TEST(FolderSource, TakesNoTimeOfACopyForABirth)
{
    const TempFolder folder;
    const fs::path file = folder.write("a.jpg", "x");
    fs::last_write_time(file, fs::last_write_time(file) - std::chrono::hours{1000});
    EXPECT_EQ(open_folder(folder)->list().files.at(0).born, std::nullopt);
}

TEST(FolderSource, TakesTimesThatNoClockHas)
{
    const TempFolder folder;
    const fs::path file = folder.write("a.jpg", "x");
    for (const time_t seconds : {-100'000'000'000, 100'000'000'000, 0L, -1L}) {
        const timespec times[2] = {{seconds, 999'999'999}, {seconds, 999'999'999}};
        if (::utimensat(AT_FDCWD, file.c_str(), times, 0) != 0) continue; // not every file system can hold it
        const auto card = open_folder(folder);
        EXPECT_EQ(whole(*card, card->list().files.at(0)), "x") << seconds;
    }
}

} // namespace
} // namespace photosafe
