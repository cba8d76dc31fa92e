// SPDX-License-Identifier: LGPL-2.1-or-later
// What a phone answers, as any bytes: the parsers alone, and the conversation that meets them on a socket.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <latch>
#include <memory>
#include <string>

#include <sys/socket.h>

#include "device/afc.hpp"
#include "source/device_folder.hpp"

using namespace photosafe;

namespace {

/// Runs `work`; errors of the phone are its right to make.
template <class Work>
void tolerate(Work&& work)
{
    try {
        work();
    } catch (const DeviceError&) { // the phone's fault, and found
    }
}

void parse(std::span<const std::byte> input)
{
    tolerate([&] {
        if (input.size() >= afc::header_bytes) (void)afc::parse_header(input.first<afc::header_bytes>());
    });
    tolerate([&] { (void)afc::parse_number(input); });
    tolerate([&] { (void)afc::parse_pairs(afc::as_text(input)); });
    tolerate([&] { (void)afc::parse_file_info(input); });

    FolderNames names;
    const auto half = input.size() / 2;
    auto verdict = names.add({input.begin(), input.begin() + static_cast<std::ptrdiff_t>(half)});
    while (verdict == FolderNames::Verdict::list_again)
        verdict = names.add({input.begin() + static_cast<std::ptrdiff_t>(half), input.end()});
    std::size_t count = 0;
    while (const auto name = names.next()) {
        if (*name == "." || *name == "..") std::abort();
        if (!unusable(*name).empty() && path_to_show("DCIM", *name).find('/') != 4) std::abort();
        ++count;
    }
    if (count > names.count()) std::abort();
}

/// Every request is completed exactly once, whatever comes, and a read never gets more than it asked for.
void converse(std::span<const std::byte> input)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    const Descriptor phone{ends[1]};
    if (::send(phone.get(), input.data(), input.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(input.size()))
        std::abort();
    (void)::shutdown(phone.get(), SHUT_WR);

    constexpr std::size_t read_bytes = 64;
    const auto buffer = std::make_unique<std::array<std::byte, read_bytes>>();
    std::latch open{6};
    const auto done = [&](afc::Outcome&& outcome) {
        if (outcome.bytes > 4096) std::abort();
        open.count_down();
    };
    afc::Connection connection{ServiceStream{Descriptor{ends[0]}}, {}};
    const auto submit = [&](afc::Request request, std::span<std::byte> into = {}) {
        if (!connection.submit(std::move(request), done, into)) open.count_down();
    };
    submit(afc::read_folder("/"));
    submit(afc::file_info("/"));
    submit(afc::open_to_read("/a"));
    submit(afc::file_read(1, read_bytes), *buffer);
    submit(afc::file_read(1, read_bytes), *buffer);
    submit(afc::file_close(1));
    open.wait();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto input = std::as_bytes(std::span{data, size});
    parse(input);
    // A conversation costs a thread; those inputs that begin like a reply are worth it.
    if (size >= afc::header_bytes && data[0] == 'C') converse(input);
    return 0;
}
