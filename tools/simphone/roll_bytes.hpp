// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace simphone {

/// Bytes in big-endian order, as TIFF "MM", ISO-BMFF and PNG want them.
class Bytes {
public:
    Bytes& u8(std::uint64_t value) { return number(value, 1); }
    Bytes& u16(std::uint64_t value) { return number(value, 2); }
    Bytes& u32(std::uint64_t value) { return number(value, 4); }
    Bytes& u64(std::uint64_t value) { return number(value, 8); }
    Bytes& text(std::string_view value)
    {
        data_ += value;
        return *this;
    }
    Bytes& zeros(std::size_t count)
    {
        data_.append(count, '\0');
        return *this;
    }

    void put_u32(std::size_t at, std::uint64_t value)
    {
        const std::string bytes = Bytes{}.u32(value).take();
        data_.replace(at, 4, bytes);
    }

    std::size_t size() const { return data_.size(); }
    const std::string& str() const { return data_; }
    std::string take() { return std::move(data_); }

private:
    Bytes& number(std::uint64_t value, int bytes)
    {
        if (bytes < 8 && (value >> (8 * bytes)) != 0)
            throw std::logic_error("a field is too small for its value");
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            data_ += static_cast<char>((value >> shift) & 0xff);
        return *this;
    }

    std::string data_;
};

/// An ISO-BMFF or QuickTime box.
inline std::string box(std::string_view type, std::string_view content)
{
    return Bytes{}.u32(content.size() + 8).text(type).text(content).take();
}

/// A box that begins with a version and 24 bits of flags.
inline std::string full_box(std::string_view type, std::uint64_t version, std::uint64_t flags,
                            std::string_view content)
{
    return box(type, Bytes{}.u32(version << 24 | flags).text(content).take());
}

} // namespace simphone
