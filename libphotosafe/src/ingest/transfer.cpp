// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/transfer.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace photosafe {

namespace {

// Enough announced bytes to keep a link of 300 MB/s and 10 ms busy; a file counts for at most what one reader
// buffers.
constexpr std::uint64_t ahead_bytes = 8u << 20;
constexpr std::uint64_t reader_bytes = 4u << 20;
constexpr std::size_t ahead_files = 16;
/// What stays free on the disk: a full one could not even take the record of what is safe already.
constexpr std::uint64_t reserve_bytes = 16u << 20;
/// Some phones never answer for a certain file; one that answers for none of so many has stopped altogether.
constexpr unsigned most_silent = 3;

/// Whether what was read until an error is good to go on from.
bool bytes_are_right(const Error& error)
{
    return error.code() != ErrorCode::changed && error.code() != ErrorCode::mismatch &&
           error.code() != ErrorCode::protocol && error.code() != ErrorCode::not_found;
}

std::string human(std::uint64_t bytes) { return std::to_string((bytes + 999'999) / 1'000'000) + " MB"; }

} // namespace

Progress::Progress(const IngestOptions& options, std::uint64_t items, std::uint64_t bytes)
    : options_{&options}
{
    figures_.items_total = items;
    figures_.bytes_total = bytes;
    tell(true);
}

void Progress::bytes_done(std::uint64_t bytes, const std::string& path)
{
    figures_.bytes_done += bytes;
    if (figures_.current != path) figures_.current = path;
    tell(false);
}

void Progress::item_done()
{
    ++figures_.items_done;
    tell(figures_.items_done == figures_.items_total);
}

void Progress::tell(bool now)
{
    if (!options_->on_progress || !pace_.due(now)) return;
    IngestProgress shown = figures_;
    shown.bytes_done = std::min(shown.bytes_done, shown.bytes_total); // what was read twice counts once
    options_->on_progress(shown);
}

TransferStage::TransferStage(Source& source, Archive::Impl& archive, const IngestOptions& options,
                             const Scan& scan, Progress& progress)
    : source_{&source}, archive_{&archive}, options_{&options}, scan_{&scan}, progress_{&progress}
{
}

TransferStage::~TransferStage()
{
    for (Opened& one : ahead_) {
        try {
            one.staged->keep();
        } catch (const Error&) { // NOLINT(bugprone-empty-catch): then it is read again; why all ends was told
                                 // before
        }
    }
}

std::optional<Transferred> TransferStage::next()
{
    if (options_->stop.stop_requested()) throw DeviceError{ErrorCode::cancelled, "Stopped as asked for"};
    open_ahead();
    if (ahead_.empty()) return std::nullopt; // what was to come could not be opened
    Opened opened = std::move(ahead_.front());
    ahead_.pop_front();
    try {
        read(opened);
        if (options_->proof == Proof::reread) reread(opened);
    } catch (const FixityError& error) {
        fail(opened.index, error);
        return std::nullopt;
    }
    if (!opened.reader) return std::nullopt; // failed, and told
    return Transferred{opened.index, file(opened.index), std::move(*opened.staged), std::move(opened.reader)};
}

void TransferStage::open_ahead()
{
    std::uint64_t bytes = 0;
    for (const Opened& one : ahead_) bytes += std::min(file(one.index).bytes, reader_bytes);
    while (at_ < todo_.size() && (ahead_.empty() || (bytes < ahead_bytes && ahead_.size() < ahead_files))) {
        const std::size_t index = todo_[at_++];
        bytes += std::min(file(index).bytes, reader_bytes);
        open(index);
    }
}

void TransferStage::open(std::size_t index)
{
    const SourceFile& what = file(index);
    const std::string key = staging_key(scan_->figures.source.id, what.path, what.bytes, what.modified);
    auto staged = StagedFile::resume(archive_->root, key);
    if (!staged || staged->bytes() > what.bytes) staged = StagedFile::begin(archive_->root, key);
    progress_->bytes_done(staged->bytes(), what.path);
    try {
        check_room(what, staged->bytes());
        auto reader = source_->open(what, staged->bytes(), options_->stop);
        ahead_.push_back({index, std::move(staged), std::move(reader)});
    } catch (const Error& error) {
        if (bytes_are_right(error)) staged->keep();
        if (ends_all(error) || error.code() == ErrorCode::no_space) throw;
        fail(index, error);
    }
}

void TransferStage::check_room(const SourceFile& what, std::uint64_t resumed) const
{
    const FileSystem disk = file_system_of(archive_->root.path());
    const std::uint64_t wanted = what.bytes - resumed;
    if (what.bytes > disk.total_bytes) { // a lie, or at any rate no reason to keep the next one waiting
        throw ArchiveError{ErrorCode::unsafe,
                           printable(name_of(what.path)) + " has " + human(what.bytes) +
                               ", says the source: more than the whole disk of the archive",
                           what.path};
    }
    if (disk.free_bytes < reserve_bytes || wanted > disk.free_bytes - reserve_bytes) {
        throw ArchiveError{ErrorCode::no_space,
                           "The disk of the archive is full: " + printable(name_of(what.path)) + " needs " +
                               human(wanted) + ", " + human(disk.free_bytes) +
                               " are free. Make room there, then run it again",
                           archive_->root.path()};
    }
}

/// To the announced end. A source's error costs this file its reader; an error of our own disk ends all.
void TransferStage::read(Opened& opened)
{
    StagedFile& staged = *opened.staged;
    const SourceFile& what = file(opened.index);
    for (;;) {
        std::span<const std::byte> bytes;
        try {
            bytes = opened.reader->next();
            if (bytes.size() > what.bytes - staged.bytes() ||
                (bytes.empty() && staged.bytes() != what.bytes)) {
                throw DeviceError{ErrorCode::protocol,
                                  "Reading " + printable(name_of(what.path)) +
                                      ": the source gave another number of bytes than it announced",
                                  what.path};
            }
        } catch (const Error& error) {
            if (bytes_are_right(error)) staged.keep(); // the next try goes on from here
            if (ends_all(error)) throw;
            opened.reader.reset();
            fail(opened.index, error);
            return;
        }
        silent_ = 0;
        if (bytes.empty() || !give(opened, bytes)) return;
        progress_->bytes_done(bytes.size(), what.path);
    }
}

/// False, and failed, where the disk can't take this one file.
bool TransferStage::give(Opened& opened, std::span<const std::byte> bytes)
{
    try {
        opened.staged->write(bytes);
    } catch (const ArchiveError& error) {
        if (error.code() != ErrorCode::unsafe) throw;
        opened.reader.reset();
        fail(opened.index, error);
        return false;
    }
    read_bytes_ += bytes.size();
    return true;
}

/// Reads it once more and compares; the reader left behind is that of the second time.
void TransferStage::reread(Opened& opened)
{
    if (!opened.reader) return;
    const SourceFile& what = file(opened.index);
    try {
        opened.reader->finish();
        opened.reader = source_->open(what, 0, options_->stop);
        Digester again;
        for (auto bytes = opened.reader->next(); !bytes.empty(); bytes = opened.reader->next()) {
            again.update(bytes);
            read_bytes_ += bytes.size();
        }
        if (again.digest() != opened.staged->digest()) {
            throw FixityError{ErrorCode::mismatch,
                              "Reading " + printable(name_of(what.path)) +
                                  " twice gave two different contents. Try another cable or port",
                              what.path};
        }
    } catch (const FixityError&) {
        throw;
    } catch (const Error& error) {
        if (bytes_are_right(error)) opened.staged->keep();
        if (ends_all(error)) throw;
        opened.reader.reset();
        fail(opened.index, error);
    }
}

void TransferStage::fail(std::size_t index, const Error& error)
{
    if (error.code() == ErrorCode::timeout && ++silent_ >= most_silent) {
        throw DeviceError{ErrorCode::device_gone, "The phone doesn't answer any more. Unlock it, or unplug "
                                                  "it and plug it in again, then run it again"};
    }
    failed_.push_back(
        {.index = index,
         .told = {.file = file(index),
                  .outcome = Outcome::failed,
                  .asset_path = {},
                  .digest = {},
                  .code = std::string{name(error.code())},
                  .reason = error.what()},
         .changed = error.code() == ErrorCode::changed || error.code() == ErrorCode::not_found});
}

} // namespace photosafe
