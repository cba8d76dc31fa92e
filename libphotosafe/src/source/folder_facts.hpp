// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <photosafe/error.hpp>
#include <photosafe/source.hpp>

#include "core/file.hpp"

namespace photosafe {

/// What the file system says of one name, not of what a link points to.
struct FolderFacts {
    std::uint32_t mode = 0;
    std::uint64_t bytes = 0;
    Instant modified;
    std::optional<Instant> born;
    std::uint64_t inode = 0;
    std::uint64_t device = 0;
    bool operator==(const FolderFacts&) const = default;
};

/// Of `name` in the folder `fd`; of `fd` itself when `name` is empty. None, with errno set, when it can't be
/// told.
std::optional<FolderFacts> folder_facts(int fd, const std::string& name) noexcept;

/// A failure at the source: what the disk refuses there is `unreadable` (or `not_found`), never `io` or
/// `read_only`, which speak of the archive's disk.
ArchiveError source_error(const ArchiveError& e);

/// The error of a stop that was asked for.
ArchiveError stopped(const std::filesystem::path& subject);

} // namespace photosafe
