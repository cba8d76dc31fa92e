// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exiv2_copy.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "worker/exiv2_image.hpp"
#include "worker/tiff_pictures.hpp"

namespace photosafe::worker {

namespace {

/// Tags of the first folder that say how a TIFF or RAW is stored, and nothing of the picture: TIFF 6.0 and
/// its supplements. Those of DNG begin with `first_of_dng`.
bool is_of_storage(std::uint16_t tag)
{
    struct Range {
        std::uint16_t first, last;
    };
    static constexpr std::array<Range, 24> ranges{{
        {0x00fe, 0x0103}, // kind of folder, size, depth, packing
        {0x0106, 0x010a}, // photometric interpretation, thresholds, fill order
        {0x0111, 0x0111}, // strips
        {0x0115, 0x0119}, {0x011c, 0x011c}, {0x0120, 0x0125}, // samples, planes, what is free, fax
        {0x012d, 0x012d}, {0x013d, 0x013d}, {0x0140, 0x0145}, // transfer, predictor, palette, tiles
        {0x014a, 0x0159}, {0x015b, 0x015b},                   // folders below, inks, samples, tables of JPEG
        {0x0200, 0x0209}, {0x0211, 0x0212}, {0x0214, 0x0214}, // JPEG as it was, Y, Cb and Cr, black and white
        {0x02bc, 0x02bc}, {0x828d, 0x828e}, {0x83bb, 0x83bb}, // XMP, the mosaic, IPTC
        {0x8649, 0x8649}, {0x8769, 0x8769}, {0x8773, 0x8773}, // Photoshop, EXIF, profile
        {0x8825, 0x8825}, {0x9214, 0x9214}, {0x9216, 0x9216},
        {0xa005, 0xa005}, // GPS, TIFF/EP, interoperability
    }};
    constexpr std::uint16_t first_of_dng = 0xc612;
    // The camera's models and number, the lens, the file's name.
    constexpr std::array<std::uint16_t, 5> facts_of_dng{0xc614, 0xc615, 0xc62f, 0xc630, 0xc68b};
    if (std::find(facts_of_dng.begin(), facts_of_dng.end(), tag) != facts_of_dng.end()) return false;
    return tag >= first_of_dng || std::any_of(ranges.begin(), ranges.end(), [tag](const Range& range) {
               return tag >= range.first && tag <= range.last;
           });
}

constexpr std::string_view photoshop_name{"Photoshop 3.0\0", 14};

/// What IPTC calls places: of its second record.
constexpr std::array<std::uint16_t, 7> iptc_places{26, 27, 90, 92, 95, 100, 101};

/// Notes that Exiv2 has taken apart stand in groups of their own, beside the whole one.
bool is_note_part(const Exiv2::Exifdatum& datum)
{
    const std::string group = datum.groupName();
    return group != "Image" && group != "Photo" && group != "GPSInfo" && group != "Iop";
}

Bytes encoded(const Exiv2::ExifData& exif)
{
    if (exif.empty()) return {};
    Exiv2::Blob blob;
    Exiv2::ExifParser::encode(blob, Exiv2::littleEndian, exif);
    return {blob.begin(), blob.end()};
}

/// Encodes, and names in `lost` what Exiv2 leaves out: it writes entries of a few kilobytes each.
Bytes encoded_with_loss(const Exiv2::ExifData& data, std::vector<std::string>& lost)
{
    Bytes result = encoded(data);
    Exiv2::ExifData written;
    Exiv2::ExifParser::decode(written, result.data(), static_cast<std::uint32_t>(result.size()));
    bool note = false, further = false;
    for (const Exiv2::Exifdatum& datum : data) {
        if (written.findKey(Exiv2::ExifKey{datum.key()}) != written.end()) continue;
        (datum.tagName() == "MakerNote" ? note : further) = true;
    }
    if (note) lost.emplace_back("maker_note");
    if (further) lost.emplace_back("further_exif");
    return result;
}

Bytes exif_of(const Exiv2::ExifData& from, std::vector<std::string>& lost)
{
    constexpr std::uint16_t padding = 0xea1c, offset_schema = 0xea1d; // of Windows; they say nothing
    Exiv2::ExifData kept;
    bool unknown = false;
    for (const Exiv2::Exifdatum& datum : from) {
        if (is_note_part(datum) || datum.tag() == padding || datum.tag() == offset_schema) continue;
        if (datum.groupName() == "Image" && is_of_storage(datum.tag())) continue;
        if (datum.tagName().starts_with("0x")) {
            unknown = true;
        } else {
            kept.add(datum);
        }
    }
    Bytes result = encoded_with_loss(kept, lost);
    if (unknown && std::find(lost.begin(), lost.end(), "further_exif") == lost.end())
        lost.emplace_back("further_exif");
    return result;
}

int orientation_of(const Exiv2::ExifData& exif)
{
    const auto found = exif.findKey(Exiv2::ExifKey{"Exif.Image.Orientation"});
    if (found == exif.end() || found->count() != 1) return 1;
    const long value = found->toLong();
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

/// As APP13 of a JPEG has it.
Bytes block_of(const Exiv2::IptcData& iptc)
{
    const Exiv2::DataBuf block = Exiv2::Photoshop::setIptcIrb(nullptr, 0, iptc);
    Bytes result(photoshop_name.size() + static_cast<std::size_t>(block.size_));
    std::copy_n(block.pData_, block.size_,
                std::copy(photoshop_name.begin(), photoshop_name.end(), result.begin()));
    return result;
}

Told told_by(const Exiv2::Image& image)
{
    Told told;
    told.beside.exif = exif_of(image.exifData(), told.lost);
    told.beside.xmp = image.xmpPacket();
    // Of TIFF and RAW Exiv2 keeps no packet, only what was in it.
    if (told.beside.xmp.empty() && !image.xmpData().empty() &&
        Exiv2::XmpParser::encode(told.beside.xmp, image.xmpData(), Exiv2::XmpParser::omitPacketWrapper) != 0)
        told.beside.xmp.clear();
    if (!image.iptcData().empty()) told.beside.iptc = block_of(image.iptcData());
    told.orientation = orientation_of(image.exifData());
    if (const Exiv2::ExifThumbC thumbnail{image.exifData()};
        thumbnail.mimeType() == std::string{"image/jpeg"}) {
        const Exiv2::DataBuf jpeg = thumbnail.copy();
        told.thumbnail.assign(jpeg.pData_, jpeg.pData_ + jpeg.size_);
    }
    return told;
}

/// Of all JPEGs inside, the smallest one that is large enough, else the largest.
class Choice {
public:
    explicit Choice(std::uint32_t enough) : enough_{enough} {}

    void offer(std::span<const std::uint8_t> jpeg)
    {
        std::uint32_t edge = 0;
        try {
            const JpegHeader header = read_jpeg_header(jpeg);
            edge = std::max(header.width, header.height);
        } catch (const CannotRender&) {
            return; // raw data can be a JPEG too, of a kind that is no picture
        }
        const bool fits = enough_ > 0 && edge >= enough_, fitted = enough_ > 0 && edge_ >= enough_;
        if (fits && fitted ? edge < edge_ : edge > edge_) {
            best_.assign(jpeg.begin(), jpeg.end());
            edge_ = edge;
        }
    }
    Bytes take() { return std::move(best_); }

private:
    std::uint32_t enough_;
    std::uint32_t edge_ = 0;
    Bytes best_;
};

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/// By its name and those of the structures that it lies in (`LocationShown[1]/Iptc4xmpExt:City`), whosever
/// they are: many programs have namespaces of their own, and what is dropped in vain costs less than a place
/// that is told.
bool is_place(const Exiv2::Xmpdatum& datum)
{
    static constexpr std::array<std::string_view, 31> names{
        "city",        "cityname",    "sublocation",  "state",       "provincestate", "stateprovince",
        "country",     "countrycode", "countryname",  "county",      "municipality",  "worldregion",
        "continent",   "island",      "lat",          "long",        "lon",           "lng",
        "positionlat", "positionlon", "positionlong", "coordinates", "geo",           "place",
        "placename",   "town",        "suburb",       "address",     "street",        "landmark",
        "venue"};

    const std::string group = datum.groupName();
    if (group == "mwg-rs") return false; // regions of the picture
    const std::string path = lower(datum.tagName());
    if (group == "dc") return path == "coverage";
    for (const std::string_view word : {"gps", "location", "latitude", "longitude"})
        if (path.find(word) != std::string::npos) return true;
    for (std::string_view rest = path; !rest.empty();) {
        const std::string_view step = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(step.size() + 1, rest.size()));
        const std::string_view name = step.substr(step.find(':') + 1); // none: all of it
        if (std::find(names.begin(), names.end(), name.substr(0, name.find('['))) != names.end()) return true;
    }
    return false;
}

/// Where faces are, as the metadata working group and Microsoft tell it.
bool is_of_regions(const Exiv2::Xmpdatum& datum)
{
    const std::string group = datum.groupName();
    return group == "mwg-rs" || datum.tagName().starts_with("ImageRegion") ||
           (group == "MP" && datum.tagName().starts_with("RegionInfo"));
}

/// A movie or a gain map behind the picture, as Google's, Adobe's and Apple's programs tell of them.
bool is_of_further_parts(const Exiv2::Xmpdatum& datum)
{
    const std::string group = datum.groupName(), name = datum.tagName();
    if (group == "Container" || group == "GContainer" || group == "hdrgm" || group == "HDRGainMap")
        return true;
    return name.starts_with("MotionPhoto") || name.starts_with("MicroVideo");
}

/// What it has to say of the rendition's pixels, if it is one that says it.
std::optional<std::uint32_t> told_of_pixels(const Exiv2::Xmpdatum& datum, const BesideChange& change)
{
    const std::string key = datum.key();
    if (key == "Xmp.tiff.Orientation") return static_cast<std::uint32_t>(change.orientation);
    if (key == "Xmp.tiff.ImageWidth" || key == "Xmp.exif.PixelXDimension") return change.width;
    if (key == "Xmp.tiff.ImageLength" || key == "Xmp.exif.PixelYDimension") return change.height;
    if (key == "Xmp.exif.ColorSpace" && change.srgb) return 1;
    return std::nullopt;
}

/// Whether a packet is worth reading: what changes nothing goes along byte for byte.
bool may_have_to_change(std::string_view packet, const BesideChange& change)
{
    if (change.strip_location || change.turned_by != 1 || change.cropped || change.srgb) return true;
    constexpr std::array<std::string_view, 10> words{
        "exif:Subject",    "Orientation", "ImageWidth", "ImageLength", "PixelXDimension",
        "PixelYDimension", "MotionPhoto", "MicroVideo", "Container",   "GainMap"};
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return packet.find(word) != std::string_view::npos; }) ||
           packet.find("hdr-gain-map") != std::string_view::npos;
}

} // namespace

Told read_beside(std::span<const std::uint8_t> file)
try {
    return told_by(*read_image(ByteView{file}));
} catch (...) {
    (void)exiv2_trouble();
    return {};
}

RawPreview read_raw_preview(std::span<const std::uint8_t> file, std::uint32_t enough)
{
    Choice choice{enough};
    for (const ByteView jpeg : jpegs_in_tiff(file)) choice.offer(jpeg.bytes());
    RawPreview result;
    std::string trouble;
    try {
        const auto image = read_image(ByteView{file});
        result.told = told_by(*image);
        const Exiv2::PreviewManager manager{*image};
        for (const Exiv2::PreviewProperties& one : manager.getPreviewProperties()) {
            if (one.mimeType_ != "image/jpeg") continue;
            const Exiv2::PreviewImage preview = manager.getPreviewImage(one);
            choice.offer({preview.pData(), preview.size()});
        }
    } catch (...) {
        trouble = " Exiv2 can't read it: " + exiv2_trouble() + '.';
    }
    result.jpeg = choice.take();
    if (result.jpeg.empty()) throw CannotRender{"No JPEG preview is inside." + trouble};
    return result;
}

std::optional<std::string> change_xmp(const std::string& packet, const BesideChange& change,
                                      std::vector<std::string>& lost)
{
    if (packet.empty() || !may_have_to_change(packet, change)) return packet;
    try {
        Exiv2::XmpData data;
        if (Exiv2::XmpParser::decode(data, packet) != 0) return std::nullopt;
        bool changed = false, regions = false, subject = false;
        for (auto datum = data.begin(); datum != data.end();) {
            const bool region = (change.turned_by != 1 || change.cropped) && is_of_regions(*datum);
            const bool place_of_subject =
                datum->groupName() == "exif" && datum->tagName().starts_with("Subject");
            const bool other_colours = change.srgb && datum->key() == "Xmp.photoshop.ICCProfile";
            regions |= region;
            subject |= place_of_subject;
            if (region || place_of_subject || other_colours || is_of_further_parts(*datum) ||
                (change.strip_location && is_place(*datum))) {
                datum = data.erase(datum);
                changed = true;
                continue;
            }
            const auto told = told_of_pixels(*datum, change);
            if (told && datum->toString() != std::to_string(*told)) {
                datum->setValue(std::to_string(*told));
                changed = true;
            }
            ++datum;
        }
        if (regions) lost.emplace_back("regions");
        if (subject) lost.emplace_back("subject_area"); // EXIF's own, if there is one, goes along
        if (!changed) return packet;
        std::string result;
        if (Exiv2::XmpParser::encode(result, data, Exiv2::XmpParser::omitPacketWrapper) != 0)
            return std::nullopt;
        return result;
    } catch (...) {
        (void)exiv2_trouble();
        return std::nullopt;
    }
}

Bytes without_places(const Bytes& iptc)
try {
    if (iptc.size() <= photoshop_name.size()) return {};
    const std::uint8_t* const block = iptc.data() + photoshop_name.size();
    const auto size = static_cast<long>(iptc.size() - photoshop_name.size());
    const Exiv2::byte* record = nullptr;
    std::uint32_t header = 0, data = 0;
    if (Exiv2::Photoshop::locateIptcIrb(block, size, &record, &header, &data) != 0) return {};
    Exiv2::IptcData facts;
    if (Exiv2::IptcParser::decode(facts, record + header, data) != 0) return {};
    for (auto datum = facts.begin(); datum != facts.end();) {
        const bool place =
            datum->record() == Exiv2::IptcDataSets::application2 &&
            std::find(iptc_places.begin(), iptc_places.end(), datum->tag()) != iptc_places.end();
        datum = place ? facts.erase(datum) : std::next(datum);
    }
    return facts.empty() ? Bytes{}
                         : block_of(facts); // nothing else of the block: it can hold EXIF, and thumbnails
} catch (...) {
    (void)exiv2_trouble();
    return {};
}

Bytes without_maker_note(const Bytes& exif, std::vector<std::string>& lost)
try {
    Exiv2::ExifData data;
    Exiv2::ExifParser::decode(data, exif.data(), static_cast<std::uint32_t>(exif.size()));
    for (auto datum = data.begin(); datum != data.end();) {
        const bool note = datum->tagName() == "MakerNote";
        if (note) lost.emplace_back("maker_note");
        datum = note || is_note_part(*datum) ? data.erase(datum) : std::next(datum);
    }
    return encoded_with_loss(data, lost);
} catch (...) {
    (void)exiv2_trouble();
    return {};
}

} // namespace photosafe::worker
