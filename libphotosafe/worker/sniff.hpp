// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string_view>

#include <photosafe/metadata.hpp>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// How the bytes of a file are laid out, which says who reads them.
enum class Shape {
    unknown,
    jpeg,
    heif, ///< HEIC, HEIF, AVIF
    png,
    webp,
    gif,
    jxl,   ///< in boxes, or a bare codestream
    tiff,  ///< TIFF and the RAWs made of it: DNG, CR2, NEF, ARW, ORF, RW2, …
    raw,   ///< RAWs that aren't: CR3, RAF, CRW, MRW, X3F
    movie, ///< all that moves
    edit,  ///< AAE, a property list
    xmp,   ///< a sidecar
};

/// Of a property list that says nothing of an edit: another's, or a recipe that is cut before it does.
constexpr std::string_view plist_mime = "application/x-plist";
constexpr std::size_t largest_plist = 16u << 20; ///< what is larger isn't looked into

struct Sniffed {
    Shape shape = Shape::unknown;
    MediaKind kind = MediaKind::unknown;
    std::string_view mime; ///< empty where nobody knows
};

/// What a file is by its bytes; its name has no say. Looks at the beginning, and of a TIFF at the folders.
Sniffed sniff(ByteView file);

} // namespace photosafe::worker
