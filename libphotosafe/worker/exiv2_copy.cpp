// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exiv2_copy.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <exiv2/exiv2.hpp>

namespace photosafe::worker {

namespace {

/// Tags of the first folder that speak of the picture, not of how the RAW is stored.
constexpr std::array<std::string_view, 14> of_picture{
    "Make",     "Model",           "Orientation",  "XResolution", "YResolution", "ResolutionUnit",
    "Software", "DateTime",        "HostComputer", "Artist",      "Copyright",   "ImageDescription",
    "Rating",   "YCbCrPositioning"};

Bytes exif_of(const Exiv2::ExifData& from)
{
    Exiv2::ExifData kept;
    for (const Exiv2::Exifdatum& datum : from) {
        const std::string group = datum.groupName();
        const std::string name = datum.tagName();
        const bool picture =
            group == "Image" && std::find(of_picture.begin(), of_picture.end(), name) != of_picture.end();
        // Notes that Exiv2 has taken apart stand in groups of their own, beside the whole one.
        if (picture ||
            ((group == "Photo" || group == "GPSInfo" || group == "Iop") && !name.starts_with("0x"))) {
            kept.add(datum);
        }
    }
    if (kept.empty()) return {};
    Exiv2::Blob blob;
    Exiv2::ExifParser::encode(blob, Exiv2::littleEndian, kept);
    return {blob.begin(), blob.end()};
}

bool is_place(const Exiv2::Xmpdatum& datum)
{
    const std::string group = datum.groupName();
    const std::string name = datum.tagName();
    if (group == "exif") return name.starts_with("GPS");
    if (group == "photoshop") return name == "City" || name == "State" || name == "Country";
    if (group == "iptc") return name == "Location" || name == "CountryCode";
    if (group == "iptcExt") return name.starts_with("Location");
    return group == "mwg-rs"
               ? false
               : name.find("GPS") != std::string::npos || name.find("Location") != std::string::npos;
}

} // namespace

RawPreview read_raw_preview(std::span<const std::uint8_t> file, std::uint32_t enough)
try {
    auto image = Exiv2::ImageFactory::open(file.data(), static_cast<long>(file.size()));
    image->readMetadata();
    RawPreview result;
    const Exiv2::PreviewManager manager{*image};
    const Exiv2::PreviewPropertiesList list = manager.getPreviewProperties(); // the smallest first
    const Exiv2::PreviewProperties* best = nullptr;
    for (const Exiv2::PreviewProperties& one : list) {
        if (one.mimeType_ != "image/jpeg") continue;
        best = &one;
        if (enough > 0 && std::max(one.width_, one.height_) >= enough) break;
    }
    if (!best) throw CannotRender{"No JPEG preview is inside."};
    const Exiv2::PreviewImage preview = manager.getPreviewImage(*best);
    result.jpeg.assign(preview.pData(), preview.pData() + preview.size());
    const auto orientation = image->exifData().findKey(Exiv2::ExifKey{"Exif.Image.Orientation"});
    if (orientation != image->exifData().end() && orientation->count() == 1) {
        const long value = orientation->toLong();
        if (value >= 1 && value <= 8) result.orientation = static_cast<int>(value);
    }
    result.beside.exif = exif_of(image->exifData());
    result.beside.xmp = image->xmpPacket();
    return result;
} catch (const Exiv2::AnyError& error) {
    throw CannotRender{std::string{"Exiv2 can't read it: "} + error.what() + '.'};
}

std::optional<std::string> change_xmp(const std::string& packet, int orientation, bool strip_location)
{
    const std::string turned = "tiff:Orientation";
    const std::size_t at = packet.find(turned);
    if (packet.empty() || (at == std::string::npos && !strip_location)) return packet;
    try {
        Exiv2::XmpData data;
        if (Exiv2::XmpParser::decode(data, packet) != 0) return std::nullopt;
        bool changed = false;
        for (auto datum = data.begin(); datum != data.end();) {
            if (strip_location && is_place(*datum)) {
                datum = data.erase(datum);
                changed = true;
                continue;
            }
            if (datum->key() == "Xmp.tiff.Orientation" && datum->toString() != std::to_string(orientation)) {
                datum->setValue(std::to_string(orientation));
                changed = true;
            }
            ++datum;
        }
        if (!changed) return packet;
        std::string result;
        if (Exiv2::XmpParser::encode(result, data, Exiv2::XmpParser::omitPacketWrapper) != 0)
            return std::nullopt;
        return result;
    } catch (const Exiv2::AnyError&) {
        return std::nullopt;
    }
}

} // namespace photosafe::worker
