// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/shot.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "archive/naming.hpp"
#include "core/file.hpp"

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

/// How near a file is to being what its shot is about.
int rank(const SourceFile& file)
{
    const std::string_view name = name_of(file.path);
    const bool edit = is_variant(stem_of(name), 'E') || file.path.starts_with(mutations);
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

std::string ShotKey::stem() const { return std::string{head} + std::string{tail}; }

std::strong_ordering ShotKey::operator<=>(const ShotKey& other) const noexcept
{
    if (const auto order = folder <=> other.folder; order != 0) return order;
    const auto at = [](const ShotKey& key, std::size_t i) {
        return i < key.head.size() ? key.head[i] : key.tail[i - key.head.size()];
    };
    const std::size_t mine = head.size() + tail.size();
    const std::size_t theirs = other.head.size() + other.tail.size();
    for (std::size_t i = 0; i < std::min(mine, theirs); ++i) {
        if (const auto order = at(*this, i) <=> at(other, i); order != 0) return order;
    }
    return mine <=> theirs;
}

ShotKey shot_key(std::string_view path) noexcept
{
    const auto parent = [](std::string_view of) {
        const auto slash = of.rfind('/');
        return slash == std::string_view::npos ? std::string_view{} : of.substr(0, slash);
    };
    if (path.starts_with(mutations)) {
        // PhotoData/Mutations/<folder of the shot>/<its stem>/Adjustments/<file>
        const std::string_view stem_folder = parent(parent(path.substr(mutations.size())));
        if (!parent(stem_folder).empty()) return {parent(stem_folder), name_of(stem_folder), {}};
    }
    const std::string_view stem = stem_of(name_of(path));
    if (is_variant(stem, 'E') || is_variant(stem, 'O'))
        return {parent(path), stem.substr(0, 4), stem.substr(5)};
    return {parent(path), stem, {}};
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

void sort_by_shot(std::vector<SourceFile>& files)
{
    std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) {
        if (const auto order = shot_key(a.path) <=> shot_key(b.path); order != 0) return order < 0;
        if (const int ra = rank(a), rb = rank(b); ra != rb) return ra < rb;
        return std::tie(a.path, a.bytes, a.modified) < std::tie(b.path, b.bytes, b.modified);
    });
}

std::size_t shot_size(std::span<const SourceFile> files) noexcept
{
    const ShotKey key = shot_key(files.front().path);
    std::size_t n = 1;
    while (n < files.size() && shot_key(files[n].path) == key) ++n;
    return n;
}

std::vector<Part> parts_of(std::span<const SourceFile> shot)
{
    const bool has_still = rank(shot.front()) == 0;
    const bool has_picture = rank(shot.front()) <= 1;
    std::vector<Part> parts;
    parts.reserve(shot.size());
    for (const SourceFile& file : shot) {
        const std::string_view name = name_of(file.path);
        auto [stem, extension] = split_name(name);
        Part part{.role = Role::other, .qualifier = {}, .extension = std::move(extension)};
        const bool mutation = file.path.starts_with(mutations) && shot_key(file.path).tail.empty() &&
                              shot_key(file.path).head != stem_of(name);
        if (is_variant(stem, 'E') || (mutation && stem == "FullSizeRender"))
            part.qualifier = "edited";
        else if (is_variant(stem, 'O'))
            part.qualifier = "original";
        else if (mutation)
            part.qualifier = stem == "Adjustments" ? "adjustments" : safe_component(stem, 40);
        const bool edit = is_variant(stem, 'E') || mutation;
        switch (kind_of(name)) {
        case FileKind::still: part.role = edit ? Role::edited : Role::original; break;
        case FileKind::raw: part.role = has_still ? Role::raw : Role::original; break;
        case FileKind::video:
            part.role = edit ? Role::edited_video : has_picture ? Role::live_video : Role::original;
            break;
        case FileKind::sidecar: part.role = Role::sidecar; break;
        case FileKind::other: part.role = Role::other; break;
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

bool is_video_shot(std::span<const SourceFile> shot)
{
    const int first = rank(shot.front());
    return first == 2 || first == 4;
}

} // namespace photosafe
