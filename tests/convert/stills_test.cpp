// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that no decoder refuses and that aren't whole, or aren't shown as they should be: they are told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "convert/heif_maker.hpp"
#include "convert/render_help.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Stills : public testing::Test {
protected:
    /// The same picture as HEIC, JPEG and PNG.
    fs::path heic()
    {
        return folder.write("a.heic", make_heif({.width = 320, .height = 240, .orientation = 6}));
    }
    fs::path jpeg()
    {
        return write_file(folder / "a.jpg", rendered(heic(), {{"keep_tag", true}, {"quality", 95}}));
    }
    fs::path png()
    {
        const fs::path file = folder / "a.png";
        if (!fs::exists(file)) (void)output_of("heif-convert --quiet " + quoted(heic()) + ' ' + quoted(file));
        return file;
    }
    const TempFolder folder;
};

TEST_F(Stills, AJpegBrokenWithinIsDrawnAsFarAsItGoesAndTold)
{
    const std::string whole = content_of(jpeg());
    const auto trouble = [&](const std::string& file) {
        return rendered(folder.write("b.jpg", file)).trouble;
    };
    EXPECT_EQ(trouble(whole), "");
    EXPECT_EQ(trouble(whole.substr(0, whole.size() - 2)), "") << "only the mark of its end is missing";
    EXPECT_EQ(trouble(whole + "anything"), "");
    const std::string cut = whole.substr(0, whole.size() * 3 / 4);
    EXPECT_THAT(trouble(cut), HasSubstr("cut off or damaged in the original"));
    const Rendition seen = rendered(folder.write("b.jpg", cut));
    EXPECT_EQ(seen.height, 320u);
    EXPECT_FALSE(seen.from_preview);
    std::string damaged = whole;
    std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2), 200, '\xf7');
    EXPECT_NE(trouble(damaged), "");

    const Rendition progressive = rendered(heic(), {{"progressive", true}});
    const std::string scans{progressive.payload.begin(), progressive.payload.end()};
    EXPECT_EQ(trouble(scans), "");
    EXPECT_NE(trouble(scans.substr(0, scans.size() * 3 / 4)), "");
}

TEST_F(Stills, APngWhosePixelsFailTheirChecksumIsDrawnAndTold)
{
    EXPECT_EQ(rendered(png()).trouble, "");
    std::string picture = content_of(png());
    picture.at(picture.size() - 14) ^= 1; // the checksum before the chunk of the end
    const Rendition unsure = rendered(folder.write("b.png", picture));
    EXPECT_NE(unsure.trouble, "");
    EXPECT_EQ(unsure.width, 240u);
    picture = content_of(png());
    const std::string text{"\0\0\0\5tEXtA\0few"
                           "none",
                           17}; // before the end's 12 bytes
    picture.insert(picture.size() - 12, text);
    EXPECT_EQ(rendered(folder.write("b.png", picture)).trouble, "") << "no pixels are in it";
}

TEST_F(Stills, AContainerOfJpegXlWithoutAPictureIsRefusedAtOnce)
{
    const std::string signature{"\0\0\0\x0cJXL \r\n\x87\n", 12};
    EXPECT_THAT([&] { rendered(folder.write("a.jxl", signature + "2\x8c\xcb\xe4")); },
                testing::ThrowsMessage<worker::CannotRender>(HasSubstr("holds no picture")));
    EXPECT_THROW(rendered(folder.write("a.jxl", std::string{"\0\0\0\x0cJXL \n\r\xb0", 11})),
                 worker::CannotRender);
}

TEST_F(Stills, ColoursThatAPngTellsByNumbersAreToldAsLost)
{
    const std::string plain = content_of(png());
    const auto lost_with = [&](const std::string& chunk) { // behind the signature and the header
        return rendered(folder.write("b.png", plain.substr(0, 33) + chunk + plain.substr(33))).lost;
    };
    const auto chunk = [](const std::string& name, const std::string& content) {
        const auto four = [](unsigned long value) {
            std::string bytes;
            for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
            return bytes;
        };
        return four(content.size()) + name + content + std::string(4, '\0'); // nobody checks such sums
    };
    EXPECT_THAT(lost_with(chunk("gAMA", std::string{"\0\0\xb1\x8f", 4})), testing::IsEmpty()) << "of sRGB";
    EXPECT_THAT(lost_with(chunk("gAMA", std::string{"\0\1\x86\xa0", 4})),
                testing::Contains("colour_profile"));
    EXPECT_THAT(lost_with(chunk("cICP", std::string{"\x0c\x0d\0\1", 4})),
                testing::Contains("colour_profile"));
}

} // namespace
} // namespace photosafe::test
