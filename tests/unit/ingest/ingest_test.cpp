// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/ingest.hpp>

#include <gmock/gmock.h>

#include "archive/impl.hpp"
#include "ingest_help.hpp"

namespace photosafe {
namespace {

namespace fs = std::filesystem;
using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(Ingest, StoresWhatIsNewAndOpensNothingElse)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_0001.HEIC", "first light"},
                       {"DCIM/100APPLE/IMG_0002.HEIC", "second"}};
    EXPECT_EQ(sums(run(phone, archive)), "seen 2: 2 stored, 0 known, 0 failed, 0 excluded");
    EXPECT_EQ(phone.bytes_read(), 17u);

    phone.forget_calls();
    phone.add({"DCIM/100APPLE/IMG_0003.HEIC", "third"});
    EXPECT_EQ(sums(run(phone, archive)), "seen 3: 1 stored, 2 known, 0 failed, 0 excluded");
    EXPECT_THAT(phone.opened_paths(), ElementsAre("DCIM/100APPLE/IMG_0003.HEIC"));
    EXPECT_EQ(phone.lists(), 1u);
    EXPECT_EQ(files_below(archive.root() / "originals"),
              (std::map<std::string, std::string>{{"2024/2024-05-31/IMG_0001.HEIC", "first light"},
                                                  {"2024/2024-05-31/IMG_0002.HEIC", "second"},
                                                  {"2024/2024-05-31/IMG_0003.HEIC", "third"}}));
    EXPECT_EQ(check_sums(archive.root()), (std::pair<int, std::string>{0, ""}));
}

TEST(Ingest, PlansWithoutChangingAnything)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_0001.HEIC", "first light"}};
    run(phone, archive);
    phone.add({"DCIM/100APPLE/IMG_0002.HEIC", "second"});
    phone.forget_calls();
    const auto state = [&] {
        auto files = files_below(archive.root());
        files.erase("catalog.sqlite-shm"); // readers count themselves in it
        return files;
    };
    const auto before = state();
    const IngestPlan plan = plan_ingest(phone, archive);
    EXPECT_EQ(plan.seen, 2u);
    EXPECT_EQ(plan.to_copy, 1u);
    EXPECT_EQ(plan.known, 1u);
    EXPECT_EQ(plan.bytes_to_copy, 6u);
    EXPECT_THAT(phone.opened(), IsEmpty());
    EXPECT_TRUE(state() == before);
}

TEST(Ingest, ReadsAgainWhatHasAnotherSizeOrTime)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_0001.HEIC", "one"}, {"DCIM/100APPLE/IMG_0002.HEIC", "two"}};
    run(phone, archive);
    const Instant later = picture_time + std::chrono::nanoseconds{1};
    phone.change("DCIM/100APPLE/IMG_0001.HEIC", "one", later); // touched
    phone.change("DCIM/100APPLE/IMG_0002.HEIC", "deux", picture_time);
    phone.forget_calls();
    EXPECT_EQ(sums(run(phone, archive)), "seen 2: 1 stored, 1 known, 0 failed, 0 excluded");
    EXPECT_EQ(phone.opened().size(), 2u);
    EXPECT_THAT(original_contents(archive.root()), ElementsAre("deux", "one", "two"));
    phone.forget_calls();
    EXPECT_EQ(run(phone, archive).known, 2u);
    EXPECT_THAT(phone.opened(), IsEmpty());
}

TEST(Ingest, StoresEqualContentOnceWithAllItsPlaces)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/100APPLE/IMG_0001.HEIC", "same"},
                       {"DCIM/100APPLE/IMG_0009.HEIC", "same"},
                       {"DCIM/101APPLE/A.JPG", "same"}};
    EXPECT_EQ(sums(run(phone, archive)), "seen 3: 1 stored, 2 known, 0 failed, 0 excluded");
    MemorySource card{{"B.JPG", "same"}};
    card.set_info({"folder:/card", "folder", "/card", "", ""});
    EXPECT_EQ(sums(run(card, archive)), "seen 1: 0 stored, 1 known, 0 failed, 0 excluded");
    const auto asset = archive->find(digest("same"));
    ASSERT_TRUE(asset);
    std::vector<std::string> places;
    for (const Place& place : archive->places(*asset)) places.push_back(place.source + ' ' + place.path);
    EXPECT_THAT(places, ElementsAre("device:memory DCIM/100APPLE/IMG_0001.HEIC",
                                    "device:memory DCIM/100APPLE/IMG_0009.HEIC",
                                    "device:memory DCIM/101APPLE/A.JPG", "folder:/card B.JPG"));
    EXPECT_EQ(original_contents(archive.root()).size(), 1u);
}

TEST(Ingest, KeepsEveryContentWhateverItsNameIs)
{
    const std::vector<std::string> names{"IMG_1.HEIC",
                                         "img_1.heic",
                                         "Img_1.HEIC",
                                         "caf\xc3\xa9.JPG",
                                         "cafe\xcc\x81.JPG",
                                         "CAFE\xcc\x81.JPG",
                                         "\xff\xfe",
                                         "\xff\xfd",
                                         "a\nb",
                                         "\x1b[2J",
                                         "-rf",
                                         ".hidden",
                                         "...",
                                         "CON",
                                         "aux.jpg",
                                         std::string(255, 'x'),
                                         std::string(255, 'x').replace(254, 1, "y"),
                                         "x ",
                                         "x.",
                                         "x",
                                         "a:b",
                                         "a\\b",
                                         "a*b",
                                         "\xf0\x9f\x93\xb7.mov",
                                         "strasse",
                                         "STRA\xc3\x9f"
                                         "E",
                                         " ",
                                         "\xe2\x80\xae.jpg"};
    TempArchive archive;
    MemorySource phone;
    std::vector<std::string> contents;
    for (const char* folder : {"DCIM/100APPLE/", "DCIM/101APPLE/"}) {
        for (const std::string& one : names) {
            contents.push_back(folder + std::to_string(contents.size()));
            phone.add({folder + one, contents.back()});
        }
    }
    // Names that try to leave, from a source that lets them.
    for (const char* path :
         {"../../escape.jpg", "/etc/escape.jpg", "DCIM/../../../x/escape.jpg", "..", "DCIM/..", "a//b"}) {
        contents.push_back(std::string{"escape "} + path);
        phone.add({path, contents.back()});
    }
    EXPECT_EQ(run(phone, archive).stored, contents.size());
    std::sort(contents.begin(), contents.end());
    EXPECT_EQ(original_contents(archive.root()), contents);
    EXPECT_EQ(run(phone, archive).known, contents.size());
    for (const auto& [path, content] : files_below(archive.folder()))
        EXPECT_TRUE(path.starts_with("Photos/")) << path;
    std::set<std::string> keys;
    for (const auto& [path, content] : files_below(archive.root() / "originals"))
        EXPECT_TRUE(keys.insert(fold_key(path)).second) << path << " is another's on a Mac";
    for (const std::string& one : names) {
        bool found = false;
        archive->for_each_asset([&](const Asset& asset) { return !(found = asset.name == one); });
        EXPECT_TRUE(found) << "the phone's own name is lost: " << one;
    }
    EXPECT_EQ(check_sums(archive.root()).first, 0);
}

TEST(Ingest, TakesEmptyFilesAndFilesThatAreListedTwice)
{
    class Twice : public MemorySource {
        using MemorySource::MemorySource;
        Listing list(const ListOptions& options) override
        {
            Listing listing = MemorySource::list(options);
            const std::vector<SourceFile> once = listing.files;
            listing.files.insert(listing.files.end(), once.begin(), once.end());
            return listing;
        }
    };
    TempArchive archive;
    Twice phone;
    for (int i = 0; i < 20; ++i)
        phone.add({"DCIM/IMG_" + std::to_string(1000 + i) + ".HEIC",
                   std::string(static_cast<std::size_t>(i) * 9000, 'x')});
    EXPECT_EQ(sums(run(phone, archive)), "seen 40: 20 stored, 0 known, 0 failed, 20 excluded");
    EXPECT_EQ(phone.opened().size(), 20u);
    EXPECT_EQ(original_contents(archive.root()).size(), 20u);
    EXPECT_EQ(archive->find(digest(""))->bytes, 0u);
}

TEST(Ingest, ClosesItsSumsWithAllFiveOutcomes)
{
    TempArchive archive;
    MemorySource phone{{"DCIM/A.HEIC", "a"}, {"DCIM/B.HEIC", "b"}};
    run(phone, archive);
    phone.add({"DCIM/C.HEIC", "c"});
    phone.add({"DCIM/D.MOV", "d"});
    phone.add({"DCIM/E.HEIC", "e"});
    phone.fail_at("DCIM/E.HEIC", 0, ErrorCode::unreadable, 99);
    phone.skip({"DCIM/link", true, "a link"});
    phone.skip({"DCIM/odd", false, "no size"});
    IngestOptions options = quick();
    options.filter.videos = false;
    std::map<std::string, std::string> fates;
    options.on_file = [&](const IngestedFile& file) {
        EXPECT_TRUE(fates.emplace(file.file.path, name(file.outcome)).second) << file.file.path << " twice";
        EXPECT_EQ(file.reason.empty(), file.outcome == Outcome::stored || file.outcome == Outcome::known)
            << file.file.path;
    };
    EXPECT_EQ(sums(ingest(phone, archive, options)), "seen 7: 1 stored, 2 known, 2 failed, 2 excluded");
    EXPECT_EQ(fates, (std::map<std::string, std::string>{{"DCIM/A.HEIC", "known"},
                                                         {"DCIM/B.HEIC", "known"},
                                                         {"DCIM/C.HEIC", "stored"},
                                                         {"DCIM/D.MOV", "excluded"},
                                                         {"DCIM/E.HEIC", "failed"},
                                                         {"DCIM/link", "excluded"},
                                                         {"DCIM/odd", "failed"}}));
    EXPECT_EQ(archive->failures(9).size(), 2u);
    EXPECT_EQ(archive->imports(1).front().failed, 2u);
}

TEST(Ingest, KeepsTheTimesAndWhereTheyComeFrom)
{
    TempArchive archive;
    const Instant born = picture_time - std::chrono::hours{24 * 365};
    MemorySource phone{{"DCIM/A.HEIC", "a", picture_time + std::chrono::nanoseconds{123'456'789}, born},
                       {"DCIM/B.HEIC", "b"}};
    run(phone, archive);
    const Asset a = *archive->find(digest("a"));
    EXPECT_EQ(a.taken, born);
    EXPECT_EQ(a.taken_source, "file_birth");
    EXPECT_EQ(a.path, "originals/2023/2023-06-01/A.HEIC");
    EXPECT_EQ(archive->find(digest("b"))->taken_source, "file_modified");
    struct stat facts {};
    ASSERT_EQ(::stat((archive.root() / a.path).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mtim.tv_nsec, 123'456'789);
    EXPECT_EQ(facts.st_mtim.tv_sec, picture_time.time_since_epoch() / std::chrono::seconds{1});
}

TEST(Ingest, FilesOddTimesToo)
{
    TempArchive archive;
    constexpr auto least = Instant::min(), most = Instant::max();
    MemorySource phone{{"DCIM/A.HEIC", "a", least, least},
                       {"DCIM/B.HEIC", "b", most, most},
                       {"DCIM/C.HEIC", "c", Instant{}}};
    EXPECT_EQ(run(phone, archive).stored, 3u);
    phone.forget_calls();
    archive.reopen();
    EXPECT_EQ(run(phone, archive).known, 3u);
    EXPECT_THAT(phone.opened(), IsEmpty());
    archive.close();
    EXPECT_TRUE(rebuild(archive.root()).notes.empty());
}

TEST(Ingest, GivesAllThatCallbacksThrowToTheCaller)
{
    for (int where = 0; where < 4; ++where) {
        TempArchive archive;
        MemorySource phone;
        for (int i = 0; i < 30; ++i) phone.add({"DCIM/" + std::to_string(i) + ".HEIC", std::to_string(i)});
        IngestOptions options = quick();
        int calls = 0;
        const auto burst = [&] {
            if (++calls == (where == 3 ? 20 : 1)) throw std::runtime_error{"the caller's own"};
        };
        if (where == 0) options.on_scan = [&](std::uint64_t) { burst(); };
        if (where == 1) options.on_progress = [&](const IngestProgress&) { burst(); };
        if (where >= 2) options.on_file = [&](const IngestedFile&) { burst(); };
        EXPECT_THROW(ingest(phone, archive, options), std::runtime_error) << where;
        archive.reopen();
        const auto known = archive->summary().originals;
        const IngestReport rest = run(phone, archive);
        EXPECT_EQ(rest.known, known);
        EXPECT_EQ(rest.stored, 30 - known);
        EXPECT_EQ(original_contents(archive.root()).size(), 30u);
    }
}

TEST(Ingest, PutsBackWhatWasRemovedBehindItsBack)
{
    TempArchive archive;
    MemorySource phone{
        {"DCIM/A.HEIC", "aaaa"}, {"DCIM/B.HEIC", "bbbb"}, {"DCIM/B.MOV", "movie"}, {"DCIM/C.HEIC", "cccc"}};
    run(phone, archive);
    const auto original = [&](const std::string& content) {
        return archive.root() / archive->find(digest(content))->path;
    };
    EXPECT_EQ(check_fixity(*archive).matched, 4u);
    fs::remove(original("aaaa"));
    fs::resize_file(original("bbbb"), 2);
    std::ofstream{original("cccc")} << "XXXX"; // of the same size: only a check finds that
    phone.forget_calls();

    EXPECT_EQ(sums(run(phone, archive)), "seen 4: 2 stored, 2 known, 0 failed, 0 excluded");
    EXPECT_THAT(phone.opened_paths(), UnorderedElementsAre("DCIM/A.HEIC", "DCIM/B.HEIC"));
    EXPECT_EQ(original("aaaa"), archive.root() / "originals/2024/2024-05-31/A.HEIC");
    EXPECT_FALSE(archive->find(digest("aaaa"))->verified)
        << "these bytes are new; nobody has looked at them again";
    EXPECT_EQ(content_of(original("bbbb")), "bbbb");
    EXPECT_EQ(archive->find(digest("bbbb"))->group, archive->find(digest("movie"))->group);

    const FixityReport check = check_fixity(*archive);
    EXPECT_EQ(check.altered, 1u);
    EXPECT_EQ(sums(run(phone, archive)), "seen 4: 1 stored, 3 known, 0 failed, 0 excluded");
    EXPECT_EQ(content_of(original("cccc")), "cccc");
    EXPECT_EQ(check_fixity(*archive).matched, 4u);
    EXPECT_EQ(archive->summary().damaged, 0u);
    EXPECT_EQ(archive->summary().groups, 3u);
}

TEST(Ingest, AdoptsAFileThatACrashLeftWithoutARecord)
{
    TempArchive archive;
    archive.folder().write("Photos/originals/2024/2024-05-31/A.HEIC", "a");     // this very content
    archive.folder().write("Photos/originals/2024/2024-05-31/B.HEIC", "other"); // and a stranger's
    MemorySource phone{{"DCIM/A.HEIC", "a"}, {"DCIM/B.HEIC", "b"}};
    EXPECT_EQ(run(phone, archive).stored, 2u);
    EXPECT_EQ(archive->find(digest("a"))->path, "originals/2024/2024-05-31/A.HEIC");
    EXPECT_EQ(archive->find(digest("b"))->path,
              "originals/2024/2024-05-31/B (" + sha256_hex(digest("b")).substr(0, 8) + ").HEIC");
    EXPECT_THAT(original_contents(archive.root()), ElementsAre("a", "b", "other"));
}

} // namespace
} // namespace photosafe
