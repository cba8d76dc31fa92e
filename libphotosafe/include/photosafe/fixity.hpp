// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include <photosafe/archive.hpp>

namespace photosafe {

enum class FixityOutcome {
    matched,    ///< both digests are those of the ingest
    altered,    ///< it holds other bytes than those ingested
    missing,    ///< there is no such file
    unreadable, ///< it is there, and the disk gives an error
    unrecorded, ///< a file that the catalog doesn't know; not damage
};
PHOTOSAFE_EXPORT std::string_view name(FixityOutcome outcome) noexcept;

struct FixityFinding {
    FixityOutcome outcome = FixityOutcome::matched;
    std::string path; ///< below the archive's root
    std::uint64_t bytes = 0;
    std::string message; ///< a sentence: what was found and the one thing to do
};

struct FixityProgress {
    std::uint64_t items_done = 0, items_total = 0;
    std::uint64_t bytes_done = 0, bytes_total = 0;
    std::string current;
};

/// Which originals to read; all of them unless told otherwise. Those not verified for longest come first when
/// only a part is asked for.
struct FixitySubset {
    std::optional<double> share{};        ///< of all bytes, 0…1
    std::optional<std::uint64_t> bytes{}; ///< at most so many, at least one file
};

struct FixityOptions {
    std::function<void(const FixityFinding&)>
        on_finding{}; ///< everything but `matched`, from the calling thread
    std::function<void(const FixityProgress&)>
        on_progress{}; ///< some times a second, from the calling thread
    FixitySubset subset{};
    bool oldest_first = false;
    unsigned threads = 0; ///< that hash; 0: one a processor
    std::stop_token stop{};
};

/// checked = matched + altered + missing + unreadable.
struct FixityReport {
    std::uint64_t checked = 0, matched = 0, altered = 0, missing = 0, unreadable = 0, unrecorded = 0;
    std::uint64_t bytes = 0;
    bool complete = true; ///< false when it was stopped before the end
};

/// Reads stored originals back from the disk, past the page cache, and compares them with both digests. What
/// it finds is remembered where the archive is open to write. It never changes an original. Errors:
/// ArchiveError.
PHOTOSAFE_EXPORT FixityReport check_fixity(Archive& archive, const FixityOptions& options = {});

} // namespace photosafe
