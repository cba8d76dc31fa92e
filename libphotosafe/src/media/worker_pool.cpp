// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/worker_pool.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "media/find_worker.hpp"
#include "media/protocol.hpp"
#include "media/starter.hpp"

namespace photosafe {

namespace {

using std::chrono::steady_clock;

/// A worker is replaced after so many jobs: what one picture may have done to it doesn't last, nor does what
/// libraries leak. Starting one costs as much as some hundred jobs.
constexpr unsigned jobs_of_a_life = 2000;

/// A descriptor that can't be written through, of the same file.
class ReadOnly {
public:
    explicit ReadOnly(int fd) : fd_{fd}
    {
        const int flags = ::fcntl(fd, F_GETFL);
        if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY && !(flags & O_PATH)) return;
        own_ = Descriptor{::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC)};
        if (!own_) {
            throw MediaError{ErrorCode::unreadable,
                             std::string{"It can't be opened for reading: "} + std::strerror(errno) + '.'};
        }
        fd_ = own_.get();
    }
    int get() const { return fd_; }

private:
    int fd_;
    Descriptor own_;
};

/// A file in memory with these texts, one behind the other.
Descriptor memory_file(std::initializer_list<std::string_view> texts)
{
    const auto fail = [](std::string_view doing) {
        throw MediaError{ErrorCode::out_of_memory, std::string{doing} + ": " + std::strerror(errno) + '.'};
    };
    Descriptor file{::memfd_create("photosafe", MFD_CLOEXEC)};
    if (!file) fail("Making a file in memory");
    for (std::string_view text : texts) {
        while (!text.empty()) {
            const ssize_t n = ::write(file.get(), text.data(), text.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail("Writing a file in memory");
            text.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    return file;
}

std::string seconds(std::chrono::milliseconds time)
{
    std::string text = std::to_string(time.count() / 1000);
    if (const auto rest = time.count() % 1000; rest != 0) text += '.' + std::to_string(1000 + rest).substr(1);
    return text + " s";
}

} // namespace

unsigned most_workers(const MediaOptions& options) noexcept
{
    constexpr unsigned most = 1024; // whatever is asked for, no more threads than a system has room for
    return options.workers > 0 ? std::min(options.workers, most)
                               : std::max(1U, std::thread::hardware_concurrency());
}

struct WorkerPool::Impl {
    explicit Impl(const MediaOptions& media)
        : options{media}, limit{most_workers(media)}, starter{media.worker.empty() ? find_worker()
                                                                                   : media.worker,
                                                              media}
    {
        idle.push_back(starter.start());
        facts = idle.back()->facts();
    }

    /// One of the places for work, with a worker that is free where there is one.
    class Place {
    public:
        explicit Place(Impl& pool) : pool_{&pool}
        {
            std::unique_lock lock{pool_->mutex};
            pool_->freed.wait(lock, [&] { return pool_->busy < pool_->limit; });
            ++pool_->busy;
            if (pool_->idle.empty()) return;
            worker = std::move(pool_->idle.back());
            pool_->idle.pop_back();
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place()
        {
            worker.reset(); // before another one may be started
            leave();
        }
        /// The worker has answered as it should, and is free again.
        void keep()
        {
            if (worker->jobs() >= jobs_of_a_life) return;
            const std::scoped_lock lock{pool_->mutex};
            pool_->idle.push_back(std::move(worker));
        }

        std::unique_ptr<WorkerProcess> worker;

    private:
        void leave()
        {
            {
                const std::scoped_lock lock{pool_->mutex};
                --pool_->busy;
            }
            pool_->freed.notify_one();
        }
        Impl* pool_;
    };

    /// The answer, unless something came between.
    Message ask(WorkerProcess& worker, int file, const std::string& request, const Deadline& deadline) const
    {
        Message answer;
        switch (worker.ask(file, request, deadline, answer)) {
        case Delivery::done: return answer;
        case Delivery::timed_out:
            throw MediaError{ErrorCode::timeout,
                             "Reading it takes longer than " + seconds(options.time_limit) + '.'};
        case Delivery::nonsense:
            throw MediaError{ErrorCode::protocol,
                             "The media worker's answer makes no sense (it is too long)."};
        case Delivery::closed: break;
        }
        const WorkerEnding ending = worker.end();
        throw MediaError{ending.code, ending.how};
    }

    template <class Decode>
    auto run(int descriptor, const std::string& request, Decode decode)
    {
        const ReadOnly file{descriptor};
        Place place{*this};
        if (place.worker && !place.worker->ready()) place.worker.reset();
        const auto end = steady_clock::now() + options.time_limit;
        for (bool again = false;; again = true) {
            if (!place.worker) place.worker = starter.start();
            // A worker may be broken by what an earlier picture has left behind in it, and this picture isn't
            // blamed for that: a fresh worker decides, for which there has to be time.
            const bool last = again || place.worker->jobs() == 0;
            const auto deadline = last ? end : steady_clock::now() + options.time_limit / 2;
            try {
                auto result = decode(ask(*place.worker, file.get(), request, deadline));
                place.keep();
                return result;
            } catch (const MediaError& error) {
                if (error.code() == ErrorCode::unreadable) place.keep();
                // Who is killed from outside proves nothing, fresh or not: so there is always another try.
                const bool enough = error.code() == ErrorCode::killed ? again : last;
                if (error.code() == ErrorCode::unreadable || enough) throw;
            }
            place.worker.reset();
        }
    }

    const MediaOptions options;
    const unsigned limit;
    Starter starter;
    WorkerFacts facts;

    std::mutex mutex;
    std::condition_variable freed;
    unsigned busy = 0; ///< places taken
    std::vector<std::unique_ptr<WorkerProcess>> idle;
};

WorkerPool::WorkerPool(const MediaOptions& options) : impl_{std::make_unique<Impl>(options)} {}
WorkerPool::~WorkerPool() = default;

const WorkerFacts& WorkerPool::facts() const noexcept { return impl_->facts; }
unsigned WorkerPool::size() const noexcept { return impl_->limit; }

Metadata WorkerPool::read_metadata(int fd)
{
    return impl_->run(fd, metadata_request(), [](Message&& answer) { return metadata_answer(answer); });
}

PhoneLibrary WorkerPool::read_phone_library(const DatabaseFile& file)
{
    return impl_->run(file.fd, phone_library_request(file),
                      [](Message&& answer) { return phone_library_answer(answer); });
}

MergedSidecar WorkerPool::merge_sidecar(std::string_view facts, std::string_view sidecar)
{
    const Descriptor file = memory_file({facts, sidecar});
    return impl_->run(file.get(), sidecar_request(facts.size(), sidecar.size()),
                      [](Message&& answer) { return sidecar_answer(answer); });
}

Picture WorkerPool::render(int fd, const RenderOptions& options)
{
    return impl_->run(fd, render_request(options),
                      [](Message&& answer) { return picture_answer(std::move(answer)); });
}

} // namespace photosafe
