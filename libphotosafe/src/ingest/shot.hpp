// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/asset.hpp>
#include <photosafe/source.hpp>

namespace photosafe {

/// What tells the files of one shot from others, as far as names do: the folder, and the stem that they
/// share. `IMG_E0042.HEIC` and `PhotoData/Mutations/DCIM/100APPLE/IMG_0042/Adjustments/FullSizeRender.jpg`
/// have that of `DCIM/100APPLE/IMG_0042.HEIC`. Views into the path it was made of.
struct ShotKey {
    std::string_view folder;
    std::string_view head; ///< head and tail together are the stem
    std::string_view tail;

    std::string stem() const;
    std::strong_ordering operator<=>(const ShotKey& other) const noexcept;
    bool operator==(const ShotKey& other) const noexcept { return (*this <=> other) == 0; }
};
ShotKey shot_key(std::string_view path) noexcept;

/// What a file seems to be, by its name: good enough to file it, never to believe it.
enum class FileKind { still, raw, video, sidecar, other };
FileKind kind_of(std::string_view name);

/// A file as a part of its shot.
struct Part {
    Role role = Role::other;
    std::string qualifier; ///< in its name in the archive: `IMG_0042.edited.HEIC`
    std::string extension; ///< with its dot
};

/// Brings the files of each shot together, the one that stands for it first.
void sort_by_shot(std::vector<SourceFile>& files);
/// How many of the (sorted) files from the first on belong to its shot.
std::size_t shot_size(std::span<const SourceFile> files) noexcept;
/// The parts that the files of one (sorted) shot are.
std::vector<Part> parts_of(std::span<const SourceFile> shot);
/// Whether the shot is a movie rather than a picture.
bool is_video_shot(std::span<const SourceFile> shot);

} // namespace photosafe
