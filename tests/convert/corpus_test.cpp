// SPDX-License-Identifier: LGPL-2.1-or-later
// Renditions of real pictures against libheif's own converter, and what exiftool reads of both.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "convert/render_help.hpp"
#include "support/temp_folder.hpp"
#include "worker/pixels.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using worker::CannotRender;

/// Pictures that can't be compared with what heif-convert makes of them, and why.
const std::map<std::string, std::string> not_compared{
    {"heic/pillow_heif-invalid_id.heic", "it shows another picture than the one the file calls its main one"},
    {"heic/pillow_heif-200MP.heic", "its PNG is larger than anything that is drawn here"},
};

/// The pictures of the corpus that some libheif decodes, with their paths below it.
class Corpus : public testing::Test {
protected:
    void SetUp() override
    {
        std::ifstream in{root / "expected-heif.json"};
        if (!in) GTEST_SKIP() << "the shared corpus is not here";
        for (const auto& one : nlohmann::json::parse(in)) {
            const std::string file = one.at("file");
            const bool newer = one.at("libheif_1_19_8").value("ok", false);
            if (file.starts_with("broken/") || !(newer || one.at("heif_convert_ok").get<bool>())) continue;
            files.push_back({file, newer ? one.at("libheif_1_19_8").value("pictures", 1)
                                         : one.at("pictures").get<int>()});
        }
        ASSERT_GT(files.size(), 30u);
    }
    struct File {
        std::string path;
        int pictures;
    };
    const fs::path root{PHOTOSAFE_CORPUS};
    const TempFolder folder;
    std::vector<File> files;
};

TEST_F(Corpus, LooksAsHeifConvertHasIt)
{
    int compared = 0;
    for (const auto& [path, pictures] : files) {
        if (not_compared.contains(path)) continue;
        const fs::path file = root / path;
        const Rendition ours = rendered(file, {{"quality", 95}});
        EXPECT_FALSE(ours.from_preview) << file << ours.trouble;
        // As PNG: its JPEGs take no notice of the colour matrix, and of ten bits it makes half a file. Of
        // several pictures each gets a file, and it doesn't say which one is the main picture.
        const TempFolder peer;
        (void)output_of("heif-convert --quiet --png-compression-level 0 " + quoted(file) + ' ' +
                        quoted(peer / "peer.png"));
        const Pixels mine = pixels_of(ours);
        double alike = 0, apart = 255;
        for (const auto& entry : fs::directory_iterator{peer.path()}) {
            const Pixels theirs = pixels_in(entry.path());
            alike = std::max(alike, likeness(mine, theirs));
            apart = std::min(apart, difference(mine, theirs));
        }
        EXPECT_GT(alike, 30) << file;
        EXPECT_LT(apart, 2.0) << file; // of JPEG alone, where a picture is small
        ++compared;
    }
    EXPECT_GT(compared, 30);
}

TEST_F(Corpus, LooksTheSameByWayOfItsPlanesAndOfItsPixels)
{
    int compared = 0;
    for (const auto& one : files) {
        const fs::path file = root / one.path;
        const Rendition direct = rendered(file), by_pixels = rendered(file, {{"max_edge", 65'000}});
        if (direct.width > 9000 || direct.from_preview) continue; // for the memory of it
        EXPECT_GT(likeness(pixels_of(direct), pixels_of(by_pixels)), 38) << file;
        EXPECT_LT(difference(pixels_of(direct), pixels_of(by_pixels)), 0.5) << file;
        ++compared;
    }
    EXPECT_GT(compared, 25);
}

TEST_F(Corpus, LooksTheSameByBothDecoders)
{
    int compared = 0;
    for (const auto& one : files) {
        const fs::path file = root / one.path;
        try {
            const Rendition a = rendered(file, {{"decoder", "libavcodec"}, {"max_edge", 2048}});
            const Rendition b = rendered(file, {{"decoder", "libde265"}, {"max_edge", 2048}});
            if (a.decoder == b.decoder) continue;           // no HEVC
            if (a.from_preview || b.from_preview) continue; // one of them refuses it; then the other is taken
            EXPECT_GT(likeness(pixels_of(a), pixels_of(b)), 45) << file;
            ++compared;
        } catch (const CannotRender&) {
            continue; // as above, and no thumbnail is inside
        }
    }
    EXPECT_GT(compared, 25);
}

/// What speaks of the picture as it is stored and where things are in it, of another picture in the same file
/// (exiftool tells their XMP too), or of what Samsung appends to files.
bool is_of_storage(const std::string& key)
{
    static const std::set<std::string> tags{
        "IFD0:Orientation",       "IFD0:ImageWidth",         "IFD0:ImageHeight",
        "ExifIFD:ExifImageWidth", "ExifIFD:ExifImageHeight", "XMP-tiff:Orientation",
        "XMP-x:XMPToolkit",       "IFD0:YCbCrPositioning",   "ExifIFD:SubjectArea"};
    static const std::set<std::string> groups{"IFD1",
                                              "Samsung",
                                              "XMP-hdrgm",
                                              "XMP-HDRGainMap",
                                              "XMP-Container",
                                              "XMP-apdi",
                                              "XMP-depthData",
                                              "XMP-depthBlurEffect",
                                              "XMP-portraitLightingEffect"};
    return tags.contains(key) || groups.contains(key.substr(0, key.find(':'))) ||
           key.starts_with("XMP-GCamera:MotionPhoto");
}

TEST_F(Corpus, CarriesOverWhatExiftoolReads)
{
    std::size_t tags = 0, places = 0;
    for (const auto& one : files) {
        const fs::path file = root / one.path;
        const Rendition made = rendered(file, {{"max_edge", 64}});
        const bool regions_lost = std::ranges::find(made.lost, "regions") != made.lost.end(); // it was turned
        const fs::path jpeg = write_file(folder / "a.jpg", made);
        const std::string which = "-EXIF:all -GPS:all -MakerNotes:all -XMP:all";
        const auto theirs = exiftool(file, which);
        const auto ours = exiftool(jpeg, which);
        for (const auto& [key, value] : theirs.items()) {
            if (is_of_storage(key) || (regions_lost && key.starts_with("XMP-mwg-rs:"))) continue;
            EXPECT_EQ(ours.value(key, nlohmann::json{}), value) << file << ' ' << key;
            ++tags;
            places += key == "GPS:GPSLatitude";
        }
        // A profile stays as it is, byte for byte. Other pictures in the file may have others.
        const std::string profiles = output_of("exiftool -a -b -icc_profile " + quoted(file));
        if (profiles.empty() || one.pictures > 1) continue;
        const std::string profile = output_of("exiftool -b -icc_profile " + quoted(jpeg));
        EXPECT_GT(profile.size(), 128u) << file;
        EXPECT_TRUE(profiles.find(profile) != std::string::npos) << file;
    }
    EXPECT_GT(tags, 1000u);
    EXPECT_GT(places, 5u);
}

TEST_F(Corpus, OfTwoHundredMegapixelsIsDrawnWhole)
{
    const Rendition seen = rendered(root / "heic/pillow_heif-200MP.heic");
    EXPECT_FALSE(seen.from_preview) << seen.trouble;
    EXPECT_EQ(seen.width, 12240u);
    EXPECT_EQ(seen.height, 16320u);
    EXPECT_THROW((void)rendered(root / "heic/pillow_heif-200MP.heic", {{"pixel_limit", 100'000'000}}),
                 CannotRender);
}

TEST_F(Corpus, LeavesPlacesBehind)
{
    for (const auto& one : files) {
        const fs::path jpeg = write_file(
            folder / "a.jpg", rendered(root / one.path, {{"max_edge", 64}, {"strip_location", true}}));
        EXPECT_EQ(output_of("exiftool -a -G1 -s -ee3 " + quoted(jpeg) + " | grep -i gps || true"), "")
            << one.path;
    }
}

TEST_F(Corpus, SaysWhatIsLost)
{
    const auto lost = [&](const char* path) {
        const auto all = rendered(root / path, {{"max_edge", 64}}).lost;
        return std::set<std::string>{all.begin(), all.end()};
    };
    EXPECT_EQ(lost("heic/pillow_heif-pug.heic"), (std::set<std::string>{"depth", "hdr_gain_map"}));
    EXPECT_EQ(lost("heic/pyheif-live-image.heic"), (std::set<std::string>{"hdr_gain_map"}));
    EXPECT_TRUE(lost("heic/Sony.HIF").contains("bit_depth"));
    EXPECT_TRUE(lost("heic/pillow_heif-spatial_photo.heic").contains("further_pictures"));
    EXPECT_EQ(lost("heic/samsung-one-ui-6.heic"), (std::set<std::string>{"live_video"}));
    EXPECT_EQ(lost("heic/iphone_7.heic"), std::set<std::string>{});
}

TEST_F(Corpus, IsDrawnInWhateverKind)
{
    int drawn = 0;
    for (const char* sub : {"jpeg", "jpeg/orientation", "png", "other", "mov", "raw"}) {
        for (const auto& entry : fs::directory_iterator{root / sub}) {
            if (!entry.is_regular_file()) continue;
            try {
                const Rendition seen = rendered(entry.path(), {{"max_edge", 320}, {"thumbnail", true}});
                EXPECT_LE(std::max(seen.width, seen.height), 320u) << entry.path();
                EXPECT_EQ(pixels_of(seen).width, seen.width) << entry.path();
                ++drawn;
            } catch (const CannotRender&) {
                continue; // sidecars, and RAWs without a preview
            }
        }
    }
    EXPECT_GT(drawn, 55);
}

TEST_F(Corpus, ThatIsBrokenEndsInAReason)
{
    for (const auto& entry : fs::directory_iterator{root / "broken"}) {
        try {
            const Rendition seen = rendered(entry.path(), {{"strip_location", true}});
            EXPECT_GT(seen.payload.size(), 100u) << entry.path();
        } catch (const MediaError& error) {
            EXPECT_NE(std::string{error.what()}, "") << entry.path();
        }
    }
}

TEST_F(Corpus, OfOrientationsIsAlikeInAllOfThem)
{
    const Rendition first = rendered(root / "jpeg/orientation/f1-exif.jpg");
    for (int i = 2; i <= 8; ++i) {
        const Rendition other = rendered(root / ("jpeg/orientation/f" + std::to_string(i) + "-exif.jpg"));
        EXPECT_LT(difference(pixels_of(first), pixels_of(other)), 3.0) << i;
    }
}

} // namespace
} // namespace photosafe::test
