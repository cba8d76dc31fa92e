// SPDX-License-Identifier: LGPL-2.1-or-later
// What a media worker is asked, and what it answers: shared by the library and the worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <photosafe/metadata.hpp>

namespace photosafe {

/// What a picture is to be drawn as. The worker's render.hpp says what each means.
struct RenderOptions {
    int quality = 90;           ///< of JPEG, 1 to 100
    std::uint32_t max_edge = 0; ///< longer edge in pixels; 0: as it is
    bool progressive = false;
    bool srgb = false; ///< convert colours to sRGB
    bool strip_location = false;
    bool keep_tag = false;       ///< pixels as stored, with the orientation as a tag
    bool thumbnail = false;      ///< an embedded picture will do where it is as large as `max_edge`
    std::string decoder = "any"; ///< `any`, `libavcodec`, `libde265`
};

/// A JPEG that a worker made.
struct Picture {
    std::vector<std::byte> jpeg;
    std::uint32_t width = 0, height = 0;
    std::vector<std::string> lost; ///< what the original has and this hasn't: `hdr_gain_map`, `depth`
    std::string decoder;           ///< `libavcodec`, `libde265`, `libjpeg`, …
    bool from_preview = false;     ///< of an embedded picture, since no decoder takes the whole one
    bool embedded = false;         ///< of an embedded picture that was large enough
    std::string profile;           ///< name of its colour profile; empty: sRGB
    std::string trouble;           ///< why `from_preview`, a sentence
};

/// A copy of a database, and right behind it in the same file its write-ahead log.
struct DatabaseFile {
    int fd = -1; ///< read-only
    std::uint64_t database_bytes = 0;
    std::uint64_t log_bytes = 0; ///< 0: there is none
};

/// A part of the jail, and whether this kernel has it.
struct JailPart {
    std::string name; ///< `limits`, `no_new_privileges`, `landlock`, `seccomp`
    bool held = false;
    std::string reason; ///< why not, a sentence
};

/// What a worker says of itself when it starts.
struct WorkerFacts {
    std::string versions; ///< `photosafe 0.1.0, libexif 0.6.24, …`: changes when any reader changes
    std::string libheif;  ///< its version
    std::vector<std::string> hevc_decoders; ///< `libavcodec`, `libde265`: those that are installed
    std::vector<JailPart> jail;
};

} // namespace photosafe
