// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/asset.hpp>
#include <photosafe/export.hpp>

namespace photosafe {

/// What a file is, by its bytes.
enum class MediaKind { unknown, photo, video, raw, sidecar };
PHOTOSAFE_EXPORT std::string_view name(MediaKind kind) noexcept;

/// Where a capture time comes from, the best first. `confidence` of a time follows from it.
enum class TimeSource {
    none,
    exif_offset,    ///< EXIF local time with its own offset
    quicktime_zone, ///< a movie's creationdate, which has its zone
    exif_gps,       ///< EXIF local time; the offset is its distance from GPS time
    live_video,     ///< EXIF local time; the offset is that of the shot's moving half
    exif_local,     ///< EXIF local time, no zone known
    xmp,            ///< XMP, with or without a zone
    quicktime_utc,  ///< a movie's UTC: the instant is known, the local wall time is not
    file_birth,     ///< a guess
    file_modified,  ///< a guess
};
PHOTOSAFE_EXPORT std::string_view name(TimeSource source) noexcept;

/// When a picture was taken.
struct CaptureTime {
    TimeSource source = TimeSource::none;
    std::optional<Instant> instant;    ///< none where no zone is known
    std::string local;                 ///< wall time there, `2024-05-31T14:03:22.123`; empty where not known
    std::optional<int> offset_minutes; ///< east of UTC
};

/// A position, WGS 84.
struct GeoPoint {
    double latitude = 0, longitude = 0; ///< degrees, north and east positive
    std::optional<double> altitude_m;   ///< above sea level
};

/// A person's face or name in a picture. Numbers are shares of the picture's width and height, of the centre.
struct Region {
    std::string name;
    double x = 0, y = 0, width = 0, height = 0;
};

/// One tag as the file has it.
struct RawTag {
    std::string key;   ///< `Exif.Photo.FNumber`, `Xmp.dc.subject`, `QuickTime.com.apple.quicktime.make`
    std::string value; ///< as text, UTF-8, at most 4 KiB
};

/// What a file says of itself. Nothing of it is believed: strings are UTF-8 without control characters, at
/// most 4 KiB; numbers are finite and within what the thing can be. Absent facts are empty.
struct Metadata {
    MediaKind kind = MediaKind::unknown;
    std::string mime;                    ///< by content: `image/heic`; empty where nobody knows
    CaptureTime taken;                   ///< by the file alone: never file_birth, file_modified or live_video
    std::uint32_t width = 0, height = 0; ///< as stored, before `orientation`; 0 when not known
    int orientation = 1;                 ///< EXIF 1 to 8: what turns the stored picture upright
    std::string make, model, lens, software;
    std::optional<GeoPoint> position;
    std::string content_id;                 ///< Apple's: equal for the halves of a Live Photo
    std::string burst_id;                   ///< Apple's: equal for the frames of a burst
    std::optional<std::int64_t> live_index; ///< the still's place in its movie, as Apple's maker note has it
    std::optional<bool> hdr;                ///< Apple's HDR type says so, or a movie's transfer function does
    std::optional<int> capture_type;        ///< Apple's ImageCaptureType
    std::optional<double> duration_s;
    std::optional<double> frame_rate;
    std::string codec; ///< of pictures and movies: `hevc`, `h264`, `jpeg`, `av1`
    bool slow_motion = false, spatial = false, panorama = false, screenshot = false;
    std::optional<int> rating; ///< -1 (rejected) to 5
    std::string title, caption, label;
    std::string location; ///< names of where it was taken, the narrowest first: `Forum, Rome, Lazio, Italy`
    std::vector<std::string> keywords;
    std::vector<Region> people;
    std::optional<int> bit_depth;
    std::string colour_profile;   ///< description of the ICC profile, or `nclx`
    std::vector<std::string> aux; ///< `hdr_gain_map`, `depth`, `matte:…`, `thumbnail 320x240`, `alpha`
    std::uint32_t tiles = 0;      ///< of a grid
    std::string edited_by;        ///< of an AAE: the app's identifier; not empty means that there is an edit
    std::optional<Instant> edited_at;
    std::vector<RawTag> raw;
    std::vector<std::string> troubles; ///< what could not be read and why, a sentence each
};

/// How far the reading of a file's metadata has come.
enum class ParseState {
    pending, ///< to be read, for the first time or again
    done,
    failed, ///< `reason` says why; tried again when the libraries that read it change. What it said before
            ///< stands
};
PHOTOSAFE_EXPORT std::string_view name(ParseState state) noexcept;

/// What became of the reading of one file.
struct ParseRecord {
    ParseState state = ParseState::pending;
    std::string reason;   ///< of a failure, a sentence
    std::string versions; ///< of the libraries that read it, or tried to
};

} // namespace photosafe
