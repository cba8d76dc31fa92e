// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/source.hpp>

#include "core/file.hpp"

namespace photosafe {

/// Reads one file below `root`, which outlives the reader. Throws ArchiveError: not_found, changed (it isn't
/// as `file` says any more), unreadable, invalid (the offset).
std::unique_ptr<Reader> open_folder_reader(const Folder& root, const SourceFile& file, std::uint64_t offset,
                                           std::stop_token stop);

} // namespace photosafe
