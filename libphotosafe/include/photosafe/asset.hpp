// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/export.hpp>

namespace photosafe {

/// A point in time, UTC, with the nanoseconds that phones and file systems keep.
using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;

/// What a file's content is known by. XXH3-128 finds it, SHA-256 proves it: two files are the same only if
/// both agree.
struct Digest {
    std::array<std::byte, 32> sha256{};
    std::array<std::byte, 16> xxh128{};
    auto operator<=>(const Digest&) const = default;
};

/// Lower-case hexadecimal, as `sha256sum` prints it.
PHOTOSAFE_EXPORT std::string sha256_hex(const Digest& digest);
PHOTOSAFE_EXPORT std::string xxh128_hex(const Digest& digest);

/// What a file is within its shot.
enum class Role {
    original,     ///< the picture or movie as the camera made it
    live_video,   ///< the moving half of a Live Photo
    raw,          ///< the RAW beside another original of the shot
    edited,       ///< the phone's rendering of an edit, still
    edited_video, ///< the phone's rendering of an edit, moving
    sidecar,      ///< a file about another one: AAE, XMP, Adjustments.plist
    other,        ///< anything else; kept all the same
};
PHOTOSAFE_EXPORT std::string_view name(Role role) noexcept;

/// Why an asset is in its shot: what ties it to the part that leads the shot.
enum class GroupReason {
    unknown,       ///< nobody noted it: imported by a PhotoSafe that went by names alone
    first,         ///< it leads the shot, and is tied to nothing
    content_id,    ///< both carry the same content identifier
    name_and_time, ///< folder and stem are equal, or stem and camera, and they were taken within three
                   ///< seconds
    edit_name,     ///< the phone's name for an edit: `IMG_E0042.JPG`
    mutation_path, ///< the phone's folder for edits names the picture
    raw_name,      ///< the RAW of the picture of this name
    sidecar_name,  ///< named like the file that it is about
    same_name,     ///< whatever it is, it has that name
};
PHOTOSAFE_EXPORT std::string_view name(GroupReason reason) noexcept;

/// How the stored file of an asset was when it was last looked at.
enum class AssetState {
    present, ///< published, and not known to be otherwise
    missing, ///< its file is gone
    damaged, ///< its file holds other bytes
};
PHOTOSAFE_EXPORT std::string_view name(AssetState state) noexcept;

/// One stored original and its facts.
struct Asset {
    std::int64_t id = 0; ///< within this archive; the same after a rebuild
    Digest digest;
    std::string path; ///< below the archive's root, `/` between parts, UTF-8
    std::uint64_t bytes = 0;
    std::string name; ///< its last name on the phone, byte for byte (perhaps no UTF-8)
    Role role = Role::other;
    std::int64_t group = 0; ///< the shot it belongs to
    GroupReason group_reason = GroupReason::unknown;
    Instant modified;                ///< the source's modification time; the stored file carries it too
    std::optional<Instant> taken;    ///< when its shot was taken; none where no zone is known
    std::string taken_local;         ///< the same as local wall time there: `2024-05-31T14:03:22.5`
    std::string taken_source;        ///< where both come from: the name of a TimeSource
    Instant imported;                ///< when its bytes were proven and published
    std::optional<Instant> verified; ///< when its stored bytes were last re-read and matched
    AssetState state = AssetState::present;
};

/// A place where an asset's content was seen.
struct Place {
    std::string source; ///< Source::info().id
    std::string path;   ///< on the source, byte for byte
    std::uint64_t bytes = 0;
    Instant modified;
    std::optional<Instant> born;
    Instant seen; ///< when it was first seen there
};

} // namespace photosafe
