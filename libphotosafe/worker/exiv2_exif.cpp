// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exiv2_exif.hpp"

#include "worker/exiv2_image.hpp"

namespace photosafe::worker {

namespace {

ExifFolder folder_of(const std::string& group)
{
    if (group == "Image") return ExifFolder::image;
    if (group == "Photo") return ExifFolder::photo;
    if (group == "GPSInfo") return ExifFolder::gps;
    if (group == "Iop") return ExifFolder::interop;
    if (group == "Thumbnail") return ExifFolder::thumbnail;
    return ExifFolder::other;
}

/// Folders that hold more pictures, or a maker's note taken apart: none of them speaks of this picture.
bool is_elsewhere(const std::string& group) { return folder_of(group) == ExifFolder::other; }

} // namespace

Exiv2Values exiv2_values(const Exiv2::ExifData& data)
{
    Exiv2Values result;
    for (const Exiv2::Exifdatum& datum : data) {
        const std::string group = datum.groupName();
        if (is_elsewhere(group) || datum.typeId() > 0xffff) continue;
        auto& bytes = result.bytes.emplace_back(static_cast<std::size_t>(datum.size()));
        if (!bytes.empty()) datum.copy(bytes.data(), Exiv2::bigEndian);
        result.values.values.push_back(
            {folder_of(group), datum.tag(), static_cast<std::uint16_t>(datum.typeId()),
             static_cast<std::uint32_t>(datum.count()), ByteView{bytes}, ByteOrder::big, datum.key()});
    }
    return result;
}

Exiv2Values exiv2_exif(ByteView block)
try {
    Exiv2::ExifData data;
    Exiv2::ExifParser::decode(data, block.data(), static_cast<std::uint32_t>(block.size()));
    return exiv2_values(data);
} catch (...) {
    (void)exiv2_trouble();
    return {};
}

} // namespace photosafe::worker
