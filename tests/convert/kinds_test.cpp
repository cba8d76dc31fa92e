// SPDX-License-Identifier: LGPL-2.1-or-later
// Renditions of each kind of file, and what can be asked of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio> // jpeglib.h needs it
#include <cstdlib>

#include <jpeglib.h>

#include "convert/heif_maker.hpp"
#include "convert/render_help.hpp"
#include "support/temp_folder.hpp"
#include "worker/colour.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using worker::Bytes;

class Kinds : public testing::Test {
protected:
    /// A picture of its own, and the same as HEIC.
    fs::path heic()
    {
        return folder.write("a.heic", make_heif({.width = 320, .height = 240, .orientation = 6}));
    }
    fs::path jpeg()
    {
        return write_file(folder / "a.jpg", rendered(heic(), {{"keep_tag", true}, {"quality", 95}}));
    }
    const TempFolder folder;
};

std::string text_of(const Rendition& rendition)
{
    return {rendition.payload.begin(), rendition.payload.end()};
}

TEST_F(Kinds, JpegIsTurnedUprightToo)
{
    const Rendition seen = rendered(jpeg());
    EXPECT_EQ(seen.width, 240u);
    EXPECT_EQ(seen.height, 320u);
    EXPECT_EQ(seen.decoder, "libjpeg");
    EXPECT_LT(difference(pixels_of(seen), pixels_of(rendered(heic()))), 1.0);
}

TEST_F(Kinds, PngIsDrawnWithWhatStandsBesideIt)
{
    const fs::path png = folder / "a.png";
    (void)output_of("heif-convert --quiet " + quoted(heic()) + ' ' + quoted(png));
    (void)output_of("exiftool -q -overwrite_original -n -Orientation=6 -GPSLatitude=41.9 -GPSLatitudeRef=N "
                    "-Make=Paint -XMP-dc:Title=Still " +
                    quoted(png));
    const Rendition seen = rendered(png);
    EXPECT_EQ(seen.width, 320u) << "its EXIF turns it once more";
    const auto told = exiftool(write_file(folder / "b.jpg", seen), "-all");
    EXPECT_EQ(told.at("IFD0:Make"), "Paint");
    EXPECT_EQ(told.at("IFD0:Orientation"), 1);
    EXPECT_NEAR(told.at("GPS:GPSLatitude").get<double>(), 41.9, 1e-6);
    EXPECT_EQ(told.at("XMP-dc:Title"), "Still");
}

TEST_F(Kinds, ExifBesideAPngGoesAlongWhole)
{
    const fs::path png = folder / "a.png";
    (void)output_of("heif-convert --quiet " + quoted(heic()) + ' ' + quoted(png));
    (void)output_of("exiftool -q -q -overwrite_original -n -IFD0:DocumentName=Roll -IFD0:XPTitle=Still "
                    "-ExifIFD:LensModel=Fast -ExifIFD:UserComment=Hello " +
                    quoted(png));
    const Rendition seen = rendered(png);
    EXPECT_THAT(seen.lost, IsEmpty());
    const auto told = exiftool(write_file(folder / "b.jpg", seen), "-EXIF:all");
    EXPECT_EQ(told.at("IFD0:DocumentName"), "Roll");
    EXPECT_EQ(told.at("IFD0:XPTitle"), "Still");
    EXPECT_EQ(told.at("ExifIFD:LensModel"), "Fast");
    EXPECT_EQ(told.at("ExifIFD:UserComment"), "Hello");
}

TEST_F(Kinds, WhatAGifTellsGoesAlong)
{
    const std::string pixel{"GIF89a\1\0\1\0\x80\0\0\xff\0\0\0\0\xff,\0\0\0\0\1\0\1\0\0\2\2\x44\1\0;", 35};
    const fs::path gif = folder.write("a.gif", pixel);
    EXPECT_EQ(rendered(gif).width, 1u);
    (void)output_of("exiftool -q -q -overwrite_original -XMP-dc:Title=Still " + quoted(gif));
    const auto told = exiftool(write_file(folder / "b.jpg", rendered(gif)), "-all");
    EXPECT_EQ(told.at("XMP-dc:Title"), "Still");
}

/// A TIFF of one folder, little-endian, with these bytes as its only strip.
std::string tiff_of(std::vector<std::pair<std::uint16_t, std::uint32_t>> entries, std::uint32_t packing,
                    const std::string& strip)
{
    const auto number = [](std::uint64_t value, int bytes) {
        std::string text;
        for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i);
        return text;
    };
    const std::size_t count = entries.size() + 3;
    const auto at = static_cast<std::uint32_t>(8 + 2 + 12 * count + 4);
    entries.insert(entries.end(),
                   {{0x0103, packing}, {0x0111, at}, {0x0117, static_cast<std::uint32_t>(strip.size())}});
    std::sort(entries.begin(), entries.end());
    std::string file = std::string{"II*\0", 4} + number(8, 4) + number(count, 2);
    for (const auto& [tag, value] : entries)
        file += number(tag, 2) + number(4, 2) + number(1, 4) + number(value, 4);
    return file + number(0, 4) + strip;
}

/// One with a JPEG as its only strip.
std::string tiff_with(const std::string& jpeg, std::vector<std::pair<std::uint16_t, std::uint32_t>> more)
{
    more.emplace_back(0x0106, 6);
    return tiff_of(std::move(more), 7, jpeg);
}

TEST_F(Kinds, AMovieWithinTheFileIsToldAsLost)
{
    const auto box = [](const std::string& name, const std::string& content) {
        return std::string{"\0\0\0", 3} + static_cast<char>(8 + content.size()) + name + content;
    };
    const std::string movie = box("ftyp", "mp42") + box("mdat", "frames");
    const std::string still = content_of(heic());
    EXPECT_THAT(rendered(folder.write("b.heic", still + box("free", ""))).lost, IsEmpty());
    EXPECT_THAT(rendered(folder.write("b.heic", still + box("mpvd", movie))).lost, Contains("live_video"));

    const std::string plain = content_of(jpeg());
    const std::string xmp =
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
        "xmlns:GCamera='http://ns.google.com/photos/1.0/camera/' GCamera:MotionPhoto='1'/>"
        "</rdf:RDF></x:xmpmeta>";
    const std::string segment{"http://ns.adobe.com/xap/1.0/\0", 29};
    const std::size_t length = 2 + segment.size() + xmp.size();
    const std::string told = plain.substr(0, 2) + "\xff\xe1" + static_cast<char>(length >> 8) +
                             static_cast<char>(length & 0xff) + segment + xmp + plain.substr(2);
    const auto lost = [&](const std::string& file) { return rendered(folder.write("b.jpg", file)).lost; };
    EXPECT_THAT(lost(plain + movie), IsEmpty()) << "anything may follow";
    EXPECT_THAT(lost(told), IsEmpty()) << "somebody has cut it off";
    EXPECT_THAT(lost(told + movie), Contains("live_video"));
    EXPECT_THAT(text_of(rendered(folder.write("b.jpg", told + movie))),
                testing::Not(HasSubstr("MotionPhoto")))
        << "the rendition has no movie";
    EXPECT_THAT(lost(plain + "MotionPhoto_Data" + movie + "SEFT"), Contains("live_video"));
}

/// A TIFF of one strip of 8 x 8 pixels, grey.
std::string grey_tiff(std::uint32_t packing, char pixel)
{
    return tiff_of({{0x0100, 8}, {0x0101, 8}, {0x0102, 8}, {0x0106, 1}, {0x0115, 1}, {0x0116, 8}}, packing,
                   std::string(64, pixel));
}

TEST_F(Kinds, ATiffIsDrawnInItsFullRangeOrRefused)
{
    for (const int level : {16, 40, 128, 200, 250}) {
        const fs::path tiff = folder.write("a.tif", grey_tiff(1, static_cast<char>(level)));
        EXPECT_NEAR(colour_at(pixels_of(rendered(tiff)), 0.5, 0.5).red, level, 2);
    }
    EXPECT_THAT([&] { rendered(folder.write("a.tif", grey_tiff(7, 'x'))); },
                testing::ThrowsMessage<worker::CannotRender>(HasSubstr("compression 7")))
        << "libavcodec would draw it black";
}

TEST_F(Kinds, PagesBehindTheFirstAreToldAsLost)
{
    const fs::path tiff = folder / "a.tif";
    (void)output_of("heif-convert --quiet " + quoted(heic()) + ' ' + quoted(tiff));
    EXPECT_THAT(rendered(tiff).lost, IsEmpty());

    // Its only folder once more, as the second page.
    std::string file = content_of(tiff);
    ASSERT_TRUE(file.starts_with("II"));
    const auto number = [&](std::size_t at, int bytes) {
        std::size_t value = 0;
        while (bytes-- > 0)
            value = value << 8 | static_cast<unsigned char>(file.at(at + static_cast<std::size_t>(bytes)));
        return value;
    };
    if (file.size() % 2 != 0) file += '\0';
    const std::size_t first = number(4, 4), next = first + 2 + 12 * number(first, 2), second = file.size();
    file += file.substr(first, next - first) + std::string(4, '\0');
    for (int i = 0; i < 4; ++i)
        file.at(next + static_cast<std::size_t>(i)) = static_cast<char>(second >> 8 * i);
    EXPECT_THAT(rendered(folder.write("b.tif", file)).lost, Contains("further_pictures"));
}

/// A JPEG in the colours of print, 16 pixels wide and high, with a profile that says so: a red, where
/// Adobe's mark says that ink is told by its absence, else as good as black.
std::string cmyk_jpeg(bool adobe = true)
{
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &out, &size);
    info.image_width = info.image_height = 16;
    info.input_components = 4;
    info.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&info);
    info.write_Adobe_marker = adobe ? TRUE : FALSE;
    jpeg_start_compress(&info, TRUE);
    std::string profile(256, '\0');
    profile.replace(16, 4, "CMYK");
    profile.replace(36, 4, "acsp");
    jpeg_write_icc_profile(&info, reinterpret_cast<const JOCTET*>(profile.data()),
                           static_cast<unsigned>(profile.size()));
    std::array<JSAMPLE, std::size_t{4} * 16> line{};
    for (std::size_t x = 0; x < 16; ++x) {
        const std::array<JSAMPLE, 4> ink{200, 100, 100, 200};
        std::copy(ink.begin(), ink.end(), line.begin() + static_cast<std::ptrdiff_t>(4 * x));
    }
    for (JSAMPROW row = line.data(); info.next_scanline < info.image_height;)
        jpeg_write_scanlines(&info, &row, 1);
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    std::string result{reinterpret_cast<const char*>(out), size};
    std::free(out);
    return result;
}

TEST_F(Kinds, AProfileOfOtherColoursIsToldAsLost)
{
    const Rendition seen = rendered(folder.write("a.jpg", cmyk_jpeg()));
    EXPECT_THAT(seen.lost, Contains("colour_profile"));
    EXPECT_EQ(seen.profile, "");
}

TEST_F(Kinds, InkIsTakenForInvertedOnlyWhereAdobeSaysSo)
{
    const auto red = [&](bool adobe) {
        return colour_at(pixels_of(rendered(folder.write("a.jpg", cmyk_jpeg(adobe)))), 0.5, 0.5).red;
    };
    EXPECT_NEAR(red(true), 200 * 200 / 255, 4);
    EXPECT_NEAR(red(false), 55 * 55 / 255, 4);
}

TEST_F(Kinds, ExifThatNoJpegHoldsIsToldAsLostAndItsTurnIsKept)
{
    // One folder: an artist, an orientation, and 70,000 bytes that can't be cut out as a maker note is.
    const std::string exif = std::string{"II*\0\x08\0\0\0\x03\0", 10} +
                             std::string{"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0", 12} +
                             std::string{"\x3b\x01\x02\0\x04\0\0\0Ada\0", 12} +
                             std::string{"\x98\xfe\x07\0\x70\x11\x01\0\x32\0\0\0", 12} +
                             std::string(4, '\0') + std::string(70'000, 'x');
    const fs::path file =
        folder.write("a.heic", make_heif({.width = 320, .height = 240, .orientation = 6, .exif = exif}));
    const Rendition seen = rendered(file, {{"keep_tag", true}});
    EXPECT_THAT(seen.lost, Contains("further_exif"));
    const auto told = exiftool(write_file(folder / "b.jpg", seen), "-Orientation -Artist");
    EXPECT_EQ(told.at("IFD0:Orientation"), 6);
    EXPECT_EQ(told.at("IFD0:Artist"), "Ada");
}

TEST_F(Kinds, ProRawShowsThePreviewThatItHoldsAsAStrip)
{
    const Rendition preview = rendered(heic(), {{"keep_tag", true}});
    const fs::path dng =
        folder.write("a.dng", tiff_with(text_of(preview), {{0x0112, 6}, {0xc612, 0x00000401}}));
    const Rendition seen = rendered(dng);
    EXPECT_THAT(seen.lost, Contains("raw"));
    EXPECT_TRUE(seen.embedded);
    EXPECT_EQ(seen.width, 240u) << "the RAW's orientation is that of its preview";
    EXPECT_LT(difference(pixels_of(seen), pixels_of(rendered(heic()))), 1.0);
}

TEST_F(Kinds, RawsOfThePhoneAndItsMoviesAreDrawn)
{
    const fs::path roll = folder / "roll";
    (void)output_of(std::string{SIMPHONE_BINARY} + " make-roll " + quoted(roll) + " --items 19 >/dev/null");
    int raws = 0, movies = 0, pngs = 0;
    for (const auto& entry : fs::recursive_directory_iterator{roll / "DCIM"}) {
        const std::string ending = entry.path().extension();
        if (ending != ".DNG" && ending != ".MOV" && ending != ".PNG") continue;
        const Rendition seen = rendered(entry.path(), {{"max_edge", 160}, {"thumbnail", true}});
        EXPECT_EQ(std::max(seen.width, seen.height), 160u) << entry.path();
        raws += ending == ".DNG";
        pngs += ending == ".PNG";
        if (ending == ".MOV") {
            EXPECT_THAT(seen.lost, Contains("movement"));
            ++movies;
        }
    }
    EXPECT_GT(raws, 0);
    EXPECT_GT(movies, 0);
    EXPECT_GT(pngs, 0);
}

TEST_F(Kinds, QualityDecidesItsSize)
{
    const fs::path file = folder.write("a.heic", make_heif({.width = 640, .height = 480}));
    EXPECT_LT(rendered(file, {{"quality", 10}}).payload.size(),
              rendered(file, {{"quality", 95}}).payload.size());
}

TEST_F(Kinds, ProgressiveIsSoByItsFrame)
{
    const auto tells = [&](bool progressive) {
        const fs::path file = write_file(folder / "b.jpg", rendered(heic(), {{"progressive", progressive}}));
        return exiftool(file, "-EncodingProcess").at("File:EncodingProcess").get<int>();
    };
    EXPECT_EQ(tells(false), 0);
    EXPECT_EQ(tells(true), 2);
}

TEST_F(Kinds, ColoursKeepTheirProfile)
{
    const Bytes p3 = worker::profile_of_primaries(12);
    const fs::path file = folder.write("a.heic", make_heif({.icc = p3}));
    const Rendition kept = rendered(file);
    EXPECT_EQ(kept.profile, "Display P3");
    EXPECT_EQ(worker::read_jpeg_header(kept.payload).beside.icc, p3);
    const Rendition converted = rendered(file, {{"srgb", true}});
    EXPECT_EQ(converted.profile, "");
    EXPECT_TRUE(worker::read_jpeg_header(converted.payload).beside.icc.empty());
}

TEST_F(Kinds, ColoursAreConvertedRightly)
{
    const worker::Canvas canvas = worker::make_canvas(1, 1);
    const std::array<std::uint8_t, 3> orange{200, 100, 50};
    std::copy(orange.begin(), orange.end(), canvas.bytes);
    Pixels pixels = canvas.pixels;
    ASSERT_TRUE(worker::to_srgb(pixels, worker::profile_of_primaries(12)));
    const Colour got = colour_at(pixels, 0, 0);
    EXPECT_NEAR(got.red, 215, 1); // by the matrices of both
    EXPECT_NEAR(got.green, 93, 1);
    EXPECT_NEAR(got.blue, 31, 2);
    // Green and red of DCI's projectors are those of Display P3, and their white another.
    Pixels projected = canvas.pixels;
    ASSERT_TRUE(worker::to_srgb(projected, worker::profile_of_primaries(11)));
    EXPECT_NEAR(colour_at(projected, 0, 0).red, 211, 1);
    EXPECT_GT(colour_at(projected, 0, 0).blue, 31) << "that white is greener";
    EXPECT_FALSE(worker::is_near_srgb(8)) << "of film, of which nobody has a profile here";
    EXPECT_TRUE(worker::profile_of_primaries(8).empty());
    const Bytes nothing{1, 2, 3};
    EXPECT_FALSE(worker::to_srgb(pixels, nothing));
    EXPECT_FALSE(worker::is_rgb_profile(nothing));
}

TEST_F(Kinds, ACamerasAdobeRgbGetsAProfile)
{
    const fs::path file = jpeg();
    (void)output_of("exiftool -q -q -overwrite_original -n -ColorSpace=65535 -InteropIndex=R03 " +
                    quoted(file));
    EXPECT_THAT(rendered(file).profile, HasSubstr("Adobe RGB"));
    const Rendition small = rendered(file, {{"max_edge", 100}, {"thumbnail", true}});
    EXPECT_THAT(small.profile, HasSubstr("Adobe RGB"));

    const Rendition converted = rendered(file, {{"srgb", true}});
    EXPECT_EQ(converted.profile, "");
    EXPECT_GT(difference(pixels_of(converted), pixels_of(rendered(file))), 0.1);
    const auto told = exiftool(write_file(folder / "b.jpg", converted), "-ColorSpace -InteropIndex");
    EXPECT_EQ(told.at("ExifIFD:ColorSpace"), 1);
    EXPECT_EQ(told.at("InteropIFD:InteropIndex"), "R98");

    (void)output_of("exiftool -q -q -overwrite_original -n -ColorSpace=1 " + quoted(file));
    EXPECT_EQ(rendered(file).profile, "");
}

TEST_F(Kinds, ThumbnailsCarryNothingButColours)
{
    (void)output_of("exiftool -q -overwrite_original -n -GPSLatitude=41.9 -GPSLatitudeRef=N " +
                    quoted(jpeg()));
    const Rendition seen = rendered(folder / "a.jpg", {{"max_edge", 100}, {"thumbnail", true}});
    EXPECT_EQ(seen.height, 100u);
    EXPECT_TRUE(worker::read_jpeg_header(seen.payload).beside.exif.empty());
}

TEST_F(Kinds, WhatIsNoPictureIsRefused)
{
    for (const std::string& text :
         {std::string{}, std::string{"first light"}, std::string{"\xff\xd8\xff\xe0 no more"},
          std::string{"\0\0\0\x18"
                      "ftypheic\0\0\0\0mif1heic",
                      24},
          std::string{"II*\0\x08\0\0\0\0\0\0\0\0\0", 14}}) {
        EXPECT_THROW((void)rendered(folder.write("a", text)), MediaError) << text;
    }
}

TEST_F(Kinds, AJpegThatIsCutOffShowsWhatThereIs)
{
    const std::string whole = content_of(jpeg());
    const Rendition seen = rendered(folder.write("a.jpg", whole.substr(0, whole.size() * 2 / 3)));
    EXPECT_EQ(seen.height, 320u);
}

TEST_F(Kinds, AJpegOfUnbelievableSizeIsRefused)
{
    std::string file = content_of(jpeg());
    const std::size_t frame = file.find("\xff\xc0");
    ASSERT_NE(frame, std::string::npos);
    file.replace(frame + 5, 4, "\xea\x60\xea\x60"); // 60,000 x 60,000
    try {
        (void)rendered(folder.write("a.jpg", file));
        ADD_FAILURE() << "it was drawn";
    } catch (const MediaError& error) {
        EXPECT_NE(std::string{error.what()}.find("60000 x 60000"), std::string::npos) << error.what();
    }
}

} // namespace
} // namespace photosafe::test
