// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/memory_source.hpp"

#include <algorithm>
#include <condition_variable>
#include <limits>

namespace photosafe::test {

class MemorySource::MemoryReader final : public Reader {
public:
    MemoryReader(MemorySource& source, SourceFile file, std::uint64_t offset, std::stop_token stop)
        : source_{source}, listed_{std::move(file)}, stop_{std::move(stop)}, at_{offset}
    {
        const std::lock_guard lock{source_.mutex_};
        source_.check_plugged_in(listed_.path);
        source_.opened_.push_back({listed_.path, offset});
        if (offset > listed_.bytes) raise(ErrorCode::invalid, listed_.path);
        const Stored& stored = source_.stored(listed_.path);
        if (!is_as_listed(stored)) raise(ErrorCode::changed, listed_.path);
        version_ = stored.version;
    }

    std::span<const std::byte> next() override
    {
        if (at_ == listed_.bytes) return {};
        act();
        const std::lock_guard lock{source_.mutex_};
        source_.check_plugged_in(listed_.path);
        const std::string& content = source_.stored(listed_.path).file.content;
        const std::uint64_t end =
            std::min({listed_.bytes, at_ + source_.chunk_, source_.next_fault(listed_.path, at_)});
        if (content.size() < end) raise(ErrorCode::changed, listed_.path);
        chunk_ = content.substr(at_, end - at_);
        if (!source_.due(listed_.path, at_, true).empty())
            chunk_.front() = static_cast<char>(chunk_.front() ^ 1);
        source_.read_[listed_.path] += chunk_.size();
        at_ = end;
        return std::as_bytes(std::span{chunk_});
    }

    void finish() override
    {
        if (at_ != listed_.bytes) raise(ErrorCode::mismatch, listed_.path);
        act();
        const std::lock_guard lock{source_.mutex_};
        source_.check_plugged_in(listed_.path);
        const Stored& stored = source_.stored(listed_.path);
        if (stored.version != version_ || !is_as_listed(stored)) raise(ErrorCode::changed, listed_.path);
        ++source_.finished_;
    }

private:
    bool is_as_listed(const Stored& stored) const
    {
        return stored.file.content.size() == listed_.bytes && stored.file.modified == listed_.modified;
    }

    void act()
    {
        std::vector<Action> actions;
        {
            const std::lock_guard lock{source_.mutex_};
            actions = source_.due(listed_.path, at_, false);
        }
        for (const Action& action : actions) action(stop_);
        if (stop_.stop_requested()) raise(ErrorCode::cancelled, listed_.path);
    }

    MemorySource& source_;
    const SourceFile listed_;
    const std::stop_token stop_;
    std::uint64_t at_;
    std::uint64_t version_ = 0;
    std::string chunk_;
};

MemorySource::MemorySource()
    : info_{.id = "device:memory",
            .kind = "device",
            .name = "Anna's iPhone",
            .model = "iPhone16,1",
            .version = "18.1"}
{
}

MemorySource::MemorySource(std::initializer_list<MemoryFile> files) : MemorySource{}
{
    for (const MemoryFile& file : files) add(file);
}

MemorySource::~MemorySource() = default;

SourceInfo MemorySource::info() const { return info_; }

Listing MemorySource::list(const ListOptions& options)
{
    const std::lock_guard lock{mutex_};
    ++lists_;
    check_plugged_in({});
    if (options.stop.stop_requested()) raise(ErrorCode::cancelled, {});
    if (listing_errors_ > 0) {
        --listing_errors_;
        raise(listing_error_, {});
    }
    Listing listing;
    for (const auto& [path, stored] : files_) {
        if (const auto hidden = hidden_.find(path); hidden != hidden_.end() && hidden->second > 0) {
            --hidden->second;
            continue;
        }
        listing.files.push_back({path, stored.file.content.size(), stored.file.modified, stored.file.born});
    }
    listing.skipped = skipped_;
    if (options.on_progress) options.on_progress(listing.files.size());
    return listing;
}

SourceFile MemorySource::look(const std::string& path)
{
    const std::lock_guard lock{mutex_};
    check_plugged_in(path);
    const MemoryFile& file = stored(path).file;
    return {path, file.content.size(), file.modified, file.born};
}

std::unique_ptr<Reader> MemorySource::open(const SourceFile& file, std::uint64_t offset, std::stop_token stop)
{
    return std::make_unique<MemoryReader>(*this, file, offset, std::move(stop));
}

void MemorySource::set_info(SourceInfo info) { info_ = std::move(info); }

void MemorySource::add(MemoryFile file)
{
    const std::lock_guard lock{mutex_};
    store(std::move(file));
}

void MemorySource::store(MemoryFile file)
{
    const std::string path = file.path;
    files_[path] = {std::move(file), ++version_};
}

void MemorySource::change(const std::string& path, std::string content, Instant modified)
{
    const std::lock_guard lock{mutex_};
    MemoryFile file = stored(path).file;
    file.content = std::move(content);
    file.modified = modified;
    store(std::move(file));
}

void MemorySource::remove(const std::string& path)
{
    const std::lock_guard lock{mutex_};
    files_.erase(path);
}

void MemorySource::skip(SkippedEntry entry) { skipped_.push_back(std::move(entry)); }
void MemorySource::set_chunk(std::size_t bytes) { chunk_ = bytes; }

void MemorySource::at(const std::string& path, std::uint64_t offset, Action action, unsigned times)
{
    const std::lock_guard lock{mutex_};
    faults_.push_back({path, offset, times, std::move(action)});
}

void MemorySource::fail_at(const std::string& path, std::uint64_t offset, ErrorCode code, unsigned times)
{
    at(
        path, offset, [code, path](const std::stop_token&) { raise(code, path); }, times);
}

void MemorySource::hang_at(const std::string& path, std::uint64_t offset)
{
    at(path, offset, [](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock{mutex};
        never.wait(lock, stop, [] { return false; });
    });
}

void MemorySource::corrupt_at(const std::string& path, std::uint64_t offset, unsigned times)
{
    at(path, offset, {}, times);
}

void MemorySource::fail_listing(ErrorCode code, unsigned times)
{
    listing_error_ = code;
    listing_errors_ = times;
}

void MemorySource::hide(const std::string& path, unsigned listings) { hidden_[path] = listings; }

void MemorySource::unplug()
{
    const std::lock_guard lock{mutex_};
    plugged_in_ = false;
}

void MemorySource::plug_in()
{
    const std::lock_guard lock{mutex_};
    plugged_in_ = true;
}

void MemorySource::check_plugged_in(const std::string& path) const
{
    if (!plugged_in_) raise(ErrorCode::device_gone, path);
}

const MemorySource::Stored& MemorySource::stored(const std::string& path) const
{
    const auto found = files_.find(path);
    if (found == files_.end()) raise(ErrorCode::not_found, path);
    return found->second;
}

std::vector<MemorySource::Action> MemorySource::due(const std::string& path, std::uint64_t offset,
                                                    bool corrupting)
{
    std::vector<Action> actions;
    for (Fault& fault : faults_) {
        if (fault.times == 0 || fault.path != path || fault.offset != offset || !fault.action != corrupting)
            continue;
        --fault.times;
        actions.push_back(fault.action);
    }
    return actions;
}

std::uint64_t MemorySource::next_fault(const std::string& path, std::uint64_t after) const
{
    std::uint64_t next = std::numeric_limits<std::uint64_t>::max();
    for (const Fault& fault : faults_) {
        if (fault.times > 0 && fault.path == path && fault.offset > after)
            next = std::min(next, fault.offset);
    }
    return next;
}

unsigned MemorySource::lists() const
{
    const std::lock_guard lock{mutex_};
    return lists_;
}

std::vector<MemorySource::Opened> MemorySource::opened() const
{
    const std::lock_guard lock{mutex_};
    return opened_;
}

std::vector<std::string> MemorySource::opened_paths() const
{
    std::vector<std::string> paths;
    for (const Opened& one : opened()) paths.push_back(one.path);
    return paths;
}

std::uint64_t MemorySource::bytes_read() const
{
    const std::lock_guard lock{mutex_};
    std::uint64_t sum = 0;
    for (const auto& [path, bytes] : read_) sum += bytes;
    return sum;
}

std::uint64_t MemorySource::bytes_read(const std::string& path) const
{
    const std::lock_guard lock{mutex_};
    const auto found = read_.find(path);
    return found == read_.end() ? 0 : found->second;
}

std::uint64_t MemorySource::finished() const
{
    const std::lock_guard lock{mutex_};
    return finished_;
}

void MemorySource::forget_calls()
{
    const std::lock_guard lock{mutex_};
    lists_ = 0;
    opened_.clear();
    read_.clear();
    finished_ = 0;
}

void MemorySource::raise(ErrorCode code, const std::string& path)
{
    const std::string message =
        "Reading " + (path.empty() ? std::string{"the phone"} : path) + ": " + std::string{name(code)};
    switch (code) {
    case ErrorCode::no_space:
    case ErrorCode::read_only:
    case ErrorCode::io: throw ArchiveError{code, message, path};
    default: throw DeviceError{code, message, path};
    }
}

} // namespace photosafe::test
