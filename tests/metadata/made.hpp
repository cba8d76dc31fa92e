// SPDX-License-Identifier: LGPL-2.1-or-later
// Bytes of files, made by the tests that read them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/byte_view.hpp"
#include "worker/gathered.hpp"

namespace photosafe::worker::made {

std::string number(std::uint64_t value, std::size_t bytes, ByteOrder order);
inline std::string big(std::uint64_t value, std::size_t bytes)
{
    return number(value, bytes, ByteOrder::big);
}
inline std::string little(std::uint64_t value, std::size_t bytes)
{
    return number(value, bytes, ByteOrder::little);
}

/// A TIFF folder. Its entries are written as they were added, right or wrong.
class Folder {
public:
    using Ratio = std::pair<std::int64_t, std::int64_t>;

    Folder& ascii(std::uint16_t tag, std::string_view text); ///< with a zero behind it
    Folder& undefined(std::uint16_t tag, std::string_view bytes);
    Folder& bytes(std::uint16_t tag, std::string_view bytes);
    Folder& shorts(std::uint16_t tag, const std::vector<std::uint16_t>& values);
    Folder& longs(std::uint16_t tag, const std::vector<std::uint32_t>& values);
    Folder& signed_long(std::uint16_t tag, std::int32_t value);
    Folder& ratios(std::uint16_t tag, const std::vector<Ratio>& values);
    Folder& below(std::uint16_t tag, const Folder& folder);
    /// An entry whose value is elsewhere: whatever is at `offset`.
    Folder& pointing(std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::uint32_t offset);
    Folder& next(std::uint32_t offset);

    /// The folder and all below it, for a place `at` bytes into the block.
    std::string render(ByteOrder order, std::size_t at) const;

private:
    struct Entry {
        std::uint16_t tag = 0, type = 0;
        std::uint32_t count = 0;
        std::size_t width = 1;
        std::vector<std::uint64_t> values{};
        std::string text{};
        std::shared_ptr<Folder> folder{};
        bool elsewhere = false;
    };
    Folder& add(Entry entry);
    std::vector<Entry> entries_;
    std::uint32_t next_ = 0;
};

/// A TIFF block with this as its first folder.
std::string tiff(const Folder& first, ByteOrder order = ByteOrder::big);
/// Apple's maker note.
std::string apple_note(const Folder& folder);
/// A JPEG of so many pixels, none of which is there, with these segments (marker and content) before them.
std::string jpeg(const std::vector<std::pair<int, std::string>>& segments, std::uint16_t width = 4032,
                 std::uint16_t height = 3024);
std::string jpeg_with_exif(const std::string& block);
std::string png_chunk(std::string_view name, std::string_view content);
std::string png(const std::string& chunks);
/// As zlib packs it.
std::string packed(const std::string& text);
std::string riff_chunk(std::string_view name, std::string_view content);
std::string webp(const std::string& chunks);
std::string box(std::string_view type, std::string_view content);
/// An XMP packet with this inside its description.
std::string xmp(std::string_view properties);
/// Photoshop's block with IPTC records: their number in record 2, and the text. `told_utf8`: the envelope
/// says that they are UTF-8.
std::string iptc(const std::vector<std::pair<int, std::string>>& records, bool told_utf8 = false);

inline ByteView view(const std::string& bytes)
{
    return {{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}};
}

/// What the worker says of a file with these bytes.
Metadata read(const std::string& bytes);
/// The value of a raw tag; empty where there is none.
std::string raw(const Metadata& facts, std::string_view key);

} // namespace photosafe::worker::made
