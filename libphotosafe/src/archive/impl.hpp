// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/archive.hpp>

#include "archive/catalog.hpp"
#include "archive/lock.hpp"
#include "archive/naming.hpp"
#include "core/file.hpp"

namespace photosafe {

/// What an Archive is to the work functions: its parts, open.
struct Archive::Impl {
    Folder root;
    Access access;
    Lock lock;
    FileSystem disk; ///< as it was when it was opened
    Layout layout;
    Catalog catalog;
    std::vector<std::string> warnings;
};

/// The text file `.photosafe/archive.json`, by which an archive is known as one.
struct Identity {
    std::string layout;
};
/// Codes: newer_version, damaged. None where there is no such file.
std::optional<Identity> read_identity(const Folder& root);
void write_identity(const Folder& root, const Identity& identity);

/// The ArchiveError that a write into an archive opened to read deserves.
void require_write(const Archive& archive);

} // namespace photosafe
