// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include <photosafe/archive.hpp>
#include <photosafe/export.hpp>
#include <photosafe/media.hpp>

namespace photosafe {

/// What came of reading what files say of themselves.
struct PHOTOSAFE_EXPORT MetadataReport {
    std::uint64_t read = 0;      ///< files whose metadata came into the catalog
    std::uint64_t failed = 0;    ///< files that can't be read; the catalog has the reasons
    std::uint64_t regrouped = 0; ///< assets of which the shot or the time is another one than was thought
    std::uint64_t pending = 0;   ///< assets still to be read, at the end
    std::uint64_t absent = 0;    ///< of those: not in their place as they were stored
    std::uint64_t killed = 0;    ///< of those: what read them was killed from outside, as for want of memory
    std::string trouble{};       ///< why nothing could be read, a sentence; empty where that worked

    /// Adds what was done after it.
    MetadataReport& operator+=(const MetadataReport& later);
};

/// How far reading metadata is.
struct MetadataProgress {
    std::uint64_t items_done = 0, items_total = 0;
    std::string current{}; ///< path below the archive's root
};

struct ReadMetadataOptions {
    bool again = false; ///< all of it, not only what isn't read yet and what failed under other versions
    MediaOptions media{};
    std::function<void(const MetadataProgress&)>
        on_progress{};      ///< some times a second, from the calling thread
    std::stop_token stop{}; ///< what is read until then is kept
};

/// What `read_metadata` would read.
struct ReadMetadataPlan {
    std::uint64_t pending = 0; ///< not read yet
    std::uint64_t failed = 0;  ///< failed, and would be tried with other versions of the libraries
    std::uint64_t again = 0;   ///< read already, and would be read again
};
PHOTOSAFE_EXPORT ReadMetadataPlan plan_read_metadata(const Archive& archive,
                                                     const ReadMetadataOptions& options = {});

/// Reads from the archive itself what the originals say of themselves, where that isn't known yet, and ties
/// them to their shots by it. No file is moved or changed. One that can't be read is a row with its reason.
/// Errors: ArchiveError.
PHOTOSAFE_EXPORT MetadataReport read_metadata(Archive& archive, const ReadMetadataOptions& options = {});

} // namespace photosafe
