// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/png_profile.hpp"

#include <gmock/gmock.h>

#include "metadata/made.hpp"

namespace photosafe::worker {
namespace {

using made::Folder;
using namespace std::string_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string exif = made::tiff(Folder{}.ascii(0x010f, "Apple"));

/// As ImageMagick has it: lines of 36 bytes.
std::string profile(std::string_view name, const std::string& bytes)
{
    std::string text = '\n' + std::string{name} + '\n' + std::to_string(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        constexpr std::string_view digits = "0123456789abcdef";
        if (i % 36 == 0) text += '\n';
        text += digits[static_cast<unsigned char>(bytes[i]) >> 4];
        text += digits[static_cast<unsigned char>(bytes[i]) & 15];
    }
    return text + '\n';
}

Metadata of_text(const std::string& keyword, const std::string& text, const std::string& more = {})
{
    return made::read(made::png(made::png_chunk("tEXt", keyword + '\0' + text) + more));
}

Metadata of_packed(const std::string& keyword, const std::string& text)
{
    return made::read(made::png(made::png_chunk("zTXt", keyword + "\0\0"s + made::packed(text))));
}

Metadata of_profile(const std::string& type, const std::string& bytes)
{
    return of_text("Raw profile type " + type, profile(type, bytes));
}

TEST(PngProfile, IsReadPackedOrNot)
{
    for (const std::string& block : {exif, "Exif\0\0"s + exif}) {
        for (const std::string type : {"exif", "APP1"}) {
            EXPECT_EQ(of_profile(type, block).make, "Apple");
            EXPECT_EQ(of_packed("Raw profile type " + type, profile(type, block)).make, "Apple");
            EXPECT_THAT(of_profile(type, block).troubles, IsEmpty());
        }
    }
    const std::string packet = made::xmp("<xmp:Label>Green</xmp:Label>");
    EXPECT_EQ(of_profile("xmp", packet).label, "Green");
    EXPECT_EQ(of_profile("APP1", "http://ns.adobe.com/xap/1.0/\0"s + packet).label, "Green");
}

TEST(PngProfile, HasIptcWithItsZoneInPhotoshopsBlocksOrAlone)
{
    const std::string block = made::iptc({{55, "20240531"}, {60, "140322+0200"}, {5, "A title"}});
    for (const std::string& bytes : {block.substr(14), block.substr(26)}) {
        const Metadata m = of_profile("iptc", bytes);
        EXPECT_EQ(m.title, "A title");
        EXPECT_EQ(m.taken.local, "2024-05-31T14:03:22");
        EXPECT_EQ(m.taken.offset_minutes, 120);
        EXPECT_THAT(m.troubles, IsEmpty());
    }
}

TEST(PngProfile, GoesBehindAChunkOfExif)
{
    const std::string chunk = made::png_chunk("eXIf", made::tiff(Folder{}.ascii(0x010f, "Google")));
    const Metadata m = of_text("Raw profile type exif", profile("exif", exif), chunk);
    EXPECT_EQ(m.make, "Google");
}

TEST(PngProfile, SaysThatItIsBroken)
{
    EXPECT_THAT(of_text("Raw profile type exif", "nothing").troubles,
                Contains("The PNG has a profile that can't be read: exif."));
    EXPECT_THAT(of_text("Raw profile type exif", "\nexif\n2\nxyz\n").troubles,
                Contains(HasSubstr("can't be read")));
    const std::string whole = profile("exif", exif);
    EXPECT_THAT(of_text("Raw profile type exif", whole.substr(0, whole.size() - 2)).troubles,
                Contains(HasSubstr("another length")));
    EXPECT_THAT(of_packed("Raw profile type exif", std::string(64u << 20, '0')).troubles,
                Contains(HasSubstr("packed text that can't be read")));
}

TEST(PngText, IsUnpacked)
{
    const Metadata m = of_packed("Title", "M\xfcller");
    EXPECT_EQ(m.title, "Müller");
    EXPECT_EQ(made::raw(m, "PNG.Title"), "Müller");
    EXPECT_EQ(of_packed("Description", "of it").caption, "of it");
}

} // namespace
} // namespace photosafe::worker
