// SPDX-License-Identifier: LGPL-2.1-or-later
// Photos' database as any bytes: two that tell how long its log is, the database, the log. Read as a worker
// does it, and once more without the check of all pages that stands before it; what it then says the library
// has to take.
#include <cstdlib>

#include <photosafe/error.hpp>

#include "fuzz/memory_file.hpp"
#include "worker/phone_reading.hpp"

using namespace photosafe;

namespace {

constexpr PhoneLibraryLimits limits{200, 50, 500};
constexpr std::chrono::seconds time_limit{5};

template <class Read>
void take(Read&& read)
{
    std::string lines;
    const worker::LineSink put = [&](std::string_view line) { (lines += line) += '\n'; };
    try {
        read(put);
    } catch (const MediaError& error) {
        if (error.code() == ErrorCode::timeout) std::abort();
        return; // the database's fault, and found
    }
    try {
        (void)phone_library_of(lines, limits);
    } catch (const MediaError&) {
        std::abort();
    }
}

void read_unchecked(const DatabaseFile& file, const worker::LineSink& put)
{
    worker::PhoneDatabase database{file, std::chrono::steady_clock::now() + time_limit};
    worker::PhoneReading reading{database, worker::PhoneSchema{database}, {}, put, limits, {}};
    if (reading.schema.asset_table().empty()) throw MediaError{ErrorCode::unreadable, "No items."};
    put(library_line({}));
    worker::read_assets(reading);
    const std::size_t albums = worker::read_albums(reading);
    for (const std::string& trouble : reading.troubles.sentences()) put(trouble_line(trouble));
    for (const std::string& lost : reading.troubles.lost_facts()) put(lost_fact_line(lost));
    put(end_line(reading.items.size(), albums));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) return 0;
    static const test::MemoryFile memory;
    const std::uint64_t all = size - 2;
    const std::uint64_t log = std::min<std::uint64_t>(all, data[0] + 256u * data[1]);
    const DatabaseFile file{memory.with(data + 2, size - 2), all - log, log};
    take([&](const worker::LineSink& put) { worker::read_phone_library(file, time_limit, put, limits); });
    take([&](const worker::LineSink& put) { read_unchecked(file, put); });
    return 0;
}
