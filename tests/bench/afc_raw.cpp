// SPDX-License-Identifier: LGPL-2.1-or-later
// The phone's link at its best, for ratios: raw loops of libimobiledevice beside our own source. Bytes are
// read and thrown away; nothing is written, and nothing proven beyond what each does by itself. The phone is
// the one at USBMUXD_SOCKET_ADDRESS; every run prints one JSON object.
//
//   afc_raw read --root DIR [--chunk N] [--connections N]   libimobiledevice: open, read to the end, close
//   afc_raw stat --root DIR [--connections N]               libimobiledevice: one stat after the other
//   afc_raw ours-read [--chunk N] [--connections N]         our source: the next file is opened while one is
//   read afc_raw ours-list [--connections N]                     our listing: every file's stat, every folder
//   twice
//
// DIR is the folder that the simulated phone serves; all its files are asked for. Raw loops have one
// connection, and chunks of 1 MiB, unless told otherwise; ours as many and as large as it likes.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include <libimobiledevice/afc.h>
#include <libimobiledevice/libimobiledevice.h>

#include <photosafe/device.hpp>
#include <photosafe/error.hpp>
#include <photosafe/source.hpp>

#include "core/handle.hpp"

namespace {

using namespace photosafe;
using Clock = std::chrono::steady_clock;
using PhoneHandle = std::unique_ptr<idevice_private, FreeWith<idevice_free>>;
using AfcHandle = std::unique_ptr<afc_client_private, FreeWith<afc_client_free>>;

struct Count {
    std::uint64_t files = 0, bytes = 0;
};

double cpu_seconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Arguments {
    std::string mode;
    std::filesystem::path root;
    std::uint32_t chunk = 0;
    unsigned connections = 0;
};

Arguments parse(int argc, char** argv)
{
    Arguments arguments{argc > 1 ? argv[1] : "", {}, 0, 0};
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string key = argv[i];
        const auto number = static_cast<std::uint32_t>(std::strtoul(argv[i + 1], nullptr, 10));
        if (key == "--root")
            arguments.root = argv[i + 1];
        else if (key == "--chunk")
            arguments.chunk = number;
        else if (key == "--connections")
            arguments.connections = number;
        else
            throw std::runtime_error{"there is no option " + key};
    }
    return arguments;
}

std::vector<std::string> files_below(const std::filesystem::path& root)
{
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
        if (entry.is_regular_file()) paths.push_back("/" + entry.path().lexically_relative(root).string());
    }
    return paths;
}

AfcHandle open_client(idevice_t phone)
{
    afc_client_t raw = nullptr;
    if (afc_client_start_service(phone, &raw, "afc_raw") != AFC_E_SUCCESS)
        throw std::runtime_error{"no AFC service"};
    return AfcHandle{raw};
}

/// Runs `work` on each of so many clients, all at once; the time begins when all are connected.
template <class Work>
double on_clients(unsigned connections, Work work)
{
    idevice_t raw = nullptr;
    if (idevice_new(&raw, nullptr) != IDEVICE_E_SUCCESS) throw std::runtime_error{"no phone"};
    const PhoneHandle phone{raw};
    std::vector<AfcHandle> clients;
    for (unsigned i = 0; i < connections; ++i) clients.push_back(open_client(raw));
    const auto begin = Clock::now();
    {
        std::vector<std::jthread> threads;
        for (const auto& client : clients) threads.emplace_back([&] { work(client.get()); });
    }
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::uint64_t read_raw(afc_client_t client, const std::string& path, std::vector<char>& buffer)
{
    std::uint64_t handle = 0, total = 0;
    if (afc_file_open(client, path.c_str(), AFC_FOPEN_RDONLY, &handle) != AFC_E_SUCCESS)
        throw std::runtime_error{"open"};
    const auto size = static_cast<std::uint32_t>(buffer.size());
    std::uint32_t bytes = 0;
    do {
        if (afc_file_read(client, handle, buffer.data(), size, &bytes) != AFC_E_SUCCESS)
            throw std::runtime_error{"read"};
        total += bytes;
    } while (bytes == size); // less is the end, as a raw loop believes
    if (afc_file_close(client, handle) != AFC_E_SUCCESS) throw std::runtime_error{"close"};
    return total;
}

double raw_read(const Arguments& arguments, Count& count)
{
    const auto paths = files_below(arguments.root);
    std::atomic<std::size_t> next{0};
    std::atomic<std::uint64_t> bytes{0};
    const double seconds = on_clients(std::max(arguments.connections, 1U), [&](afc_client_t client) {
        std::vector<char> buffer(arguments.chunk == 0 ? 1U << 20 : arguments.chunk);
        for (std::size_t i = next++; i < paths.size(); i = next++)
            bytes += read_raw(client, paths[i], buffer);
    });
    count = {paths.size(), bytes};
    return seconds;
}

double raw_stat(const Arguments& arguments, Count& count)
{
    const auto paths = files_below(arguments.root);
    std::atomic<std::size_t> next{0};
    const double seconds = on_clients(std::max(arguments.connections, 1U), [&](afc_client_t client) {
        for (std::size_t i = next++; i < paths.size(); i = next++) {
            char** info = nullptr;
            if (afc_get_file_info(client, paths[i].c_str(), &info) != AFC_E_SUCCESS)
                throw std::runtime_error{"stat"};
            afc_dictionary_free(info);
        }
    });
    count = {paths.size(), 0};
    return seconds;
}

double ours(const Arguments& arguments, Count& count)
{
    DeviceOptions options;
    options.chunk_bytes = arguments.chunk;
    options.connections = arguments.connections;
    const auto source = open_device(find_device(""), options);
    auto begin = Clock::now();
    const auto listing = source->list();
    count.files = listing.files.size();
    const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    if (arguments.mode == "ours-list") return seconds();

    begin = Clock::now();
    std::unique_ptr<Reader> next;
    for (std::size_t i = 0; i < listing.files.size(); ++i) {
        const auto reader = next ? std::move(next) : source->open(listing.files[i]);
        if (i + 1 < listing.files.size()) next = source->open(listing.files[i + 1]);
        for (auto bytes = reader->next(); !bytes.empty(); bytes = reader->next()) count.bytes += bytes.size();
        reader->finish();
    }
    return seconds();
}

int run(const Arguments& arguments)
{
    Count count;
    const double seconds =
        arguments.mode == "read"   ? raw_read(arguments, count)
        : arguments.mode == "stat" ? raw_stat(arguments, count)
        : arguments.mode.starts_with("ours-")
            ? ours(arguments, count)
            : throw std::runtime_error{"usage: afc_raw read|stat|ours-read|ours-list --root DIR"};
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "{\"mode\":\"%s\",\"chunk\":%u,\"connections\":%u,\"files\":%llu,\"bytes\":%llu,\"seconds\":%.6f,"
        "\"mb_per_s\":%.2f,\"cpu_seconds\":%.3f,\"peak_kib\":%ld}\n",
        arguments.mode.c_str(), arguments.chunk, arguments.connections,
        static_cast<unsigned long long>(count.files), static_cast<unsigned long long>(count.bytes), seconds,
        double(count.bytes) / 1e6 / seconds, cpu_seconds(), usage.ru_maxrss);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(parse(argc, argv));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "afc_raw: %s\n", error.what());
        return 1;
    }
}
