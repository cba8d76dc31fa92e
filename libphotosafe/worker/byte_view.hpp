// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "worker/file_text.hpp"

namespace photosafe::worker {

/// Bytes of a file, read by place. What lies outside of them reads as 0, as nothing, or as a shorter part:
/// lengths and offsets out of a file need no check of their own before they are used here.
class ByteView {
public:
    ByteView() = default;
    ByteView(std::span<const std::uint8_t> bytes) : bytes_{bytes} {} // NOLINT: a view of a view

    std::size_t size() const { return bytes_.size(); }
    const std::uint8_t* data() const { return bytes_.data(); }
    std::span<const std::uint8_t> bytes() const { return bytes_; }
    bool has(std::uint64_t at, std::uint64_t count) const { return at <= size() && count <= size() - at; }
    ByteView part(std::uint64_t at, std::uint64_t count = SIZE_MAX) const
    {
        if (at >= size()) return {};
        const std::size_t room = size() - static_cast<std::size_t>(at);
        const std::size_t taken = count < room ? static_cast<std::size_t>(count) : room;
        return bytes_.subspan(static_cast<std::size_t>(at), taken);
    }
    std::string_view text() const { return {reinterpret_cast<const char*>(data()), size()}; }
    std::string_view text(std::uint64_t at, std::uint64_t count) const { return part(at, count).text(); }

    std::uint8_t u8(std::uint64_t at) const { return has(at, 1) ? bytes_[static_cast<std::size_t>(at)] : 0; }
    std::uint16_t u16(std::uint64_t at, ByteOrder order) const
    {
        return static_cast<std::uint16_t>(number(at, 2, order));
    }
    std::uint32_t u32(std::uint64_t at, ByteOrder order) const
    {
        return static_cast<std::uint32_t>(number(at, 4, order));
    }
    std::uint64_t u64(std::uint64_t at, ByteOrder order) const { return number(at, 8, order); }
    std::uint32_t u24(std::uint64_t at, ByteOrder order) const
    {
        return static_cast<std::uint32_t>(number(at, 3, order));
    }

private:
    std::uint64_t number(std::uint64_t at, std::size_t count, ByteOrder order) const
    {
        if (!has(at, count)) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            value = value << 8 |
                    bytes_[static_cast<std::size_t>(at) + (order == ByteOrder::big ? i : count - 1 - i)];
        }
        return value;
    }

    std::span<const std::uint8_t> bytes_;
};

} // namespace photosafe::worker
