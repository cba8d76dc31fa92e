// SPDX-License-Identifier: LGPL-2.1-or-later
// What an import makes of what the files say of themselves: names, shots, rows.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <random>

#include <gmock/gmock.h>

#include "archive/impl.hpp"
#include "archive/metadata_store.hpp"
#include "archive/search_part.hpp"
#include "ingest/ingest_with.hpp"
#include "ingest_help.hpp"
#include "support/spoken.hpp"

namespace photosafe {
namespace {

namespace fs = std::filesystem;
using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const std::string still_at = "DCIM/100APPLE/IMG_0042.HEIC";
const std::string movie_at = "DCIM/100APPLE/IMG_0042.MOV";

std::string still(const std::string& id = "A")
{
    return spoken(
        {.id = id, .local = "2019-05-31T23:30:00.5", .offset = 120, .zone = true, .model = "iPhone 15"});
}
std::string movie(const std::string& id = "A", const std::string& local = "2019-05-31T23:30:01")
{
    return spoken(
        {.kind = "video", .id = id, .local = local, .source = "quicktime_zone", .offset = 120, .zone = true});
}

class MetadataImport : public ::testing::Test {
protected:
    IngestReport run(Source& source)
    {
        IngestReport report = ingest(source, archive_, quick(), reader_);
        EXPECT_EQ(report.failed, 0u);
        return report;
    }
    Asset asset(const std::string& content) { return archive_->find(digest(content)).value(); }
    /// Role and reason of a content, and whether it leads.
    std::string tie(const std::string& content)
    {
        const Asset one = asset(content);
        return std::string{name(one.role)} + ", " + std::string{name(one.group_reason)};
    }
    bool together(const std::string& a, const std::string& b) { return asset(a).group == asset(b).group; }
    std::string manifest_text()
    {
        std::string text;
        for (const auto& [path, content] : files_below(archive_.root() / "manifests"))
            if (path.ends_with(".ndjson")) text += content;
        return text;
    }

    TempArchive archive_;
    SpokenReader reader_;
};

TEST_F(MetadataImport, FilesAPictureByTheLocalTimeOfItsCapture)
{
    MemorySource phone{{still_at, still()}};
    const IngestReport report = run(phone);
    EXPECT_EQ(report.metadata.read, 1u);
    EXPECT_EQ(report.metadata.pending, 0u);
    EXPECT_THAT(report.metadata.trouble, IsEmpty());
    const Asset one = asset(still());
    EXPECT_EQ(one.path, "originals/2019/2019-05-31/IMG_0042.HEIC");
    EXPECT_EQ(one.taken_local, "2019-05-31T23:30:00.5");
    EXPECT_EQ(one.taken_source, "exif_offset");
    EXPECT_EQ(one.taken, Instant{std::chrono::milliseconds{1'559'338'200'500}});
    EXPECT_EQ(archive_->metadata(one)->model, "iPhone 15");
    EXPECT_EQ(archive_->parse_record(one).versions, "test 1");
    EXPECT_EQ(reader_.reads(), 1u);
}

TEST_F(MetadataImport, GivesTheLayoutCameraAndKind)
{
    TempArchive archive{{.layout = "{kind}/{camera.make}/{camera.model,none}/{name}"}};
    const std::string shot = spoken({.kind = "photo", .screenshot = true});
    MemorySource phone{{still_at, still()},
                       {movie_at, movie()},
                       {"DCIM/IMG_1.PNG", shot},
                       {"DCIM/IMG_2.JPG", spoken({.kind = "video"})}};
    ingest(phone, archive, quick(), reader_);
    std::vector<std::string> paths;
    for (const auto& [path, content] : files_below(archive.root() / "originals")) paths.push_back(path);
    EXPECT_THAT(paths, UnorderedElementsAre(
                           "photo/Apple/iPhone 15/IMG_0042.HEIC", "photo/Apple/iPhone 15/IMG_0042.MOV",
                           "screenshot/unknown/none/IMG_1.PNG", "video/unknown/none/IMG_2.JPG"));
}

TEST_F(MetadataImport, NotesWhyAFileCouldNotBeReadAndStoresItAllTheSame)
{
    const std::string crashing = spoken({.failure = "crashed"});
    MemorySource phone{{still_at, still()}, {"DCIM/IMG_1.JPG", crashing}, {"DCIM/IMG_2.JPG", "no picture"}};
    const IngestReport report = run(phone);
    EXPECT_EQ(report.stored, 3u);
    EXPECT_EQ(report.metadata.read, 1u);
    EXPECT_EQ(report.metadata.failed, 2u);
    EXPECT_EQ(archive_->parse_record(asset(crashing)).state, ParseState::failed);
    EXPECT_EQ(archive_->parse_record(asset(crashing)).reason, "It failed: crashed");
    EXPECT_EQ(asset(crashing).taken_source, "file_modified");
    EXPECT_EQ(run(phone).metadata.failed, 0u) << "it is not tried again by the same libraries";
    SpokenReader newer{"test 2"};
    EXPECT_EQ(ingest(phone, archive_, quick(), newer).metadata.failed, 2u) << "but by others";
    EXPECT_EQ(newer.reads(), 2u);
}

TEST_F(MetadataImport, GoesOnWithoutWorkersAndReadsLater)
{
    MemorySource phone{{still_at, still()}, {movie_at, movie()}};
    MetadataReader none{"The program is not there"};
    const IngestReport report = ingest(phone, archive_, quick(), none);
    EXPECT_EQ(report.stored, 2u);
    EXPECT_EQ(report.metadata.trouble, "The program is not there");
    EXPECT_EQ(report.metadata.pending, 2u);
    EXPECT_EQ(archive_->parse_record(asset(still())).state, ParseState::pending);
    EXPECT_EQ(asset(still()).path, "originals/2024/2024-05-31/IMG_0042.HEIC") << "by its file's time";
    EXPECT_EQ(tie(movie()), "live_video, name_and_time") << "by the files' times";
    phone.forget_calls();

    const IngestReport later = run(phone);
    EXPECT_THAT(phone.opened(), IsEmpty()) << "the archive has it";
    EXPECT_EQ(later.known, 2u);
    EXPECT_EQ(later.metadata.read, 2u);
    EXPECT_EQ(later.metadata.regrouped, 2u);
    EXPECT_EQ(later.metadata.pending, 0u);
    EXPECT_EQ(tie(movie()), "live_video, content_id");
    EXPECT_EQ(asset(still()).taken_source, "exif_offset");
    EXPECT_EQ(asset(still()).path, "originals/2024/2024-05-31/IMG_0042.HEIC") << "no file is moved";
    EXPECT_EQ(run(phone).metadata.regrouped, 0u);
}

TEST_F(MetadataImport, GoesOnWhenTheWorkersVanishInTheMiddle)
{
    MemorySource phone;
    for (int i = 0; i < 200; ++i)
        phone.add({"DCIM/IMG_" + std::to_string(1000 + i) + ".JPG",
                   spoken({.failure = i == 70 ? "not_found" : "", .bytes = std::to_string(i)})});
    const IngestReport report = run(phone);
    EXPECT_EQ(report.stored, 200u);
    EXPECT_THAT(report.metadata.trouble, HasSubstr("not_found"));
    EXPECT_EQ(report.metadata.read + report.metadata.pending, 200u);
    EXPECT_GE(report.metadata.pending, 1u);
}

TEST_F(MetadataImport, GoesOnToTheNextBatchWhileOneIsRead)
{
    MemorySource phone;
    for (int i = 0; i < 200; ++i)
        phone.add({"DCIM/IMG_" + std::to_string(1000 + i) + ".JPG", spoken({.bytes = std::to_string(i)})});
    constexpr unsigned batch = 64;
    std::mutex mutex;
    std::condition_variable changed;
    unsigned begun = 0;
    bool overlapped = false;
    const auto reads = [&](int fd) {
        {
            std::unique_lock lock{mutex};
            const bool first = ++begun == 1;
            changed.notify_all();
            const auto far = [&] { return begun > batch; };
            if (first) overlapped = changed.wait_for(lock, std::chrono::seconds{30}, far);
        }
        return read_spoken(fd);
    };
    MetadataReader reader{reads, "test 1", 2};
    EXPECT_EQ(ingest(phone, archive_, quick(), reader).metadata.read, 200u);
    EXPECT_TRUE(overlapped);
}

TEST_F(MetadataImport, ASecondReadingOfTheSameContentChangesNothing)
{
    MemorySource phone;
    const std::string twice = spoken({.model = "iPhone 15"});
    for (int i = 0; i < 100; ++i) // in two batches
        phone.add({"DCIM/IMG_" + std::to_string(1000 + i) + ".JPG",
                   i == 10 || i == 70 ? twice : spoken({.bytes = std::to_string(i)})});
    std::atomic<int> readings = 0;
    const auto fails_later = [&](int fd) {
        Metadata metadata = read_spoken(fd);
        if (metadata.model == "iPhone 15" && ++readings > 1)
            throw MediaError{ErrorCode::crashed, "It crashed."};
        return metadata;
    };
    MetadataReader reader{fails_later, "test 1", 1};
    (void)ingest(phone, archive_, quick(), reader);
    EXPECT_EQ(archive_->parse_record(asset(twice)).state, ParseState::done);
    EXPECT_EQ(archive_->metadata(asset(twice))->model, "iPhone 15");
}

TEST_F(MetadataImport, BlamesNoFileForWhatWasKilledFromOutside)
{
    MemorySource phone{{still_at, still()}, {"DCIM/IMG_1.JPG", spoken({.model = "iPhone 3"})}};
    const auto killed = [&](int fd) {
        Metadata metadata = read_spoken(fd);
        if (metadata.model == "iPhone 15") throw MediaError{ErrorCode::killed, "Somebody killed it."};
        return metadata;
    };
    MetadataReader reader{killed, "test 1", 2};
    const IngestReport report = ingest(phone, archive_, quick(), reader);
    EXPECT_EQ(report.stored, 2u);
    EXPECT_EQ(report.metadata.read, 1u);
    EXPECT_EQ(report.metadata.failed, 0u);
    EXPECT_EQ(report.metadata.killed, 1u);
    EXPECT_EQ(report.metadata.pending, 1u);
    EXPECT_EQ(archive_->parse_record(asset(still())).state, ParseState::pending);
    EXPECT_EQ(read_metadata(archive_, {}, reader_).read, 1u) << "by the same versions";
    EXPECT_EQ(asset(still()).taken_source, "exif_offset");

    const MetadataReport again = read_metadata(archive_, {.again = true}, reader);
    EXPECT_EQ(again.killed, 1u);
    EXPECT_EQ(again.pending, 1u);
    EXPECT_EQ(asset(still()).taken_source, "exif_offset");
    EXPECT_EQ(archive_->metadata(asset(still()))->model, "iPhone 15");
}

TEST_F(MetadataImport, ReadsWhatIsThereAndTellsOfWhatIsNot)
{
    MemorySource phone;
    std::vector<std::string> contents;
    for (int i = 0; i < 400; ++i) { // of days that change as they are read
        contents.push_back(spoken(
            {.local = "20" + std::to_string(10 + i % 15) + "-05-31T23:30:00", .bytes = std::to_string(i)}));
        phone.add({"DCIM/IMG_" + std::to_string(1000 + i) + ".JPG", contents.back()});
    }
    MetadataReader none{"The program is not there"};
    ingest(phone, archive_, quick(), none);
    for (std::size_t i = 0; i < contents.size(); ++i)
        if (i % 4 != 0) fs::remove(archive_.root() / asset(contents[i]).path);
    EXPECT_EQ(archive_->summary().metadata_pending_lost, 0u) << "nobody knows yet";
    const MetadataReport report = read_metadata(archive_, {}, reader_);
    EXPECT_EQ(report.read, 100u);
    EXPECT_EQ(report.absent, 300u);
    EXPECT_EQ(report.pending, 300u);
    EXPECT_EQ(reader_.reads(), 100u);
    (void)check_fixity(archive_);
    EXPECT_EQ(archive_->summary().metadata_pending, 300u);
    EXPECT_EQ(archive_->summary().metadata_pending_lost, 300u);
    EXPECT_EQ(read_metadata(archive_, {}, reader_).absent, 300u);
}

TEST_F(MetadataImport, ForgetsNothingForAFileThatIsGone)
{
    // Rebuilt without one of its originals, an archive tells of it what its manifests do.
    MemorySource phone{{still_at, still()}};
    run(phone);
    const Asset before = asset(still());
    archive_.close();
    fs::remove(archive_.root() / before.path);
    (void)rebuild(archive_.root());
    archive_.reopen();
    const MetadataReport report = read_metadata(archive_, {}, reader_);
    EXPECT_EQ(report.failed, 0u) << "nobody could try";
    EXPECT_EQ(report.pending, 1u);
    EXPECT_EQ(report.regrouped, 0u);
    EXPECT_EQ(asset(still()).taken_source, "exif_offset");
    EXPECT_EQ(asset(still()).taken, before.taken);

    phone.change(still_at, still(), picture_time + std::chrono::hours{1}); // so that it is copied again
    EXPECT_EQ(run(phone).stored, 1u);
    EXPECT_EQ(archive_->metadata(asset(still()))->model, "iPhone 15") << "it is back";
}

TEST_F(MetadataImport, KeepsWhatAFileSaidThatCannotBeReadAgain)
{
    MemorySource phone{{still_at, still()}, {movie_at, movie()}};
    run(phone);
    const Asset before = asset(still());
    unsigned tried = 0;
    const auto times_out = [&](int) -> Metadata {
        ++tried;
        throw MediaError{ErrorCode::timeout, "Reading it takes too long."};
    };
    MetadataReader slow{times_out, "test 2", 1};
    const MetadataReport report = read_metadata(archive_, {.again = true}, slow);
    EXPECT_EQ(report.read, 0u);
    EXPECT_EQ(report.failed, 2u);
    EXPECT_EQ(report.regrouped, 0u);
    EXPECT_THAT(manifest_text(), ::testing::Not(HasSubstr("regrouped")));
    EXPECT_EQ(asset(still()).taken, before.taken);
    EXPECT_EQ(asset(still()).taken_local, before.taken_local);
    EXPECT_EQ(asset(still()).taken_source, "exif_offset");
    EXPECT_EQ(tie(movie()), "live_video, content_id");
    EXPECT_EQ(archive_->metadata(before)->model, "iPhone 15");
    EXPECT_EQ(archive_->parse_record(before).state, ParseState::failed);
    EXPECT_EQ(archive_->parse_record(before).reason, "Reading it takes too long.");
    EXPECT_EQ(archive_->summary().metadata_failed, 2u);

    EXPECT_EQ(read_metadata(archive_, {}, slow).failed, 0u);
    EXPECT_EQ(tried, 2u) << "it is not tried again by the same libraries";
    phone.add({"DCIM/100APPLE/IMG_E0042.JPG", spoken({.id = "E", .local = "2019-05-31T23:30:00.5"})});
    run(phone); // by others: all is as if nothing had been
    EXPECT_EQ(archive_->parse_record(before).state, ParseState::done);
    EXPECT_EQ(asset(still()).taken, before.taken);
    EXPECT_EQ(archive_->summary().metadata_failed, 0u);
}

TEST_F(MetadataImport, KeepsWhatFilesSaidUntilTheyAreReadAgain)
{
    MemorySource phone{{still_at, still()}, {movie_at, movie()}};
    run(phone);
    std::stop_source stop;
    const auto stops = [&](int fd) {
        stop.request_stop();
        return read_spoken(fd);
    };
    MetadataReader reader{stops, "test 2", 1};
    const MetadataReport report = read_metadata(archive_, {.again = true, .stop = stop.get_token()}, reader);
    EXPECT_EQ(report.read, 1u);
    EXPECT_EQ(report.pending, 1u);
    for (const std::string& content : {still(), movie()})
        EXPECT_EQ(archive_->metadata(asset(content))->content_id, "A");
    EXPECT_EQ(tie(movie()), "live_video, content_id");
    EXPECT_EQ(asset(still()).taken_source, "exif_offset");
}

TEST_F(MetadataImport, RebuiltAnArchiveKnowsNoReadingThatCannotBeHadAgain)
{
    MemorySource phone{{still_at, still()}};
    run(phone);
    MetadataReader broken{[](int) -> Metadata {
                              throw MediaError{ErrorCode::crashed, "It crashed."};
                          },
                          "test 2", 1};
    (void)read_metadata(archive_, {.again = true}, broken);
    archive_.close();
    (void)rebuild(archive_.root());
    archive_.reopen();
    EXPECT_EQ(asset(still()).taken_source, "exif_offset") << "as the manifests tell";
    EXPECT_EQ(read_metadata(archive_, {}, broken).regrouped, 1u);
    EXPECT_EQ(asset(still()).taken_source, "file_modified") << "docs/guide/metadata.md says so";
    run(phone);
    EXPECT_EQ(asset(still()).taken_source, "exif_offset");
    EXPECT_EQ(archive_->parse_record(asset(still())).state, ParseState::done);
}

TEST_F(MetadataImport, BelievesNoFileThatIsNotWhatWasStored)
{
    const std::string altered = spoken(
        {.id = "A", .local = "2011-05-31T23:30:00.5", .offset = 120, .zone = true, .model = "iPhone 99"});
    ASSERT_EQ(altered.size(), still().size());
    MemorySource phone{{still_at, still()}};
    run(phone);
    const fs::path stored = archive_.root() / asset(still()).path;
    fs::remove(stored);
    std::ofstream{stored} << altered;
    (void)check_fixity(archive_);
    ASSERT_EQ(asset(still()).state, AssetState::damaged);
    const MetadataReport report = read_metadata(archive_, {.again = true}, reader_);
    EXPECT_EQ(report.read + report.regrouped, 0u);
    EXPECT_EQ(asset(still()).taken_local, "2019-05-31T23:30:00.5");
    EXPECT_EQ(archive_->metadata(asset(still()))->model, "iPhone 15") << "nobody else can say it any more";
}

TEST_F(MetadataImport, LeavesAMovieOfAnotherTimeAShotOfItsOwn)
{
    const std::string stranger = movie("", "2019-05-31T08:00:00");
    MemorySource phone{{still_at, still()}, {movie_at, stranger}};
    run(phone);
    EXPECT_FALSE(together(still(), stranger));
    EXPECT_EQ(tie(stranger), "original, first");
    EXPECT_EQ(asset(stranger).path,
              "originals/2019/2019-05-31/IMG_0042 (" + sha256_hex(digest(stranger)).substr(0, 8) + ").MOV");
}

TEST_F(MetadataImport, PairsHalvesWithUnrelatedNames)
{
    const std::string a = "PhotoData/CPLAssets/group1/AAAA.HEIC", b = "PhotoData/CPLAssets/group9/BBBB.MOV";
    MemorySource phone{{a, still()}, {b, movie()}};
    run(phone);
    EXPECT_TRUE(together(still(), movie()));
    EXPECT_EQ(tie(movie()), "live_video, content_id");
    EXPECT_EQ(asset(movie()).path, "originals/2019/2019-05-31/AAAA.MOV") << "parts of a shot share a stem";
    EXPECT_THAT(manifest_text(), ::testing::Not(HasSubstr("regrouped")))
        << "it was known before it was noted";
}

TEST_F(MetadataImport, PairsHalvesOfTwoImportsAndTwoSources)
{
    MemorySource card{{"old/BBBB.MOV", movie()}};
    card.set_info({"folder:/card", "folder", "/card", "", ""});
    run(card);
    EXPECT_EQ(tie(movie()), "original, first");
    MemorySource phone{{still_at, still()}};
    EXPECT_EQ(run(phone).metadata.regrouped, 1u);
    EXPECT_TRUE(together(still(), movie()));
    EXPECT_EQ(tie(movie()), "live_video, content_id");
    EXPECT_EQ(asset(still()).path, "originals/2019/2019-05-31/BBBB.HEIC");
    EXPECT_THAT(manifest_text(), HasSubstr("\"type\":\"regrouped\""));
}

TEST_F(MetadataImport, FindsTheRawOfAnotherSourceByCameraAndTime)
{
    const std::string raw = spoken(
        {.kind = "raw", .local = "2019-05-31T23:30:00.5", .offset = 120, .zone = true, .model = "iPhone 15"});
    const std::string other = raw + "\n"; // of the same second, but of another name
    for (const bool raw_first : {false, true}) {
        TempArchive archive;
        MemorySource phone{{still_at, still()}};
        MemorySource card{{"raws/IMG_0042.DNG", raw}, {"raws/IMG_0043.DNG", other}};
        card.set_info({"folder:/card", "folder", "/card", "", ""});
        for (const bool raws : {raw_first, !raw_first})
            ingest(raws ? card : phone, archive, quick(), reader_);
        const auto group = [&](const std::string& content) { return archive->find(digest(content))->group; };
        EXPECT_EQ(group(raw), group(still())) << raw_first;
        EXPECT_NE(group(other), group(still()));
        EXPECT_EQ(archive->find(digest(raw))->role, Role::raw);
    }
}

TEST_F(MetadataImport, PairsWhatANewPlaceBringsTogether)
{
    // Without identifiers only a folder that had both tells.
    MemorySource card{{"trip/X.MOV", movie("")}};
    card.set_info({"folder:/card", "folder", "/card", "", ""});
    run(card);
    MemorySource phone{{still_at, still("")}};
    run(phone);
    EXPECT_FALSE(together(still(""), movie("")));
    card.add({"trip/X.HEIC", still("")});
    EXPECT_EQ(run(card).known, 2u);
    EXPECT_TRUE(together(still(""), movie("")));
}

TEST_F(MetadataImport, PairsHalvesThatCameInTwoBatches)
{
    MemorySource phone{{still_at, still()}};
    for (int i = 0; i < 150; ++i) // sorted between them
        phone.add(
            {"DCIM/100APPLE/IMG_" + std::to_string(1000 + i) + ".JPG", spoken({.bytes = std::to_string(i)})});
    phone.add({"DCIM/100APPLE/ZZZZ.MOV", movie()});
    run(phone);
    EXPECT_TRUE(together(still(), movie()));
    EXPECT_EQ(asset(movie()).path, "originals/2019/2019-05-31/IMG_0042.MOV");
}

TEST_F(MetadataImport, TakesTheZoneOfTheMovieAlsoFromALaterImport)
{
    const std::string zoneless = spoken({.id = "A", .local = "2019-05-31T23:30:00"});
    MemorySource phone{{still_at, zoneless}};
    run(phone);
    EXPECT_EQ(asset(zoneless).taken_source, "exif_local");
    EXPECT_FALSE(asset(zoneless).taken);
    phone.add({movie_at, movie()});
    run(phone);
    EXPECT_EQ(asset(zoneless).taken_source, "live_video");
    EXPECT_EQ(asset(zoneless).taken, Instant{std::chrono::seconds{1'559'338'200}});
    EXPECT_EQ(asset(movie()).taken, asset(zoneless).taken) << "a shot was taken once";
}

TEST_F(MetadataImport, SplitsAPairThatOnlyNamesHadMade)
{
    const std::string other = movie("B");
    MemorySource phone{{still_at, still()}, {movie_at, other}};
    MetadataReader none{"not there"};
    ingest(phone, archive_, quick(), none);
    EXPECT_TRUE(together(still(), other));
    const std::string path = asset(other).path;
    run(phone);
    EXPECT_FALSE(together(still(), other));
    EXPECT_EQ(tie(other), "original, first");
    EXPECT_EQ(asset(other).path, path);
    EXPECT_EQ(archive_->summary().groups, 2u);
    archive_.close();
    const auto rows = catalog_rows(archive_.root());
    EXPECT_EQ(check_sums(archive_.root()).first, 0);
}

TEST_F(MetadataImport, CountsTheWordsOfASidecarForItsPicture)
{
    const std::string words = spoken({.kind = "sidecar", .rating = "5", .keyword = "Rome", .title = "Noon"});
    const auto found = [&](const char* content) {
        Database& db = archive_->impl().catalog.database();
        Statement row = db.prepare("SELECT traits, (SELECT title FROM words WHERE rowid=slot) FROM metadata "
                                   "WHERE asset=?");
        row.bind(1, asset(content).id).step();
        std::string text;
        for (const std::int64_t one : decoded_traits(row.blob(0))) {
            if (one >= trait(TraitKind::rating, 0) && one <= trait(TraitKind::rating, last_trait_number))
                text += std::to_string(one - trait_of_rating(0)) + ' ';
            Statement name = db.prepare("SELECT name FROM trait WHERE id=? AND kind=?");
            name.bind(1, one).bind(2, static_cast<std::int64_t>(TraitKind::keyword));
            if (name.step()) text += name.text(0) + ' ';
        }
        return text + row.text(1);
    };
    for (const bool sidecar_first : {false, true}) {
        archive_.~TempArchive();
        new (&archive_) TempArchive;
        MemorySource phone;
        phone.add(sidecar_first ? MemoryFile{"DCIM/A.JPG.xmp", words} : MemoryFile{"DCIM/A.JPG", still()});
        run(phone);
        phone.add(sidecar_first ? MemoryFile{"DCIM/A.JPG", still()} : MemoryFile{"DCIM/A.JPG.xmp", words});
        run(phone);
        EXPECT_EQ(found(still().c_str()), "5 rome Noon") << sidecar_first;
        EXPECT_EQ(archive_->metadata(asset(still()))->rating, 5);
        EXPECT_EQ(archive_->metadata(asset(still()))->model, "iPhone 15");
    }
    const std::string own = spoken({.rating = "2", .keyword = "Oslo"});
    MemorySource card{{"DCIM/B.JPG", own}, {"DCIM/B.xmp", words + " "}};
    card.set_info({"folder:/card", "folder", "/card", "", ""});
    run(card);
    EXPECT_EQ(found(own.c_str()), "2 oslo Noon") << "what it says itself counts";
}

TEST_F(MetadataImport, FilesHostileTimesToo)
{
    MemorySource phone;
    std::vector<std::string> contents;
    for (const char* local :
         {"30000-01-01T00:00:00", "0000-00-00T00:00:00", "", "1905-02-03T04:05:06", "../../x",
          "9999-12-31T23:59:59", "2024-05-31T25:00:00", "-001-01-01T00:00:00"}) {
        contents.push_back(spoken({.local = local, .bytes = local}));
        phone.add({"DCIM/IMG_" + std::to_string(contents.size()) + ".JPG", contents.back()});
    }
    EXPECT_EQ(run(phone).stored, contents.size());
    EXPECT_EQ(asset(contents[3]).path, "originals/1905/1905-02-03/IMG_4.JPG");
    for (const std::size_t odd : {0u, 1u, 2u, 4u, 5u, 6u, 7u})
        EXPECT_THAT(asset(contents[odd]).path, ::testing::StartsWith("originals/2024/2024-05-31/")) << odd;
    for (const auto& [path, content] : files_below(archive_.folder()))
        EXPECT_TRUE(path.starts_with("Photos/")) << path;
}

TEST_F(MetadataImport, ComparesAShotWithAnyNumberOfStrangersInTime)
{
    // All that a phone could make up to have everything compared with everything.
    MemorySource phone;
    for (int i = 0; i < 300; ++i) {
        const std::string n = std::to_string(i);
        phone.add({"DCIM/a/same." + n, spoken({.kind = "unknown", .id = "X", .bytes = n})});
        phone.add(
            {"DCIM/b/IMG_" + std::to_string(1000 + i) + ".HEIC", spoken({.id = "X", .bytes = "s" + n})});
        phone.add({"DCIM/b/IMG_" + std::to_string(1000 + i) + ".AAE", "the same recipe"});
        phone.add({"DCIM/c/IMG_" + std::to_string(1000 + i) + ".JPG", "the same picture"});
    }
    EXPECT_EQ(run(phone).stored, 602u);
}

// ---- the same groups, whatever came first ----

/// Contents that may belong together in every way there is.
std::vector<MemoryFile> random_parts(std::mt19937& random)
{
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    std::vector<MemoryFile> files;
    for (unsigned shot = 0; shot < 5; ++shot) {
        const std::string number = std::to_string(1000 + shot);
        const std::string folder = "DCIM/100APPLE/", stem = folder + "IMG_" + number;
        const std::string id = below(3) == 0 ? "" : "id" + number;
        const bool far = below(4) == 0;
        const auto say = [&](const std::string& path, Spoken what) {
            what.bytes = path;
            if (below(8) == 0) what.failure = "unreadable";
            files.push_back({path, spoken(what), picture_time + std::chrono::seconds{below(3) * 2}});
        };
        const Spoken picture{.id = id, .local = "2019-05-31T23:30:00", .offset = 120, .zone = below(2) == 0};
        Spoken video{.kind = "video",
                     .id = below(4) == 0 ? "other" : id,
                     .local = far ? "2011-01-01T00:00:00" : "2019-05-31T23:30:02",
                     .source = "quicktime_zone",
                     .offset = 120,
                     .zone = true};
        if (below(6) != 0) say(stem + ".HEIC", picture);
        if (below(3) != 0)
            say(below(2) == 0 ? stem + ".MOV" : "PhotoData/CPLAssets/g/GUID" + number + ".MOV", video);
        if (below(3) == 0)
            say(stem + ".DNG", {.kind = "raw", .local = far ? "2011-01-01T00:00:00" : picture.local});
        if (below(3) == 0)
            say(folder + "IMG_E" + number + ".JPG", {.id = "edit" + number, .local = picture.local});
        if (below(3) == 0) say(folder + "IMG_E" + number + ".MOV", {.kind = "video", .id = "edit" + number});
        if (below(3) == 0) say(stem + ".AAE", {.kind = "sidecar"});
        if (below(4) == 0) say(stem + ".xmp", {.kind = "sidecar", .rating = "4"});
        if (below(4) == 0)
            say("PhotoData/Mutations/DCIM/100APPLE/IMG_" + number + "/Adjustments/FullSizeRender.jpg",
                {.id = "mutation"});
    }
    return files;
}

/// Which contents are together, as what, and why, and when they were taken.
std::vector<std::string> ties_of(TempArchive& archive)
{
    std::map<std::int64_t, std::string> leaders;
    std::vector<std::string> ties;
    archive->for_each_asset([&](const Asset& one) {
        if (one.group_reason == GroupReason::first) {
            EXPECT_TRUE(leaders.emplace(one.group, one.name).second) << "two lead one shot: " << one.path;
        }
        return true;
    });
    archive->for_each_asset([&](const Asset& one) {
        EXPECT_TRUE(leaders.contains(one.group)) << "a shot without a leader: " << one.path;
        ties.push_back(one.name + " in " + leaders[one.group] + ": " + std::string{name(one.role)} + ", " +
                       std::string{name(one.group_reason)} + ", " + one.taken_local + ' ' + one.taken_source +
                       ' ' + (one.taken ? std::to_string(one.taken->time_since_epoch().count()) : "-"));
        return true;
    });
    std::sort(ties.begin(), ties.end());
    return ties;
}

class ArrivalOrder : public ::testing::TestWithParam<unsigned> {
    const FoldersInMemory quickly_;
};

TEST_P(ArrivalOrder, MakesNoDifferenceToTheShots)
{
    for (unsigned seed = GetParam() * 10; seed < (GetParam() + 1) * 10; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random{seed};
        std::vector<MemoryFile> files = random_parts(random);
        std::vector<std::string> expected;
        for (int round = 0; round < 6; ++round) {
            TempArchive archive;
            SpokenReader reader;
            MetadataReader none{"not there"};
            MemorySource phone;
            const std::size_t imports = round == 0 ? 1 : 1 + random() % 4;
            std::shuffle(files.begin(), files.end(), random);
            for (std::size_t i = 0; i < imports; ++i) {
                for (std::size_t n = i; n < files.size(); n += imports) phone.add(files[n]);
                const bool blind = round > 0 && random() % 3 == 0;
                EXPECT_EQ(ingest(phone, archive, quick(), blind ? none : reader).failed, 0u);
            }
            ingest(phone, archive, quick(), reader);
            EXPECT_EQ(archive->impl().catalog.metadata().pending_count("test 1"), 0u);
            const std::vector<std::string> ties = ties_of(archive);
            if (round == 0) expected = ties;
            EXPECT_EQ(ties, expected);
            archive.close();
            const auto rows = catalog_rows(archive.root());
            if (HasFailure()) return;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ArrivalOrder, ::testing::Range(0u, 6u));

} // namespace
} // namespace photosafe
