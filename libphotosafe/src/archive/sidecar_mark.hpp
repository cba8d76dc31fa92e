// SPDX-License-Identifier: LGPL-2.1-or-later
// The XMP sidecars that PhotoSafe writes: where they lie, and how it knows them again.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "archive/catalog.hpp"
#include "core/file.hpp"

namespace photosafe {

/// Beside the original, where other programs look: `IMG_0042.HEIC.xmp`.
std::string sidecar_path(std::string_view original);

/// Whether `path`, which is no original's, is that of a sidecar beside an original. PhotoSafe wrote it, or
/// the program with which somebody looks at the archive did.
bool is_sidecar_beside(Catalog& catalog, std::string_view path);

/// What stands at the end of a sidecar, as a comment of XML: of which original it tells, and which facts. It
/// holds while nobody else has written into the sidecar (proven_end.hpp).
struct SidecarMark {
    std::array<std::byte, 32> original{}; ///< its SHA-256
    std::array<std::byte, 32> facts{};    ///< SHA-256 of what it tells, as text
    bool operator==(const SidecarMark&) const = default;
};

/// Appends the mark to the text of a sidecar.
void add_mark(std::string& sidecar, const SidecarMark& mark);

/// The mark of a sidecar that is PhotoSafe's, and unchanged; of any other file none. Errors: ArchiveError.
std::optional<SidecarMark> read_sidecar_mark(const File& file);

} // namespace photosafe
