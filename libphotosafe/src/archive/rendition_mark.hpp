// SPDX-License-Identifier: LGPL-2.1-or-later
// What stands at the end of every rendition, as a JPEG's comment: of which original it was made, and how. It
// ends with the digest of all before it, so it holds only while the file is, to the last bit, what PhotoSafe
// made. Then an import needs no second copy of the picture under another name, and a catalog that was made
// again needs no second drawing of it. Once somebody has worked on it, it is a picture like any other.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <photosafe/convert.hpp>

#include "core/file.hpp"

namespace photosafe {

struct RenditionMark {
    std::array<std::byte, 32> original{}; ///< its SHA-256
    Rendition rendition; ///< without asset, path and bytes, which a file doesn't know of itself
};

/// Appends the mark to a whole JPEG. Throws MediaError{protocol} where it is none.
void add_mark(std::vector<std::byte>& jpeg, const RenditionMark& mark);

/// The mark of a file that is a rendition, and unchanged; of any other file none. Reads the end of the file,
/// and all of it where that looks like a mark. Errors: ArchiveError.
std::optional<RenditionMark> read_mark(const File& file);

} // namespace photosafe
