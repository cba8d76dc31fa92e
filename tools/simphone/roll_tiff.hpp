// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simphone {

/// A TIFF directory (big-endian), as EXIF, maker notes and DNG are made of. Entries come out sorted by tag.
class Ifd {
public:
    using Ratio = std::pair<std::int64_t, std::int64_t>;

    Ifd& ascii(unsigned tag, std::string_view text);
    Ifd& byte(unsigned tag, const std::string& values);
    Ifd& undefined(unsigned tag, const std::string& bytes);
    Ifd& u16(unsigned tag, const std::vector<unsigned>& values);
    Ifd& u32(unsigned tag, std::uint32_t value);
    Ifd& s32(unsigned tag, std::int32_t value);
    Ifd& ratio(unsigned tag, const std::vector<Ratio>& values);
    Ifd& signed_ratio(unsigned tag, const std::vector<Ratio>& values);
    /// A pointer to a directory of its own.
    Ifd& directory(unsigned tag, const Ifd& child);
    /// A pointer to bytes of their own: a thumbnail, a strip.
    Ifd& pointer(unsigned tag, const std::string& bytes);

    /// The bytes of this directory and all it points to, for a place `offset` bytes into the TIFF.
    std::string render(std::size_t offset, const Ifd* next = nullptr) const;

private:
    struct Entry {
        unsigned type = 0;
        std::size_t count = 0;
        std::string value;
        std::shared_ptr<const Ifd> child;
        bool is_pointer = false;
    };
    Ifd& add(unsigned tag, unsigned type, std::size_t count, std::string value);

    std::map<unsigned, Entry> entries_;
};

/// `value` as a ratio with six decimals.
Ifd::Ratio to_ratio(double value);

/// A whole TIFF: header, `first` and, chained to it, `second`.
std::string render_tiff(const Ifd& first, const Ifd* second = nullptr);

} // namespace simphone
