// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <semaphore>
#include <thread>

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "archive/impl.hpp"
#include "ingest_help.hpp"

namespace photosafe {
namespace {

namespace fs = std::filesystem;
using namespace test;
using ::testing::HasSubstr;

/// An interruption's report, after checking that there was one.
IngestReport interrupted(Source& source, Archive& archive, ErrorCode code, IngestOptions options = quick())
{
    try {
        ingest(source, archive, options);
    } catch (const IngestInterrupted& e) {
        EXPECT_EQ(e.code(), code) << e.what();
        EXPECT_THAT(std::string{e.what()}, HasSubstr("safe"));
        return e.report();
    }
    ADD_FAILURE() << "not interrupted";
    return {};
}

std::string path_of(int i) { return "DCIM/100APPLE/IMG_" + std::to_string(1000 + i) + ".HEIC"; }

void fill(MemorySource& phone, int files)
{
    for (int i = 0; i < files; ++i) phone.add({path_of(i), "picture " + std::to_string(i)});
}

std::size_t litter(const TempArchive& archive)
{
    return files_below(archive.root() / ".photosafe/incoming").size();
}

TEST(Ingest, TriesAgainAndThenReportsWithoutStoppingTheOthers)
{
    TempArchive archive;
    MemorySource phone;
    fill(phone, 6);
    phone.fail_at(path_of(1), 0, ErrorCode::unreadable, 3);
    phone.fail_at(path_of(2), 0, ErrorCode::unreadable, 1000);
    phone.fail_at(path_of(3), 9, ErrorCode::protocol, 1000); // at the proof
    phone.fail_at(path_of(4), 0, ErrorCode::io, 2);
    EXPECT_EQ(sums(run(phone, archive)), "seen 6: 4 stored, 0 known, 2 failed, 0 excluded");
    const auto opened = phone.opened_paths();
    EXPECT_EQ(std::count(opened.begin(), opened.end(), path_of(2)), 4);
    EXPECT_EQ(std::count(opened.begin(), opened.end(), path_of(0)), 1);
    const auto failures = archive->failures(9);
    ASSERT_EQ(failures.size(), 2u);
    EXPECT_EQ(failures[0].code, "unreadable");
    EXPECT_EQ(litter(archive), 0u);
    phone.set_chunk(3); // what failed is tried at the next import, and forgotten when it came
    MemorySource well;
    fill(well, 6);
    EXPECT_EQ(sums(run(well, archive)), "seen 6: 2 stored, 4 known, 0 failed, 0 excluded");
    EXPECT_TRUE(archive->failures(9).empty());
}

TEST(Ingest, FindsAWrongByteByReadingTwiceAndTriesAgain)
{
    for (const std::uint64_t at : {0u, 7u}) {
        TempArchive archive;
        MemorySource phone;
        fill(phone, 3);
        phone.corrupt_at(path_of(1), at, 1);
        IngestOptions options = quick();
        options.proof = Proof::reread;
        EXPECT_EQ(sums(ingest(phone, archive, options)), "seen 3: 3 stored, 0 known, 0 failed, 0 excluded");
        EXPECT_TRUE(archive->find(digest("picture 1")));
        EXPECT_EQ(phone.bytes_read(path_of(0)), 18u);
        EXPECT_EQ(original_contents(archive.root()),
                  (std::vector<std::string>{"picture 0", "picture 1", "picture 2"}));
    }
}

TEST(Ingest, NeverKeepsAMixOfAFileThatChanges)
{
    for (const std::uint64_t at :
         {std::uint64_t{4}, std::uint64_t{9}}) { // while it is read, and before the proof
        TempArchive archive;
        MemorySource phone;
        fill(phone, 3);
        phone.set_chunk(4);
        phone.at(path_of(1), at, [&](const std::stop_token&) {
            phone.change(path_of(1), "another, and longer", picture_time + std::chrono::seconds{1});
        });
        EXPECT_EQ(sums(run(phone, archive)), "seen 3: 3 stored, 0 known, 0 failed, 0 excluded");
        EXPECT_EQ(original_contents(archive.root()),
                  (std::vector<std::string>{"another, and longer", "picture 0", "picture 2"}));
        phone.forget_calls();
        EXPECT_EQ(run(phone, archive).known, 3u);
        EXPECT_TRUE(phone.opened().empty());
    }
}

TEST(Ingest, TellsOfAFileThatVanishes)
{
    TempArchive archive;
    MemorySource phone;
    fill(phone, 3);
    phone.at(path_of(1), 9, [&](const std::stop_token&) { phone.remove(path_of(1)); });
    EXPECT_EQ(sums(run(phone, archive)), "seen 3: 2 stored, 0 known, 1 failed, 0 excluded");
    EXPECT_EQ(archive->failures(1).front().code, "not_found");
}

TEST(Ingest, LosesNothingWhereverTheCableIsPulled)
{
    constexpr int files = 100;
    for (int at = 0; at < files; at += 7) {
        for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{5}}) {
            TempArchive archive;
            MemorySource phone;
            fill(phone, files);
            phone.set_chunk(5);
            phone.at(path_of(at), offset, [&](const std::stop_token&) { phone.unplug(); });
            const IngestReport report = interrupted(phone, archive, ErrorCode::device_gone);
            EXPECT_EQ(report.seen, report.stored + report.known + report.failed + report.excluded);
            EXPECT_EQ(report.stored, archive->summary().originals) << "what is told is what is";
            EXPECT_EQ(archive->imports(1).front().stored, report.stored);
            EXPECT_TRUE(archive->imports(1).front().finished);
            phone.plug_in();
            phone.forget_calls();
            const IngestReport rest = run(phone, archive);
            EXPECT_EQ(rest.known, report.stored);
            EXPECT_EQ(rest.stored, files - report.stored);
            EXPECT_EQ(phone.opened().size(), files - report.stored) << "nothing safe was read again";
            EXPECT_EQ(original_contents(archive.root()).size(), static_cast<std::size_t>(files));
            EXPECT_EQ(litter(archive), 0u);
        }
    }
}

TEST(Ingest, GoesOnWithinALargeFile)
{
    TempArchive archive;
    MemorySource phone;
    const std::string movie = std::string(20u << 20, 'm') + "end";
    phone.add({"DCIM/IMG_0001.MOV", movie});
    phone.add({"DCIM/IMG_0002.MOV", movie + "2"});
    phone.set_chunk(1u << 20);
    phone.at("DCIM/IMG_0001.MOV", 15u << 20, [&](const std::stop_token&) { phone.unplug(); });
    interrupted(phone, archive, ErrorCode::device_gone);
    EXPECT_EQ(archive->summary().unfinished, 1u);
    archive.reopen();
    phone.plug_in();
    phone.forget_calls();
    // Lost once more, at another file: what was resumed and not yet read on is still not lost.
    phone.at("DCIM/IMG_0001.MOV", 16u << 20, [&](const std::stop_token&) { phone.unplug(); });
    interrupted(phone, archive, ErrorCode::device_gone);
    phone.plug_in();
    EXPECT_EQ(run(phone, archive).stored, 2u);
    EXPECT_EQ(phone.bytes_read("DCIM/IMG_0001.MOV"), movie.size() - (15u << 20));
    EXPECT_EQ(content_of(archive.root() / archive->find(digest(movie))->path), movie);
    EXPECT_EQ(litter(archive), 0u);
}

TEST(Ingest, KeepsAnUnfinishedMovieThroughAnImportOfPhotosOnly)
{
    TempArchive archive;
    MemorySource phone;
    phone.add({"DCIM/IMG_0001.MOV", std::string(4u << 20, 'm')});
    phone.add({"DCIM/IMG_0002.HEIC", "still"});
    phone.set_chunk(1u << 20);
    phone.at("DCIM/IMG_0001.MOV", 3u << 20, [&](const std::stop_token&) { phone.unplug(); });
    interrupted(phone, archive, ErrorCode::device_gone);
    phone.plug_in();
    IngestOptions options = quick();
    options.filter.videos = false;
    EXPECT_EQ(ingest(phone, archive, options).excluded, 1u);
    EXPECT_EQ(archive->summary().unfinished, 1u);
    phone.forget_calls();
    run(phone, archive);
    EXPECT_EQ(phone.bytes_read("DCIM/IMG_0001.MOV"), 1u << 20);
    phone.remove("DCIM/IMG_0001.MOV");
}

TEST(Ingest, StopsAtOnceWhileTheSourceHangs)
{
    for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{9}}) {
        TempArchive archive;
        MemorySource phone;
        fill(phone, 20);
        std::binary_semaphore hangs{0};
        phone.at(path_of(10), offset, [&](const std::stop_token&) { hangs.release(); });
        phone.hang_at(path_of(10), offset);
        std::stop_source stop;
        IngestOptions options = quick();
        options.stop = stop.get_token();
        std::jthread person{[&] {
            hangs.acquire();
            stop.request_stop();
        }};
        const IngestReport report = interrupted(phone, archive, ErrorCode::cancelled, options);
        EXPECT_EQ(report.stored, archive->summary().originals);
        EXPECT_EQ(run(phone, archive).failed, 0u);
        EXPECT_EQ(original_contents(archive.root()).size(), 20u);
    }
}

TEST(Ingest, StopsBetweenFilesOfASourceThatKnowsOfNoStop)
{
    TempArchive archive;
    MemorySource phone;
    fill(phone, 500);
    std::stop_source stop;
    IngestOptions options = quick();
    options.stop = stop.get_token();
    phone.at(path_of(3), 0, [&](const std::stop_token&) { stop.request_stop(); });
    interrupted(phone, archive, ErrorCode::cancelled, options);
    EXPECT_LT(phone.opened().size(), 100u);
}

TEST(Ingest, EndsWhenThePhoneHasFallenSilent)
{
    TempArchive archive;
    MemorySource phone;
    fill(phone, 200);
    for (int i = 5; i < 200; ++i) phone.fail_at(path_of(i), 0, ErrorCode::timeout, 1000);
    interrupted(phone, archive, ErrorCode::device_gone);
    EXPECT_EQ(archive->summary().originals, 5u);
    EXPECT_LT(phone.opened().size(), 60u);
}

TEST(Ingest, CountsWhatIsStoredWhenALookFindsThePhoneGone)
{
    class Gone : public MemorySource {
        SourceFile look(const std::string& path) override
        {
            unplug();
            return MemorySource::look(path);
        }
    };
    TempArchive archive;
    Gone phone;
    fill(phone, 10);
    phone.fail_at(path_of(0), 0, ErrorCode::changed);
    const IngestReport report = interrupted(phone, archive, ErrorCode::device_gone);
    EXPECT_EQ(report.stored, archive->summary().originals);
    EXPECT_EQ(report.stored + report.failed, 10u);
}

TEST(Ingest, LetsALieAboutASizeFailAlone)
{
    class Liar : public MemorySource {
        Listing list(const ListOptions& options) override
        {
            Listing listing = MemorySource::list(options);
            listing.files.push_back({path_of(0) + "x", std::uint64_t{1} << 62, picture_time, {}});
            listing.files.push_back({path_of(1) + "x", ~std::uint64_t{0}, picture_time, {}});
            return listing;
        }
        SourceFile look(const std::string&) override { raise(ErrorCode::not_found, "gone"); }
    };
    TempArchive archive;
    Liar phone;
    fill(phone, 5);
    EXPECT_EQ(sums(run(phone, archive)), "seen 7: 5 stored, 0 known, 2 failed, 0 excluded");
    EXPECT_FALSE(plan_ingest(phone, archive).fits);
    EXPECT_EQ(archive->failures(9).back().bytes, ~std::uint64_t{0});
    archive.close();
    EXPECT_EQ(rebuild(archive.root()).notes.size(), 0u);
}

TEST(Ingest, RecordsEverythingAfterACommitThatFailed)
{
    TempArchive archive;
    MemorySource phone;
    fill(phone, 3);
    // As on a network disk: while somebody reads, nobody can commit. It is over when the closing line is
    // written.
    const auto catalog = archive.root() / "catalog.sqlite";
    archive->impl().catalog = Catalog::create(archive.folder() / "unused", false); // closes the other one
    archive->impl().catalog = Catalog::open(catalog, Access::write, true);
    std::optional<Database> reader;
    std::optional<Statement> reading;
    phone.at(path_of(0), 0, [&](const std::stop_token&) {
        reader.emplace(Database::open(catalog, Database::Mode::read));
        reading.emplace(reader->prepare("SELECT * FROM run"));
        EXPECT_TRUE(reading->step());
    });
    IngestOptions options = quick();
    options.on_file = [&](const IngestedFile& file) {
        EXPECT_EQ(file.outcome, Outcome::failed) << "it is not recorded";
        reading.reset();
    };
    interrupted(phone, archive, ErrorCode::busy, options);
    reader.reset();
    archive.reopen();
    EXPECT_EQ(archive->summary().originals, 3u);
    archive.close();
    const auto rows = catalog_rows(archive.root());
    rebuild(archive.root());
    EXPECT_EQ(catalog_rows(archive.root()), rows);
}

TEST(Ingest, LeavesNoLitterOnAFullDiskAndGoesOnAfterRoomIsMade)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can mount a small disk";
    const TempFolder mount;
    if (::mount("tmpfs", mount.path().c_str(), "tmpfs", 0, "size=40m") != 0) GTEST_SKIP() << "no mounts here";
    {
        Archive archive = Archive::create(mount / "Photos");
        MemorySource phone;
        for (int i = 0; i < 20; ++i)
            phone.add({path_of(i), std::string(1u << 20, static_cast<char>('a' + i))});
        const auto ballast = mount.write("ballast", std::string(14u << 20, 'b'));
        const IngestReport report = interrupted(phone, archive, ErrorCode::no_space);
        EXPECT_GT(report.stored, 3u);
        EXPECT_EQ(report.stored, archive.summary().originals);
        EXPECT_TRUE(files_below(mount / "Photos/.photosafe/incoming").empty());
        EXPECT_EQ(original_contents(mount / "Photos").size(), report.stored);
        fs::remove(ballast);
        EXPECT_EQ(run(phone, archive).stored, 20 - report.stored);

        // Full to the last byte: nothing is lost, and what there is can be checked.
        phone.add({"DCIM/IMG_9999.HEIC", "one more"});
        std::ofstream{mount / "ballast"} << std::string(40u << 20, 'b');
        EXPECT_THROW(run(phone, archive), ArchiveError);
    }
    {
        Archive archive = Archive::open(mount / "Photos", Access::read);
        EXPECT_EQ(check_fixity(archive).matched, 20u);
    }
    fs::remove(mount / "ballast");
    {
        Archive archive = Archive::open(mount / "Photos", Access::write);
        EXPECT_EQ(archive.summary().originals, 20u);
    }
    EXPECT_EQ(::umount(mount.path().c_str()), 0);
}

TEST(Ingest, LetsAFileThatTheDiskCannotHoldFailAlone)
{
    TempArchive archive;
    MemorySource phone;
    fill(phone, 4);
    phone.add({"DCIM/100APPLE/IMG_1001.MOV", std::string(2u << 20, 'm')});
    const auto before = ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    const rlimit small{1u << 20, limit.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const IngestReport report = run(phone, archive);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    ::signal(SIGXFSZ, before);
    EXPECT_EQ(sums(report), "seen 5: 4 stored, 0 known, 1 failed, 0 excluded");
    EXPECT_EQ(litter(archive), 0u);
}

} // namespace
} // namespace photosafe
