// SPDX-License-Identifier: LGPL-2.1-or-later
// Where an original is filed: same facts, same path. Nothing here touches a disk.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <photosafe/asset.hpp>

namespace photosafe {

/// A local time as a clock on the wall shows it.
struct LayoutTime {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

/// What a layout may say of a shot. Device and names are bytes from outside; what isn't known is empty.
struct ShotFacts {
    LayoutTime taken;
    LayoutTime imported;
    std::string name; ///< of its first part, on the source
    std::string device;
    std::string source_kind; ///< SourceInfo::kind
    std::string kind;        ///< photo, video, …
    std::string camera_make;
    std::string camera_model;
    std::string album;
};

/// Where the files of a shot lie.
struct ShotPath {
    std::string folder; ///< below originals/, `/` between parts; may be empty
    std::string stem;   ///< of all its files
    bool operator==(const ShotPath&) const = default;
};

/// A parsed template, such as `{taken:%Y}/{taken:%Y-%m-%d}/{name}`.
///
/// A field is `{name}`, `{taken:format}` for times, `{album,default}` for a word where the field is empty;
/// without a default that word is `unknown`. `{{` and `}}` are the braces themselves. The last part names the
/// file: it ends with `{name}` or `.{ext}`, which stand nowhere else, and without `{name}` it holds `{stem}`.
class Layout {
public:
    /// Throws ArchiveError `invalid`, whose message names the place and the reason.
    static Layout parse(std::string_view text);

    /// Every part of the result is a `safe_component`.
    ShotPath place(const ShotFacts& facts) const;

    const std::string& text() const noexcept { return text_; }

private:
    friend class LayoutParser;
    enum class Field { literal, taken, imported, stem, make, model, device, album, kind, source };
    struct Piece {
        Field field = Field::literal;
        std::string text; ///< of a literal; the format of a time; the default of any other field
    };
    using Component = std::vector<Piece>;

    static std::string fixed_text(const Piece& piece, const ShotFacts& facts);
    static std::string_view foreign_text(Field field, const ShotFacts& facts);
    static bool is_foreign(Field field) noexcept;
    static std::string render(const Component& component, const ShotFacts& facts);

    std::string text_;
    std::vector<Component> folders_;
    Component stem_;
};

/// The stem that a shot gets whose own is taken: `IMG_0042 (1a2b3c4d)`, with `digits` hex digits of the
/// SHA-256, at least 8, at most 64.
std::string with_digest(std::string_view stem, const Digest& digest, unsigned digits = 8);

/// Name of one part of a shot: `IMG_0042.HEIC`; with a qualifier `IMG_0042.edited.HEIC`. `extension` has its
/// dot or is empty.
std::string part_name(std::string_view stem, std::string_view qualifier, std::string_view extension);

/// A name made of outside bytes that ext4, APFS, exFAT and NTFS all take as one component, and as this one:
/// NFC, at most `max_bytes` (16 or more) bytes, never empty, hidden, a path, a DOS device, or starting like
/// an option. Equal inputs give equal outputs; different ones may, too.
std::string safe_component(std::string_view bytes, std::size_t max_bytes = 120);

/// A phone's file name as stem and extension, the latter with its dot, or empty where there is none. A
/// leading dot begins no extension, and neither does what is too long (over 16 bytes) or unsafe in a file
/// name.
std::pair<std::string, std::string> split_name(std::string_view name);

} // namespace photosafe
