// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace simphone {

/// What a person would call the shot.
enum class ShotKind {
    photo,
    live_photo,
    jpeg,
    screenshot,
    movie,
    slow_motion,
    burst,
    edited_photo,
    edited_live,
    raw_jpeg,
    raw,
    saved,
    imported,
    icloud_photo,
    icloud_live,
    duplicate,
    gif,
    shared_album,
    synced,
    bulk,
    own,
    only_in_icloud,
    vanished
};
const char* name_of(ShotKind kind);

/// What a file is, in the words of the truth file.
enum class FileKind {
    heic,
    heic_live,
    live_video,
    jpeg,
    screenshot_png,
    gif,
    movie,
    slow_motion,
    burst,
    edited_render,
    edited_video,
    aae,
    adjustments_plist,
    raw_dng,
    raw_jpeg,
    thumbnail,
    metadata_stub,
    shared_copy,
    synced_copy,
    photos_database,
    junk,
    own
};
const char* name_of(FileKind kind);

/// How its bytes are made.
enum class Format { heic, jpeg, png, gif, mov, dng, aae, plist, noise };

/// An instant and the zone the phone was in: nanoseconds since 1970 UTC, minutes east of Greenwich.
struct Moment {
    std::int64_t utc_ns = 0;
    int offset_minutes = 0;
};

/// Degrees north and east, metres above the sea.
struct Place {
    double latitude = 0;
    double longitude = 0;
    double altitude = 0;
};

struct Camera {
    std::string make, model, lens, software;
    double focal_mm = 0;
    double f_number = 0;
    int focal_35mm = 0;
};

/// One file of the roll: where it goes, what its metadata say, and, once written, its size and digest.
struct RollFile {
    std::string path; ///< relative to the roll, with `/`
    FileKind kind = FileKind::junk;
    Format format = Format::noise;
    std::string role; ///< primary, live_video, raw, edited_render, edited_video, sidecar, adjustments, …
    std::size_t shot = 0;
    bool importable = true;
    std::string why_not; ///< for files that are not
    Moment captured;
    std::optional<Camera> camera;
    std::optional<Place> place;
    std::string content_identifier, burst_uuid;
    int orientation = 1; ///< EXIF's, 1 … 8
    unsigned width = 0, height = 0;
    unsigned picture = 0; ///< which of the drawn pictures
    double seconds = 0;   ///< of movies
    unsigned fps = 0;
    std::uint64_t seed = 0;         ///< of all that is the file's own
    std::uint64_t wanted_bytes = 0; ///< padded up to this where the content is smaller
    std::optional<std::size_t> same_as;
    std::int64_t mtime_ns = 0, birthtime_ns = 0;

    std::uint64_t bytes = 0;
    std::string sha256;
    bool in_icloud = false; ///< of an absent one: iCloud has it; else nobody knows where it went
};

struct Shot {
    std::size_t id = 0;
    ShotKind kind = ShotKind::photo;
    Moment captured;
    std::optional<Camera> camera;
    std::optional<Place> place;
    std::string content_identifier, burst_uuid;
    std::string original_name;
    std::string uuid; ///< what Photos would call the asset
    bool edited = false;
    std::vector<std::size_t> files;
    std::vector<std::size_t> absent; ///< places in Roll::absent
};

/// A camera roll and the truth about it. Everything that describes the roll in another form (the JSON, a
/// database of the phone) is written from this.
struct Roll {
    std::vector<Shot> shots;
    std::vector<RollFile> files;
    std::vector<RollFile> absent;                 ///< files that Photos knows of and that aren't on the phone
    std::map<std::string, std::uint64_t> skipped; ///< of `--from`: files left out, by extension
};

enum class Layout { classic, modern, mixed };

struct RollOptions {
    std::uint64_t seed = 1;
    std::size_t items = 100;
    Layout layout = Layout::mixed;
    unsigned width = 320, height = 240;
    unsigned tile = 512;
    std::size_t pictures = 16;
    std::uint64_t photo_bytes = 0, movie_bytes = 0; ///< mean sizes; 0: as they come
    std::uint64_t sparse_movie_bytes = 0;           ///< one more shot, a movie of holes
    std::size_t only_in_icloud = 0;       ///< more shots, an original or a half of each only in iCloud
    std::size_t vanished = 0;             ///< more shots, of which there are no files
    std::optional<unsigned> first_number; ///< of the first IMG_nnnn
    std::map<ShotKind, unsigned> mix;     ///< weights; empty: the usual ones
};

/// Decides which shots there are, with all their facts, names and times. Throws std::invalid_argument.
Roll plan_roll(const RollOptions& options);

} // namespace simphone
