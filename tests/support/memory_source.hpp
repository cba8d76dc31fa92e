// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <photosafe/error.hpp>
#include <photosafe/source.hpp>

namespace photosafe::test {

/// 2024-05-31T12:03:22Z, when pictures of tests are taken unless they say otherwise.
inline constexpr Instant picture_time{std::chrono::seconds{1'717'157'002}};

struct MemoryFile {
    std::string path;
    std::string content{};
    Instant modified = picture_time;
    std::optional<Instant> born{};
};

/// A phone of a test, all in memory. It records what is asked of it, and goes wrong where it is told to.
/// Readers may be used by several threads; the rest by one.
class MemorySource : public Source {
public:
    MemorySource();
    explicit MemorySource(std::initializer_list<MemoryFile> files);
    ~MemorySource() override;

    SourceInfo info() const override;
    Listing list(const ListOptions& options = {}) override;
    SourceFile look(const std::string& path) override;
    std::unique_ptr<Reader> open(const SourceFile& file, std::uint64_t offset = 0,
                                 std::stop_token stop = {}) override;

    // What is there.
    void set_info(SourceInfo info); ///< at first a phone, `device:memory`
    void add(MemoryFile file);      ///< a file of this path is replaced
    void change(const std::string& path, std::string content, Instant modified);
    void remove(const std::string& path);
    void skip(SkippedEntry entry);     ///< adds it to each listing
    void set_chunk(std::size_t bytes); ///< what `next` gives at most; 64 KiB at first

    // What goes wrong. `offset` is where in the file it happens: before its byte is given, and at the end of
    // the file before `finish` answers. Each happens once, or `times`.
    using Action = std::function<void(std::stop_token)>;
    void at(const std::string& path, std::uint64_t offset, Action action, unsigned times = 1);
    void fail_at(const std::string& path, std::uint64_t offset, ErrorCode code, unsigned times = 1);
    void hang_at(const std::string& path, std::uint64_t offset); ///< until a stop is asked for
    void corrupt_at(const std::string& path, std::uint64_t offset,
                    unsigned times = 1); ///< one byte, unnoticed
    void fail_listing(ErrorCode code, unsigned times = 1);
    void hide(const std::string& path, unsigned listings = 1); ///< from the next listings
    void unplug();                                             ///< all fails with device_gone, until
    void plug_in();

    // What was asked.
    struct Opened {
        std::string path;
        std::uint64_t offset = 0;
        bool operator==(const Opened&) const = default;
    };
    unsigned lists() const;
    std::vector<Opened> opened() const;
    std::vector<std::string> opened_paths() const;
    std::uint64_t bytes_read() const;
    std::uint64_t bytes_read(const std::string& path) const;
    std::uint64_t finished() const; ///< readers whose finish succeeded
    void forget_calls();

    /// The error a phone would give: DeviceError for codes of phones, ArchiveError for the rest.
    [[noreturn]] static void raise(ErrorCode code, const std::string& path);

private:
    class MemoryReader;
    struct Stored {
        MemoryFile file;
        std::uint64_t version = 0;
    };
    struct Fault {
        std::string path;
        std::uint64_t offset = 0;
        unsigned times = 0;
        Action action; ///< empty: corrupt a byte
    };

    void store(MemoryFile file);
    void check_plugged_in(const std::string& path) const;
    const Stored& stored(const std::string& path) const;
    /// Takes the faults due at this place, to be acted out without the lock.
    std::vector<Action> due(const std::string& path, std::uint64_t offset, bool corrupting);
    std::uint64_t next_fault(const std::string& path, std::uint64_t after) const;

    mutable std::mutex mutex_;
    SourceInfo info_;
    std::map<std::string, Stored> files_;
    std::vector<SkippedEntry> skipped_;
    std::vector<Fault> faults_;
    std::map<std::string, unsigned> hidden_;
    ErrorCode listing_error_{};
    unsigned listing_errors_ = 0;
    std::size_t chunk_ = std::size_t{64} << 10;
    std::uint64_t version_ = 0;
    bool plugged_in_ = true;

    unsigned lists_ = 0;
    std::vector<Opened> opened_;
    std::map<std::string, std::uint64_t> read_;
    std::uint64_t finished_ = 0;
};

} // namespace photosafe::test
