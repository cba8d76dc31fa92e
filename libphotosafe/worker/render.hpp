// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace photosafe::worker {

/// A JPEG made of an original, and what is to be known of it.
struct Rendition {
    std::vector<std::uint8_t> payload;
    std::uint32_t width = 0, height = 0; ///< of its pixels as stored
    std::vector<std::string>
        lost;                  ///< what the original has and the rendition hasn't: `hdr_gain_map`, `depth`
    std::string decoder;       ///< `libavcodec`, `libde265`, `libjpeg`, …
    bool from_preview = false; ///< of an embedded picture, since the installed decoders refuse the whole one
    bool embedded = false;     ///< a thumbnail of an embedded picture, without a full decode
    std::string profile;       ///< name of its colour profile; empty: sRGB
    std::string trouble;       ///< why `from_preview`, a sentence
};

/// Makes a JPEG of the file behind `fd`, which is read-only and stays the caller's. `options`, all of them
/// optional: `quality` (1 to 100; 90), `max_edge` (longer edge in pixels; 0 is as it is), `progressive`,
/// `srgb` (convert colours to sRGB), `strip_location`, `keep_tag` (pixels as stored, with the orientation as
/// a tag), `decoder` (`any`, `libavcodec`, `libde265`), `thumbnail` (an embedded picture will do where it is
/// large enough for `max_edge`; only orientation and profile go along), `pixel_limit`. Throws
/// MediaError{unreadable}.
Rendition render(int fd, const nlohmann::json& options);

/// What a worker's answer says of a rendition; the JPEG itself goes beside it.
nlohmann::json facts_of(const Rendition& rendition);

} // namespace photosafe::worker
