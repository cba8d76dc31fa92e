// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <photosafe/metadata.hpp>
#include <photosafe/source.hpp>

namespace photosafe {

/// What tells the files of one shot from others, as far as names do: the folder, and the stem that they
/// share, in Unicode form NFC, for what copies a file may change its form. `IMG_E0042.HEIC`,
/// `IMG_0042.HEIC.xmp` and `PhotoData/Mutations/DCIM/100APPLE/IMG_0042/Adjustments/FullSizeRender.jpg` have
/// that of `DCIM/100APPLE/IMG_0042.HEIC`. Names only propose: link.hpp.
struct ShotKey {
    std::string_view folder; ///< into the path it was made of
    std::string stem;

    auto operator<=>(const ShotKey&) const = default;
};
ShotKey shot_key(std::string_view path);

/// Where files stand on a source that have the key of this one, with its stem as it is, in NFC and in NFD:
/// each between `first` and before `second`. Other paths may be there too.
std::vector<std::pair<std::string, std::string>> paths_of_shot(std::string_view path);

/// The file that a sidecar is about, where its name says it: `IMG_0042.MOV` of `IMG_0042.MOV.xmp`, as it
/// stands in the path. Empty where it doesn't.
std::string_view file_about(std::string_view path);
/// Whether this is what a file of that path is called; case tells nothing, nor does the Unicode form.
bool is_called(std::string_view path, std::string_view name);

/// What a name says of the file as a part: an edit by its own name, or by the phone's folder for edits.
enum class NameForm { plain, edit, mutation };
NameForm name_form(std::string_view path) noexcept;

/// What a file is: by its name, which is good enough to file it and never to believe it, or by its content.
enum class FileKind { still, raw, video, sidecar, other };
FileKind kind_of(std::string_view name);
FileKind kind_of(MediaKind kind) noexcept;

/// What a part is called in the archive, behind the stem of its shot.
struct PartName {
    std::string qualifier; ///< `edited` in `IMG_0042.edited.HEIC`
    std::string extension; ///< with its dot
};
PartName part_name_of(std::string_view path);

/// Whether a file is the small picture that cameras put beside a movie, by its name, `MVI_0042.THM`: it is a
/// JPEG, but no shot.
bool is_movie_thumbnail(std::string_view path);

/// Brings the files of each shot together, the one that stands for it first.
void sort_by_shot(std::vector<SourceFile>& files);
/// How many of the (sorted) files from the first on belong to its shot.
std::size_t shot_size(std::span<const SourceFile> files);
/// Whether the shot is a movie rather than a picture.
bool is_video_shot(std::span<const SourceFile> shot);

} // namespace photosafe
