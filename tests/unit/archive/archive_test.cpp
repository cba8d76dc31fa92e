// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/archive.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <photosafe/ingest.hpp>

#include "archive/impl.hpp"
#include "support/archive_facts.hpp"
#include "support/memory_source.hpp"
#include "support/temp_archive.hpp"

namespace photosafe {
namespace {

namespace fs = std::filesystem;
using test::MemorySource;
using test::TempArchive;

template <class Act>
std::pair<std::string, std::string> error_of(Act act)
{
    try {
        act();
        return {};
    } catch (const ArchiveError& e) {
        return {std::string{name(e.code())}, e.what()};
    }
}

TEST(Archive, OpenedTwiceSaysWhoHasIt)
{
    TempArchive archive;
    const auto [code, message] = error_of([&] { (void)Archive::open(archive.root(), Access::write); });
    EXPECT_EQ(code, "busy");
    EXPECT_NE(message.find("process " + std::to_string(::getpid())), std::string::npos) << message;
    EXPECT_EQ(Archive::open(archive.root(), Access::read).summary().originals, 0u);
    archive.close();
    EXPECT_EQ(error_of([&] { (void)Archive::open(archive.root(), Access::write); }).first, "");
}

TEST(Archive, IsFreeAgainWhenItsProcessDied)
{
    TempArchive archive;
    archive.close();
    const pid_t child = ::fork();
    if (child == 0) {
        const Archive held = Archive::open(archive.root(), Access::write);
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
    archive.reopen();
}

TEST(Archive, IsFreeAgainWhenAChildOfItsDeadProcessIsGone)
{
    TempArchive archive; // its lock is the child's, too, as that of a process that was killed while it
                         // started a worker
    const pid_t child = ::fork();
    if (child == 0) {
        ::usleep(100'000);
        ::_exit(0);
    }
    archive.close();
    EXPECT_EQ(error_of([&] { (void)Archive::open(archive.root(), Access::write); }).first, "");
    EXPECT_EQ(::waitpid(child, nullptr, 0), child);
}

TEST(Archive, IsOnlyMadeWhereNothingElseIs)
{
    const test::TempFolder folder;
    folder.write("other/holiday.txt", "mine");
    EXPECT_EQ(error_of([&] { Archive::create(folder / "other"); }).first, "unsafe");
    Archive::create(folder / "new/deep/Photos");
    EXPECT_EQ(error_of([&] { Archive::create(folder / "new/deep/Photos"); }).first, "busy");
    fs::create_directories(folder / "half/.photosafe/incoming"); // what an interrupted creation leaves
    fs::create_directories(folder / "half/originals");
    folder.write("half/catalog.sqlite", "half");
    Archive::create(folder / "half");
    EXPECT_EQ(error_of([&] { Archive::create(folder / "x", {.layout = "{nonsense}"}); }).first, "invalid");
    EXPECT_FALSE(fs::exists(folder / "x"));
}

TEST(Archive, IsNotMadeInThePlaceOfOneThatLostItsIdentity)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}};
    ingest(phone, archive);
    archive.close();
    fs::remove(archive.root() / ".photosafe/archive.json");
    const auto before = test::files_below(archive.root());
    EXPECT_EQ(error_of([&] { Archive::create(archive.root()); }).first, "unsafe");
    EXPECT_EQ(test::files_below(archive.root()), before);
    const auto [code, message] = error_of([&] { archive.reopen(); });
    EXPECT_EQ(code, "damaged");
    EXPECT_NE(message.find("rebuild"), std::string::npos);
    rebuild(archive.root());
    archive.reopen();
    EXPECT_EQ(archive->summary().originals, 1u);
}

TEST(Archive, ThatIsNotThereIsNotMadeUp)
{
    const test::TempFolder folder;
    EXPECT_EQ(error_of([&] { (void)Archive::open(folder / "none", Access::write); }).first, "not_found");
    EXPECT_EQ(error_of([&] { (void)Archive::open(folder, Access::write); }).first, "not_found");
    EXPECT_EQ(error_of([&] { rebuild(folder / "none"); }).first, "not_found");
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Archive, WithADamagedOrLaterIdentitySaysSo)
{
    for (const auto& [text, code] : std::vector<std::pair<std::string, std::string>>{
             {"", "damaged"},
             {"{", "damaged"},
             {"[]", "damaged"},
             {"{\"format\":\"1\",\"layout\":\"{name}\"}", "damaged"},
             {"{\"format\":1,\"layout\":7}", "damaged"},
             {"{\"format\":1,\"layout\":\"{nonsense}\"}", "damaged"},
             {std::string(70'000, ' '), "damaged"},
             {"{\"format\":2,\"layout\":\"{name}\"}", "newer_version"},
             {"{\"format\":18446744073709551615,\"layout\":\"{name}\"}", "newer_version"}}) {
        TempArchive archive;
        archive.close();
        archive.folder().write("Photos/.photosafe/archive.json", text);
        EXPECT_EQ(error_of([&] { archive.reopen(); }).first, code) << text;
        if (code == "damaged") {
            EXPECT_EQ(rebuild(archive.root()).notes.size(), 1u);
            archive.reopen();
        } else {
            EXPECT_EQ(error_of([&] { rebuild(archive.root()); }).first, code);
        }
    }
}

TEST(Archive, ThatWasMovedIsTheSame)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}};
    ingest(phone, archive);
    archive.close();
    fs::rename(archive.root(), archive.folder() / "Elsewhere");
    Archive moved = Archive::open(archive.folder() / "Elsewhere", Access::write);
    phone.forget_calls();
    EXPECT_EQ(ingest(phone, moved).known, 1u);
    EXPECT_TRUE(phone.opened().empty());
}

TEST(Archive, CleansWhatNoTransferCanGoOnFrom)
{
    TempArchive archive;
    archive.close();
    const auto put = [&](const std::string& name) {
        archive.folder().write("Photos/.photosafe/incoming/" + name, "x");
    };
    for (const char* name : {"a-1.part", "a-2.json", "a-3.json.new", "odd", "a-4.part", "a-4.json"})
        put(name);
    fs::create_directory(archive.root() / ".photosafe/incoming/folder");
    archive.reopen();
    EXPECT_EQ(archive->summary().unfinished, 1u);
    EXPECT_EQ(test::files_below(archive.root() / ".photosafe/incoming").size(), 2u);
}

} // namespace
} // namespace photosafe
