// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <photosafe/ingest.hpp>

#include "archive/manifest.hpp"
#include "core/ends_all.hpp"
#include "ingest/publish.hpp"

namespace photosafe {

/// A file whose announced bytes have all been written, and whose reader has still to prove that they are all.
struct Transferred {
    std::size_t index = 0; ///< in the scan
    SourceFile file;
    StagedFile staged;
    std::unique_ptr<Reader> reader;
};

/// What became of one of them.
struct Finished {
    std::size_t index = 0;
    IngestedFile told;
    bool changed = false; ///< it is not what was listed any more
};

/// The second half of an ingest, on a thread of its own: proof from the source, durability, the proof from
/// the disk, metadata, names, manifest, catalog, in batches. It overlaps with the transfer of the next files,
/// which is what makes the proof free on a link slower than the disk, and workers read the metadata of one
/// batch while the next is being proven (docs/decisions/0004).
///
/// While it lives, the archive's catalog belongs to its thread. Threads: put, take and end from one other
/// thread.
class Finisher {
public:
    Finisher(Archive::Impl& archive, std::optional<ManifestWriter>& manifest, const SourceInfo& source,
             OriginalNames names, MetadataReader& metadata, std::stop_token stop);
    ~Finisher();

    /// Waits while there is too much to do. False when the work has failed: `end` then throws why.
    bool put(Transferred transferred);
    /// What is done by now; doesn't wait.
    std::vector<Finished> take();
    /// Waits until all that was put is done.
    void drain();
    /// Ends the thread. Throws what the work as a whole failed of.
    void end();
    /// What came of the metadata of what was published. After `end`.
    const MetadataReport& metadata() const noexcept { return figures_; }

private:
    void run();
    bool step();
    void lose(std::exception_ptr failure);
    void settle(Transferred transferred);
    void prove_batch();
    bool is_read() const;
    void record_proven();
    std::future<Reading> begin_reading(const Arrival& arrival);
    void fail(std::size_t index, const SourceFile& file, const Error& error);
    void report(Finished finished);

    Archive::Impl* archive_;
    std::optional<ManifestWriter>* manifest_;
    Publisher publisher_;
    MetadataReader* metadata_;
    std::stop_token stop_; ///< leaves metadata for later
    MetadataReport figures_;
    std::vector<Arrival> batch_; ///< of the thread alone, proven by their source
    /// Proven by the disk too, and being read: what they say of themselves isn't waited for while there is
    /// other work.
    std::vector<Arrival> proven_;
    std::vector<std::future<Reading>> readings_; ///< of `proven_`, one each; those that aren't read have none
    std::uint64_t batch_bytes_ = 0;
    std::chrono::steady_clock::time_point oldest_{}; ///< when the first of the batch came

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Transferred> queue_;
    std::vector<Finished> done_;
    std::size_t busy_ = 0; ///< put and not yet done
    bool draining_ = false;
    bool ending_ = false;
    std::exception_ptr failure_;
    std::exception_ptr source_failure_; ///< the source was lost; what is here already still comes to its end
    std::jthread thread_;
};

} // namespace photosafe
