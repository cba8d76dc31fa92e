// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/manifest.hpp"

#include <gtest/gtest.h>

#include "archive/impl.hpp"
#include "core/digest.hpp"
#include "support/archive_facts.hpp"
#include "support/memory_source.hpp"
#include "support/temp_archive.hpp"

#include <photosafe/ingest.hpp>

namespace photosafe {
namespace {

using test::MemorySource;
using test::TempArchive;

/// A stored file as an ingest leaves it behind, when it is killed after the manifest's line and before the
/// catalog's.
Stored put_original(const TempArchive& archive, const std::string& path, const std::string& content)
{
    archive.folder().write("Photos/" + path, content);
    return {.digest = digest_of(std::as_bytes(std::span{content})),
            .path = path,
            .group = path.substr(10, path.rfind('.') - 10),
            .bytes = content.size(),
            .name = "IMG.HEIC",
            .role = Role::original,
            .modified = test::picture_time,
            .taken = {},
            .taken_local = "2024-05-31T14:03:22",
            .taken_source = "file_modified",
            .at = test::picture_time};
}

Begun begun(std::int64_t sequence, Instant at = test::picture_time)
{
    return {"import", sequence, at, "0.1", {"device:memory", "device", "phone", "iPhone16,1", "18.1"}};
}

std::filesystem::path only_manifest(const TempArchive& archive, const std::string& ending = ".ndjson")
{
    for (const auto& entry : std::filesystem::directory_iterator{archive.root() / "manifests"}) {
        if (entry.path().extension() == ending) return entry.path();
    }
    return {};
}

void append(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream{file, std::ios::binary | std::ios::app} << text;
}

TEST(Manifest, IsCaughtUpWithAfterACrash)
{
    TempArchive archive;
    ManifestWriter writer{archive->impl().root, begun(1)};
    const Event stored = put_original(archive, "originals/2024/IMG_1.HEIC", "first light");
    writer.append(std::span{&stored, 1});
    append(only_manifest(archive), "{\"type\":\"seen\",\"sha2"); // torn by the crash
    const std::string sums = test::content_of(only_manifest(archive, ".sha256"));
    append(only_manifest(archive, ".sha256"), sums.substr(0, 20));
    archive.reopen();

    EXPECT_TRUE(archive->find(digest_of(std::as_bytes(std::span{std::string_view{"first light"}}))));
    EXPECT_EQ(test::content_of(only_manifest(archive)).back(), '\n');
    EXPECT_EQ(test::content_of(only_manifest(archive, ".sha256")), sums);
    EXPECT_EQ(test::check_sums(archive.root()), (std::pair<int, std::string>{0, ""}));
    const auto before = test::content_of(only_manifest(archive));
    archive.reopen();
    EXPECT_EQ(test::content_of(only_manifest(archive)), before);
}

TEST(Manifest, SumsAreCompletedWhereTheCrashCameBetweenBothFiles)
{
    TempArchive archive;
    ManifestWriter writer{archive->impl().root, begun(1)};
    const std::vector<Event> events{put_original(archive, "originals/a/1.HEIC", "one"),
                                    put_original(archive, "originals/a/2.HEIC", "two")};
    writer.append(events);
    const auto sums = only_manifest(archive, ".sha256");
    const std::string whole = test::content_of(sums);
    for (const std::size_t kept : {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 1}) {
        std::filesystem::resize_file(sums, kept);
        archive.close();
        std::filesystem::resize_file(archive.root() / "catalog.sqlite",
                                     0); // so that all is to be caught up with
        archive.reopen();
        EXPECT_EQ(test::content_of(sums), whole) << kept;
    }
    std::filesystem::remove(sums);
    archive.close();
    std::filesystem::resize_file(archive.root() / "catalog.sqlite", 0);
    archive.reopen();
    EXPECT_EQ(test::content_of(sums), whole);
}

TEST(Manifest, ThatSaidNothingYetIsRemoved)
{
    TempArchive archive;
    archive.folder().write("Photos/manifests/2024-05-31T120000Z-0000.ndjson", "");
    archive.folder().write("Photos/manifests/2024-05-31T120000Z-0001.ndjson", "{\"type\":\"begun\",\"sche");
    archive.folder().write("Photos/manifests/2024-05-31T120000Z-0001.sha256", "");
    archive.reopen();
    EXPECT_TRUE(std::filesystem::is_empty(archive.root() / "manifests"));
}

TEST(Manifest, ThatOnlyBeganTellsOfAnImportThatWasCutOff)
{
    TempArchive archive;
    ManifestWriter{archive->impl().root, begun(1)};
    archive.reopen();
    const auto imports = archive->imports(5);
    ASSERT_EQ(imports.size(), 1u);
    EXPECT_FALSE(imports.front().finished);
    EXPECT_EQ(imports.front().source, "device:memory");
}

TEST(Manifest, WithALineOfNonsenseIsNotForgottenByOpeningTwice)
{
    TempArchive archive;
    ManifestWriter writer{archive->impl().root, begun(1)};
    append(only_manifest(archive), "nonsense\n");
    const Event stored = put_original(archive, "originals/a/1.HEIC", "one");
    append(only_manifest(archive), to_line(stored) + '\n');
    for (int i = 0; i < 2; ++i) {
        try {
            archive.reopen();
            FAIL() << "opened as if nothing were wrong";
        } catch (const ArchiveError& e) {
            EXPECT_EQ(e.code(), ErrorCode::damaged);
            EXPECT_NE(std::string{e.what()}.find("rebuild"), std::string::npos) << e.what();
        }
    }
}

TEST(Manifest, OfALaterVersionIsLeftAlone)
{
    TempArchive archive;
    std::string line = to_line(begun(1));
    line.replace(line.find("\"schema\":1"), 10, "\"schema\":2");
    const auto file =
        archive.folder().write("Photos/manifests/2030-01-01T000000Z-0000.ndjson", line + "\nwhat it says");
    for (int i = 0; i < 2; ++i) {
        try {
            archive.reopen();
            FAIL();
        } catch (const ArchiveError& e) {
            EXPECT_EQ(e.code(), ErrorCode::newer_version);
        }
    }
    EXPECT_EQ(test::content_of(file), line + "\nwhat it says");
}

TEST(Manifest, ThatBecameShorterIsDamage)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.HEIC", "one"}};
    ingest(phone, archive);
    std::filesystem::resize_file(only_manifest(archive), 200);
    try {
        archive.reopen();
        FAIL();
    } catch (const ArchiveError& e) {
        EXPECT_EQ(e.code(), ErrorCode::damaged);
    }
}

TEST(Manifest, KeepsItsOrderWhateverTheClockSays)
{
    TempArchive archive;
    const Folder& root = archive->impl().root;
    std::vector<std::string> names;
    std::int64_t sequence = 0;
    for (const std::int64_t seconds : {1'700'000'000L, 0L, 4'000'000'000L, 3L, 1'700'000'000L}) {
        const ManifestWriter writer{root, begun(++sequence, Instant{std::chrono::seconds{seconds}})};
        names.push_back(writer.name());
    }
    EXPECT_EQ(manifest_names(root), names);
    archive.reopen();
    EXPECT_EQ(archive->impl().catalog.last_sequence(), sequence);
    EXPECT_EQ(archive->imports(1).front().manifest, names.back());
}

TEST(Manifest, OfAPhoneWithAVeryLongNameHasItsOrderToo)
{
    TempArchive archive;
    const Folder& root = archive->impl().root;
    Begun first = begun(1);
    first.source.name = std::string(300'000, 'x');
    const ManifestWriter later{root, begun(2, Instant{})};
    const ManifestWriter earlier{root, first};
    EXPECT_EQ(manifest_names(root), (std::vector{earlier.name(), later.name()}));
}

TEST(Manifest, ReadsInStretchesThatAreAllOfIt)
{
    TempArchive archive;
    const Folder& root = archive->impl().root;
    ManifestWriter writer{root, begun(1)};
    std::vector<Event> events;
    for (int i = 0; i < 2500; ++i) events.emplace_back(Failed{{{}, "p" + std::to_string(i), 1, "io", "r"}});
    writer.append(events);
    append(only_manifest(archive), "nonsense\n\ntorn");
    std::uint64_t at = 0;
    std::size_t seen = 0;
    const auto reading =
        read_manifest(root, writer.name(), 0, [&](std::span<const Event> some, Stretch stretch) {
            EXPECT_EQ(stretch.from, at);
            at = stretch.to;
            seen += some.size();
        });
    EXPECT_EQ(seen, 2501u);
    EXPECT_EQ(reading.problems.size(), 2u);
    EXPECT_EQ(reading.torn_bytes, 4u);
    EXPECT_EQ(at, reading.length);
    EXPECT_EQ(at + 4, std::filesystem::file_size(only_manifest(archive)));
}

} // namespace
} // namespace photosafe
