// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <span>
#include <string>

#include "archive/catalog.hpp"
#include "archive/event.hpp"
#include "core/file.hpp"

namespace photosafe {

/// The pair of plain text files that one run of PhotoSafe writes: `NAME.ndjson` tells all that happened,
/// `NAME.sha256` lets `sha256sum -c` check it. Both are only ever appended to, and durable when `append`
/// returns.
class ManifestWriter {
public:
    /// Begins a new pair. `begun.sequence` is the caller's.
    ManifestWriter(const Folder& root, const Begun& begun);

    const std::string& name() const noexcept { return name_; }
    /// After an error the pair holds what it held before the call, and takes nothing more.
    Stretch append(std::span<const Event> events);
    /// Where the first line stands, which the constructor writes.
    Stretch beginning() const noexcept { return {0, beginning_}; }

private:
    std::string name_;
    File events_;
    File sums_;
    std::uint64_t beginning_ = 0;
    std::uint64_t length_ = 0;
    std::uint64_t sums_length_ = 0;
};

/// What reading one manifest came to.
struct ManifestReading {
    std::uint64_t length = 0;          ///< up to the end of its last whole line
    std::uint64_t torn_bytes = 0;      ///< after it: a line that a crash cut off
    std::vector<std::string> problems; ///< lines in the middle that make no sense
};

/// Gives `visit` the events of manifest `name` from byte `offset` on, in batches, each with the stretch it
/// was read from. Together the stretches are all whole lines, also those that make no sense.
ManifestReading read_manifest(const Folder& root, const std::string& name, std::uint64_t offset,
                              const std::function<void(std::span<const Event>, Stretch)>& visit);

/// The names of all manifests, in the order in which they were begun.
std::vector<std::string> manifest_names(const Folder& root);

/// Cuts the torn end that reading it to its end found, gives the sums what they lack, and makes both durable.
void complete(const Folder& root, const std::string& name, const ManifestReading& reading);

/// Brings the catalog and the sums up to what the manifests say: completes what a process that was cut off
/// had begun.
void catch_up(const Folder& root, Catalog& catalog);

} // namespace photosafe
