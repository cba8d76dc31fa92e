// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/pictures.hpp"

#include <gmock/gmock.h>

#include "metadata/made.hpp"
#include "worker/heif_maker.hpp"

namespace photosafe::worker {
namespace {

using made::big;
using made::Folder;
using made::little;
using made::packed;
using namespace std::string_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const Folder exif = Folder{}.ascii(0x010f, "Apple").shorts(0x0112, {6});
constexpr std::string_view label = "<xmp:Label>Green</xmp:Label>";

void expect_shared_facts(const Metadata& m)
{
    EXPECT_EQ(m.kind, MediaKind::photo);
    EXPECT_EQ(m.make, "Apple");
    EXPECT_EQ(m.label, "Green");
    EXPECT_THAT(m.troubles, IsEmpty());
}

TEST(Jpeg, IsReadUpToItsPixelsOnly)
{
    std::string file = made::jpeg_with_exif(made::tiff(exif));
    file += made::jpeg_with_exif(made::tiff(Folder{}.ascii(0x010f, "another picture behind it")));
    EXPECT_EQ(made::read(file).make, "Apple");
    EXPECT_EQ(made::read(file).bit_depth, 8);
    EXPECT_EQ(made::read(file).codec, "jpeg");
}

TEST(Jpeg, SaysWhereItIsBroken)
{
    const std::string whole = made::jpeg_with_exif(made::tiff(exif));
    const Metadata cut = made::read(whole.substr(0, whole.size() - 24));
    EXPECT_EQ(cut.make, "Apple");
    EXPECT_EQ(cut.width, 0u);
    EXPECT_THAT(cut.troubles, Contains(HasSubstr("ends before its picture")));

    std::string garbage = whole;
    garbage.insert(garbage.find("\xff\xc0"), "garbage");
    EXPECT_EQ(made::read(garbage).width, 4032u);
    EXPECT_THAT(made::read(garbage).troubles, Contains(HasSubstr("no marker at byte ")));
    EXPECT_THAT(made::read("\xff\xd8\xff\xe1\0\1"s).troubles, Contains(HasSubstr("without a length")));
    EXPECT_THAT(made::read("\xff\xd8" + std::string(100'000, '\xff')).troubles, Contains(HasSubstr("JPEG")));
}

TEST(Png, HasWhatItsChunksSay)
{
    const std::string file =
        made::png(made::png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + made::xmp(label)) +
                  made::png_chunk("tEXt", "Title\0A t\xeftle"s) + made::png_chunk("IDAT", "pixels") +
                  made::png_chunk("eXIf", made::tiff(exif)));
    const Metadata m = made::read(file);

    expect_shared_facts(m);
    EXPECT_EQ(m.width, 1620u);
    EXPECT_EQ(m.height, 2160u);
    EXPECT_EQ(m.bit_depth, 8);
    EXPECT_EQ(m.codec, "png");
    EXPECT_EQ(m.orientation, 6);
    EXPECT_EQ(m.title, "A tïtle");
    EXPECT_EQ(made::raw(m, "PNG.Title"), "A tïtle");
}

TEST(Png, UnpacksWhatIsPacked)
{
    EXPECT_EQ(made::read(made::png(made::png_chunk("iTXt", "XML:com.adobe.xmp\0\1\0\0\0"s +
                                                               packed(made::xmp(label)))))
                  .label,
              "Green");
    const std::string bomb = packed(std::string(64u << 20, ' '));
    EXPECT_THAT(
        made::read(made::png(made::png_chunk("iTXt", "XML:com.adobe.xmp\0\1\0\0\0"s + bomb))).troubles,
        Contains(HasSubstr("packed text that can't be read")));
    EXPECT_THAT(made::read(made::png(made::png_chunk("iCCP", "name\0\0"s + bomb))).troubles,
                Contains(HasSubstr("colour profile that can't be read")));
}

TEST(Png, SaysThatItIsCut)
{
    const std::string whole = made::png(made::png_chunk("IDAT", "pixels"));
    const Metadata m = made::read(whole.substr(0, whole.size() - 14));
    EXPECT_EQ(m.width, 1620u);
    EXPECT_THAT(m.troubles, Contains(HasSubstr("ends before its end")));
    EXPECT_THAT(made::read(made::png(made::png_chunk("iTXt", "no end"))).troubles,
                Contains(HasSubstr("without an end")));
}

TEST(Png, RepeatsNoSizeThatItCantHave)
{
    for (const std::string& size : {big(0xffff'ffff, 4) + big(8, 4), big(8, 4) + big(0, 4)}) {
        std::string file = made::png("");
        file.replace(file.find("IHDR") + 4, 8, size);
        EXPECT_EQ(made::read(file).width, 0u);
        EXPECT_THAT(made::read(file).troubles, Contains(HasSubstr("how large it is")));
    }
}

TEST(Webp, HasWhatItsChunksSay)
{
    const std::string extended = "\x0c\0\0\0"s + little(1023, 3) + little(771, 3);
    const std::string frame =
        little(0, 3) + little(0, 3) + little(9, 3) + little(9, 3) + little(250, 3) + "\0"s;
    const Metadata m =
        made::read(made::webp(made::riff_chunk("VP8X", extended) + made::riff_chunk("ANMF", frame) +
                              made::riff_chunk("ANMF", frame) + made::riff_chunk("EXIF", made::tiff(exif)) +
                              made::riff_chunk("XMP ", made::xmp(label))));

    expect_shared_facts(m);
    EXPECT_EQ(m.mime, "image/webp");
    EXPECT_EQ(m.width, 1024u);
    EXPECT_EQ(m.height, 772u);
    EXPECT_EQ(m.duration_s, 0.5);
    EXPECT_EQ(m.codec, "webp");
}

TEST(Webp, KnowsItsSizeByEitherCoding)
{
    const std::string lossy = "\0\0\0\x9d\x01\x2a"s + little(640, 2) + little(480, 2);
    EXPECT_EQ(made::read(made::webp(made::riff_chunk("VP8 ", lossy))).width, 640u);
    EXPECT_EQ(made::read(made::webp(made::riff_chunk("VP8 ", lossy))).height, 480u);
    const std::string lossless = "\x2f" + little(639u | 479u << 14, 4);
    EXPECT_EQ(made::read(made::webp(made::riff_chunk("VP8L", lossless))).width, 640u);
    EXPECT_EQ(made::read(made::webp(made::riff_chunk("VP8L", lossless))).height, 480u);
    EXPECT_THAT(made::read(made::webp("")).troubles, Contains(HasSubstr("how large it is")));
    EXPECT_THAT(made::read(made::webp(made::riff_chunk("VP8 ", lossy).substr(0, 14))).troubles,
                Contains(HasSubstr("within a chunk")));
}

TEST(Gif, HasSizeDurationAndXmp)
{
    const std::string trailer = "\x01" + [] {
        std::string bytes;
        for (int i = 255; i >= 0; --i) bytes += static_cast<char>(i);
        return bytes;
    }() + "\0"s;
    const std::string head = "GIF89a" + little(320, 2) + little(240, 2) + "\x80\0\0"s + std::string(6, '\0');
    const std::string delay = "\x21\xf9\x04\0"s + little(50, 2) + "\0\0"s;
    const std::string picture = "\x2c" + std::string(8, '\0') + "\0\x02\x01x\0"s;
    const std::string packet = "\x21\xff\x0bXMP DataXMP" + made::xmp(label) + trailer;
    const Metadata m = made::read(head + packet + delay + picture + delay + picture + "\x3b");

    EXPECT_EQ(m.mime, "image/gif");
    EXPECT_EQ(m.width, 320u);
    EXPECT_EQ(m.height, 240u);
    EXPECT_EQ(m.duration_s, 1.0);
    EXPECT_EQ(m.label, "Green");
    EXPECT_THAT(m.troubles, IsEmpty());
    EXPECT_THAT(made::read(head + delay + picture.substr(0, 10)).troubles,
                Contains(HasSubstr("before its end")));
}

/// A codestream's header, written bit by bit, the lowest of a byte first.
class JxlHeader {
public:
    JxlHeader& put(std::uint32_t value, int count)
    {
        for (int i = 0; i < count; ++i, ++at_) {
            if (at_ % 8 == 0) bytes_ += '\0';
            if (value >> i & 1) bytes_.back() = static_cast<char>(bytes_.back() | 1 << at_ % 8);
        }
        return *this;
    }
    std::string stream() const { return "\xff\x0a" + bytes_; }

private:
    std::string bytes_;
    int at_ = 0;
};

TEST(Jxl, TellsSizeOrientationAndDepth)
{
    // 1024 x 631, each in 13 bits of what is not small; no usual ratio; turned; 10 bits.
    const std::string stream = JxlHeader{}
                                   .put(0, 1)
                                   .put(1, 2)
                                   .put(630, 13)
                                   .put(0, 3)
                                   .put(1, 2)
                                   .put(1023, 13)
                                   .put(0, 1)
                                   .put(1, 1)
                                   .put(5, 3)
                                   .put(0, 3)
                                   .put(0, 1)
                                   .put(1, 2)
                                   .put(0, 30)
                                   .stream();
    const Metadata m = made::read(stream);
    EXPECT_EQ(m.mime, "image/jxl");
    EXPECT_EQ(m.width, 1024u);
    EXPECT_EQ(m.height, 631u);
    EXPECT_EQ(m.orientation, 6);
    EXPECT_EQ(m.bit_depth, 10);

    // Eighths, and a ratio: 16:9 of 720 rows.
    const Metadata small =
        made::read(JxlHeader{}.put(1, 1).put(29, 5).put(5, 3).put(1, 1).put(0, 30).stream());
    EXPECT_EQ(small.height, 240u);
    EXPECT_EQ(small.width, 426u);
    EXPECT_EQ(small.bit_depth, 8);
    EXPECT_THAT(made::read("\xff\x0a\x00"s).troubles, Contains(HasSubstr("within its header")));
}

/// A stream of Brotli's (RFC 7932) with these bytes as they are, and one that is the last and empty.
std::string in_brotli(const std::string& bytes)
{
    // One bit chooses the window, one says that more follows, two that four digits of four bits tell the
    // length less one, and one behind it that nothing is packed.
    const std::uint32_t head = static_cast<std::uint32_t>(bytes.size() - 1) << 4 | 1u << 20;
    return little(head, 3) + bytes + '\x03';
}

TEST(Jxl, HasWhatItsBoxesSay)
{
    const std::string stream = JxlHeader{}.put(1, 1).put(29, 5).put(1, 3).put(1, 1).put(0, 30).stream();
    const std::string head = made::box("JXL ", "\r\n\x87\n") + made::box("ftyp", "jxl \0\0\0\0jxl "s);
    const Metadata m = made::read(head + made::box("jxlp", big(0, 4) + stream) +
                                  made::box("Exif", big(2, 4) + "\0\0"s + made::tiff(exif)) +
                                  made::box("xml ", made::xmp(label)));
    expect_shared_facts(m);
    EXPECT_EQ(m.width, 240u);
    EXPECT_EQ(m.orientation, 1); // the codestream's; EXIF's doesn't count
    EXPECT_THAT(made::read(head).troubles, Contains(HasSubstr("how large it is")));
    const std::string cut = head + made::box("jxlc", stream);
    EXPECT_THAT(made::read(cut.substr(0, cut.size() - 1)).troubles,
                Contains("The JPEG XL ends within a box."));

    const auto with = [&](const std::string& packed) {
        return made::read(head + made::box("jxlc", stream) + made::box("brob", packed));
    };
    const std::string block = in_brotli(big(2, 4) + "\0\0"s + made::tiff(exif));
    EXPECT_EQ(with("Exif" + block).make, "Apple");
    EXPECT_EQ(with("Exif" + block).orientation, 1);
    EXPECT_EQ(with("xml " + in_brotli(made::xmp(label))).label, "Green");
    EXPECT_THAT(with("Exif" + block).troubles, IsEmpty());
    EXPECT_THAT(with("jumb" + block).troubles, IsEmpty()); // nor is it read where it isn't packed
    for (const std::string& broken : {"Exif..."s, "Exif"s, "Exif" + block.substr(0, block.size() - 1)})
        EXPECT_THAT(with(broken).troubles, Contains(HasSubstr("Exif packed by Brotli that can't be read")));
}

TEST(Tiff, IsReadByExiv2WithWhatStandsInIt)
{
    const std::string file = made::tiff(Folder{}
                                            .longs(0x0100, {640})
                                            .longs(0x0101, {480})
                                            .shorts(0x0106, {2})
                                            .ascii(0x010f, "Apple")
                                            .bytes(0x02bc, made::xmp(label)));
    const Metadata m = made::read(file);
    expect_shared_facts(m);
    EXPECT_EQ(m.mime, "image/tiff");
    EXPECT_EQ(m.width, 640u);
    EXPECT_EQ(m.height, 480u);
}

TEST(Raw, TellsKindSizeTimeAndCamera)
{
    const Folder sensor =
        Folder{}.longs(0x00fe, {0}).longs(0x0100, {4032}).longs(0x0101, {3024}).shorts(0x0106, {32803});
    const Folder first = Folder{}
                             .longs(0x00fe, {1})
                             .longs(0x0100, {256})
                             .longs(0x0101, {192})
                             .ascii(0x010f, "NIKON CORPORATION")
                             .ascii(0x0110, "NIKON Z 9")
                             .below(0x014a, sensor)
                             .below(0x8769, Folder{}.ascii(0x9003, "2024:05:31 14:03:22"));
    const Metadata nef = made::read(made::tiff(first, ByteOrder::little));
    EXPECT_EQ(nef.kind, MediaKind::raw);
    EXPECT_EQ(nef.mime, "image/x-nikon-nef");
    EXPECT_EQ(nef.model, "NIKON Z 9");
    EXPECT_EQ(nef.taken.local, "2024-05-31T14:03:22");
    EXPECT_EQ(nef.width, 4032u);

    Folder dng = first;
    dng.bytes(0xc612, "\1\4\0\0"s);
    EXPECT_EQ(made::read(made::tiff(dng)).mime, "image/x-adobe-dng");
    const std::string by_tiff_ep = made::tiff(
        Folder{}.ascii(0x010f, "Google").ascii(0x9003, "2024:05:31 14:03:22").bytes(0xc612, "\1\4\0\0"s));
    EXPECT_EQ(made::read(by_tiff_ep).taken.local, "2024-05-31T14:03:22");
    EXPECT_THAT(made::read("FUJIFILMCCD-RAW 0201"s).troubles, Contains(HasSubstr("Exiv2 can't read it")));
    EXPECT_EQ(made::read("FUJIFILMCCD-RAW 0201"s).kind, MediaKind::raw);
    // Offsets whose sum is more than a number holds: Exiv2 throws what is none of its own exceptions.
    EXPECT_THAT(made::read("FUJIFILMCCD-RAW 0201" + std::string(400, '\x8e')).troubles,
                Contains(HasSubstr("Exiv2 can't read it")));
}

/// A HEIC as libheif refuses it: of a version that comes after all that it knows.
std::string refused(std::string file)
{
    file[file.find("meta") + 4] = 32;
    return file;
}

std::string refused_heic(const std::string& block)
{
    test::HeifMaker maker;
    const unsigned size = maker.size(4032, 3024);
    maker.item("Exif", big(6, 4) + "Exif\0\0"s + block);
    maker.item("mime", made::xmp(label), {}, "application/rdf+xml"s + '\0');
    maker.main = maker.item("hvc1", std::string(100, 'x'), {size, maker.hevc(), maker.rotation(3)});
    return refused(maker.file());
}

TEST(Heif, HasItsMetadataWhereTheDecoderRefusesIt)
{
    const Metadata m = made::read(refused_heic(made::tiff(exif)));

    EXPECT_EQ(m.mime, "image/heic");
    EXPECT_THAT(m.troubles, Contains(HasSubstr("libheif refuses it")));
    EXPECT_EQ(m.make, "Apple");
    EXPECT_EQ(m.label, "Green");
    EXPECT_EQ(m.width, 4032u);
    EXPECT_EQ(m.height, 3024u);
    EXPECT_EQ(m.orientation, 6); // by its own property
}

TEST(Heif, RepeatsNoSizeThatNoPictureHas)
{
    test::HeifMaker maker;
    maker.item("Exif", big(0, 4) + made::tiff(exif));
    maker.main = maker.item("hvc1", std::string(100, 'x'), {maker.size(4'000'000'000, 3024), maker.hevc()});
    const Metadata m = made::read(refused(maker.file()));
    EXPECT_EQ(m.width, 0u);
    EXPECT_EQ(m.make, "Apple");
}

TEST(Heif, TakesItsOrientationFromItsOwnPropertyOnly)
{
    test::HeifMaker maker;
    maker.item("hvc1", std::string(100, 'x'), {maker.size(640, 480), maker.hevc()});
    maker.refer("cdsc", maker.item("Exif", big(0, 4) + made::tiff(exif)), {1});
    const Metadata m = made::read(maker.file());
    EXPECT_EQ(m.make, "Apple");
    EXPECT_EQ(m.orientation, 1);
}

} // namespace
} // namespace photosafe::worker
