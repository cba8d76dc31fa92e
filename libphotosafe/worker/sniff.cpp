// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/sniff.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "worker/tiff.hpp"

namespace photosafe::worker {

namespace {

using namespace std::string_view_literals;

struct Magic {
    std::size_t at;
    std::string_view bytes;
    Sniffed is;
};

constexpr MediaKind photo = MediaKind::photo, video = MediaKind::video, raw = MediaKind::raw;

/// Formats that a few bytes at one place tell.
constexpr std::array magics{
    Magic{0, "\xff\xd8\xff"sv, {Shape::jpeg, photo, "image/jpeg"}},
    Magic{0, "\x89PNG\r\n\x1a\n"sv, {Shape::png, photo, "image/png"}},
    Magic{0, "GIF87a"sv, {Shape::gif, photo, "image/gif"}},
    Magic{0, "GIF89a"sv, {Shape::gif, photo, "image/gif"}},
    Magic{0, "\0\0\0\x0cJXL \r\n\x87\n"sv, {Shape::jxl, photo, "image/jxl"}},
    Magic{0, "\xff\x0a"sv, {Shape::jxl, photo, "image/jxl"}},
    Magic{0, "\0\0\0\x0cjP  \r\n\x87\n"sv, {Shape::unknown, photo, "image/jp2"}},
    Magic{0, "FUJIFILMCCD-RAW"sv, {Shape::raw, raw, "image/x-fujifilm-raf"}},
    Magic{6, "HEAPCCDR"sv, {Shape::raw, raw, "image/x-canon-crw"}},
    Magic{0, "\0MRM"sv, {Shape::raw, raw, "image/x-minolta-mrw"}},
    Magic{0,
          "\xff\x01"
          "Exiv2"sv,
          {Shape::raw, MediaKind::sidecar, "image/x-exv"}},
    Magic{0, "FOVb"sv, {Shape::raw, raw, "image/x-sigma-x3f"}},
    Magic{0, "IIU\0"sv, {Shape::tiff, raw, "image/x-panasonic-rw2"}},
    Magic{0, "IIRO"sv, {Shape::tiff, raw, "image/x-olympus-orf"}},
    Magic{0, "IIRS"sv, {Shape::tiff, raw, "image/x-olympus-orf"}},
    Magic{0, "MMOR"sv, {Shape::tiff, raw, "image/x-olympus-orf"}},
    Magic{0, "\x1a\x45\xdf\xa3"sv, {Shape::movie, video, "video/x-matroska"}},
    Magic{0, "\0\0\x01\xba"sv, {Shape::movie, video, "video/mpeg"}},
    Magic{0, "\0\0\x01\xb3"sv, {Shape::movie, video, "video/mpeg"}},
    Magic{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, {Shape::movie, video, "video/x-ms-wmv"}},
};

/// Whether an MPEG transport stream begins so, with packets of 188 bytes or (AVCHD) of 192.
bool is_transport_stream(ByteView file)
{
    const auto every = [&](std::size_t first, std::size_t step) {
        for (std::size_t i = 0; i < 4; ++i)
            if (file.u8(first + i * step) != 0x47) return false;
        return true;
    };
    return every(0, 188) || every(4, 192);
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// What a brand of a `ftyp` box stands for; none for one that says nothing of it.
std::optional<Sniffed> of_brand(std::string_view brand)
{
    const auto heif = [](std::string_view mime) { return Sniffed{Shape::heif, photo, mime}; };
    const auto movie = [](std::string_view mime) { return Sniffed{Shape::movie, video, mime}; };
    if (one_of(brand, {"heic", "heix", "heim", "heis"})) return heif("image/heic");
    if (one_of(brand, {"hevc", "hevx", "hevm", "hevs"})) return heif("image/heic-sequence");
    if (one_of(brand, {"avif", "avio"})) return heif("image/avif");
    if (brand == "avis") return heif("image/avif-sequence");
    if (brand == "crx ") return Sniffed{Shape::raw, raw, "image/x-canon-cr3"};
    if (brand == "qt  ") return movie("video/quicktime");
    if (brand.starts_with("3gp") || brand.starts_with("3gr") || brand.starts_with("3gs"))
        return movie("video/3gpp");
    if (brand.starts_with("3g2")) return movie("video/3gpp2");
    if (brand.starts_with("M4V")) return movie("video/x-m4v");
    if (brand.starts_with("M4A") || brand.starts_with("M4B"))
        return Sniffed{Shape::unknown, MediaKind::unknown, "audio/mp4"};
    return std::nullopt;
}

/// Brands that say only what the file is made of. They decide where no other brand does.
std::optional<Sniffed> of_wide_brand(std::string_view brand)
{
    if (one_of(brand, {"mif1", "mif2", "mif3", "miaf", "jpeg", "j2ki", "vvic", "avci"}))
        return Sniffed{Shape::heif, photo, "image/heif"};
    if (one_of(brand, {"msf1", "jpgs"})) return Sniffed{Shape::heif, photo, "image/heif-sequence"};
    return std::nullopt;
}

/// A file of ISO boxes by its brands, the major one first. `mif1` before `heic` is HEIC: the first says that
/// it holds pictures, the second which.
Sniffed of_brands(ByteView file)
{
    const std::uint32_t box = file.u32(0, ByteOrder::big);
    const ByteView brands = file.part(8, std::clamp<std::uint32_t>(box, 16, 264) - 8);
    if (const auto major = of_brand(brands.text(0, 4))) return *major;
    const bool pictures = of_wide_brand(brands.text(0, 4)).has_value();
    // The short form of HEIF has a brand where others have a version.
    for (std::size_t at = brands.text(0, 4) == "mif3" ? 4 : 8; at + 4 <= brands.size(); at += 4) {
        const auto compatible = of_brand(brands.text(at, 4));
        // A still whose brand is wide may name movies among what it is compatible with.
        if (compatible && (!pictures || compatible->shape == Shape::heif)) return *compatible;
    }
    for (std::size_t at = 0; at + 4 <= brands.size(); at += at == 0 ? 8 : 4) {
        if (const auto wide = of_wide_brand(brands.text(at, 4))) return *wide;
    }
    return {Shape::movie, video, "video/mp4"};
}

/// QuickTime as it was before `ftyp`.
bool is_old_quicktime(ByteView file)
{
    return file.size() >= 8 && one_of(file.text(4, 4), {"moov", "mdat", "wide", "free", "skip", "pnot"});
}

Sniffed of_riff(ByteView file)
{
    const std::string_view form = file.text(8, 4);
    if (form == "WEBP") return {Shape::webp, photo, "image/webp"};
    if (form == "AVI ") return {Shape::movie, video, "video/x-msvideo"};
    return {};
}

/// What RAW a maker's TIFF is; empty where that isn't known.
std::string_view raw_of(std::string_view make)
{
    struct Maker {
        std::string_view make, mime;
    };
    static constexpr std::array makers{Maker{"NIKON", "image/x-nikon-nef"},
                                       Maker{"SONY", "image/x-sony-arw"},
                                       Maker{"Canon", "image/x-canon-cr2"},
                                       Maker{"PENTAX", "image/x-pentax-pef"},
                                       Maker{"RICOH", "image/x-pentax-pef"},
                                       Maker{"SAMSUNG", "image/x-samsung-srw"},
                                       Maker{"Hasselblad", "image/x-hasselblad-3fr"},
                                       Maker{"KODAK", "image/x-kodak-dcr"},
                                       Maker{"Kodak", "image/x-kodak-dcr"},
                                       Maker{"EPSON", "image/x-epson-erf"},
                                       Maker{"Phase One", "image/x-raw"}};
    for (const Maker& one : makers)
        if (make.starts_with(one.make)) return one.mime;
    return "image/x-raw";
}

/// Whether a folder's picture is a sensor's, before it was made a picture.
bool holds_raw(const TiffBlock& block, const TiffFolder& folder)
{
    constexpr std::uint16_t compression = 0x0103, interpretation = 0x0106;
    const auto how = block.number(folder, compression).value_or(0);
    const auto what = block.number(folder, interpretation).value_or(0);
    constexpr std::array<std::uint32_t, 7> of_raw{32767, 32769, 32770, 32867, 34713, 65000, 65535};
    return what == 32803 || what == 34892 || std::find(of_raw.begin(), of_raw.end(), how) != of_raw.end();
}

Sniffed of_tiff(ByteView file)
{
    constexpr std::uint16_t make = 0x010f, sub_folders = 0x014a, dng_version = 0xc612;
    const Sniffed plain{Shape::tiff, photo, "image/tiff"};
    if (file.text(8, 2) == "CR") return {Shape::tiff, raw, "image/x-canon-cr2"};
    const auto block = TiffBlock::open(file);
    const auto first = block ? block->folder(block->first) : std::nullopt;
    if (!first) return plain;
    if (first->find(dng_version)) return {Shape::tiff, raw, "image/x-adobe-dng"};
    const std::vector<TiffFolder> below = block->below(*first, sub_folders);
    const bool sensor =
        holds_raw(*block, *first) ||
        std::any_of(below.begin(), below.end(), [&](const auto& one) { return holds_raw(*block, one); });
    if (!sensor) return plain;
    const TiffEntry* maker = first->find(make);
    return {Shape::tiff, raw, raw_of(maker ? maker->value.text() : ""sv)};
}

/// XML, or a property list: an edit's recipe, or XMP.
Sniffed of_text(ByteView file)
{
    constexpr std::string_view recipe = "adjustmentFormatIdentifier";
    const Sniffed edit{Shape::edit, MediaKind::sidecar, "application/vnd.apple.photos"};
    if (file.text(0, 6) == "bplist") {
        if (file.size() <= largest_plist && file.text().find(recipe) != std::string_view::npos) return edit;
        return {Shape::unknown, MediaKind::unknown, plist_mime};
    }
    const std::string text = text_as_utf8(file.part(0, 4096).bytes());
    std::string_view head = text;
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    if (!head.starts_with('<')) return {};
    if (head.find("<x:xmpmeta") != std::string_view::npos ||
        head.find("<rdf:RDF") != std::string_view::npos || head.starts_with("<?xpacket")) {
        return {Shape::xmp, MediaKind::sidecar, "application/rdf+xml"};
    }
    if (head.find("<plist") == std::string_view::npos &&
        head.find("<!DOCTYPE plist") == std::string_view::npos)
        return {};
    if (file.size() <= largest_plist && file.text().find(recipe) != std::string_view::npos) return edit;
    return {Shape::unknown, MediaKind::unknown, plist_mime};
}

} // namespace

Sniffed sniff(ByteView file)
{
    for (const Magic& magic : magics)
        if (file.text(magic.at, magic.bytes.size()) == magic.bytes) return magic.is;
    if (file.text(4, 4) == "ftyp") return of_brands(file);
    if (file.text(0, 4) == "RIFF") return of_riff(file);
    if (file.text(0, 4) == "II*\0"sv || file.text(0, 4) == "MM\0*"sv || file.text(0, 4) == "II+\0"sv ||
        file.text(0, 4) == "MM\0+"sv) {
        return of_tiff(file);
    }
    if (is_old_quicktime(file)) return {Shape::movie, video, "video/quicktime"};
    if (file.text(0, 2) == "BM" && file.size() >= 26 && file.u32(6, ByteOrder::little) == 0)
        return {Shape::unknown, photo, "image/bmp"};
    if (is_transport_stream(file)) return {Shape::movie, video, "video/mp2t"};
    return of_text(file);
}

} // namespace photosafe::worker
