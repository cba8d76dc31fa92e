// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture to be drawn as any bytes. What comes out of it has to be a picture again.
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "fuzz/memory_file.hpp"
#include "worker/decode.hpp"
#include "worker/render.hpp"

using namespace photosafe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bool prepared = (worker::prepare_decoders(), true);
    (void)prepared;
    static const test::MemoryFile file;
    if (size == 0) return 0;
    // The first byte chooses what is asked.
    const nlohmann::json options{{"pixel_limit", 1 << 16},          {"max_edge", data[0] & 1 ? 32 : 0},
                                 {"thumbnail", (data[0] & 2) != 0}, {"keep_tag", (data[0] & 4) != 0},
                                 {"srgb", (data[0] & 8) != 0},      {"strip_location", (data[0] & 16) != 0}};
    try {
        const worker::Rendition made = worker::render(file.with(data + 1, size - 1), options);
        const worker::JpegHeader again = worker::read_jpeg_header(made.payload);
        if (again.width != made.width || again.height != made.height) std::abort();
    } catch (const MediaError&) { // the file's fault, and found
    }
    return 0;
}
