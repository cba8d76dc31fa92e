// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/media.hpp>

namespace photosafe {

/// What is made of originals.
enum class RenditionKind {
    jpeg,      ///< a JPEG to give away, of stills; with EXIF, XMP and colour profile
    thumbnail, ///< a small JPEG to look at, of stills and movies
};
PHOTOSAFE_EXPORT std::string_view name(RenditionKind kind) noexcept;

/// What decodes HEVC, of which HEICs are made.
enum class HevcDecoder {
    any,        ///< libavcodec, which is faster, and libde265 where that refuses
    libavcodec, ///< this one or none
    libde265,
};
PHOTOSAFE_EXPORT std::string_view name(HevcDecoder decoder) noexcept;

/// How a rendition is made. One that was made otherwise is made anew.
struct RenditionOptions {
    RenditionKind kind = RenditionKind::jpeg;
    int quality = 90; ///< of JPEG, 1 to 100
    std::uint32_t max_size =
        0; ///< longer edge, in pixels; 0: as it is. A thumbnail needs one. Nothing is enlarged
    bool progressive = false;
    bool srgb = false;     ///< convert colours to sRGB; else they keep their profile
    bool keep_tag = false; ///< pixels as stored, with the orientation as a tag; else they are turned upright
    bool strip_location = false; ///< leave places out of EXIF, XMP and IPTC
    HevcDecoder decoder = HevcDecoder::any;
};

/// Throws ArchiveError{invalid} for options that can't be, as `convert` does: for those who have other work
/// to do before it.
PHOTOSAFE_EXPORT void check_rendition(const RenditionOptions& options);

/// A picture that PhotoSafe made of an original, or what came of trying.
struct Rendition {
    std::int64_t asset = 0;
    std::string folder; ///< below renditions/: `jpeg`, `thumbnails/320`; an asset has one rendition in each
    std::string path;   ///< below the archive's root; empty: it could not be made, `trouble` says why
    std::uint64_t bytes = 0;
    std::uint32_t width = 0, height = 0; ///< of its pixels as stored
    Instant made;
    std::string options;  ///< how it was made: `quality=90 max_size=2048`
    std::string versions; ///< of the libraries that made it, or tried to
    std::string decoder;  ///< `libavcodec`, `libde265`, `libjpeg`, …
    bool from_preview =
        false; ///< of the embedded picture, since no decoder takes the whole one; `trouble` says why
    bool embedded = false; ///< of an embedded picture, which was large enough, or all that there is (RAW)
    std::string profile;   ///< name of its colour profile; empty: sRGB
    std::vector<std::string> lost; ///< what the original has and it hasn't: `hdr_gain_map`, `live_video`, …
    std::string trouble;           ///< a sentence: why there is none, or what is wrong with it
};

/// What became of one original.
enum class ConvertOutcome {
    made,
    current,       ///< there already, made in the same way
    failed,        ///< the reason says why
    failed_before, ///< and not tried again, since nothing that draws has changed
    left_out,      ///< there is nothing to make of it: no picture, or one that is a JPEG already
};
PHOTOSAFE_EXPORT std::string_view name(ConvertOutcome outcome) noexcept;

/// One original and its rendition.
struct ConvertedItem {
    Asset asset;
    ConvertOutcome outcome = ConvertOutcome::failed;
    Rendition rendition; ///< of what is `made` or `current`; of what failed its trouble
    std::string code;    ///< of a failure, as ErrorCode is named
    std::string reason;  ///< of a failure, a sentence with the one thing to do
};

struct ConvertProgress {
    std::uint64_t items_done = 0, items_total = 0; ///< of those to be made
    std::uint64_t bytes_done = 0, bytes_total = 0; ///< of their originals
    std::string current;                           ///< path of an original
};

struct ConvertOptions {
    RenditionOptions rendition{};
    std::optional<std::vector<std::int64_t>> assets{}; ///< only these, by Asset::id; else all
    bool again = false;                                ///< try again what failed before
    MediaOptions media{};
    std::function<void(const ConvertedItem&)>
        on_item{}; ///< all but what is left out; from the calling thread
    std::function<void(const ConvertProgress&)>
        on_progress{};      ///< some times a second, from the calling thread
    std::stop_token stop{}; ///< ends it after the pictures at hand
};

/// What `convert` would do.
struct ConvertPlan {
    std::uint64_t to_make = 0, current = 0, failed_before = 0, left_out = 0;
    std::uint64_t bytes_to_read = 0;
};

/// Looks at the catalog and at renditions/, and changes nothing. `on_item` hears what would become of each,
/// with the outcome `made` for what would be tried. An original whose metadata is not read yet counts as to
/// be made: what it is shows when it is tried. Errors: ArchiveError; invalid (the options).
PHOTOSAFE_EXPORT ConvertPlan plan_convert(const Archive& archive, const ConvertOptions& options = {});

struct ConvertReport {
    std::uint64_t made = 0, current = 0, failed = 0, failed_before = 0, left_out = 0;
    std::uint64_t from_preview = 0;              ///< of those made
    std::uint64_t broken = 0;                    ///< of those made: a part of the picture is, in the original
    std::uint64_t bytes = 0;                     ///< of those made
    std::map<std::string, std::uint64_t> lost{}; ///< how many of those made have lost what
    bool complete = true;                        ///< false when it was stopped before the end
};

/// Makes renditions below renditions/, on all processors, each by a worker in a jail. They may be deleted at
/// any time, and are made again by the same call; nothing is made twice. A picture that can't be drawn costs
/// itself only, and is remembered. Errors: ArchiveError (what was made until then stays),
/// MediaError{not_found} (the media worker isn't installed).
PHOTOSAFE_EXPORT ConvertReport convert(Archive& archive, const ConvertOptions& options = {});

/// All that was made of this asset, or tried in vain.
PHOTOSAFE_EXPORT std::vector<Rendition> renditions(const Archive& archive, const Asset& asset);

} // namespace photosafe
