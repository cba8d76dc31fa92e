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

/// Tags of the first folder that speak of the picture, not of how a TIFF or RAW is stored.
constexpr std::array<std::string_view, 14> of_picture{
    "Make",     "Model",           "Orientation",  "XResolution", "YResolution", "ResolutionUnit",
    "Software", "DateTime",        "HostComputer", "Artist",      "Copyright",   "ImageDescription",
    "Rating",   "YCbCrPositioning"};

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

Bytes exif_of(const Exiv2::ExifData& from)
{
    Exiv2::ExifData kept;
    for (const Exiv2::Exifdatum& datum : from) {
        const std::string group = datum.groupName();
        const std::string name = datum.tagName();
        const bool picture =
            group == "Image" && std::find(of_picture.begin(), of_picture.end(), name) != of_picture.end();
        if (picture || (group != "Image" && !is_note_part(datum) && !name.starts_with("0x"))) kept.add(datum);
    }
    return encoded(kept);
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
    told.beside.exif = exif_of(image.exifData());
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
    return group == "mwg-rs" || (group == "MP" && datum.tagName().starts_with("RegionInfo"));
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

std::optional<std::string> change_xmp(const std::string& packet, const XmpChange& change,
                                      std::vector<std::string>& lost)
{
    const bool tells_orientation = packet.find("tiff:Orientation") != std::string::npos;
    if (packet.empty() || (!tells_orientation && !change.strip_location && !change.turned)) return packet;
    try {
        Exiv2::XmpData data;
        if (Exiv2::XmpParser::decode(data, packet) != 0) return std::nullopt;
        bool changed = false, regions = false;
        for (auto datum = data.begin(); datum != data.end();) {
            const bool region = change.turned && is_of_regions(*datum);
            regions |= region;
            if (region || (change.strip_location && is_place(*datum))) {
                datum = data.erase(datum);
                changed = true;
                continue;
            }
            if (datum->key() == "Xmp.tiff.Orientation" &&
                datum->toString() != std::to_string(change.orientation)) {
                datum->setValue(std::to_string(change.orientation));
                changed = true;
            }
            ++datum;
        }
        if (regions) lost.emplace_back("regions");
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
    Bytes result = encoded(data);
    // Exiv2 writes entries of a few kilobytes each, and leaves out what is longer.
    Exiv2::ExifData written;
    Exiv2::ExifParser::decode(written, result.data(), static_cast<std::uint32_t>(result.size()));
    if (written.count() < data.count()) lost.emplace_back("further_exif");
    return result;
} catch (...) {
    (void)exiv2_trouble();
    return {};
}

} // namespace photosafe::worker
