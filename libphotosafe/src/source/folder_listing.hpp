// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/source.hpp>

#include "core/file.hpp"

namespace photosafe {

/// Whether `folder` holds an archive of PhotoSafe.
bool holds_archive(const Folder& folder, const std::string& path);

/// Every regular file below `root`, and what was passed over, each with its reason. Throws ArchiveError:
/// cancelled, unreadable (root itself).
Listing list_folder(const Folder& root, const ListOptions& options);

/// The regular file at `path` as it is now. Throws ArchiveError: not_found, unreadable.
SourceFile look_in_folder(const Folder& root, const std::string& path);

} // namespace photosafe
