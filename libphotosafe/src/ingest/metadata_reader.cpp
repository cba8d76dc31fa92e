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

std::unique_ptr<MetadataReader> open_metadata_reader(const MediaOptions& options)
try {
    const auto pool = std::make_shared<WorkerPool>(options);
    return std::make_unique<MetadataReader>([pool](int fd) { return pool->read_metadata(fd); },
                                            pool->facts().versions, pool->size());
} catch (const MediaError& error) {
    return std::make_unique<MetadataReader>(error.what());
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
        changed_.notify_one();
    } else {
        job.answer.set_value({});
    }
    return answer;
}

std::string MetadataReader::trouble() const
{
    const std::scoped_lock lock{mutex_};
    return trouble_;
}

void MetadataReader::run()
{
    std::unique_lock lock{mutex_};
    for (;;) {
        changed_.wait(lock, [&] { return ending_ || !jobs_.empty(); });
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
