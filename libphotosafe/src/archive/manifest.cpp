// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/manifest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include <sys/random.h>

#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

constexpr std::string_view events_ending = ".ndjson";
constexpr std::string_view sums_ending = ".sha256";

std::string path_of(const std::string& name, std::string_view ending)
{
    return "manifests/" + name + std::string{ending};
}

std::string new_name(Instant at)
{
    std::array<std::byte, 2> salt{};
    if (::getrandom(salt.data(), salt.size(), 0) != static_cast<ssize_t>(salt.size())) {
        throw disk_error(errno, "Getting a random number for", "a manifest's name");
    }
    std::string stamp = to_rfc3339(at).substr(0, 19) + "Z";
    std::erase(stamp, ':');
    return stamp + '-' + hex(salt);
}

std::string sum_line(const Stored& stored) { return hex(stored.digest.sha256) + "  " + stored.path + '\n'; }

/// Adds to the sums of `name` each stored file of its events that they lack; cuts a torn last line. Makes them
/// durable.
void complete_sums(const Folder& root, const std::string& name)
{
    bool any = false;
    read_manifest(root, name, 0, [&](std::span<const Event> events, Stretch) {
        for (const Event& event : events) any = any || std::holds_alternative<Stored>(event);
    });
    File sums = any ? root.open_file(path_of(name, sums_ending), O_RDWR | O_CREAT)
                    : root.try_open_file(path_of(name, sums_ending), O_RDWR);
    if (!sums) return;
    std::string text = read_text(sums, std::numeric_limits<std::uint32_t>::max());
    if (const auto end = text.rfind('\n'); end == std::string::npos || end + 1 != text.size()) {
        text.resize(end == std::string::npos ? 0 : end + 1);
        sums.truncate(text.size());
    }
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at) + 1;
        lines.emplace_back(text.data() + at, end - at);
        at = end;
    }
    std::sort(lines.begin(), lines.end());
    sums.seek(text.size());
    read_manifest(root, name, 0, [&](std::span<const Event> events, Stretch) {
        for (const Event& event : events) {
            const auto* stored = std::get_if<Stored>(&event);
            if (stored == nullptr) continue;
            const std::string line = sum_line(*stored);
            if (!std::binary_search(lines.begin(), lines.end(), line))
                sums.write(std::as_bytes(std::span{line}));
        }
    });
    sums.sync();
}

/// What a killed process wrote may be in memory alone, or may have failed to reach the disk: from here on the
/// file reads as the disk has it.
void settle(const Folder& root, const std::string& name)
{
    File file = root.open_file(path_of(name, events_ending), O_RDONLY);
    file.sync();
    file.drop_cache();
}

std::int64_t sequence_of(const Folder& root, const std::string& name)
{
    const File file = root.open_file(path_of(name, events_ending), O_RDONLY);
    std::string head(4096, '\0'); // and more for a phone with a very long name
    std::size_t end = std::string::npos;
    for (;;) {
        const std::size_t n = file.read_at(std::as_writable_bytes(std::span{head}), 0);
        end = std::string_view{head}.substr(0, n).find('\n');
        if (end != std::string::npos || n < head.size()) break;
        head.resize(head.size() * 4);
    }
    if (end == std::string::npos) return 0;
    try {
        const Event first = from_line(std::string_view{head}.substr(0, end));
        if (const auto* begun = std::get_if<Begun>(&first)) return begun->sequence;
    } catch (const ArchiveError& e) {
        if (e.code() == ErrorCode::newer_version) throw; // it must not be half understood
    }
    return 0; // no beginning: whoever reads it all will say so
}

} // namespace

ManifestWriter::ManifestWriter(const Folder& root, const Begun& begun)
{
    root.make_folders("manifests");
    do {
        name_ = new_name(begun.at);
    } while (root.stat(path_of(name_, events_ending)) || root.stat(path_of(name_, sums_ending)));
    events_ = root.open_file(path_of(name_, events_ending), O_WRONLY | O_CREAT | O_EXCL);
    if (begun.work == "import")
        sums_ = root.open_file(path_of(name_, sums_ending), O_WRONLY | O_CREAT | O_EXCL);
    const Event first = begun;
    beginning_ = append(std::span{&first, 1}).to;
    if (sums_) sums_.sync_data();
    root.sync("manifests");
}

Stretch ManifestWriter::append(std::span<const Event> events)
{
    if (!events_) throw ArchiveError{ErrorCode::io, "The manifest " + name_ + " could not be written before"};
    std::string lines;
    std::string sums;
    for (const Event& event : events) {
        lines += to_line(event);
        lines += '\n';
        if (const auto* stored = std::get_if<Stored>(&event)) sums += sum_line(*stored);
    }
    try {
        events_.write(std::as_bytes(std::span{lines}));
        events_.sync_data();
        if (!sums.empty()) {
            sums_.write(std::as_bytes(std::span{sums}));
            sums_.sync_data();
        }
    } catch (const ArchiveError&) {
        // The disk is full or failing. Take the half-written lines back where that is possible; where not,
        // the next process cuts them.
        File events_file = std::move(events_);
        File sums_file = std::move(sums_);
        try {
            events_file.truncate(length_);
            if (sums_file) sums_file.truncate(sums_length_);
        } catch (const ArchiveError&) { // NOLINT(bugprone-empty-catch): the first error is the one to tell
        }
        throw;
    }
    const Stretch stretch{length_, length_ + lines.size()};
    length_ = stretch.to;
    sums_length_ += sums.size();
    return stretch;
}

ManifestReading read_manifest(const Folder& root, const std::string& name, std::uint64_t offset,
                              const std::function<void(std::span<const Event>, Stretch)>& visit)
{
    constexpr std::size_t batch = 1024;
    const File file = root.open_file(path_of(name, events_ending), O_RDONLY);
    ManifestReading reading{.length = offset, .torn_bytes = 0, .problems = {}};
    std::vector<Event> events;
    std::uint64_t visited = offset;
    const auto give = [&] {
        visit(events, {visited, reading.length});
        visited = reading.length;
        events.clear();
    };
    std::string rest;
    std::string buffer(std::size_t{1} << 20, '\0');
    for (std::uint64_t at = offset;;) {
        const std::size_t n = file.read_at(std::as_writable_bytes(std::span{buffer}), at);
        if (n == 0) break;
        at += n;
        rest.append(buffer, 0, n);
        std::size_t begin = 0;
        for (std::size_t end; (end = rest.find('\n', begin)) != std::string::npos; begin = end + 1) {
            try {
                events.push_back(from_line(std::string_view{rest}.substr(begin, end - begin)));
            } catch (const ArchiveError& e) {
                if (e.code() == ErrorCode::newer_version) throw;
                reading.problems.push_back("manifests/" + name + std::string{events_ending} + ", byte " +
                                           std::to_string(reading.length) + ": " + e.what());
            }
            reading.length += end + 1 - begin;
            if (events.size() >= batch) give();
        }
        rest.erase(0, begin);
    }
    if (visited != reading.length) give();
    reading.torn_bytes = rest.size();
    return reading;
}

std::vector<std::string> manifest_names(const Folder& root)
{
    std::vector<std::pair<std::int64_t, std::string>> found;
    for (const std::string& file : root.names("manifests")) {
        if (!file.ends_with(events_ending)) continue;
        std::string name = file.substr(0, file.size() - events_ending.size());
        const std::int64_t sequence = sequence_of(root, name);
        found.emplace_back(sequence, std::move(name));
    }
    std::sort(found.begin(), found.end());
    std::vector<std::string> names;
    for (auto& [sequence, name] : found) names.push_back(std::move(name));
    return names;
}

void complete(const Folder& root, const std::string& name, const ManifestReading& reading)
{
    {
        File file = root.open_file(path_of(name, events_ending), O_WRONLY);
        if (reading.torn_bytes != 0) file.truncate(reading.length);
        file.sync();
    }
    complete_sums(root, name);
    root.sync("manifests");
}

void catch_up(const Folder& root, Catalog& catalog)
{
    const auto applied = catalog.applied();
    bool behind = false;
    for (const std::string& file : root.names("manifests")) {
        if (!file.ends_with(events_ending)) continue;
        const auto at = applied.find(file.substr(0, file.size() - events_ending.size()));
        const auto facts = root.stat("manifests/" + file);
        if (at == applied.end() || (facts && static_cast<std::uint64_t>(facts->st_size) != at->second))
            behind = true;
    }
    if (!behind) return;
    for (const std::string& name : manifest_names(root)) {
        const auto at = applied.find(name);
        const std::uint64_t offset = at == applied.end() ? 0 : at->second;
        const auto facts = root.stat(path_of(name, events_ending));
        if (!facts || (offset != 0 && static_cast<std::uint64_t>(facts->st_size) == offset)) continue;
        if (static_cast<std::uint64_t>(facts->st_size) < offset) {
            throw ArchiveError{ErrorCode::damaged,
                               "manifests/" + name + std::string{events_ending} +
                                   " is shorter than what was taken from it. Get it back from a copy, or run "
                                   "photosafe rebuild to go by what is there."};
        }
        settle(root, name);
        // All of it is looked at before any of it is added: what is in counts as understood from then on.
        const ManifestReading reading =
            read_manifest(root, name, offset, [](std::span<const Event>, Stretch) {});
        if (!reading.problems.empty()) {
            throw ArchiveError{ErrorCode::damaged, reading.problems.front() +
                                                       ". The originals are not touched by this; run "
                                                       "photosafe rebuild."};
        }
        if (reading.length == 0) { // cut off before its first line was whole: nothing was said
            root.remove(path_of(name, sums_ending));
            root.remove(path_of(name, events_ending));
            continue;
        }
        // The catalog comes last, here too: once it has all lines, nobody looks at this pair again.
        complete(root, name, reading);
        read_manifest(root, name, offset, [&](std::span<const Event> events, Stretch stretch) {
            catalog.apply(name, events, stretch);
        });
    }
}

} // namespace photosafe
