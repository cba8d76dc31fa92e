// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace photosafe {

/// How much to ask a phone for at once: for all readers of a source together. Threads: any.
class Flow {
public:
    /// `chunk` of one request; 0: as large as is good for the link.
    explicit Flow(std::uint32_t chunk) : fixed_{std::min<std::size_t>(chunk, largest_fixed)} {}

    /// A reader, while it is there.
    class Share {
    public:
        explicit Share(Flow& flow) : flow_{flow} { ++flow_.readers_; }
        ~Share() { --flow_.readers_; }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

    private:
        Flow& flow_;
    };

    /// Bytes of one request.
    std::size_t chunk() const
    {
        if (fixed_ != 0) return fixed_;
        return std::min(fast_ ? large : usual, window() / 2);
    }
    /// Bytes that a reader may have asked for and not yet given on. All readers' together stay below 9 MiB,
    /// but where a fixed chunk is larger than their share.
    std::size_t window() const
    {
        const std::size_t share = budget / std::max<std::size_t>(readers_, 1);
        if (fixed_ != 0) return std::max(fixed_, std::min(4 * fixed_, share));
        return std::max(2 * usual, std::min(fast_ ? 2 * large : 4 * usual, share));
    }
    /// Bytes came from the phone.
    void note(std::size_t bytes)
    {
        using namespace std::chrono;
        const std::scoped_lock lock{mutex_};
        const auto now = steady_clock::now();
        if (bytes_ == 0) since_ = now;
        bytes_ += bytes;
        const double seconds = duration<double>(now - since_).count();
        if (bytes_ < sample || seconds <= 0) return;
        fast_ = static_cast<double>(bytes_) / seconds > fast_from;
        bytes_ = 0;
    }

private:
    static constexpr std::size_t usual = std::size_t{1} << 20;
    static constexpr std::size_t large = std::size_t{4} << 20;
    static constexpr std::size_t largest_fixed = std::size_t{16} << 20;
    static constexpr std::size_t budget = std::size_t{8} << 20;
    static constexpr std::size_t sample = std::size_t{16} << 20;
    static constexpr double fast_from = 80e6; // bytes a second

    const std::size_t fixed_;
    std::atomic<std::size_t> readers_{0};
    std::atomic<bool> fast_{false};
    std::mutex mutex_;
    std::size_t bytes_ = 0;
    std::chrono::steady_clock::time_point since_;
};

} // namespace photosafe
