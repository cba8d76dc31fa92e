// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/brotli.hpp"

#include <memory>
#include <new>

#include <brotli/decode.h>

#include "core/handle.hpp"

namespace photosafe::worker {

std::optional<Bytes> unpacked_brotli(ByteView packed, std::size_t most)
{
    const std::unique_ptr<BrotliDecoderState, FreeWith<BrotliDecoderDestroyInstance>> state{
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)};
    if (!state) throw std::bad_alloc{};
    std::size_t left = packed.size();
    const std::uint8_t* from = packed.data();
    Bytes result;
    constexpr std::size_t step = 64 * 1024;
    while (true) {
        const std::size_t before = result.size();
        result.resize(before + step);
        std::uint8_t* to = result.data() + before;
        std::size_t room = step;
        const auto rc = BrotliDecoderDecompressStream(state.get(), &left, &from, &room, &to, nullptr);
        result.resize(before + step - room);
        if (result.size() > most) return std::nullopt;
        if (rc == BROTLI_DECODER_RESULT_SUCCESS) return result;
        if (rc != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return std::nullopt;
    }
}

} // namespace photosafe::worker
