// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/tiff_pictures.hpp"

#include <algorithm>

#include "worker/tiff.hpp"

namespace photosafe::worker {

namespace {

constexpr std::uint16_t subfile_type = 0x00fe, image_width = 0x0100, compression = 0x0103,
                        photometric = 0x0106, strip_offsets = 0x0111, strip_bytes = 0x0117,
                        sub_folders = 0x014a, jpeg_offset = 0x0201, jpeg_bytes = 0x0202;
constexpr std::uint32_t old_jpeg = 6, new_jpeg = 7; // of `compression`
constexpr std::uint32_t rgb = 2, ycbcr = 6;         // of `photometric`
constexpr std::size_t most_folders = 64;

/// The JPEG that a folder describes: as a thumbnail, or as a picture of one strip. Empty where it has none.
ByteView jpeg_of(const TiffBlock& block, const TiffFolder& folder)
{
    const auto part = [&](std::uint16_t at_tag, std::uint16_t bytes_tag) {
        const TiffEntry* where = folder.find(at_tag);
        if (!where || where->count != 1) return ByteView{};
        const auto at = block.number(*where);
        const auto size = block.number(folder, bytes_tag);
        if (!at || !size || !block.bytes.has(*at, *size)) return ByteView{};
        const ByteView found = block.bytes.part(*at, *size);
        return found.text(0, 3) == "\xff\xd8\xff" ? found : ByteView{};
    };
    if (const ByteView found = part(jpeg_offset, jpeg_bytes); found.size() > 0) return found;
    const auto how = block.number(folder, compression);
    const auto what = block.number(folder, photometric);
    if ((how != old_jpeg && how != new_jpeg) || (what != rgb && what != ycbcr)) return {};
    return part(strip_offsets, strip_bytes);
}

} // namespace

std::vector<ByteView> jpegs_in_tiff(ByteView file)
{
    std::vector<ByteView> result;
    const auto block = TiffBlock::open(file);
    if (!block) return result;
    const auto add = [&](const TiffFolder& folder) {
        if (const ByteView jpeg = jpeg_of(*block, folder); jpeg.size() > 0) result.push_back(jpeg);
    };
    std::uint32_t at = block->first;
    for (std::size_t i = 0; i < most_folders; ++i) { // a chain may lead back into itself
        const auto folder = block->folder(at);
        if (!folder) break;
        add(*folder);
        for (const TiffFolder& below : block->below(*folder, sub_folders)) add(below);
        at = folder->next;
    }
    return result;
}

bool has_further_pages(ByteView file)
{
    constexpr std::uint32_t smaller_copy = 1; // a bit of `subfile_type`
    const auto block = TiffBlock::open(file);
    auto folder = block ? block->folder(block->first) : std::nullopt;
    for (std::size_t i = 0; i < most_folders && folder && folder->next != 0; ++i) {
        folder = block->folder(folder->next);
        if (folder && folder->find(image_width) &&
            (block->number(*folder, subfile_type).value_or(0) & smaller_copy) == 0)
            return true;
    }
    return false;
}

} // namespace photosafe::worker
