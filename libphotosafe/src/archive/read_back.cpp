// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/read_back.hpp"

#include <algorithm>
#include <vector>

namespace photosafe {

namespace {

constexpr std::uint64_t stretch_bytes = 16u << 20; ///< large enough to keep a disk streaming
constexpr std::size_t read_bytes = 1u << 20;

} // namespace

ReadBack::ReadBack(const File& file) : file_{file.duplicate()}, thread_{[this] { run(); }} {}

ReadBack::~ReadBack()
{
    const std::scoped_lock lock{mutex_};
    ending_ = true;
    changed_.notify_all();
}

void ReadBack::advance(std::uint64_t written)
{
    const std::scoped_lock lock{mutex_};
    written_ = written;
    changed_.notify_all();
}

std::optional<Digest> ReadBack::finish(std::uint64_t bytes)
{
    std::unique_lock lock{mutex_};
    written_ = bytes;
    finishing_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return ended_; });
    if (failure_) std::rethrow_exception(failure_);
    if (!able_ || done_ != bytes) return std::nullopt;
    return digester_.digest();
}

void ReadBack::run()
{
    try {
        for (;;) {
            std::unique_lock lock{mutex_};
            changed_.wait(lock, [&] { return ending_ || finishing_ || written_ - done_ >= stretch_bytes; });
            if (ending_ || done_ == written_) break;
            const std::uint64_t until = std::min(written_, done_ + stretch_bytes);
            lock.unlock();
            if (follow(until)) continue;
            lock.lock();
            able_ = false;
            break;
        }
    } catch (...) { // for the thread that waits for it: finish()
        const std::scoped_lock lock{mutex_};
        failure_ = std::current_exception();
    }
    const std::scoped_lock lock{mutex_};
    ended_ = true;
    changed_.notify_all();
}

/// One stretch, out to the disk and back; false where that can't be done, or the file ends before it.
bool ReadBack::follow(std::uint64_t until)
{
    if (!file_.write_out(done_, until - done_)) return false;
    file_.drop_cache(done_, until - done_);
    std::vector<std::byte> buffer(read_bytes);
    for (const std::uint64_t begin = done_; done_ < until;) {
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), until - done_));
        const std::size_t n = file_.read_at(std::span{buffer}.first(want), done_);
        if (n == 0) return false;
        digester_.update(std::span{buffer}.first(n));
        done_ += n;
        if (done_ == until) file_.drop_cache(begin, until - begin); // nobody will want it soon
    }
    return true;
}

} // namespace photosafe
