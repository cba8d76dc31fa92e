// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "worker/byte_view.hpp"
#include "worker/gathered.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::worker {

/// What programs put into a PNG as hexadecimal text, `Raw profile type exif` and the like, since before it
/// had chunks for it.
class PngProfiles {
public:
    static bool is_one(std::string_view keyword) { return keyword.starts_with(prefix); }

    /// Reads a profile; EXIF is kept for later: a chunk of its own goes before it.
    void take(std::string_view keyword, ByteView text, Gathered& found);

    Bytes exif;

private:
    static constexpr std::string_view prefix = "Raw profile type ";
};

} // namespace photosafe::worker
