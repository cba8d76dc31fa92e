// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_tiff.hpp"

#include "roll_bytes.hpp"

#include <cmath>

namespace simphone {
namespace {

// TIFF 6.0, section 2: field types.
enum Type : unsigned {
    byte_type = 1,
    ascii_type,
    short_type,
    long_type,
    ratio_type,
    undefined_type = 7,
    slong_type = 9,
    sratio_type
};

std::string ratios(const std::vector<Ifd::Ratio>& values)
{
    Bytes bytes;
    for (const auto& [above, below] : values)
        bytes.u32(static_cast<std::uint32_t>(above)).u32(static_cast<std::uint32_t>(below));
    return bytes.take();
}

void pad_to_even(Bytes& bytes)
{
    if (bytes.size() % 2 != 0) bytes.u8(0);
}

} // namespace

Ifd& Ifd::add(unsigned tag, unsigned type, std::size_t count, std::string value)
{
    entries_[tag] = Entry{type, count, std::move(value), nullptr, false};
    return *this;
}

Ifd& Ifd::ascii(unsigned tag, std::string_view text)
{
    return add(tag, ascii_type, text.size() + 1, std::string{text} + '\0');
}

Ifd& Ifd::byte(unsigned tag, const std::string& values) { return add(tag, byte_type, values.size(), values); }

Ifd& Ifd::undefined(unsigned tag, const std::string& bytes)
{
    return add(tag, undefined_type, bytes.size(), bytes);
}

Ifd& Ifd::u16(unsigned tag, const std::vector<unsigned>& values)
{
    Bytes bytes;
    for (const unsigned value : values) bytes.u16(value);
    return add(tag, short_type, values.size(), bytes.take());
}

Ifd& Ifd::u32(unsigned tag, std::uint32_t value) { return add(tag, long_type, 1, Bytes{}.u32(value).take()); }

Ifd& Ifd::s32(unsigned tag, std::int32_t value)
{
    return add(tag, slong_type, 1, Bytes{}.u32(static_cast<std::uint32_t>(value)).take());
}

Ifd& Ifd::ratio(unsigned tag, const std::vector<Ratio>& values)
{
    return add(tag, ratio_type, values.size(), ratios(values));
}

Ifd& Ifd::signed_ratio(unsigned tag, const std::vector<Ratio>& values)
{
    return add(tag, sratio_type, values.size(), ratios(values));
}

Ifd& Ifd::directory(unsigned tag, const Ifd& child)
{
    entries_[tag] = Entry{long_type, 1, {}, std::make_shared<const Ifd>(child), true};
    return *this;
}

Ifd& Ifd::pointer(unsigned tag, const std::string& bytes)
{
    entries_[tag] = Entry{long_type, 1, bytes, nullptr, true};
    return *this;
}

std::string Ifd::render(std::size_t offset, const Ifd* next) const
{
    const std::size_t table_size = 2 + 12 * entries_.size() + 4;
    Bytes table;
    Bytes data;
    table.u16(entries_.size());
    for (const auto& [tag, entry] : entries_) {
        table.u16(tag).u16(entry.type).u32(entry.count);
        const std::size_t place = offset + table_size + data.size();
        const std::string value = entry.child ? entry.child->render(place) : entry.value;
        if (!entry.is_pointer && value.size() <= 4) {
            table.text(value).zeros(4 - value.size());
            continue;
        }
        table.u32(place);
        data.text(value);
        pad_to_even(data);
    }
    const std::size_t end = offset + table_size + data.size();
    table.u32(next ? end : 0).text(data.str());
    if (next) table.text(next->render(end));
    return table.take();
}

Ifd::Ratio to_ratio(double value) { return {std::llround(value * 1e6), 1'000'000}; }

std::string render_tiff(const Ifd& first, const Ifd* second)
{
    constexpr std::size_t header_size = 8;
    return Bytes{}.text("MM").u16(42).u32(header_size).text(first.render(header_size, second)).take();
}

} // namespace simphone
