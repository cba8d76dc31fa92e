// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "core/progress_pace.hpp"
#include "ingest/finisher.hpp"
#include "ingest/plan.hpp"

namespace photosafe {

/// Tells the caller how far it is, some times a second.
class Progress {
public:
    Progress(const IngestOptions& options, std::uint64_t items, std::uint64_t bytes);
    void bytes_done(std::uint64_t bytes, const std::string& path);
    void item_done();

private:
    void tell(bool now);
    const IngestOptions* options_;
    IngestProgress figures_;
    ProgressPace pace_;
};

/// The first half of an ingest: reads files from the source into staged files, in the order given. The next
/// ones are opened while one is read, so that the link needn't wait.
class TransferStage {
public:
    TransferStage(Source& source, Archive::Impl& archive, const IngestOptions& options, const Scan& scan,
                  Progress& progress);
    /// What was resumed and not read stays for the next ingest.
    ~TransferStage();
    TransferStage(const TransferStage&) = delete;
    TransferStage& operator=(const TransferStage&) = delete;

    void begin(std::vector<std::size_t> todo) { todo_ = std::move(todo); }
    bool done() const noexcept { return at_ == todo_.size() && ahead_.empty(); }
    /// Reads the next file to its announced end. None where that failed: `take_failed` has it. Throws what
    /// ends all.
    std::optional<Transferred> next();
    std::vector<Finished> take_failed() { return std::exchange(failed_, {}); }
    std::uint64_t take_read_bytes() { return std::exchange(read_bytes_, 0); }

private:
    struct Opened {
        std::size_t index;
        std::optional<StagedFile> staged;
        std::unique_ptr<Reader> reader;
    };

    void open_ahead();
    void open(std::size_t index);
    void check_room(const SourceFile& what, std::uint64_t resumed) const;
    bool give(Opened& opened, std::span<const std::byte> bytes);
    void read(Opened& opened);
    void reread(Opened& opened);
    void fail(std::size_t index, const Error& error); ///< throws when it's one silence too many
    const SourceFile& file(std::size_t index) const { return scan_->listing.files[index]; }

    Source* source_;
    Archive::Impl* archive_;
    const IngestOptions* options_;
    const Scan* scan_;
    Progress* progress_;
    std::vector<std::size_t> todo_;
    std::size_t at_ = 0; ///< of the next one to open
    std::deque<Opened> ahead_;
    std::vector<Finished> failed_;
    std::uint64_t read_bytes_ = 0;
    unsigned silent_ = 0; ///< files in a row that the source did not answer for
};

} // namespace photosafe
