// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/media.hpp>

namespace photosafe {

/// What became of the XMP sidecar of one original.
enum class SidecarOutcome {
    written,        ///< new, or brought up to date
    unchanged,      ///< the one that is there says all of it
    nothing_to_say, ///< the catalog knows nothing of it that a sidecar tells
    unread,         ///< what the original says of itself isn't read yet, or can't be
    held,           ///< its place is held by a sidecar that came with the original, and is one itself
    failed,         ///< the reason says why; the sidecar that is there stays as it was
};
PHOTOSAFE_EXPORT std::string_view name(SidecarOutcome outcome) noexcept;

/// One original and its sidecar.
struct SidecarItem {
    Asset asset; ///< the original
    SidecarOutcome outcome = SidecarOutcome::failed;
    std::string path;   ///< of the sidecar, below the archive's root
    std::string code;   ///< of a failure, as ErrorCode is named
    std::string reason; ///< of a failure, a sentence
};

struct SidecarProgress {
    std::uint64_t items_done = 0, items_total = 0; ///< originals
    std::string current;                           ///< path of an original
};

struct SidecarOptions {
    std::optional<std::vector<std::int64_t>> assets{}; ///< only these, by Asset::id; else all
    MediaOptions media{};
    std::function<void(const SidecarItem&)>
        on_item{}; ///< all but what has nothing to say or is unread; from the calling thread
    std::function<void(const SidecarProgress&)>
        on_progress{};      ///< some times a second, from the calling thread
    std::stop_token stop{}; ///< ends it after the sidecar at hand
};

/// originals = the sum of the others.
struct SidecarReport {
    std::uint64_t originals = 0; ///< looked at: all but what is a sidecar itself
    std::uint64_t written = 0, unchanged = 0, nothing_to_say = 0, unread = 0, held = 0, failed = 0;
    bool complete = true; ///< false when it was stopped before the end
};

/// What `write_sidecars` would do, with the outcome `written` for what would be; changes nothing. Errors as
/// there.
PHOTOSAFE_EXPORT SidecarReport plan_sidecars(const Archive& archive, const SidecarOptions& options = {});

/// Writes what the catalog knows of originals (rating, title, caption, keywords, people, place, position) as
/// XMP beside them, `IMG_0042.HEIC.xmp`, for other programs. What they have written into such a sidecar
/// themselves stays; docs/guide/sidecars.md says whose word counts. Writes nothing where nothing is new. A
/// sidecar is in its place as a whole or not at all, whenever this process ends. Errors: ArchiveError,
/// MediaError{not_found} (the media worker isn't installed).
PHOTOSAFE_EXPORT SidecarReport write_sidecars(Archive& archive, const SidecarOptions& options = {});

} // namespace photosafe
