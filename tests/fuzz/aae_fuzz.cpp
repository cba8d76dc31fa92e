// SPDX-License-Identifier: LGPL-2.1-or-later
// The recipe of an edit as any bytes, in XML or binary.
#include "fuzz/sound_facts.hpp"
#include "worker/aae.hpp"

using namespace photosafe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    worker::Gathered found;
    worker::read_aae(std::span{data, size}, found);
    test::check_sound(worker::weighed(std::move(found)));
    return 0;
}
