// SPDX-License-Identifier: LGPL-2.1-or-later
// An EXIF block as any bytes: libexif, Exiv2 where that is asked too, and Apple's maker note.
#include "fuzz/sound_facts.hpp"
#include "worker/exif.hpp"
#include "worker/gathered.hpp"
#include "worker/read_metadata.hpp"

using namespace photosafe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bool prepared = (worker::prepare_readers(), true);
    (void)prepared;
    worker::Gathered found;
    worker::read_exif(std::span{data, size}, found);
    test::check_sound(worker::weighed(std::move(found)));
    return 0;
}
