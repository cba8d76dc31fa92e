// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/metadata_reader.hpp"

#include <algorithm>

#include <photosafe/error.hpp>

#include "media/worker_pool.hpp"

namespace photosafe {

MetadataReader::MetadataReader(Read read, std::string versions, unsigned threads)
    : read_{std::move(read)}, versions_{std::move(versions)}
{
    for (unsigned i = 0; i < std::max(threads, 1u); ++i) threads_.emplace_back([this] { run(); });
}

MetadataReader::MetadataReader(std::function<Opened()> open, unsigned threads) : open_{false}
{
    threads_.emplace_back([this, open = std::move(open)] {
        this->open(open);
        run();
    });
    for (unsigned i = 1; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

std::unique_ptr<MetadataReader> open_metadata_reader(const MediaOptions& options)
{
    const auto open = [options]() -> MetadataReader::Opened {
        const auto pool = std::make_shared<WorkerPool>(options);
        return {[pool](int fd) { return pool->read_metadata(fd); }, pool->facts().versions};
    };
    return std::make_unique<MetadataReader>(open, most_workers(options));
}

void MetadataReader::open(const std::function<Opened()>& open)
{
    Opened opened;
    std::string trouble;
    try {
        opened = open();
    } catch (const std::exception& error) { // told by trouble()
        trouble = error.what();
    }
    const std::scoped_lock lock{mutex_};
    read_ = std::move(opened.read);
    versions_ = std::move(opened.versions);
    trouble_ = std::move(trouble);
    open_ = true;
    changed_.notify_all();
}

const std::string& MetadataReader::versions() const
{
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return open_; });
    return versions_; // nobody changes it any more
}

MetadataReader::MetadataReader(std::string trouble) : trouble_{std::move(trouble)} {}

MetadataReader::~MetadataReader()
{
    const std::scoped_lock lock{mutex_};
    ending_ = true;
    changed_.notify_all();
}

std::future<Reading> MetadataReader::read(File file, std::stop_token stop)
{
    Job job{std::move(file), std::move(stop), {}};
    std::future<Reading> answer = job.answer.get_future();
    const std::scoped_lock lock{mutex_};
    if (trouble_.empty()) {
        jobs_.push_back(std::move(job));
        changed_.notify_all(); // one that waits for it to be open may be among those
    } else {
        job.answer.set_value({});
    }
    return answer;
}

std::string MetadataReader::trouble() const
{
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return open_; });
    return trouble_;
}

void MetadataReader::run()
{
    std::unique_lock lock{mutex_};
    for (;;) {
        changed_.wait(lock, [&] { return ending_ || (open_ && !jobs_.empty()); });
        if (ending_) return;
        Job job = std::move(jobs_.front());
        jobs_.pop_front();
        const bool able = trouble_.empty();
        lock.unlock();
        try {
            job.answer.set_value(able && !job.stop.stop_requested() ? answer(job) : Reading{});
        } catch (...) { // whoever waits for the answer deals with it
            job.answer.set_exception(std::current_exception());
        }
        lock.lock();
    }
}

Reading MetadataReader::answer(const Job& job)
try {
    return {.metadata = read_(job.file.fd()), .failure = {}};
} catch (const MediaError& error) {
    if (error.code() == ErrorCode::killed) return {.metadata = {}, .failure = {}, .killed = true};
    if (error.code() != ErrorCode::not_found) return {.metadata = {}, .failure = error.what()};
    const std::scoped_lock lock{mutex_};
    if (trouble_.empty()) trouble_ = error.what();
    return {};
}

} // namespace photosafe
