// SPDX-License-Identifier: LGPL-2.1-or-later
// The structure of a HEIC as any bytes.
#include "fuzz/sound_facts.hpp"
#include "worker/heif_facts.hpp"

using namespace photosafe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Metadata facts;
    (void)worker::read_heif_facts({data, size}, facts);
    test::check_sound(facts);
    return 0;
}
