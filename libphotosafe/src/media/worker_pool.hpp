// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string_view>

#include <photosafe/error.hpp>
#include <photosafe/media.hpp>
#include <photosafe/phone_library.hpp>

#include "media/facts.hpp"
#include "media/sidecar_facts.hpp"

namespace photosafe {

/// How many media workers there are at most: as asked for, else one for each processor.
unsigned most_workers(const MediaOptions& options) noexcept;

/// The media workers. Each call waits for a free one, gives it the file, and returns its answer; a worker
/// that died, hung or took too much is replaced before the next job.
///
/// Errors:    MediaError, of one file: unreadable, crashed, timeout, out_of_memory; killed: two workers in a
///            row, from outside, which says nothing of the file. DeviceError or ArchiveError never.
///            MediaError{not_found}: the worker's program is not there or can't be started; no call works.
/// Ownership: ends its workers when destroyed. Descriptors stay the caller's; read at whatever offset.
/// Threads:   any number at once.
class WorkerPool {
public:
    /// Starts the first worker at once, so that it is forked while this process is small; the others as they
    /// are needed.
    explicit WorkerPool(const MediaOptions& options = {});
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    const WorkerFacts& facts() const noexcept;
    unsigned size() const noexcept; ///< how many jobs can run at once

    /// What the file behind `fd` says of itself.
    Metadata read_metadata(int fd);
    /// A JPEG of it.
    Picture render(int fd, const RenderOptions& options);
    /// What a copy of Photos' database says.
    PhoneLibrary read_phone_library(const DatabaseFile& file);
    /// The XMP sidecar that tells these `facts` (sidecar_json.hpp) and all that others have written into the
    /// `sidecar` that is there, which may be empty.
    MergedSidecar merge_sidecar(std::string_view facts, std::string_view sidecar);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace photosafe
