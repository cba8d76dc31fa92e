// SPDX-License-Identifier: LGPL-2.1-or-later
// A file of any kind as any bytes: what it is, and then all of its readers.
#include <photosafe/error.hpp>

#include "fuzz/memory_file.hpp"
#include "fuzz/sound_facts.hpp"
#include "worker/read_metadata.hpp"

using namespace photosafe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bool prepared = (worker::prepare_readers(), true);
    (void)prepared;
    static const test::MemoryFile file;
    try {
        test::check_sound(worker::read_metadata(file.with(data, size)));
    } catch (const MediaError&) { // the file's fault, and found
    }
    return 0;
}
