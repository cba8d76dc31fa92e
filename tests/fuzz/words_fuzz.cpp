// SPDX-License-Identifier: LGPL-2.1-or-later
// An XMP packet and IPTC's blocks as any bytes: Exiv2, and what is made of its findings.
#include "fuzz/sound_facts.hpp"
#include "worker/read_metadata.hpp"
#include "worker/xmp.hpp"

using namespace photosafe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bool prepared = (worker::prepare_readers(), true);
    (void)prepared;
    for (const auto read : {worker::read_xmp, worker::read_iptc}) {
        worker::Gathered found;
        read(std::span{data, size}, found);
        test::check_sound(worker::weighed(std::move(found)));
    }
    return 0;
}
