// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include <photosafe/source.hpp>

#include "core/file.hpp"
#include "media/facts.hpp"

namespace photosafe {

/// The files of a library's database as a source shows them: the database, and its log where there is one.
struct LibraryFiles {
    SourceFile database;
    std::optional<SourceFile> log;

    std::vector<SourceFile> all() const;
};

/// A proven copy: each byte as the source sent it, read back from where it was written, of files that were
/// the same before and after. It is in a file without a name and is gone with this.
struct LibraryCopy {
    LibraryFiles files;
    File bytes; ///< read-only
    DatabaseFile for_worker() const;
};

/// None where the source has no such database. Errors: DeviceError, ArchiveError of the source.
std::optional<LibraryFiles> look_at_library(Source& source, const std::string& database);

/// Copies it, into the folder where `archive` stages files, else into memory. Tries again what changed
/// meanwhile, some times. Errors: `changed` when it kept changing; those of the source and of the disk.
LibraryCopy copy_library(Source& source, const LibraryFiles& files, const Folder& archive,
                         std::stop_token stop);

} // namespace photosafe
