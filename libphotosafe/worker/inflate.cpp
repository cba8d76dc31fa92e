// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/inflate.hpp"

#include <new>

#include <zlib.h>

namespace photosafe::worker {

std::optional<Bytes> inflated(ByteView packed, std::size_t most)
{
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) throw std::bad_alloc{};
    struct End {
        z_stream* of;
        ~End() { inflateEnd(of); }
    } const end{&stream};
    stream.next_in = const_cast<Bytef*>(packed.data()); // zlib only reads it
    stream.avail_in = static_cast<uInt>(packed.size());
    Bytes result;
    constexpr std::size_t step = 64 * 1024;
    while (true) {
        const std::size_t before = result.size();
        result.resize(before + step);
        stream.next_out = result.data() + before;
        stream.avail_out = step;
        const int rc = inflate(&stream, Z_NO_FLUSH);
        result.resize(before + step - stream.avail_out);
        if (result.size() > most) return std::nullopt;
        if (rc == Z_STREAM_END || rc == Z_BUF_ERROR) return result; // the latter: nothing more is there
        if (rc != Z_OK) return std::nullopt;
    }
}

} // namespace photosafe::worker
