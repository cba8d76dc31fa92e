// SPDX-License-Identifier: LGPL-2.1-or-later
// What goes along with a rendition, and that places don't where they are not to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "convert/heif_maker.hpp"
#include "convert/render_help.hpp"
#include "support/temp_folder.hpp"
#include "worker/colour.hpp"
#include "worker/exiv2_copy.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using worker::profile_of_primaries;

class Places : public testing::Test {
protected:
    /// Everything that can tell a place, and as much that can't.
    fs::path told(fs::path file) const
    {
        (void)output_of(
            "exiftool -q -q -m -overwrite_original -n -Make=Paint -Model=Brush -DateTimeOriginal='2024:05:31 "
            "14:03:22' "
            "-OffsetTimeOriginal=+02:00 -SubSecTimeOriginal=123 -GPSLatitude=41.902 -GPSLatitudeRef=N "
            "-GPSLongitude=12.486 -GPSLongitudeRef=E -GPSAltitude=21 -GPSTimeStamp=12:03:22 "
            "-XMP-exif:GPSLatitude=41.902 -XMP-exif:GPSLongitude=12.486 -XMP-photoshop:City=Rome "
            "-XMP-photoshop:State=Lazio -XMP-photoshop:Country=Italy -XMP-iptcCore:Location=Forum "
            "-XMP-iptcCore:CountryCode=IT -XMP-iptcExt:LocationShownCity=Rome "
            "-XMP-iptcExt:LocationCreatedCity=Rome -XMP-dc:Coverage=Rome -XMP-dc:Title=Stones "
            "-XMP-xmp:Rating=4 "
            "-XMP-dc:Subject=old -IPTC:City=Rome -IPTC:Sub-location=Forum -IPTC:Province-State=Lazio "
            "-IPTC:Country-PrimaryLocationCode=ITA -IPTC:Country-PrimaryLocationName=Italy "
            "-IPTC:Keywords=old "
            "-IPTC:Caption-Abstract=Stones " +
            quoted(file));
        return file;
    }
    fs::path heic() const { return told(folder.write("a.heic", make_heif({.exif = exif()}))); }
    fs::path jpeg() const
    {
        return told(write_file(folder / "a.jpg", rendered(folder.write("b.heic", make_heif({})))));
    }
    /// exiftool fills it: it only adds to what is there.
    static std::string exif() { return {"MM\0*\0\0\0\x08\0\0\0\0\0\0", 14}; }
    std::string all_of(const Rendition& rendition) const
    {
        return output_of("exiftool -a -u -G1 -s -ee3 " + quoted(write_file(folder / "c.jpg", rendition)));
    }
    const TempFolder folder;
};

void expect_no_place(const std::string& all)
{
    std::string lower = all;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    for (const char* word : {"gps", "rome", "lazio", "italy", "forum", "41.902", "12.486", " ita\n"})
        EXPECT_EQ(lower.find(word), std::string::npos) << word << '\n' << all;
}

TEST_F(Places, GoAlongUnlessTheyAreNotTo)
{
    for (const fs::path& file : {heic(), jpeg()}) {
        const std::string all = all_of(rendered(file));
        for (const char* word : {"GPSLatitude", "GPSAltitude", "Rome", "Lazio", "Italy", "Forum", "Brush",
                                 "+02:00", "Stones", "old"})
            EXPECT_NE(all.find(word), std::string::npos) << file << ": " << word << '\n' << all;
    }
}

TEST_F(Places, StayBehindWhereAsked)
{
    for (const fs::path& file : {heic(), jpeg()}) {
        const Rendition seen = rendered(file, {{"strip_location", true}});
        const std::string all = all_of(seen);
        expect_no_place(all);
        for (const char* word : {"Paint", "Brush", "14:03:22", "+02:00", "123", "Stones", "old"})
            EXPECT_NE(all.find(word), std::string::npos) << file << ": " << word << '\n' << all;
        // Nor are they left as bytes that nothing points to.
        const std::string bytes{seen.payload.begin(), seen.payload.end()};
        for (const char* word : {"Rome", "Lazio", "Italy", "Forum"})
            EXPECT_EQ(bytes.find(word), std::string::npos) << file << ": " << word;
    }
}

TEST_F(Places, OfAMakerNoteThatMayHoldThemGoWithIt)
{
    const fs::path file = jpeg();
    // exiftool can't make a maker note; it can copy one.
    const fs::path corpus = fs::path{PHOTOSAFE_CORPUS} / "jpeg/DSCN0010.jpg";
    if (!fs::exists(corpus)) GTEST_SKIP() << "the shared corpus is not here";
    (void)output_of("exiftool -q -q -m -overwrite_original -TagsFromFile " + quoted(corpus) +
                    " -MakerNotes -Make " + quoted(file));
    EXPECT_NE(all_of(rendered(file)).find("[Nikon"), std::string::npos);
    const Rendition seen = rendered(file, {{"strip_location", true}});
    EXPECT_EQ(all_of(seen).find("[Nikon"), std::string::npos);
    EXPECT_NE(std::find(seen.lost.begin(), seen.lost.end(), "maker_note"), seen.lost.end());
}

TEST_F(Places, InsideTheExifBlockGoToo)
{
    // Some programs put XMP and IPTC into the EXIF as a TIFF has them.
    const fs::path tiff = folder / "a.tif";
    (void)output_of("heif-convert --quiet " + quoted(heic()) + ' ' + quoted(tiff));
    const Rendition seen = rendered(told(tiff), {{"strip_location", true}});
    expect_no_place(all_of(seen));
}

TEST_F(Places, OfAnyNamespaceStayBehind)
{
    const std::string packet =
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='' xmlns:pm='http://ns.camerabits.com/photomechanic/1.0/' "
        "xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#' xmlns:own='http://example.org/own/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' pm:CountryCode='ITA' geo:lat='41.902' geo:long='12.486' "
        "own:address='Via Sacra' own:placeName='Colosseum' own:Town='Ostia' own:venue='Arena'>"
        "<own:Where rdf:parseType='Resource'><own:Country "
        "rdf:parseType='Resource'><own:Name>Italy</own:Name></own:Country><own:Note>Stones</own:Note>"
        "</own:Where><own:City><rdf:Bag><rdf:li>Rome</rdf:li></rdf:Bag></own:City>"
        "<dc:subject><rdf:Bag><rdf:li>old</rdf:li></rdf:Bag></dc:subject>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>";
    std::vector<std::string> lost;
    const auto kept = worker::change_xmp(packet, {.orientation = 1, .strip_location = true}, lost);
    EXPECT_TRUE(lost.empty());
    ASSERT_TRUE(kept);
    for (const char* word :
         {"ITA", "41.902", "12.486", "Italy", "Rome", "Sacra", "Colosseum", "Ostia", "Arena"})
        EXPECT_EQ(kept->find(word), std::string::npos) << word << '\n' << *kept;
    for (const char* word : {"Stones", "old"})
        EXPECT_NE(kept->find(word), std::string::npos) << word << '\n' << *kept;
}

TEST_F(Places, OfATiffGoAlongWithItsWords)
{
    const fs::path tiff = folder / "a.tif";
    (void)output_of("heif-convert --quiet " + quoted(folder.write("b.heic", make_heif({}))) + ' ' +
                    quoted(tiff));
    told(tiff);
    const std::string all = all_of(rendered(tiff));
    for (const char* const word : {"Stones", "Rome", "Lazio"}) EXPECT_THAT(all, HasSubstr(word));
    EXPECT_THAT(all, HasSubstr("[XMP-xmp]"));
    const std::string stripped = all_of(rendered(tiff, {{"strip_location", true}}));
    expect_no_place(stripped);
    EXPECT_THAT(stripped, HasSubstr("Stones"));
}

TEST_F(Places, OfASecondSegmentAreFoundToo)
{
    const auto segment = [](const std::string& block) {
        const std::string name{"Photoshop 3.0\0"
                               "8BIM",
                               18};
        const std::size_t size = 2 + name.size() + block.size();
        return std::string{"\xff\xed"} + static_cast<char>(size >> 8) + static_cast<char>(size) + name +
               block;
    };
    const std::string digest = segment(std::string{"\x04\x25\0\0\0\0\0\x10"
                                                   "0123456789abcdef",
                                                   24});
    const std::string records = segment(std::string{"\x04\x04\0\0\0\0\0\x09\x1c\x02\x5a\0\x04"
                                                    "Rome\0",
                                                    18});
    const std::string plain =
        content_of(write_file(folder / "p.jpg", rendered(folder.write("p.heic", make_heif({})))));
    const fs::path file = folder.write("two.jpg", plain.substr(0, 2) + digest + records + plain.substr(2));
    ASSERT_THAT(output_of("exiftool -a -G1 -s -IPTC:City " + quoted(file)), HasSubstr("Rome"));
    EXPECT_THAT(all_of(rendered(file)), HasSubstr("Rome"));
    expect_no_place(all_of(rendered(file, {{"strip_location", true}})));
}

TEST_F(Places, OfFacesGoWhereThePictureIsTurned)
{
    const fs::path file = jpeg();
    (void)output_of("exiftool -q -q -m -overwrite_original -n -Orientation=6 -XMP-mwg-rs:RegionName=Ann "
                    "-XMP-mwg-rs:RegionType=Face -XMP-mwg-rs:RegionAreaX=0.2 -XMP-mwg-rs:RegionAreaY=0.3 " +
                    quoted(file));
    const Rendition turned = rendered(file);
    EXPECT_THAT(turned.lost, testing::Contains("regions"));
    EXPECT_THAT(all_of(turned), testing::Not(HasSubstr("Ann")));
    const Rendition as_stored = rendered(file, {{"keep_tag", true}});
    EXPECT_THAT(as_stored.lost, testing::Not(testing::Contains("regions")));
    EXPECT_THAT(all_of(as_stored), HasSubstr("Ann"));
}

TEST_F(Places, OfASubjectGoesWithItsPixels)
{
    const fs::path file = folder.write("a.jpg", content_of(jpeg()));
    const auto subject = [&](const nlohmann::json& options) {
        const Rendition seen = rendered(file, options);
        const auto told =
            exiftool(write_file(folder / "b.jpg", seen), "-SubjectArea -SubjectLocation -ExifImageWidth");
        return told.value("ExifIFD:SubjectArea", "") + " at " + told.value("ExifIFD:SubjectLocation", "");
    };
    const auto size = exiftool(file, "-ImageWidth -ImageHeight");
    const int width = size.at("File:ImageWidth"), height = size.at("File:ImageHeight");
    ASSERT_EQ(width * 3, height * 4);
    const auto write = [&](int told_width) {
        (void)output_of("exiftool -q -q -m -overwrite_original -n -Orientation=6 -ExifImageWidth=" +
                        std::to_string(told_width) + " -ExifImageHeight=" + std::to_string(height) +
                        " -SubjectArea='16 12 8 4' -SubjectLocation='16 12' " + quoted(file));
    };
    write(width);
    const std::string middle = std::to_string(height - 12) + " 16";
    EXPECT_EQ(subject({{"keep_tag", true}}), "16 12 8 4 at 16 12");
    EXPECT_EQ(subject(nlohmann::json::object()), middle + " 4 8 at " + middle);
    const std::string half = std::to_string((height - 12) / 2) + " 8";
    EXPECT_EQ(subject({{"max_edge", width / 2}}), half + " 2 4 at " + half);

    (void)output_of("exiftool -q -q -overwrite_original -n -XMP-exif:SubjectArea+='16' " + quoted(file));
    EXPECT_THAT(all_of(rendered(file)), testing::Not(HasSubstr("XMP-exif:SubjectArea")));
    write(width * 2); // then nobody knows where that is
    EXPECT_EQ(subject(nlohmann::json::object()), " at ");
    EXPECT_THAT(rendered(file).lost, testing::Contains("subject_area"));
}

TEST_F(Places, OrientationInXmpIsThatOfTheRendition)
{
    const fs::path file = jpeg();
    (void)output_of("exiftool -q -q -overwrite_original -n -Orientation=6 -XMP-tiff:Orientation=6 "
                    "-XMP-exif:ExifImageWidth=4000 " +
                    quoted(file));
    const Rendition seen = rendered(file);
    const auto told = exiftool(write_file(folder / "c.jpg", seen), "-Orientation -XMP:all");
    EXPECT_EQ(told.at("XMP-exif:ExifImageWidth"), seen.width);
    EXPECT_EQ(told.at("IFD0:Orientation"), 1);
    EXPECT_EQ(told.at("XMP-tiff:Orientation"), 1);
    EXPECT_EQ(told.at("XMP-dc:Title"), "Stones");
}

TEST_F(Places, ColourSpaceIsThatOfTheRendition)
{
    const fs::path file = write_file(
        folder / "a.jpg", rendered(folder.write("b.heic", make_heif({.icc = profile_of_primaries(12)}))));
    (void)output_of("exiftool -q -q -overwrite_original -n -ColorSpace=65535 " + quoted(file));
    const auto space = [&](bool srgb) {
        return exiftool(write_file(folder / "c.jpg", rendered(file, {{"srgb", srgb}})), "-ColorSpace")
            .at("ExifIFD:ColorSpace");
    };
    EXPECT_EQ(space(false), 65535);
    EXPECT_EQ(space(true), 1);
}

} // namespace
} // namespace photosafe::test
