// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/sniff.hpp"

#include <gtest/gtest.h>

#include <string>

namespace photosafe::worker {
namespace {

using namespace std::string_literals;

Sniffed of(const std::string& bytes)
{
    return sniff(ByteView{{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}});
}

std::string brands(const std::string& major, const std::string& compatible)
{
    const auto size = static_cast<char>(16 + compatible.size());
    return "\0\0\0"s + size + "ftyp" + major + "\0\0\0\0"s + compatible + "\0\0\0\x08mdat"s;
}

/// A little-endian TIFF with one folder of SHORTs and, where `make` isn't empty, the maker's name.
std::string tiff(const std::string& make, std::initializer_list<std::pair<int, int>> shorts)
{
    const auto u16 = [](std::size_t n) {
        return std::string{static_cast<char>(n), static_cast<char>(n >> 8)};
    };
    const auto u32 = [&](std::size_t n) { return u16(n & 0xffff) + u16(n >> 16); };
    std::string file = "II*\0\x08\0\0\0"s + u16(shorts.size() + 1);
    for (const auto& [tag, value] : shorts)
        file += u16(static_cast<std::size_t>(tag)) + u16(3) + u32(1) + u16(static_cast<std::size_t>(value)) +
                u16(0);
    file += u16(0x010f) + u16(2) + u32(make.size()) + u32(file.size() + 16);
    return file + u32(0) + make;
}

TEST(Sniff, TellsWhatAFileIs)
{
    EXPECT_EQ(of("\xff\xd8\xff\xe1").mime, "image/jpeg");
    EXPECT_EQ(of("\x89PNG\r\n\x1a\n").mime, "image/png");
    EXPECT_EQ(of("GIF89a").mime, "image/gif");
    EXPECT_EQ(of("RIFF\0\0\0\0WEBPVP8 "s).mime, "image/webp");
    EXPECT_EQ(of("RIFF\0\0\0\0AVI LIST"s).mime, "video/x-msvideo");
    EXPECT_EQ(of("\0\0\0\x0cJXL \r\n\x87\n"s).mime, "image/jxl");
    EXPECT_EQ(of("\xff\x0a\xfa"s).mime, "image/jxl");
    EXPECT_EQ(of("FUJIFILMCCD-RAW 0201").mime, "image/x-fujifilm-raf");
    EXPECT_EQ(of("IIRO\x08\0\0\0"s).mime, "image/x-olympus-orf");
    EXPECT_EQ(of("IIU\0\x18\0\0\0"s).mime, "image/x-panasonic-rw2");
    EXPECT_EQ(of("\0\0\0\x08wide\0\0\0\0mdat"s).mime, "video/quicktime");
    EXPECT_EQ(of("\x1a\x45\xdf\xa3\x01"s).mime, "video/x-matroska");
}

TEST(Sniff, TakesBrandsApart)
{
    EXPECT_EQ(of(brands("heic", "mif1heic")).mime, "image/heic");
    EXPECT_EQ(of(brands("mif1", "mif1heic")).mime, "image/heic");
    EXPECT_EQ(of(brands("mif1", "miafavif")).mime, "image/avif");
    EXPECT_EQ(of(brands("avif", "avifmif1miaf")).mime, "image/avif");
    EXPECT_EQ(of(brands("mif1", "miaf")).mime, "image/heif");
    EXPECT_EQ(of(brands("msf1", "hevcmp41")).mime, "image/heic-sequence");
    EXPECT_EQ(of(brands("mif1", "mp42")).mime, "image/heif");
    EXPECT_EQ(of(brands("qt  ", "qt  ")).mime, "video/quicktime");
    EXPECT_EQ(of(brands("mp42", "isommp42")).mime, "video/mp4");
    EXPECT_EQ(of(brands("isom", "qt  ")).kind, MediaKind::video);
    EXPECT_EQ(of(brands("crx ", "crx isom")).mime, "image/x-canon-cr3");
    EXPECT_EQ(of(brands("crx ", "crx isom")).kind, MediaKind::raw);
    EXPECT_EQ(of(brands("M4A ", "isom")).kind, MediaKind::unknown);
    EXPECT_EQ(of("\0\0\0\x14"
                 "ftyp"s)
                  .shape,
              Shape::movie); // cut behind its name
}

TEST(Sniff, TellsARawFromAPicture)
{
    EXPECT_EQ(of(tiff("Canon\0"s, {{0x0106, 2}})).mime, "image/tiff");
    EXPECT_EQ(of(tiff("NIKON CORPORATION\0"s, {{0x0106, 32803}})).mime, "image/x-nikon-nef");
    EXPECT_EQ(of(tiff("SONY\0"s, {{0x0103, 32767}})).mime, "image/x-sony-arw");
    EXPECT_EQ(of(tiff("Apple\0"s, {{0xc612, 1}})).mime, "image/x-adobe-dng");
    EXPECT_EQ(of(tiff("Unheard of\0"s, {{0x0106, 32803}})).kind, MediaKind::raw);
    EXPECT_EQ(of("II*\0\x10\0\0\0CR\x02\0"s).mime, "image/x-canon-cr2");
    EXPECT_EQ(of("II*\0\xff\xff\xff\xff"s).mime, "image/tiff"); // its folder lies outside
}

TEST(Sniff, KnowsSidecarsByWhatTheySay)
{
    const std::string list = "<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"\">\n<plist><dict>";
    EXPECT_EQ(of(list + "<key>adjustmentFormatIdentifier</key>").shape, Shape::edit);
    EXPECT_EQ(of(list + "<key>another</key>").shape, Shape::unknown);
    EXPECT_EQ(of("bplist00\xd1\x01\x02_\x10\x1a"
                 "adjustmentFormatIdentifier")
                  .shape,
              Shape::edit);
    EXPECT_EQ(of("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>").shape, Shape::xmp);
    EXPECT_EQ(of("\xef\xbb\xbf <?xml version='1.0'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>").shape, Shape::xmp);
    EXPECT_EQ(of("<html>").shape, Shape::unknown);
}

TEST(Sniff, AsksNoNameAndTakesNothingForSomething)
{
    EXPECT_EQ(of("").shape, Shape::unknown);
    EXPECT_EQ(of("\xff\xd8").shape, Shape::unknown);
    EXPECT_EQ(of("IMG_0001.HEIC").shape, Shape::unknown);
    EXPECT_EQ(of(std::string(4096, '\0')).kind, MediaKind::unknown);
}

} // namespace
} // namespace photosafe::worker
