// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// The folders of an EXIF block, as Exiv2 names them in its keys.
enum class ExifFolder { image, thumbnail, photo, gps, interop, other };

/// One value of an EXIF block, whichever library found it.
struct ExifValue {
    ExifFolder folder = ExifFolder::image;
    std::uint16_t tag = 0;
    std::uint16_t type = 0; ///< of TIFF: 2 ASCII, 3 SHORT, 5 RATIONAL, …
    std::uint32_t count = 0;
    ByteView bytes;
    ByteOrder order = ByteOrder::big;
    std::string key; ///< `Exif.Photo.FNumber`

    std::string text() const; ///< of ASCII, and of what cameras write in its stead
    /// Whole numbers of any width and sign.
    std::optional<std::int64_t> whole(std::size_t index = 0) const;
    /// Any number; none for a ratio over zero, an infinity or a NaN.
    std::optional<double> real(std::size_t index = 0) const;
    /// The whole value as text for people: numbers side by side, a ratio as `1/30`.
    std::string shown() const;
};

class ExifValues {
public:
    std::vector<ExifValue> values;

    const ExifValue* find(ExifFolder folder, std::uint16_t tag) const;
    std::string text(ExifFolder folder, std::uint16_t tag) const;
    std::optional<std::int64_t> whole(ExifFolder folder, std::uint16_t tag) const;
};

} // namespace photosafe::worker
