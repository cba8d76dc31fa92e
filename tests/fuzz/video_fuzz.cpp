// SPDX-License-Identifier: LGPL-2.1-or-later
// A movie as any bytes, of the kind that they look like.
#include "fuzz/memory_file.hpp"
#include "fuzz/sound_facts.hpp"
#include "worker/read_metadata.hpp"
#include "worker/sniff.hpp"
#include "worker/video.hpp"

using namespace photosafe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bool prepared = (worker::prepare_readers(), true);
    (void)prepared;
    static const test::MemoryFile file;
    Metadata facts;
    facts.mime = worker::sniff(std::span{data, size}).mime;
    (void)worker::read_video(file.with(data, size), facts);
    test::check_sound(facts);
    return 0;
}
