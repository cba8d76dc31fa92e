// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>

#include "core/digest.hpp"
#include "core/text.hpp"
#include "support/archive_facts.hpp"
#include "support/memory_source.hpp"
#include "support/temp_archive.hpp"

namespace photosafe::test {

inline Digest digest(std::string_view content) { return digest_of(std::as_bytes(std::span{content})); }

/// Without waiting between tries.
inline IngestOptions quick()
{
    IngestOptions options;
    options.backoff = std::chrono::milliseconds{0};
    return options;
}

inline IngestReport run(Source& source, Archive& archive) { return ingest(source, archive, quick()); }

/// The sums of a report, which are one only if they close.
inline std::string sums(const IngestReport& report)
{
    if (report.seen != report.stored + report.known + report.failed + report.excluded)
        return "the sums don't close";
    return "seen " + std::to_string(report.seen) + ": " + std::to_string(report.stored) + " stored, " +
           std::to_string(report.known) + " known, " + std::to_string(report.failed) + " failed, " +
           std::to_string(report.excluded) + " excluded";
}

/// While it lives, temporary folders are in memory where the system has a place for that: for tests that
/// write much and lose nothing by it.
class FoldersInMemory {
public:
    FoldersInMemory()
    {
        if (const char* const was = std::getenv("TMPDIR")) was_ = was;
        if (std::filesystem::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
    }
    FoldersInMemory(const FoldersInMemory&) = delete;
    FoldersInMemory& operator=(const FoldersInMemory&) = delete;
    ~FoldersInMemory() { was_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", was_.c_str(), 1); }

private:
    std::string was_;
};

} // namespace photosafe::test
