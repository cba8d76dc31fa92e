// SPDX-License-Identifier: LGPL-2.1-or-later
// What asking the media workers costs, for bench.py:
//
//     ask_workers WORKER facts FOLDER     the metadata of every file below, with a worker a processor
//     ask_workers WORKER draw-N FOLDER    a thumbnail of N pixels of every HEIC below; milliseconds each
//     ask_workers WORKER round-trips N    N questions about an empty file; microseconds each
//     ask_workers WORKER starts N         N workers, one after the other; milliseconds each
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>

#include "core/descriptor.hpp"
#include "media/worker_pool.hpp"

namespace {

using photosafe::Descriptor;
using photosafe::MediaOptions;
using photosafe::WorkerPool;
namespace fs = std::filesystem;

double milliseconds_of(const std::function<void()>& work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>{std::chrono::steady_clock::now() - begin}.count();
}

/// Whether there are facts.
bool read(WorkerPool& pool, const fs::path& path)
try {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    (void)pool.read_metadata(file.get());
    return true;
} catch (const photosafe::MediaError&) {
    return false;
}

void read_all(const MediaOptions& options, const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{folder})
        if (entry.is_regular_file()) files.push_back(entry.path());
    WorkerPool pool{options};
    std::atomic<std::size_t> next = 0, good = 0;
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < pool.size(); ++i) {
        threads.emplace_back([&] {
            for (std::size_t at = next++; at < files.size(); at = next++)
                good += read(pool, files[at]) ? 1 : 0;
        });
    }
    threads.clear();
    std::printf("%zu files, %zu read, %u workers\n", files.size(), good.load(), pool.size());
}

/// One at a time; the first is drawn twice, so that a worker and its libraries are there.
void draw_all(MediaOptions options, const fs::path& folder, std::uint32_t pixels)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{folder})
        if (entry.path().extension() == ".HEIC") files.push_back(entry.path());
    options.workers = 1;
    WorkerPool pool{options};
    const auto draw = [&](const fs::path& path) {
        const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        (void)pool.render(file.get(), {.max_edge = pixels, .thumbnail = true});
    };
    draw(files.at(0));
    const double all = milliseconds_of([&] { std::for_each(files.begin(), files.end(), draw); });
    std::printf("%.3f\n", all / static_cast<double>(files.size()));
}

void round_trips(const MediaOptions& options, unsigned count)
{
    WorkerPool pool{options};
    const Descriptor file{::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
    const Descriptor empty{
        ::open(("/proc/self/fd/" + std::to_string(file.get())).c_str(), O_RDONLY | O_CLOEXEC)};
    const double all = milliseconds_of([&] {
        for (unsigned i = 0; i < count; ++i) {
            try {
                (void)pool.read_metadata(empty.get());
            } catch (const photosafe::MediaError&) {
                continue; // it is empty
            }
        }
    });
    constexpr double us_in_ms = 1000;
    std::printf("%.1f\n", all * us_in_ms / count);
}

void starts(const MediaOptions& options, unsigned count)
{
    const double all = milliseconds_of([&] {
        for (unsigned i = 0; i < count; ++i) WorkerPool{options};
    });
    std::printf("%.1f\n", all / count);
}

} // namespace

int main(int argc, char** argv)
try {
    const std::string_view what = argc == 4 ? argv[2] : "";
    MediaOptions options;
    if (argc == 4) options.worker = argv[1];
    if (what == "facts") {
        read_all(options, argv[3]);
    } else if (what.starts_with("draw-")) {
        draw_all(options, argv[3], static_cast<std::uint32_t>(std::strtoul(argv[2] + 5, nullptr, 10)));
    } else if (what == "round-trips" || what == "starts") {
        options.workers = 1;
        const auto count = static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10));
        what == "starts" ? starts(options, count) : round_trips(options, count);
    } else {
        std::fprintf(
            stderr,
            "usage: ask_workers WORKER (facts FOLDER | draw-PIXELS FOLDER | round-trips N | starts N)\n");
        return 2;
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "ask_workers: %s\n", error.what());
    return 1;
}
