// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/link.hpp"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>

#include "core/time.hpp"
#include "ingest/moment.hpp"
#include "ingest_help.hpp"

namespace photosafe {
namespace {

using namespace test;
using ::testing::ElementsAre;

CaptureTime zoned(const std::string& local, int offset_minutes, TimeSource source = TimeSource::exif_offset)
{
    const Instant utc = from_rfc3339(local + 'Z').value() - std::chrono::minutes{offset_minutes};
    return {source, utc, local, offset_minutes};
}
CaptureTime wall(const std::string& local) { return {TimeSource::exif_local, {}, local, {}}; }
CaptureTime utc(const std::string& at) { return {TimeSource::quicktime_utc, from_rfc3339(at + 'Z'), "", {}}; }

/// A content that is told by what it is called; it says of itself what `with` makes of it.
struct Content {
    Evidence evidence;

    explicit Content(const std::string& path, std::int64_t run = 1)
    {
        evidence.digest = digest(path + std::to_string(run));
        evidence.bytes = 1;
        evidence.seen.push_back({"phone", path, picture_time, {}, run});
    }
    Content& of(std::string source)
    {
        evidence.seen.back().source = std::move(source);
        return *this;
    }
    Content& modified(std::chrono::seconds later)
    {
        evidence.seen.back().modified += later;
        return *this;
    }
    Content& says(MediaKind kind, const CaptureTime& taken = {}, std::string content_id = {})
    {
        evidence.facts = FileFacts{kind, std::move(content_id), taken, "", "", false};
        return *this;
    }
    Content& photo(const CaptureTime& taken = {}, std::string id = {})
    {
        return says(MediaKind::photo, taken, std::move(id));
    }
    Content& video(const CaptureTime& taken = {}, std::string id = {})
    {
        return says(MediaKind::video, taken, std::move(id));
    }
};

/// Of each content: the path of its leader, its role and the reason, whatever the order in which they come.
std::vector<std::string> links(std::vector<Content> contents)
{
    std::vector<std::string> first;
    std::mt19937 random{5};
    for (int round = 0; round < 20; ++round) {
        std::vector<Evidence> all;
        for (const Content& one : contents) all.push_back(one.evidence);
        const std::vector<Link> found = link_parts(all);
        std::vector<std::string> told;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Evidence& leader = all[found[i].leader];
            told.push_back(all[i].seen[0].path + ": " + std::string{name(found[i].role)} + " of " +
                           (found[i].leader == i ? "its own" : leader.seen[0].path) + ", " +
                           std::string{name(found[i].reason)});
        }
        std::sort(told.begin(), told.end());
        if (round == 0) first = told;
        EXPECT_EQ(told, first) << "another order makes other shots";
        std::shuffle(contents.begin(), contents.end(), random);
    }
    return first;
}

const std::string still = "DCIM/100APPLE/IMG_0042.HEIC";
const std::string movie = "DCIM/100APPLE/IMG_0042.MOV";
const CaptureTime noon = zoned("2024-05-31T12:00:00", 120);

TEST(Link, MakesALivePhotoOfOneContentIdentifier)
{
    EXPECT_THAT(links({Content{still}.photo(noon, "A"), Content{movie}.video(noon, "A")}),
                ElementsAre(still + ": original of its own, first",
                            movie + ": live_video of " + still + ", content_id"));
    const std::string other = "PhotoData/CPLAssets/group7/0815.MOV";
    EXPECT_THAT(links({Content{still}.photo(noon, "A"),
                       Content{other}.of("card").video(utc("1999-01-01T00:00:00"), "A")}),
                ElementsAre(still + ": original of its own, first",
                            other + ": live_video of " + still + ", content_id"))
        << "whatever they are called, and wherever they come from";
}

TEST(Link, GivesAMovieToThePictureOfItsNameWhereCopiesCarryOneIdentifier)
{
    const std::string copy = "DCIM/100APPLE/IMG_0007.HEIC", copied_movie = "DCIM/100APPLE/IMG_0007.MOV";
    EXPECT_THAT(links({Content{still}.photo(noon, "A"), Content{movie}.video(noon, "A"),
                       Content{copy}.photo(noon, "A"), Content{copied_movie}.video(noon, "A")}),
                ElementsAre(copy + ": original of its own, first",
                            copied_movie + ": live_video of " + copy + ", content_id",
                            still + ": original of its own, first",
                            movie + ": live_video of " + still + ", content_id"));
}

TEST(Link, TakesAMovieOfAnotherTimeOrIdentifierForAShotOfItsOwn)
{
    const auto alone =
        ElementsAre(still + ": original of its own, first", movie + ": original of its own, first");
    const CaptureTime years_ago = zoned("2019-05-31T12:00:00", 120, TimeSource::quicktime_zone);
    EXPECT_THAT(links({Content{still}.photo(noon), Content{movie}.video(years_ago)}), alone);
    EXPECT_THAT(links({Content{still}.photo(noon, "A"), Content{movie}.video(noon, "B")}), alone);
    EXPECT_THAT(links({Content{still}.photo(noon), Content{movie}.video(zoned("2024-05-31T12:00:04", 120))}),
                alone);
    EXPECT_THAT(links({Content{still}, Content{movie}.modified(std::chrono::seconds{4})}), alone)
        << "nobody knows what they say";
    EXPECT_THAT(links({Content{still}.photo(noon), Content{movie}.of("card").video(noon)}), alone)
        << "names of two sources have nothing to do with each other";
}

TEST(Link, MakesALivePhotoOfOneNameAndTime)
{
    const auto paired = ElementsAre(still + ": original of its own, first",
                                    movie + ": live_video of " + still + ", name_and_time");
    const std::vector<std::pair<CaptureTime, CaptureTime>> times{
        {noon, zoned("2024-05-31T12:00:03", 120, TimeSource::quicktime_zone)},
        {noon, zoned("2024-05-31T10:00:02", 0, TimeSource::quicktime_zone)},
        {wall("2024-05-31T12:00:00"), zoned("2024-05-31T11:59:58", 120, TimeSource::quicktime_zone)},
        {wall("2024-05-31T12:00:00"), utc("2024-05-31T10:00:02")},
        {wall("2024-05-31T12:00:00"), utc("2024-05-31T06:15:01")}, // Kathmandu
        {{}, zoned("2024-05-31T14:03:21", 120)}, // then by the files' times, if they are those of capture
        {{}, {}},
    };
    for (const auto& [a, b] : times)
        EXPECT_THAT(links({Content{still}.photo(a), Content{movie}.video(b)}), paired);
    EXPECT_THAT(links({Content{still}.photo(noon, "A"), Content{movie}.video(noon)}), paired);
    EXPECT_THAT(links({Content{still}, Content{movie}}), paired);
    EXPECT_THAT(links({Content{still}, Content{movie}.modified(std::chrono::seconds{3})}), paired);
    EXPECT_THAT(links({Content{still}.photo(wall("2024-05-31T12:00:00")),
                       Content{movie}.video(utc("2024-05-31T10:07:00"))}),
                ElementsAre(still + ": original of its own, first", movie + ": original of its own, first"))
        << "no zone is seven minutes off";
    for (const char* const of_no_zone :
         {"2024-05-31T12:15:00", "2024-05-31T07:15:00", "2024-05-31T21:45:00"}) {
        EXPECT_THAT(
            links({Content{still}.photo(wall("2024-05-31T12:00:00")), Content{movie}.video(utc(of_no_zone))}),
            ElementsAre(still + ": original of its own, first", movie + ": original of its own, first"));
    }
}

TEST(Link, FindsPartsOfOtherSourcesByStemCameraAndTime)
{
    const auto of_camera = [](Content content, const std::string& model) {
        content.evidence.facts->make = "Apple";
        content.evidence.facts->model = model;
        return content;
    };
    const Content picture = of_camera(Content{still}.photo(noon), "iPhone 15");
    const auto part = [&](const std::string& path, MediaKind kind, const CaptureTime& time,
                          const std::string& model = "iPhone 15") {
        return of_camera(Content{path}.of("card").says(kind, time), model);
    };
    const auto soon = zoned("2024-05-31T12:00:02", 120), later = zoned("2024-05-31T12:00:04", 120);
    EXPECT_THAT(links({picture, part("IMG_0042.DNG", MediaKind::raw, noon),
                       part("IMG_0042.MOV", MediaKind::video, soon),
                       part("old/IMG_E0042.JPG", MediaKind::photo, noon)}),
                ElementsAre(still + ": original of its own, first",
                            "IMG_0042.DNG: raw of " + still + ", name_and_time",
                            "IMG_0042.MOV: live_video of " + still + ", name_and_time",
                            "old/IMG_E0042.JPG: edited of " + still + ", name_and_time"));
    for (const Content& other : {part("IMG_0042.MOV", MediaKind::video, later),
                                 part("IMG_0042.MOV", MediaKind::video, noon, "iPhone 14"),
                                 part("IMG_0043.MOV", MediaKind::video, noon),
                                 part("IMG_0042.MOV", MediaKind::video, utc("2024-05-31T10:00:00")),
                                 part("IMG_0042.JPG", MediaKind::photo, noon)}) {
        const auto told = links({picture, other});
        EXPECT_THAT(told, testing::Each(testing::HasSubstr("of its own"))) << other.evidence.seen[0].path;
    }
}

TEST(Link, BelievesFileTimesOnlyWhereTheyAreThoseOfCapture)
{
    const auto alone =
        ElementsAre(still + ": original of its own, first", movie + ": original of its own, first");
    EXPECT_THAT(links({Content{still}.photo(), Content{movie}.video(zoned("2019-01-01T12:00:00", 0))}), alone)
        << "both files have the time when they were unpacked";
    EXPECT_THAT(links({Content{still}.photo(wall("2019-01-01T12:00:00")), Content{movie}.video()}), alone);
}

TEST(Link, GivesASidecarToTheFileThatItNames)
{
    const auto old = zoned("2019-01-01T12:00:00", 0);
    const std::string lost = "DCIM/100APPLE/IMG_0042.DNG.xmp";
    EXPECT_THAT(links({Content{still}.photo(noon), Content{movie}.video(old),
                       Content{still + ".xmp"}.says(MediaKind::sidecar),
                       Content{"DCIM/100APPLE/IMG_0042.mov.xmp"}.says(MediaKind::sidecar),
                       Content{lost}.says(MediaKind::sidecar)}),
                ElementsAre(lost + ": sidecar of its own, first",
                            still + ".xmp: sidecar of " + still + ", sidecar_name",
                            still + ": original of its own, first", movie + ": original of its own, first",
                            "DCIM/100APPLE/IMG_0042.mov.xmp: sidecar of " + movie + ", sidecar_name"));
}

TEST(Link, TakesNoThumbnailOfAMovieForAPicture)
{
    EXPECT_THAT(links({Content{"MVI_0042.THM"}.photo(noon), Content{"MVI_0042.AVI"}.video(noon)}),
                ElementsAre("MVI_0042.AVI: original of its own, first",
                            "MVI_0042.THM: other of MVI_0042.AVI, same_name"));
}

TEST(Link, GoesByWhatAFileIsNotByItsExtension)
{
    const std::string liar = "DCIM/100APPLE/IMG_0042.JPG";
    EXPECT_THAT(links({Content{still}.photo(noon, "A"), Content{liar}.video(noon, "A")}),
                ElementsAre(still + ": original of its own, first",
                            liar + ": live_video of " + still + ", content_id"));
}

TEST(Link, BringsEditsAndSidecarsToTheirOriginal)
{
    const std::string folder = "DCIM/100APPLE/";
    const std::string render = "PhotoData/Mutations/DCIM/100APPLE/IMG_0042/Adjustments/";
    EXPECT_THAT(
        links({Content{still}.photo(noon, "A"), Content{movie}.video(noon, "A"),
               Content{folder + "IMG_E0042.JPG"}.photo(noon, "B"),
               Content{folder + "IMG_E0042.MOV"}.video(noon, "B"), Content{folder + "IMG_0042.AAE"},
               Content{folder + "IMG_O0042.AAE"},
               Content{folder + "IMG_0042.HEIC.xmp"}.says(MediaKind::sidecar),
               Content{folder + "IMG_0042.THM"}, Content{render + "FullSizeRender.heic"}.photo({}, "C"),
               Content{render + "Adjustments.plist"}}),
        ElementsAre(folder + "IMG_0042.AAE: sidecar of " + still + ", sidecar_name",
                    still + ".xmp: sidecar of " + still + ", sidecar_name",
                    still + ": original of its own, first",
                    movie + ": live_video of " + still + ", content_id",
                    folder + "IMG_0042.THM: other of " + still + ", same_name",
                    folder + "IMG_E0042.JPG: edited of " + still + ", edit_name",
                    folder + "IMG_E0042.MOV: edited_video of " + still + ", edit_name",
                    folder + "IMG_O0042.AAE: sidecar of " + still + ", sidecar_name",
                    render + "Adjustments.plist: sidecar of " + still + ", mutation_path",
                    render + "FullSizeRender.heic: edited of " + still + ", mutation_path"));
}

TEST(Link, DoesNotTakeAPictureOfAnotherYearForAnEdit)
{
    const std::string edit = "DCIM/100APPLE/IMG_E0042.JPG";
    EXPECT_THAT(links({Content{still}.photo(noon), Content{edit}.photo(wall("2019-01-01T00:00:00"))}),
                ElementsAre(still + ": original of its own, first", edit + ": edited of its own, first"));
    EXPECT_THAT(links({Content{movie}.video(zoned("2024-05-31T12:00:00", 120, TimeSource::quicktime_zone)),
                       Content{"DCIM/100APPLE/IMG_E0042.MOV"}.video(utc("2024-08-01T00:00:00"))}),
                ElementsAre(movie + ": original of its own, first",
                            "DCIM/100APPLE/IMG_E0042.MOV: edited_video of " + movie + ", edit_name"))
        << "a movie's UTC is that of its rendering";
}

TEST(Link, KeepsWhatHasLostItsOriginalTogether)
{
    const std::string render = "PhotoData/Mutations/DCIM/100APPLE/IMG_0042/Adjustments/FullSizeRender";
    EXPECT_THAT(links({Content{render + ".jpg"}.photo(noon, "B"), Content{render + ".mov"}.video(noon, "B"),
                       Content{"DCIM/100APPLE/IMG_0042.AAE"}}),
                ElementsAre("DCIM/100APPLE/IMG_0042.AAE: sidecar of " + render + ".jpg, sidecar_name",
                            render + ".jpg: edited of its own, first",
                            render + ".mov: edited_video of " + render + ".jpg, mutation_path"));
}

TEST(Link, BringsARawToItsPicture)
{
    const std::string raw = "DCIM/100APPLE/IMG_0042.DNG";
    EXPECT_THAT(
        links({Content{still}.photo(noon), Content{raw}.says(MediaKind::raw, noon)}),
        ElementsAre(raw + ": raw of " + still + ", raw_name", still + ": original of its own, first"));
    EXPECT_THAT(
        links({Content{still}, Content{raw}.modified(std::chrono::seconds{9})}),
        ElementsAre(raw + ": raw of " + still + ", raw_name", still + ": original of its own, first"));
    EXPECT_THAT(
        links({Content{still}.photo(noon), Content{raw}.says(MediaKind::raw, wall("2019-01-01T00:00:00"))}),
        ElementsAre(raw + ": original of its own, first", still + ": original of its own, first"));
    EXPECT_THAT(links({Content{raw}.says(MediaKind::raw, noon), Content{movie}.video(noon)}),
                ElementsAre(raw + ": original of its own, first",
                            movie + ": live_video of " + raw + ", name_and_time"));
}

TEST(Link, TakesTwoFormsOfOnePictureForOneShot)
{
    const std::string jpeg = "DCIM/100APPLE/IMG_0042.JPG";
    EXPECT_THAT(links({Content{still}.photo(noon), Content{jpeg}.photo(noon)}),
                ElementsAre(still + ": original of its own, first",
                            jpeg + ": original of " + still + ", name_and_time"));
    EXPECT_THAT(links({Content{still}.photo(noon), Content{jpeg}.photo(wall("2019-01-01T00:00:00"))}),
                ElementsAre(still + ": original of its own, first", jpeg + ": original of its own, first"));
}

TEST(Link, GivesAPartToThePictureThatWasThereThen)
{
    // A phone that was set up anew begins its numbers again.
    Content old_picture{still, 1}, old_recipe{"DCIM/100APPLE/IMG_0042.AAE", 2}, picture{still, 5};
    Content recipe{"DCIM/100APPLE/IMG_O0042.AAE", 6};
    old_picture.photo(wall("2019-01-01T00:00:00"));
    picture.photo(noon);
    const std::vector<Evidence> all{old_picture.evidence, old_recipe.evidence, picture.evidence,
                                    recipe.evidence};
    const std::vector<Link> found = link_parts(all);
    EXPECT_EQ(found[1].leader, 0u);
    EXPECT_EQ(found[3].leader, 2u);
}

TEST(Link, KeepsFramesOfABurstApart)
{
    EXPECT_THAT(links({Content{"DCIM/IMG_0001.JPG"}.photo(noon), Content{"DCIM/IMG_0002.JPG"}.photo(noon)}),
                ElementsAre("DCIM/IMG_0001.JPG: original of its own, first",
                            "DCIM/IMG_0002.JPG: original of its own, first"));
}

// ---- when a shot was taken ----

ShotTime time_of(std::vector<Content> contents)
{
    std::vector<Evidence> all;
    for (const Content& one : contents) all.push_back(one.evidence);
    const std::vector<Link> found = link_parts(all);
    return shot_time(all, found, found[0].leader);
}

TEST(ShotTime, IsThatOfItsStill)
{
    const ShotTime time =
        time_of({Content{movie}.video(zoned("2024-05-31T12:00:01", 120, TimeSource::quicktime_zone)),
                 Content{still}.photo(zoned("2024-05-31T12:00:00.25", 120))});
    EXPECT_EQ(time.source, TimeSource::exif_offset);
    EXPECT_EQ(time.local, "2024-05-31T12:00:00.25");
    EXPECT_EQ(to_rfc3339(time.taken.value()), "2024-05-31T10:00:00.25Z");
    EXPECT_FALSE(time.by_our_clock);
}

TEST(ShotTime, HasTheZoneOfTheMovingHalf)
{
    const ShotTime time =
        time_of({Content{still}.photo(wall("2024-05-31T12:00:00")),
                 Content{movie}.video(zoned("2024-05-31T12:00:01", -300, TimeSource::quicktime_zone))});
    EXPECT_EQ(time.source, TimeSource::live_video);
    EXPECT_EQ(time.local, "2024-05-31T12:00:00");
    EXPECT_EQ(to_rfc3339(time.taken.value()), "2024-05-31T17:00:00Z");
}

TEST(ShotTime, IsWithoutAnInstantWhereNobodyKnowsTheZone)
{
    const ShotTime time = time_of({Content{still}.photo(wall("2024-05-31T12:00:00")),
                                   Content{movie}.video(utc("2024-05-31T10:00:01"))});
    EXPECT_EQ(time.source, TimeSource::exif_local);
    EXPECT_EQ(time.local, "2024-05-31T12:00:00");
    EXPECT_FALSE(time.taken);
}

TEST(ShotTime, OfAMovieInUtcIsShownByOurClock)
{
    const ShotTime time = time_of({Content{movie}.video(utc("2024-05-31T10:00:00"))});
    EXPECT_EQ(time.source, TimeSource::quicktime_utc);
    EXPECT_EQ(to_rfc3339(time.taken.value()), "2024-05-31T10:00:00Z");
    EXPECT_EQ(time.local, to_local(*time.taken));
    EXPECT_TRUE(time.by_our_clock);
}

TEST(ShotTime, ComesFromAnotherPartWhereTheFirstSaysNothing)
{
    const CaptureTime noted{TimeSource::xmp, {}, "2019-04-01T08:00:00", {}};
    const ShotTime time =
        time_of({Content{still}.photo(), Content{still + ".xmp"}.says(MediaKind::sidecar, noted)});
    EXPECT_EQ(time.source, TimeSource::xmp);
    EXPECT_EQ(time.local, "2019-04-01T08:00:00");
}

TEST(ShotTime, IsAGuessWhereNobodySays)
{
    Content picture{still};
    EXPECT_EQ(time_of({picture}).source, TimeSource::file_modified);
    EXPECT_EQ(time_of({picture}).taken, picture_time);
    picture.evidence.seen[0].born = picture_time - std::chrono::hours{5};
    EXPECT_EQ(time_of({picture}).source, TimeSource::file_birth);
    EXPECT_EQ(time_of({picture}).local, to_local(picture_time - std::chrono::hours{5}));
}

TEST(ShotTime, BelievesNoTimeThatMakesNoSense)
{
    for (const char* local :
         {"30000-01-01T00:00:00", "2024-13-01T00:00:00", "0000-00-00T00:00:00", "yesterday",
          "../../../../etc", "2024-05-31", "-2024-05-31T12:00:00", "1600-01-01T00:00:00"}) {
        EXPECT_EQ(time_of({Content{still}.photo(wall(local))}).source, TimeSource::file_modified) << local;
    }
    CaptureTime half = noon;
    half.local = "30000-01-01T00:00:00";
    EXPECT_EQ(time_of({Content{still}.photo(half)}).taken, noon.instant) << "the instant is a time";
    EXPECT_EQ(time_of({Content{still}.photo(wall("1904-01-01T00:00:00"))}).local, "1904-01-01T00:00:00");
}

TEST(SameMoment, IsExactAtItsEdgeAndAtTheEndsOfTime)
{
    using namespace std::chrono;
    EXPECT_TRUE(same_moment(picture_time, picture_time + seconds{3}));
    EXPECT_TRUE(same_moment(picture_time + seconds{3}, picture_time));
    EXPECT_FALSE(same_moment(picture_time, picture_time + seconds{3} + nanoseconds{1}));
    EXPECT_FALSE(same_moment(picture_time + seconds{3} + nanoseconds{1}, picture_time));
    EXPECT_FALSE(same_moment(Instant::min(), Instant::max()));
    EXPECT_TRUE(same_moment(Instant::max(), Instant::max()));
}

} // namespace
} // namespace photosafe
