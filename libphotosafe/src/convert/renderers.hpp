// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <photosafe/convert.hpp>

#include "core/file.hpp"
#include "media/worker_pool.hpp"

namespace photosafe {

/// An original to be drawn.
struct RenderJob {
    Asset asset;
    bool kind_known = true; ///< else it is looked at first, for whether there is something to make of it
    bool live = false;      ///< its moving half is lost
};

/// What came of it.
struct Rendered {
    Asset asset;
    ConvertOutcome outcome = ConvertOutcome::failed;
    Rendition rendition; ///< `path` empty: it isn't in its place yet
    std::string staged;  ///< where it is, below the archive's root; durable
    ErrorCode code = ErrorCode::unreadable;
    std::string reason;           ///< why it failed
    bool by_drawing = false;      ///< it failed, and will do so again until something that draws changes
    std::exception_ptr failure{}; ///< of the disk or of this process, which says nothing of the picture
};

/// Threads that have originals drawn, one for each worker: none holds more than one picture.
class Renderers {
public:
    /// Both must outlive it.
    Renderers(const Folder& root, WorkerPool& pool, RenditionOptions options, std::string folder,
              std::string text);

    /// So many may be asked for and not taken yet.
    std::size_t depth() const noexcept { return threads_.size() * 2; }
    void ask(RenderJob job);
    /// Waits for the next result. There must be one to come. Throws its `failure`.
    Rendered take();

private:
    void run(const std::stop_token& ending);
    Rendered render(RenderJob job);
    void draw(const RenderJob& job, const File& file, Rendered& result);
    void stage(std::span<const std::byte> jpeg, Rendered& result) const;

    const Folder* root_;
    WorkerPool* pool_;
    RenditionOptions options_;
    std::string folder_, text_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<RenderJob> asked_;
    std::deque<Rendered> done_;
    std::vector<std::jthread> threads_; ///< the last member: they use the others
};

} // namespace photosafe
