// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/catalog.hpp"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>
#include <photosafe/query.hpp>

#include "archive/impl.hpp"
#include "archive/schema.hpp"
#include "core/digest.hpp"
#include "core/time.hpp"
#include "support/archive_facts.hpp"
#include "support/memory_source.hpp"
#include "support/temp_archive.hpp"

namespace photosafe {
namespace {

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

Stored stored(int n, const std::string& path)
{
    Digest digest;
    digest.sha256.fill(static_cast<std::byte>(n));
    return {.digest = digest, // every one with the same XXH3-128
            .path = "originals/" + path,
            .group = path.substr(0, path.rfind('.')),
            .bytes = 10,
            .name = path,
            .role = Role::original,
            .modified = {},
            .taken = {},
            .taken_local = "1970-01-01T00:00:00",
            .taken_source = "file_modified",
            .at = {}};
}

Begun begun(const std::string& source)
{
    return {"import", 1, Instant{}, "0.1", {source, "device", "phone", "model", "18"}};
}

TEST(Catalog, BeginsEmptyAndAtItsSchema)
{
    const test::TempFolder folder;
    Catalog catalog = Catalog::create(folder / "c", false);
    EXPECT_EQ(catalog.summary().originals, 0u);
    EXPECT_EQ(catalog.check(), "ok");
    Database db = Database::open(folder / "c", Database::Mode::read);
    EXPECT_EQ(db.number("PRAGMA user_version"), catalog_schema_version);
    EXPECT_EQ(db.number("PRAGMA application_id"), catalog_application_id);
}

TEST(Catalog, UsesTheJournalThatItsDiskNeeds)
{
    const test::TempFolder folder;
    const auto mode = [&] {
        return Database::open(folder / "c", Database::Mode::read).text("PRAGMA journal_mode");
    };
    Catalog::create(folder / "c", true);
    EXPECT_EQ(mode(), "delete");
    Catalog::open(folder / "c", Access::write, false);
    EXPECT_EQ(mode(), "wal");
    Catalog::open(folder / "c", Access::write, true); // moved to a network disk
    EXPECT_EQ(mode(), "delete");
}

TEST(Catalog, SaysBusyWhereAReaderHoldsItOnASharedDisk)
{
    const test::TempFolder folder;
    Catalog::create(folder / "c", false);
    Database reader = Database::open(folder / "c", Database::Mode::read);
    Statement row = reader.prepare("SELECT * FROM total");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(error_of([&] { Catalog::open(folder / "c", Access::write, true); }).first, "busy");
}

TEST(Catalog, TakesNoStretchTwiceAndLeavesNoneOut)
{
    const test::TempFolder folder;
    Catalog catalog = Catalog::create(folder / "c", false);
    const std::vector<Event> first{begun("device:a"), stored(1, "a.HEIC")};
    catalog.apply("m", first, {0, 100});
    const std::vector<Event> more{stored(2, "b.HEIC")};
    EXPECT_EQ(error_of([&] { catalog.apply("m", more, {150, 200}); }).first, "damaged");
    EXPECT_EQ(error_of([&] { catalog.apply("m", more, {0, 100}); }).first, "damaged");
    EXPECT_EQ(catalog.summary().originals, 1u);
    catalog.apply("m", more, {100, 200});
    EXPECT_EQ(catalog.summary().originals, 2u);
    EXPECT_EQ(catalog.applied().at("m"), 200u);
    EXPECT_EQ(error_of([&] { catalog.apply("other", more, {0, 100}); }).first, "damaged");
}

TEST(Catalog, KeepsContentsApartThatShareTheirFastDigest)
{
    const test::TempFolder folder;
    Catalog catalog = Catalog::create(folder / "c", false);
    const std::vector<Event> events{begun("device:a"), stored(1, "a.HEIC"), stored(2, "b.HEIC")};
    catalog.apply("m", events, {0, 100});
    EXPECT_EQ(catalog.summary().originals, 2u);
    EXPECT_EQ(catalog.find(stored(1, "x").digest)->path, "originals/a.HEIC");
    EXPECT_EQ(catalog.find(stored(2, "x").digest)->path, "originals/b.HEIC");
    Digest contradicting = stored(1, "x").digest;
    contradicting.xxh128.fill(std::byte{9});
    EXPECT_EQ(error_of([&] { (void)catalog.find(contradicting); }).first, "damaged");
}

TEST(Catalog, UndoesABatchThatDoesNotComeToItsEnd)
{
    const test::TempFolder folder;
    Catalog catalog = Catalog::create(folder / "c", false);
    const std::vector<Event> first{begun("device:a")};
    catalog.apply("m", first, {0, 100});
    {
        Catalog::Batch batch{catalog, "m"};
        batch.add(stored(1, "a.HEIC"));
        EXPECT_TRUE(catalog.find(stored(1, "x").digest));
    }
    EXPECT_FALSE(catalog.find(stored(1, "x").digest));
}

TEST(Catalog, RefusesTwoContentsAtOnePath)
{
    const test::TempFolder folder;
    Catalog catalog = Catalog::create(folder / "c", false);
    const std::vector<Event> events{begun("device:a"), stored(1, "a.HEIC"), stored(2, "A.heic")};
    EXPECT_EQ(error_of([&] { catalog.apply("m", events, {0, 9}); }).first, "damaged");
    EXPECT_TRUE(catalog.applied().empty());
    catalog.apply("m", std::span{events}.first(2), {0, 9});
    EXPECT_TRUE(catalog.path_taken("originals/A.HEIC"));
    EXPECT_FALSE(catalog.path_taken("originals/B.HEIC"));
}

TEST(Catalog, OfALaterPhotoSafeIsRefusedAndNotChanged)
{
    TempArchive archive;
    archive.close();
    {
        Database db = Database::open(archive.root() / "catalog.sqlite", Database::Mode::write);
        db.run("PRAGMA user_version=99");
    }
    const std::string before = test::content_of(archive.root() / "catalog.sqlite");
    for (const Access access : {Access::read, Access::write})
        EXPECT_EQ(error_of([&] { (void)Archive::open(archive.root(), access); }).first, "newer_version");
    EXPECT_EQ(test::content_of(archive.root() / "catalog.sqlite"), before);
}

/// A catalog of before names of places were known is brought up to date with all that it had.
TEST(Catalog, OfVersionFourLearnsOfPlaces)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_0001.JPG", "one"}, {"DCIM/100APPLE/IMG_0002.JPG", "two"}};
    ingest(phone, archive);
    Metadata said;
    said.caption = "the fountain";
    said.position = GeoPoint{41.9, 12.48, std::nullopt};
    archive->impl().catalog.metadata().put(archive.asset("IMG_0001.JPG").id, said, "test 1");
    archive.close();
    {
        Database db = Database::open(archive.root() / "catalog.sqlite", Database::Mode::write);
        db.run("DROP VIEW v1_phone_item; DROP VIEW v1_phone_album; DROP VIEW v1_phone_member; DROP VIEW "
               "v1_phone_look; DROP VIEW v1_phone_absence; "
               "DROP TABLE album_member; DROP TABLE album; DROP TABLE item_absence; DROP TABLE item; DROP "
               "TABLE look; "
               "ALTER TABLE run DROP COLUMN library; ALTER TABLE run DROP COLUMN filter; DROP TABLE library");
        db.run(
            "DROP VIEW v1_metadata; CREATE VIEW v1_metadata AS SELECT asset FROM metadata; "
            "ALTER TABLE metadata DROP COLUMN location; "
            "CREATE TABLE kept AS SELECT rowid AS slot, name, title, caption FROM words; DROP TABLE words; "
            "CREATE VIRTUAL TABLE words USING fts5(name, title, caption, prefix = '1 2 3', "
            "tokenize = 'unicode61 remove_diacritics 2'); "
            "INSERT INTO words(rowid, name, title, caption) SELECT * FROM kept; DROP TABLE kept; "
            "ALTER TABLE metadata DROP COLUMN bytes; UPDATE position SET first = first * 16, last = last * "
            "16; PRAGMA user_version=4");
    }
    EXPECT_EQ(error_of([&] { (void)Archive::open(archive.root(), Access::read); }).first, "damaged");
    archive.reopen();
    const auto found = [&](const char* query) { return count(*archive, Query::parse(query)); };
    EXPECT_EQ(found("fountain"), 1u);
    EXPECT_EQ(found("near:41.9,12.48,1km"), 1u);
    EXPECT_EQ(found("size:<4B"), 2u);
    EXPECT_EQ(found("name:IMG_000*"), 2u);
    EXPECT_EQ(found("name:*0002*"), 1u);
    said.location = "Rome, Italy";
    archive->impl().catalog.metadata().put(archive.asset("IMG_0002.JPG").id, said, "test 1");
    EXPECT_EQ(found("rome"), 1u);
    Database& db = archive->impl().catalog.database();
    EXPECT_EQ(db.number("SELECT count(*) FROM v1_metadata WHERE location = 'Rome, Italy'"), 1);
    EXPECT_EQ(db.number("SELECT count(*) FROM names"), 2); // each once
    EXPECT_EQ(db.number("SELECT count(*) FROM due"), 0);
}

TEST(Catalog, ThatIsDamagedSaysWhatToDo)
{
    const auto opened = [](const std::function<void(const std::filesystem::path&)>& harm) {
        TempArchive archive;
        MemorySource phone;
        for (int i = 0; i < 200; ++i)
            phone.add({"DCIM/100APPLE/IMG_" + std::to_string(i) + ".JPG", std::to_string(i)});
        ingest(phone, archive);
        archive.close();
        harm(archive.root() / "catalog.sqlite");
        return error_of([&] {
            Archive open = Archive::open(archive.root(), Access::write);
            open.for_each_asset([&](const Asset& asset) { return !open.places(asset).empty(); });
            (void)check_fixity(open);
        });
    };
    const auto write_at = [](const std::filesystem::path& file, std::streamoff at, const std::string& bytes) {
        std::fstream out{file, std::ios::in | std::ios::out | std::ios::binary};
        out.seekp(at);
        out << bytes;
    };
    const std::vector<std::function<void(const std::filesystem::path&)>> harms{
        [&](const auto& file) { write_at(file, 0, std::string(100, 'x')); },
        [&](const auto& file) {
            std::ofstream{file} << "not a database at all, but long enough to be looked at";
        },
        [&](const auto& file) { std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2); },
        [&](const auto& file) {
            for (std::streamoff page = 1; page < 20; ++page)
                write_at(file, page * 4096, std::string(2000, '\xee'));
        },
        [&](const auto& file) { std::filesystem::remove(file); }};
    for (const auto& harm : harms) {
        const auto [code, message] = opened(harm);
        EXPECT_EQ(code, "damaged") << message;
        EXPECT_NE(message.find("rebuild"), std::string::npos) << message;
    }
}

TEST(Catalog, ThatIsEmptyIsFilledFromTheManifests)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}};
    ingest(phone, archive);
    archive.close();
    const auto before = test::catalog_rows(archive.root());
    std::filesystem::resize_file(archive.root() / "catalog.sqlite", 0);
    archive.reopen();
    archive.close();
    EXPECT_EQ(test::catalog_rows(archive.root()), before);
}

TEST(Catalog, ViewsAnswerOthers)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one", test::picture_time, test::picture_time}};
    phone.add({"DCIM/100APPLE/IMG_2.JPG", "two"});
    const Instant long_ago = from_rfc3339("1965-06-01T12:00:00.5Z").value();
    phone.add({"DCIM/100APPLE/IMG_3.JPG", "three", long_ago});
    phone.fail_at("DCIM/100APPLE/IMG_2.JPG", 0, ErrorCode::unreadable, 99);
    ingest(phone, archive, {.backoff = std::chrono::milliseconds{0}});
    archive.close();
    Database db = Database::open(archive.root() / "catalog.sqlite", Database::Mode::read);
    Statement asset = db.prepare("SELECT sha256, path, name, modified, taken, state, verified FROM v1_asset");
    ASSERT_TRUE(asset.step());
    EXPECT_EQ(asset.text(0), sha256_hex(digest_of(std::as_bytes(std::span{std::string_view{"one"}}))));
    EXPECT_EQ(asset.text(2), "IMG_1.JPG");
    EXPECT_EQ(asset.text(3), "2024-05-31T12:03:22Z");
    EXPECT_EQ(asset.text(4), "2024-05-31T12:03:22Z");
    EXPECT_EQ(asset.text(5), "present");
    EXPECT_TRUE(asset.is_null(6));
    EXPECT_EQ(db.text("SELECT path FROM v1_place"), "DCIM/100APPLE/IMG_1.JPG");
    EXPECT_EQ(db.text("SELECT modified FROM v1_asset WHERE name='IMG_3.JPG'"), "1965-06-01T12:00:00.5Z");
    EXPECT_EQ(db.text("SELECT modified FROM v1_place WHERE path LIKE '%IMG_3.JPG'"),
              "1965-06-01T12:00:00.5Z");
    EXPECT_EQ(db.text("SELECT taken FROM v1_shot WHERE path LIKE '%IMG_3'"), "1965-06-01T12:00:00.5Z");
    EXPECT_EQ(db.text("SELECT seen||stored||known||failed||excluded FROM v1_import"), "32010");
    EXPECT_EQ(db.text("SELECT code FROM v1_failure"), "unreadable");
}

TEST(Catalog, IsReadWhileItIsWritten)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}};
    ingest(phone, archive);
    phone.add({"DCIM/100APPLE/IMG_2.JPG", "two"});
    unsigned looks = 0;
    const IngestReport report = ingest(phone, archive, {.on_progress = [&](const IngestProgress&) {
                                           const Archive reader = Archive::open(archive.root(), Access::read);
                                           EXPECT_GE(reader.summary().originals, 1u);
                                           ++looks;
                                       }});
    EXPECT_EQ(report.stored, 1u);
    EXPECT_GT(looks, 0u);
}

TEST(Catalog, OnAReadOnlyDiskIsReadWithoutATrace)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can mount";
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}};
    ingest(phone, archive);
    archive.close();
    const std::filesystem::path still = archive.folder() / "still";
    std::filesystem::create_directory(still);
    if (::mount(archive.root().c_str(), still.c_str(), nullptr, MS_BIND, nullptr) != 0)
        GTEST_SKIP() << "no bind mounts";
    ASSERT_EQ(::mount(nullptr, still.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr), 0);
    {
        Archive archive_there = Archive::open(still, Access::read);
        EXPECT_EQ(archive_there.summary().originals, 1u);
        EXPECT_EQ(check_fixity(archive_there).matched, 1u);
        EXPECT_EQ(error_of([&] { (void)Archive::open(still, Access::write); }).first, "read_only");
        EXPECT_EQ(error_of([&] { ingest(phone, archive_there); }).first, "read_only");
    }
    ASSERT_EQ(::umount(still.c_str()), 0);
}

TEST(Archive, OnAFuseMountUsesTheSafeJournalAndSaysSo)
{
    if (::geteuid() != 0 || ::access("/dev/fuse", R_OK | W_OK) != 0 ||
        test::run_command("command -v bindfs").first != 0)
        GTEST_SKIP() << "needs root, /dev/fuse and bindfs";
    const test::TempFolder disk, mount;
    if (test::run_command("bindfs --no-allow-other '" + disk.path().native() + "' '" + mount.path().native() +
                          "'")
            .first != 0)
        GTEST_SKIP() << "FUSE doesn't mount here";
    {
        Archive archive = Archive::create(mount / "Photos");
        ASSERT_EQ(archive.warnings().size(), 1u);
        EXPECT_NE(archive.warnings().front().find("fuse"), std::string::npos);
        MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}};
        phone.add({"DCIM/101APPLE/IMG_1.JPG", "two"});
        EXPECT_EQ(ingest(phone, archive).stored, 2u);
        EXPECT_EQ(ingest(phone, archive).known, 2u);
        EXPECT_EQ(check_fixity(archive).matched, 2u);
        EXPECT_EQ(
            Database::open(mount / "Photos/catalog.sqlite", Database::Mode::read).text("PRAGMA journal_mode"),
            "delete");
    }
    EXPECT_EQ(test::check_sums(mount / "Photos").first, 0);
    EXPECT_EQ(test::run_command("umount '" + mount.path().native() + "'").first, 0);
}

} // namespace
} // namespace photosafe
