// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fstream>

#include "jail/jail_help.hpp"

namespace photosafe::test {
namespace {

using namespace std::chrono_literals;

std::size_t resident_bytes()
{
    std::ifstream file{"/proc/self/statm"};
    std::size_t all = 0, resident = 0;
    file >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(Misfortune, ManyInARowLoseNothing)
{
    const Order crash{"crash"}, abort{"abort"}, spin{"spin"}, allocate{"allocate 4000"}, swallow{"swallow"},
        ok{"ok"};
    MediaOptions narrow = misbehaving();
    narrow.memory_limit = 64 << 20;
    WorkerPool pool{misbehaving()}, hasty{misbehaving(50ms)}, small{narrow};
    const auto expect = [](WorkerPool& asked, const Order& order, std::optional<ErrorCode> code) {
        const Outcome outcome = read(asked, order.fd());
        EXPECT_EQ(outcome.code, code) << outcome.text;
    };
    for (int i = 0; i < 20; ++i) expect(pool, crash, ErrorCode::crashed); // what grows once has grown then
    const std::size_t before = resident_bytes();

    for (int i = 0; i < 1000; ++i) {
        expect(pool, i % 2 == 0 ? crash : abort, ErrorCode::crashed);
        if (i % 10 == 0) expect(hasty, spin, ErrorCode::timeout);
        // A sanitizer takes address space as it likes, so nothing limits it.
        if (!sanitized && i % 20 == 0) expect(small, allocate, ErrorCode::out_of_memory);
        if (!sanitized && i % 20 == 10) expect(small, swallow, ErrorCode::crashed);
        if (i % 100 == 0) expect(pool, ok, std::nullopt);
    }

    const std::size_t after = resident_bytes();
    if (!sanitized) { // which keep what was freed
        EXPECT_LT(after, before + (std::size_t{5} << 20));
    }
    RecordProperty("growth_bytes", std::to_string(static_cast<long>(after) - static_cast<long>(before)));
    expect(pool, ok, std::nullopt);
    expect(small, ok, std::nullopt);
}

} // namespace
} // namespace photosafe::test
