// SPDX-License-Identifier: LGPL-2.1-or-later
// Renditions as the archive has them: made once, made again, told, and never taken for originals.
#include <photosafe/convert.hpp>

#include <algorithm>
#include <fstream>
#include <map>

#include <gmock/gmock.h>

#include <photosafe/ingest.hpp>

#include "archive/impl.hpp"
#include "archive/rendition_mark.hpp"
#include "archive/rendition_store.hpp"
#include "convert/heif_maker.hpp"
#include "support/memory_source.hpp"
#include "support/temp_archive.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string& heic()
{
    static const std::string file = make_heif({.width = 320, .height = 240, .orientation = 6});
    return file;
}
/// A HEIC that no decoder takes: the length of its first unit is wrong.
std::string broken(std::string file) { return file.replace(file.find("mdat") + 4, 4, "\xff\xff\xff\xff"); }
/// A JPEG, made by us in another archive.
std::string jpeg();

class Convert : public testing::Test {
protected:
    void import(std::initializer_list<MemoryFile> files)
    {
        MemorySource source{files};
        (void)ingest(source, archive);
    }
    ConvertReport run(ConvertOptions options = {})
    {
        items.clear();
        options.media = {.worker = MEDIA_WORKER, .workers = 2};
        options.on_item = [this](const ConvertedItem& item) { items[item.asset.name] = item; };
        return convert(archive, options);
    }
    Asset asset(const std::string& name) { return archive.asset(name); }
    Rendition rendition(const std::string& name, const std::string& folder = "jpeg")
    {
        for (const Rendition& one : renditions(archive, asset(name))) {
            if (one.folder == folder) return one;
        }
        return {};
    }
    std::string file_of(const Rendition& one) { return content_of(archive.root() / one.path); }
    RenditionStore store() { return RenditionStore{archive->impl().catalog.database()}; }
    fs::path incoming() const { return archive.root() / ".photosafe/incoming"; }

    TempArchive archive;
    std::map<std::string, ConvertedItem> items; ///< told in the last run
};

std::string jpeg()
{
    static const std::string file = [] {
        TempArchive archive;
        MemorySource source{{{"DCIM/IMG_1.HEIC", heic()}}};
        (void)ingest(source, archive);
        std::string path;
        (void)convert(archive, {.media = {.worker = MEDIA_WORKER, .workers = 1},
                                .on_item = [&](const ConvertedItem& item) { path = item.rendition.path; }});
        std::string content = content_of(archive.root() / path);
        return content.insert(content.size() - 2,
                              std::string{"\xff\xfe\0\x03-", 5}); // no rendition of ours any more
    }();
    return file;
}

TEST_F(Convert, MakesAJpegOfEachPictureThatIsNone)
{
    import({{"DCIM/IMG_1.HEIC", heic()}, {"DCIM/IMG_2.JPG", jpeg()}, { "DCIM/notes.txt", "first light" }});

    const ConvertReport report = run();

    EXPECT_EQ(report.made, 1u);
    EXPECT_EQ(report.left_out, 2u) << "a JPEG is one already";
    EXPECT_EQ(report.failed, 0u);
    EXPECT_TRUE(report.complete);
    const Rendition made = rendition("IMG_1.HEIC");
    EXPECT_THAT(made.path,
                testing::AllOf(testing::StartsWith("renditions/jpeg/2024/"), HasSubstr("IMG_1.HEIC.jpg")));
    EXPECT_EQ(made.width, 240u);
    EXPECT_EQ(made.height, 320u);
    EXPECT_EQ(made.decoder, "libavcodec");
    EXPECT_EQ(made.bytes, file_of(made).size());
    EXPECT_EQ(report.bytes, made.bytes);
    EXPECT_THAT(made.versions, HasSubstr("libheif"));
    EXPECT_TRUE(fs::is_empty(incoming()));
}

TEST_F(Convert, MakesSmallerJpegsOfJpegs)
{
    import({{ "DCIM/IMG_2.JPG", jpeg() }});

    EXPECT_EQ(run({.rendition = {.max_size = 100}}).made, 1u);
    EXPECT_EQ(rendition("IMG_2.JPG").height, 100u);
    EXPECT_EQ(run({.rendition = {.strip_location = true}}).made, 1u);
}

TEST_F(Convert, SaysThatTheMovingHalfIsLost)
{
    import({{"DCIM/IMG_1.HEIC", heic()}, {"DCIM/IMG_1.MOV", "moving"}, { "DCIM/IMG_2.HEIC", heic() + "x" }});

    const ConvertReport report = run();

    EXPECT_EQ(report.made, 2u);
    EXPECT_EQ(report.left_out, 1u);
    EXPECT_THAT(rendition("IMG_1.HEIC").lost, Contains("live_video"));
    EXPECT_THAT(rendition("IMG_2.HEIC").lost, IsEmpty());
}

TEST_F(Convert, SaysSoAlsoWhereTheMovingHalfComesLater)
{
    const MemoryFile still{"DCIM/IMG_1.HEIC", heic()};
    import({still});
    EXPECT_EQ(run().made, 1u);
    EXPECT_THAT(rendition("IMG_1.HEIC").lost, testing::Not(Contains("live_video")));
    import({still, { "DCIM/IMG_1.MOV", "a movie" }});
    ASSERT_EQ(asset("IMG_1.MOV").role, Role::live_video);
    EXPECT_EQ(run().made, 1u);
    EXPECT_THAT(rendition("IMG_1.HEIC").lost, Contains("live_video"));
    EXPECT_EQ(run().current, 1u);
}

TEST_F(Convert, MakesNothingTwice)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});
    (void)run();
    const auto before = fs::last_write_time(archive.root() / rendition("IMG_1.HEIC").path);

    const ConvertReport again = run();

    EXPECT_EQ(again.made, 0u);
    EXPECT_EQ(again.current, 1u);
    EXPECT_EQ(items["IMG_1.HEIC"].outcome, ConvertOutcome::current);
    EXPECT_EQ(fs::last_write_time(archive.root() / rendition("IMG_1.HEIC").path), before);
}

TEST_F(Convert, MakesAgainWhatWasDeletedOrCut)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});
    (void)run();
    const fs::path file = archive.root() / rendition("IMG_1.HEIC").path;

    fs::resize_file(file, 100);
    EXPECT_EQ(run().made, 1u);
    EXPECT_EQ(fs::file_size(file), rendition("IMG_1.HEIC").bytes);
    fs::remove_all(archive.root() / "renditions");
    EXPECT_EQ(run().made, 1u);
    EXPECT_EQ(fs::file_size(file), rendition("IMG_1.HEIC").bytes);
    EXPECT_EQ(run().current, 1u);
}

TEST_F(Convert, MakesAnewWhatIsToBeOtherwise)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});
    (void)run();
    const Rendition before = rendition("IMG_1.HEIC");

    EXPECT_EQ(run({.rendition = {.quality = 20}}).made, 1u);

    const Rendition after = rendition("IMG_1.HEIC");
    EXPECT_EQ(after.path, before.path);
    EXPECT_LT(after.bytes, before.bytes);
    EXPECT_EQ(run({.rendition = {.quality = 20}}).current, 1u);
}

TEST_F(Convert, KeepsThumbnailsOfEachSizeApart)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});

    for (const std::uint32_t size : {100u, 200u}) {
        const ConvertReport report = run({.rendition = {.kind = RenditionKind::thumbnail, .max_size = size}});
        EXPECT_EQ(report.made, 1u);
    }
    (void)run();

    EXPECT_EQ(rendition("IMG_1.HEIC", "thumbnails/100").height, 100u);
    EXPECT_EQ(rendition("IMG_1.HEIC", "thumbnails/200").height, 200u);
    EXPECT_EQ(rendition("IMG_1.HEIC", "jpeg").height, 320u);
    EXPECT_EQ(renditions(archive, asset("IMG_1.HEIC")).size(), 3u);
}

TEST_F(Convert, MakesOnlyWhatIsAskedFor)
{
    import({{"DCIM/IMG_1.HEIC", heic()}, { "DCIM/IMG_2.HEIC", heic() + "x" }});

    const ConvertReport report = run({.assets = std::vector{asset("IMG_2.HEIC").id, std::int64_t{999}}});

    EXPECT_EQ(report.made, 1u);
    EXPECT_EQ(rendition("IMG_1.HEIC").path, "");
    EXPECT_NE(rendition("IMG_2.HEIC").path, "");
}

TEST_F(Convert, GoesOnAfterABadOneAndRemembersIt)
{
    import({{"DCIM/IMG_1.HEIC", broken(heic())}, { "DCIM/IMG_2.HEIC", heic() }});

    const ConvertReport first = run();

    EXPECT_EQ(first.made, 1u);
    EXPECT_EQ(first.failed, 1u);
    EXPECT_EQ(items["IMG_1.HEIC"].code, "unreadable");
    EXPECT_THAT(items["IMG_1.HEIC"].reason, HasSubstr("photosafe doctor"));
    EXPECT_EQ(rendition("IMG_1.HEIC").trouble, items["IMG_1.HEIC"].reason);
    EXPECT_EQ(rendition("IMG_1.HEIC").path, "");

    const ConvertReport second = run();

    EXPECT_EQ(second.failed, 0u);
    EXPECT_EQ(second.failed_before, 1u);
    EXPECT_EQ(run({.again = true}).failed, 1u);
    EXPECT_EQ(run({.rendition = {.quality = 50}}).failed, 1u);
}

TEST_F(Convert, TriesAgainWhenWhatDrawsHasChanged)
{
    import({{ "DCIM/IMG_1.HEIC", broken(heic()) }});
    (void)run();
    Rendition known = rendition("IMG_1.HEIC");
    known.versions = "photosafe 0.0.1";
    store().put(known);

    EXPECT_EQ(run().failed, 1u);
    EXPECT_EQ(run().failed_before, 1u);
}

TEST_F(Convert, MarksWhatCouldOnlyBeHadSmall)
{
    import({{ "DCIM/IMG_1.HEIC", broken(make_heif({.width = 640, .height = 480, .thumbnail = 320})) }});

    const ConvertReport report = run();

    EXPECT_EQ(report.made, 1u);
    EXPECT_EQ(report.from_preview, 1u);
    Rendition made = rendition("IMG_1.HEIC");
    EXPECT_TRUE(made.from_preview);
    EXPECT_EQ(made.width, 320u);
    EXPECT_THAT(made.trouble, testing::AllOf(HasSubstr("can't be decoded"), HasSubstr("photosafe doctor")));
    EXPECT_EQ(run().current, 1u);
    made.versions = "photosafe 0.0.1";
    store().put(made);
    EXPECT_EQ(run().made, 1u) << "perhaps it can be had whole now";
}

TEST_F(Convert, RemembersNoFaultOfTheArchive)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});
    const fs::path original = archive.root() / asset("IMG_1.HEIC").path;
    fs::rename(original, original.string() + "-away");

    EXPECT_EQ(run().failed, 1u);
    EXPECT_THAT(items["IMG_1.HEIC"].reason, HasSubstr("photosafe verify"));
    fs::rename(original.string() + "-away", original);

    EXPECT_EQ(run().made, 1u);
}

TEST_F(Convert, SomethingElseInAPlaceCostsThatPlaceOnly)
{
    import({{"DCIM/IMG_1.HEIC", heic()}, { "DCIM/IMG_2.HEIC", heic() + "x" }});
    ASSERT_EQ(run().made, 2u);
    const fs::path file = archive.root() / rendition("IMG_1.HEIC").path;
    const fs::path elsewhere = archive.root() / "elsewhere";
    const auto expect_refused = [&](std::uint64_t failed) {
        const ConvertReport report = run({.rendition = {.quality = 80}});
        EXPECT_EQ(report.failed, failed);
        EXPECT_EQ(report.made + report.current, 2 - failed);
        EXPECT_THAT(items["IMG_1.HEIC"].reason, HasSubstr("Move it away"));
        EXPECT_TRUE(fs::is_empty(incoming()));
    };
    fs::remove(file);
    fs::create_directories(file / "mine");
    expect_refused(1);
    EXPECT_TRUE(fs::exists(file / "mine"));
    fs::remove_all(file);

    const fs::path folder = archive.root() / "renditions";
    fs::rename(folder, elsewhere);
    fs::create_directory_symlink(elsewhere, folder);
    expect_refused(2);
    fs::remove(folder);
    std::ofstream{folder} << "a file";
    expect_refused(2);
    EXPECT_EQ(content_of(folder), "a file");
    fs::remove(folder);
    EXPECT_EQ(run().made, 2u);
}

TEST_F(Convert, APictureThatWantsTooMuchCostsItselfOnly)
{
    import({{"DCIM/IMG_1.HEIC", make_heif({.width = 1600, .height = 1200})}, { "DCIM/IMG_2.HEIC", heic() }});
    ConvertOptions options;
    options.media = {.worker = MEDIA_WORKER, .workers = 1, .memory_limit = 8 << 20};

    const ConvertReport report = convert(archive, options);

    EXPECT_EQ(report.failed, 1u);
    EXPECT_EQ(report.made, 1u);
    EXPECT_EQ(run().failed_before, 1u);
    EXPECT_EQ(run({.again = true}).made, 1u);
}

TEST_F(Convert, SaysWhenThereIsNoWorker)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});
    ConvertOptions options;
    options.media.worker = archive.root() / "nothing";
    try {
        (void)convert(archive, options);
        ADD_FAILURE() << "it went on";
    } catch (const MediaError& error) {
        EXPECT_EQ(error.code(), ErrorCode::not_found);
    }
}

TEST_F(Convert, RefusesWhatCantBe)
{
    for (const RenditionOptions& options :
         {RenditionOptions{.quality = 0}, RenditionOptions{.quality = 101}, RenditionOptions{.max_size = 5},
          RenditionOptions{.max_size = 70'000}, RenditionOptions{.kind = RenditionKind::thumbnail}}) {
        try {
            (void)run({.rendition = options});
            ADD_FAILURE() << "it went on";
        } catch (const ArchiveError& error) {
            EXPECT_EQ(error.code(), ErrorCode::invalid);
        }
    }
}

TEST_F(Convert, PlansWithoutChangingAnything)
{
    import({{"DCIM/IMG_1.HEIC", heic()},
            {"DCIM/IMG_2.HEIC", heic() + "x"},
            { "DCIM/IMG_3.HEIC",
              broken(heic()) }});
    (void)run({.assets = std::vector{asset("IMG_1.HEIC").id, asset("IMG_3.HEIC").id}});
    archive.reopen(Access::read);

    std::map<std::string, ConvertOutcome> told;
    const ConvertPlan plan =
        plan_convert(*archive, {.media = {.worker = MEDIA_WORKER}, .on_item = [&](const ConvertedItem& item) {
                                    told[item.asset.name] = item.outcome;
                                }});

    EXPECT_EQ(plan.to_make, 1u);
    EXPECT_EQ(plan.current, 1u);
    EXPECT_EQ(plan.failed_before, 1u);
    EXPECT_EQ(plan.bytes_to_read, heic().size() + 1);
    EXPECT_EQ(told["IMG_2.HEIC"], ConvertOutcome::made);
    EXPECT_EQ(rendition("IMG_2.HEIC").path, "");
}

TEST_F(Convert, EndsWhereItIsStoppedAndGoesOnThere)
{
    constexpr unsigned pictures = 100; // more than are told of at once
    MemorySource source;
    const std::string tiny = make_heif({});
    for (unsigned i = 0; i < pictures; ++i)
        source.add({"DCIM/IMG_" + std::to_string(i) + ".HEIC", tiny + std::to_string(i)});
    (void)ingest(source, archive);
    std::stop_source stop;
    unsigned told = 0;
    const ConvertReport first = convert(archive, {.media = {.worker = MEDIA_WORKER, .workers = 2},
                                                  .on_item =
                                                      [&](const ConvertedItem&) {
                                                          ++told;
                                                          stop.request_stop();
                                                      },
                                                  .stop = stop.get_token()});

    EXPECT_FALSE(first.complete);
    EXPECT_GT(first.made, 0u);
    EXPECT_LT(first.made, pictures);
    EXPECT_EQ(told, first.made);
    const ConvertReport second = run();
    EXPECT_TRUE(second.complete);
    EXPECT_EQ(first.made + second.made, pictures);
    EXPECT_EQ(second.current, first.made);
    EXPECT_TRUE(fs::is_empty(incoming()));
}

TEST_F(Convert, KnowsItsRenditionsAfterARebuild)
{
    import({{"DCIM/IMG_1.HEIC", heic()}, { "DCIM/IMG_1.MOV", "moving" }});
    (void)run({.rendition = {.quality = 70}});
    const Rendition before = rendition("IMG_1.HEIC");
    archive.close();
    (void)rebuild(archive.root());
    archive.reopen();
    ASSERT_THAT(renditions(archive, asset("IMG_1.HEIC")), IsEmpty());

    EXPECT_EQ(run({.rendition = {.quality = 70}}).made, 0u) << "it was drawn again";

    const Rendition after = rendition("IMG_1.HEIC");
    EXPECT_EQ(after.path, before.path);
    EXPECT_EQ(after.bytes, before.bytes);
    EXPECT_EQ(after.made, before.made);
    EXPECT_EQ(after.lost, before.lost);
    EXPECT_EQ(after.options, before.options);
    EXPECT_EQ(after.decoder, before.decoder);
    EXPECT_EQ(after.versions, before.versions);
    EXPECT_EQ(after.width, before.width);
}

TEST_F(Convert, BelievesNoFileThatOnlyLiesInItsPlace)
{
    import({{"DCIM/IMG_1.HEIC", heic()}, { "DCIM/IMG_2.HEIC", make_heif({}) }});
    (void)run();
    const std::string one = rendition("IMG_1.HEIC").path, other = rendition("IMG_2.HEIC").path;
    archive.close();
    (void)rebuild(archive.root());
    archive.reopen();
    fs::copy_file(archive.root() / one, archive.root() / other, fs::copy_options::overwrite_existing);

    const ConvertReport report = run();

    EXPECT_EQ(report.current, 1u);
    EXPECT_EQ(report.made, 1u) << "another picture's rendition was taken for this one's";
    EXPECT_EQ(rendition("IMG_2.HEIC").width, 64u);
}

/// Every file below renditions/, as a source has them.
std::vector<MemoryFile> all_renditions(const fs::path& root)
{
    std::vector<MemoryFile> files;
    for (const auto& entry : fs::recursive_directory_iterator{root / "renditions"}) {
        if (!entry.is_regular_file()) continue;
        files.push_back({"DCIM/" + std::to_string(files.size()) + ".JPG", content_of(entry.path())});
    }
    return files;
}

TEST_F(Convert, ItsRenditionsAreNeverTakenForOriginals)
{
    import({{"DCIM/IMG_1.HEIC", heic()}, { "DCIM/IMG_2.HEIC", make_heif({}) }});
    (void)run();
    (void)run({.rendition = {.kind = RenditionKind::thumbnail, .max_size = 100}});
    MemorySource source;
    for (MemoryFile& file : all_renditions(archive.root())) source.add(std::move(file));
    // Neither after all of it has gone, nor after the catalog was made again.
    for (const bool later : {false, true}) {
        if (later) {
            fs::remove_all(archive.root() / "renditions");
            archive.close();
            (void)rebuild(archive.root());
            archive.reopen();
        }
        std::vector<std::string> reasons;
        const IngestReport report = ingest(
            source, archive, {.on_file = [&](const IngestedFile& file) { reasons.push_back(file.reason); }});

        EXPECT_EQ(report.stored, 0u);
        EXPECT_EQ(report.excluded, 4u);
        EXPECT_EQ(report.failed, 0u);
        EXPECT_THAT(reasons, Each(HasSubstr("PhotoSafe made")));
        EXPECT_EQ(archive->summary().originals, 2u);
    }
}

TEST_F(Convert, AChangedRenditionIsAPictureLikeAnyOther)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});
    (void)run();
    std::string content = file_of(rendition("IMG_1.HEIC"));
    content[content.size() / 2] ^= 1; // somebody worked on it
    import({{ "DCIM/IMG_9.JPG", content }});

    EXPECT_EQ(archive->summary().originals, 2u) << "an edit was thrown away";
}

TEST_F(Convert, ARenditionWhoseOriginalIsElsewhereIsKept)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});
    (void)run();
    TempArchive other;
    MemorySource source{{{"DCIM/IMG_1.JPG", file_of(rendition("IMG_1.HEIC"))}}};

    EXPECT_EQ(ingest(source, other).stored, 1u) << "it is all that there is of this picture";
}

TEST_F(Convert, TheFolderOfRenditionsIsNoSource)
{
    import({{ "DCIM/IMG_1.HEIC", heic() }});
    (void)run();
    for (const char* part : {"renditions", "renditions/jpeg"}) {
        try {
            (void)open_folder(archive.root() / part);
            ADD_FAILURE() << part;
        } catch (const ArchiveError& error) {
            EXPECT_EQ(error.code(), ErrorCode::unsafe) << part;
        }
    }
    EXPECT_NO_THROW((void)open_folder(archive.root() / "originals"));
}

TEST(RenditionMark, HoldsOnlyWhileNoBitHasChanged)
{
    const TempFolder folder;
    std::vector<std::byte> jpeg;
    for (const char c : std::string{"\xff\xd8 pixels \xff\xd9"}) jpeg.push_back(static_cast<std::byte>(c));
    RenditionMark mark;
    mark.original[3] = std::byte{7};
    mark.rendition.folder = "jpeg";
    mark.rendition.lost = {"depth"};
    mark.rendition.trouble = "\"quoted\" \xc3\xa4";
    add_mark(jpeg, mark);
    const std::string whole{reinterpret_cast<const char*>(jpeg.data()), jpeg.size()};
    const auto read = [&](const std::string& content) {
        const fs::path file = folder.write("a.jpg", content);
        return read_mark(File{::open(file.c_str(), O_RDONLY | O_CLOEXEC), file});
    };

    const auto told = read(whole);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->original, mark.original);
    EXPECT_EQ(told->rendition.lost, mark.rendition.lost);
    EXPECT_EQ(told->rendition.trouble, mark.rendition.trouble);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] ^= 0x20;
        EXPECT_FALSE(read(changed)) << i;
        EXPECT_FALSE(read(whole.substr(0, i))) << i;
        EXPECT_FALSE(read(whole.substr(i + 1))) << i;
    }
    EXPECT_FALSE(read(whole + ' '));
    std::vector<std::byte> nothing(10);
    EXPECT_THROW(add_mark(nothing, mark), MediaError);
}

} // namespace
} // namespace photosafe::test
