// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/shot.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "archive/naming.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

constexpr std::string_view mutations = "PhotoData/Mutations/";

bool digits_only(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `IMG_E0042`, the rendering of an edit, and `IMG_O0042`, the recipe of what was there before it.
bool is_variant(std::string_view stem, char letter) noexcept
{
    return stem.size() >= 9 && stem.starts_with("IMG_") && stem[4] == letter && digits_only(stem.substr(5));
}

std::string_view stem_of(std::string_view name) noexcept
{
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

/// The folder part of a path.
std::string_view folder_of(std::string_view path) noexcept
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

/// The folder that stands for a shot among the phone's edits:
/// PhotoData/Mutations/<folder of the shot>/<its stem>/Adjustments/<file>. Empty for a file that is none of
/// them.
std::string_view mutated(std::string_view path) noexcept
{
    if (!path.starts_with(mutations)) return {};
    const std::string_view shot = folder_of(folder_of(path.substr(mutations.size())));
    return folder_of(shot).empty() ? std::string_view{} : shot;
}

/// Folder and stem of the shot that a file is of, as its name has them.
std::pair<std::string_view, std::string> shot_name(std::string_view path)
{
    if (const std::string_view shot = mutated(path); !shot.empty())
        return {folder_of(shot), std::string{name_of(shot)}};
    const std::string_view about = file_about(path);
    const std::string_view stem = stem_of(about.empty() ? name_of(path) : about);
    std::string result{stem};
    if (is_variant(stem, 'E') || is_variant(stem, 'O')) result.erase(4, 1);
    return {folder_of(path), std::move(result)};
}

/// How near a file is to being what its shot is about.
int rank(const SourceFile& file)
{
    const std::string_view name = name_of(file.path);
    const bool edit = name_form(file.path) != NameForm::plain;
    switch (kind_of(name)) {
    case FileKind::still: return edit ? 3 : 0;
    case FileKind::raw: return 1;
    case FileKind::video: return edit ? 4 : 2;
    case FileKind::sidecar: return 5;
    case FileKind::other: return 6;
    }
    return 6;
}

} // namespace

ShotKey shot_key(std::string_view path)
{
    auto [folder, stem] = shot_name(path);
    return {folder, to_nfc(stem)};
}

std::string_view file_about(std::string_view path)
{
    const std::string_view name = name_of(path), stem = stem_of(name);
    return kind_of(name) == FileKind::sidecar && kind_of(stem) != FileKind::other ? stem : std::string_view{};
}

bool is_called(std::string_view path, std::string_view name)
{
    return fold_key(name_of(path)) == fold_key(name);
}

std::vector<std::pair<std::string, std::string>> paths_of_shot(std::string_view path)
{
    const auto [where, name] = shot_name(path);
    const std::string folder = where.empty() ? std::string{} : std::string{where} + '/';
    std::vector<std::pair<std::string, std::string>> result;
    const auto below = [&](std::string begin) { // which ends with a dot or a slash
        std::string end = begin;
        ++end.back();
        result.emplace_back(std::move(begin), std::move(end));
    };
    for (const std::string& stem : std::set{name, to_nfc(name), to_nfd(name)}) {
        result.emplace_back(folder + stem, folder + stem + '\0');
        below(folder + stem + '.');
        for (const char letter : {'E', 'O'}) {
            const std::string variant =
                stem.substr(0, 4) + letter + stem.substr(std::min<std::size_t>(stem.size(), 4));
            if (is_variant(variant, letter)) below(folder + variant + '.');
        }
        if (!folder.empty()) below(std::string{mutations} + folder + stem + '/');
    }
    return result;
}

NameForm name_form(std::string_view path) noexcept
{
    if (!mutated(path).empty()) return NameForm::mutation;
    return is_variant(stem_of(name_of(path)), 'E') ? NameForm::edit : NameForm::plain;
}

FileKind kind_of(MediaKind kind) noexcept
{
    switch (kind) {
    case MediaKind::photo: return FileKind::still;
    case MediaKind::raw: return FileKind::raw;
    case MediaKind::video: return FileKind::video;
    case MediaKind::sidecar: return FileKind::sidecar;
    case MediaKind::unknown: return FileKind::other;
    }
    return FileKind::other;
}

FileKind kind_of(std::string_view name)
{
    struct Known {
        std::string_view extension;
        FileKind kind;
    };
    static constexpr std::array known{
        Known{"heic", FileKind::still},  Known{"heif", FileKind::still},    Known{"hif", FileKind::still},
        Known{"jpg", FileKind::still},   Known{"jpeg", FileKind::still},    Known{"png", FileKind::still},
        Known{"gif", FileKind::still},   Known{"webp", FileKind::still},    Known{"avif", FileKind::still},
        Known{"jxl", FileKind::still},   Known{"tif", FileKind::still},     Known{"tiff", FileKind::still},
        Known{"bmp", FileKind::still},   Known{"dng", FileKind::raw},       Known{"cr2", FileKind::raw},
        Known{"cr3", FileKind::raw},     Known{"nef", FileKind::raw},       Known{"arw", FileKind::raw},
        Known{"raf", FileKind::raw},     Known{"orf", FileKind::raw},       Known{"rw2", FileKind::raw},
        Known{"mov", FileKind::video},   Known{"mp4", FileKind::video},     Known{"m4v", FileKind::video},
        Known{"3gp", FileKind::video},   Known{"avi", FileKind::video},     Known{"aae", FileKind::sidecar},
        Known{"xmp", FileKind::sidecar}, Known{"plist", FileKind::sidecar},
    };
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return FileKind::other;
    std::string extension{name.substr(dot + 1)};
    for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const Known& one : known) {
        if (one.extension == extension) return one.kind;
    }
    return FileKind::other;
}

bool is_movie_thumbnail(std::string_view path) { return fold_key(path).ends_with(fold_key(".thm")); }

void sort_by_shot(std::vector<SourceFile>& files)
{
    struct Keyed {
        ShotKey key;
        int rank;
        SourceFile* file;
    };
    std::vector<Keyed> order;
    order.reserve(files.size());
    for (SourceFile& file : files) order.push_back({shot_key(file.path), rank(file), &file});
    std::sort(order.begin(), order.end(), [](const Keyed& a, const Keyed& b) {
        return std::tie(a.key, a.rank, a.file->path, a.file->bytes, a.file->modified) <
               std::tie(b.key, b.rank, b.file->path, b.file->bytes, b.file->modified);
    });
    std::vector<SourceFile> sorted;
    sorted.reserve(files.size());
    for (const Keyed& one : order) sorted.push_back(std::move(*one.file));
    files = std::move(sorted);
}

std::size_t shot_size(std::span<const SourceFile> files)
{
    const ShotKey key = shot_key(files.front().path);
    std::size_t n = 1;
    while (n < files.size() && shot_key(files[n].path) == key) ++n;
    return n;
}

PartName part_name_of(std::string_view path)
{
    auto [stem, extension] = split_name(name_of(path));
    const bool render = stem == "FullSizeRender";
    switch (name_form(path)) {
    case NameForm::edit: return {"edited", std::move(extension)};
    case NameForm::mutation:
        if (render || stem == "Adjustments") return {render ? "edited" : "adjustments", std::move(extension)};
        return {safe_component(stem, 40), std::move(extension)};
    case NameForm::plain: break;
    }
    if (is_variant(stem, 'O')) return {"original", std::move(extension)};
    const std::string about = split_name(file_about(path)).second;
    return {about.empty() ? about : about.substr(1), std::move(extension)};
}

bool is_video_shot(std::span<const SourceFile> shot)
{
    const int first = rank(shot.front());
    return first == 2 || first == 4;
}

} // namespace photosafe
