// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>

#include "archive/impl.hpp"
#include "archive/manifest.hpp"
#include "support/archive_facts.hpp"
#include "support/memory_source.hpp"
#include "support/temp_archive.hpp"

namespace photosafe {
namespace {

namespace fs = std::filesystem;
using test::MemorySource;
using test::TempArchive;

const IngestOptions quick{.backoff = std::chrono::milliseconds{0}};

fs::path original_with(const fs::path& root, const std::string& content)
{
    for (const auto& [path, bytes] : test::files_below(root / "originals")) {
        if (bytes == content) return root / "originals" / path;
    }
    return {};
}

void overwrite(const fs::path& file, const std::string& content)
{
    std::ofstream{file, std::ios::binary} << content;
}

/// An archive to which all has happened that can happen to one.
void make_history(TempArchive& archive)
{
    MemorySource phone;
    phone.set_info({"device:00008110-\xff", "device", "Anna's \xf0\x9f\x93\xb1", "iPhone16,1", "18.1"});
    const Instant later = test::picture_time + std::chrono::hours{24 * 400};
    for (int i = 0; i < 90; ++i) {
        const std::string stem = "DCIM/100APPLE/IMG_" + std::to_string(1000 + i);
        phone.add({stem + ".HEIC", "picture " + std::to_string(i),
                   test::picture_time + std::chrono::hours{i * 9},
                   test::picture_time + std::chrono::hours{i * 8}});
        if (i % 3 == 0) phone.add({stem + ".MOV", "movie " + std::to_string(i)});
        if (i % 7 == 0) phone.add({stem + ".AAE", "the same recipe"});
    }
    phone.add({"DCIM/101APPLE/caf\xc3\xa9.JPG", "composed"});
    phone.add({"DCIM/101APPLE/cafe\xcc\x81.JPG", "decomposed"});
    phone.add({"DCIM/101APPLE/\xff\xfe\n.JPG", "no text"});
    phone.add({"DCIM/101APPLE/EMPTY.JPG", ""});
    phone.add({"DCIM/101APPLE/COPY.JPG", "picture 5"});
    phone.add({"DCIM/101APPLE/BAD.JPG", "bad"});
    phone.fail_at("DCIM/101APPLE/BAD.JPG", 0, ErrorCode::unreadable, 1000);
    phone.skip({"DCIM/link", true, "a link"});
    phone.skip({"DCIM/odd", false, "it makes no sense"});
    ingest(phone, archive, quick);

    MemorySource card{{"DCIM/100APPLE/IMG_1000.HEIC", "picture 0"}, {"holiday/x.jpg", "only on the card"}};
    card.set_info({"folder:/media/card", "folder", "/media/card", "", ""});
    ingest(card, archive, quick);

    phone.change("DCIM/100APPLE/IMG_1001.HEIC", "edited since", later);
    phone.remove("DCIM/100APPLE/IMG_1002.HEIC");
    phone.set_info({"device:00008110-\xff", "device", "Anna's new name", "iPhone16,1", "19.0"});
    ingest(phone, archive, quick);

    const fs::path altered = original_with(archive.root(), "picture 10");
    const fs::path removed = original_with(archive.root(), "picture 11");
    const fs::path lost = original_with(archive.root(), "picture 12");
    overwrite(altered, "picture XX");
    fs::remove(removed);
    fs::remove(lost);
    EXPECT_EQ(check_fixity(*archive).altered, 1u);
    phone.remove("DCIM/100APPLE/IMG_1012.HEIC");
    EXPECT_EQ(ingest(phone, archive, quick).stored, 2u); // both are restored
    EXPECT_EQ(check_fixity(*archive, {.subset = {.share = 0.3}}).missing, 0u);

    phone.add({"DCIM/102APPLE/IMG_5000.MOV", std::string(5u << 20, 'm')});
    phone.at("DCIM/102APPLE/IMG_5000.MOV", 4u << 20, [&](const std::stop_token&) { phone.unplug(); });
    EXPECT_THROW(ingest(phone, archive, quick), IngestInterrupted);
    phone.plug_in();
    EXPECT_EQ(ingest(phone, archive, quick).stored, 1u); // resumed
    EXPECT_EQ(check_fixity(*archive).missing, 1u);
    ManifestWriter{archive->impl().root,
                   {"import",
                    archive->impl().catalog.last_sequence() + 1,
                    Instant{},
                    "0.1",
                    {"device:x", "device", "", "", ""}}};
    archive.reopen(); // an import that only began
}

TEST(Rebuild, BringsBackEveryFieldOfEveryTable)
{
    TempArchive archive;
    make_history(archive);
    archive.close();
    const auto before = test::catalog_rows(archive.root());
    const auto originals = test::files_below(archive.root() / "originals");
    const auto manifests = test::files_below(archive.root() / "manifests");
    ASSERT_GT(before.size(), 350u);
    fs::remove(archive.root() / "catalog.sqlite");

    const RebuildReport dry = rebuild(archive.root(), {.dry_run = true});
    EXPECT_FALSE(fs::exists(archive.root() / "catalog.sqlite"));
    const RebuildReport report = rebuild(archive.root());

    EXPECT_EQ(test::catalog_rows(archive.root()), before);
    EXPECT_EQ(test::files_below(archive.root() / "originals"), originals);
    EXPECT_EQ(test::files_below(archive.root() / "manifests"), manifests);
    EXPECT_EQ(report.missing, 1u);
    EXPECT_EQ(report.unrecorded, 1u); // the altered one, which another took the place of
    EXPECT_EQ(dry.notes, report.notes);
    EXPECT_EQ(dry.originals, report.originals);
    EXPECT_TRUE(report.set_aside.empty());
    archive.reopen();
}

TEST(Rebuild, TellsHowFarItIsAndStopsWithoutATrace)
{
    TempArchive archive;
    make_history(archive);
    archive.close();
    RebuildProgress last;
    const auto manifests =
        rebuild(archive.root(),
                {.dry_run = true, .on_progress = [&](const RebuildProgress& at) { last = at; }})
            .manifests;
    EXPECT_GT(manifests, 1u);
    EXPECT_EQ(last.manifests_done, manifests);
    EXPECT_EQ(last.manifests_total, manifests);
    EXPECT_GT(last.bytes_done, 0u);
    EXPECT_EQ(last.bytes_done, last.bytes_total);

    const auto before = test::catalog_rows(archive.root());
    std::stop_source stop;
    try {
        rebuild(archive.root(), {.on_progress = [&](const RebuildProgress&) { stop.request_stop(); },
                                 .stop = stop.get_token()});
        ADD_FAILURE() << "not stopped";
    } catch (const ArchiveError& error) {
        EXPECT_EQ(error.code(), ErrorCode::cancelled);
    }
    EXPECT_EQ(test::catalog_rows(archive.root()), before);
    rebuild(archive.root());
    EXPECT_EQ(test::catalog_rows(archive.root()), before);
}

TEST(Rebuild, WorksWhateverTheCatalogHasBecome)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}, {"DCIM/100APPLE/IMG_2.JPG", "two"}};
    ingest(phone, archive);
    archive.close();
    const auto before = test::catalog_rows(archive.root());
    const fs::path catalog = archive.root() / "catalog.sqlite";
    const std::vector<std::function<void()>> harms{
        [&] { overwrite(catalog, "not a database"); },
        [&] { fs::remove(catalog); },
        [&] { fs::resize_file(catalog, 5000); },
        [&] { Database::open(catalog, Database::Mode::write).run("PRAGMA user_version=99"); },
        [&] { overwrite(archive.root() / "catalog.sqlite-wal", "left behind by something"); },
        [&] { fs::remove(archive.root() / ".photosafe/archive.json"); },
        [&] { overwrite(archive.root() / ".photosafe/catalog.sqlite.new", "of a rebuild that was killed"); },
        [&] { fs::remove_all(archive.root() / ".photosafe"); }};
    for (const auto& harm : harms) {
        harm();
        const std::string harmed = fs::exists(catalog) ? test::content_of(catalog) : "";
        const RebuildReport report = rebuild(archive.root());
        EXPECT_EQ(test::catalog_rows(archive.root()), before);
        if (!harmed.empty()) {
            EXPECT_EQ(test::content_of(report.set_aside), harmed);
        }
        archive.reopen();
        archive.close();
    }
}

TEST(Rebuild, SetsEachOldCatalogAsideAndReplacesNone)
{
    TempArchive archive;
    archive.close();
    std::vector<fs::path> aside;
    for (int i = 0; i < 3; ++i) aside.push_back(rebuild(archive.root()).set_aside); // within one second
    std::sort(aside.begin(), aside.end());
    EXPECT_EQ(std::unique(aside.begin(), aside.end()), aside.end());
    for (const fs::path& one : aside) EXPECT_TRUE(fs::exists(one));
}

TEST(Rebuild, ChangesNothingInADryRun)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}};
    ingest(phone, archive);
    archive.close();
    fs::remove(archive.root() / ".photosafe/archive.json");
    archive.folder().write("Photos/manifests/2030-01-01T000000Z-0000.ndjson", "nonsense\ntorn");
    const auto before = test::files_below(archive.root());
    const RebuildReport report = rebuild(archive.root(), {.dry_run = true});
    EXPECT_EQ(report.originals, 1u);
    EXPECT_EQ(report.torn_lines, 1u);
    EXPECT_EQ(test::files_below(archive.root()), before);
}

TEST(Rebuild, TellsOfNonsenseAndEndsInAnArchiveThatOpens)
{
    const auto manifest_of = [](const TempArchive& archive) {
        for (const auto& entry : fs::directory_iterator{archive.root() / "manifests"})
            if (entry.path().extension() == ".ndjson") return entry.path();
        return fs::path{};
    };
    // Which line of the manifest becomes nonsense, and how many originals can still be told.
    const std::vector<std::pair<int, std::uint64_t>> cases{{0, 2}, {1, 1}, {2, 2}, {3, 1}, {-1, 2}};
    for (const auto& [line, originals] : cases) {
        TempArchive archive;
        MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}, {"DCIM/100APPLE/IMG_2.JPG", "two"}};
        ingest(phone, archive);
        archive.close();
        const fs::path manifest = manifest_of(archive);
        std::vector<std::string> lines;
        std::istringstream text{test::content_of(manifest)};
        for (std::string one; std::getline(text, one);) lines.push_back(one);
        ASSERT_EQ(lines.size(), 6u);
        lines[line < 0 ? lines.size() - 1 : static_cast<std::size_t>(line)] = "nonsense\x1b[2J";
        std::string harmed;
        for (const std::string& one : lines) harmed += one + '\n';
        overwrite(manifest, harmed + "{\"type\":\"torn");
        fs::remove(archive.root() / "catalog.sqlite");

        const RebuildReport report = rebuild(archive.root());
        EXPECT_EQ(report.originals, originals) << line;
        EXPECT_EQ(report.unrecorded, 2 - originals) << line;
        EXPECT_EQ(report.torn_lines, 1u);
        EXPECT_FALSE(report.notes.empty());
        for (const std::string& note : report.notes) EXPECT_EQ(note.find('\x1b'), std::string::npos);
        archive.reopen();
        ingest(phone, archive); // heals what is known no more
        EXPECT_EQ(archive->summary().originals, 2u);
        EXPECT_EQ(test::original_contents(archive.root()), (std::vector<std::string>{"one", "two"}));
        archive.reopen();
        archive.close();
        EXPECT_EQ(rebuild(archive.root()).originals, 2u);
    }
}

TEST(Rebuild, TellsOfTwoOriginalsThatClaimOnePath)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_1.JPG", "one"}};
    ingest(phone, archive);
    archive.close();
    for (const auto& entry : fs::directory_iterator{archive.root() / "manifests"}) {
        if (entry.path().extension() != ".ndjson") continue;
        std::istringstream text{test::content_of(entry.path())};
        std::string line;
        while (std::getline(text, line) && line.find("\"stored\"") == std::string::npos) {
        }
        line.replace(line.find("\"sha256\":\"") + 10, 4, "0000");
        std::ofstream{entry.path(), std::ios::app} << line << '\n';
    }
    const RebuildReport report = rebuild(archive.root());
    EXPECT_EQ(report.originals, 1u);
    EXPECT_EQ(report.notes.size(), 1u);
    archive.reopen();
    EXPECT_EQ(check_fixity(*archive).matched, 1u);
}

TEST(Rebuild, ListsFilesThatNoManifestTells)
{
    TempArchive archive;
    archive.folder().write("Photos/originals/2024/stray.jpg", "stray");
    archive.close();
    const RebuildReport report = rebuild(archive.root());
    EXPECT_EQ(report.unrecorded, 1u);
    EXPECT_TRUE(fs::exists(archive.root() / "originals/2024/stray.jpg"));
    archive.reopen();
    MemorySource phone{{"DCIM/100APPLE/stray.jpg", "stray"}};
    EXPECT_EQ(ingest(phone, archive).stored, 1u);
}

} // namespace
} // namespace photosafe
