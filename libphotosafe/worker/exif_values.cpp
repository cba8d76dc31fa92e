// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exif_values.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "worker/tiff.hpp"

namespace photosafe::worker {

namespace {

enum class Type : std::uint16_t {
    byte = 1,
    ascii,
    u16,
    u32,
    ratio,
    s8,
    undefined,
    s16,
    s32,
    signed_ratio,
    float32,
    float64,
    folder,
    u64 = 16,
    s64,
};

constexpr std::size_t most_shown = 64; ///< elements of one value

Type type_of(const ExifValue& value) { return static_cast<Type>(value.type); }

bool is_ratio(const ExifValue& value)
{
    return type_of(value) == Type::ratio || type_of(value) == Type::signed_ratio;
}

struct Ratio {
    std::int64_t over = 0, under = 0;
};

Ratio ratio_at(const ExifValue& value, std::size_t at)
{
    const std::uint32_t over = value.bytes.u32(at, value.order), under = value.bytes.u32(at + 4, value.order);
    if (type_of(value) == Type::ratio) return {over, under};
    return {static_cast<std::int32_t>(over), static_cast<std::int32_t>(under)};
}

std::string shown_real(double number)
{
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    return {text, end};
}

/// Undefined bytes that are text, such as an EXIF version.
bool is_plain(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

std::string ExifValue::text() const
{
    const Type is = type_of(*this);
    if (is == Type::ascii || is == Type::byte || is == Type::undefined) return clean_text(bytes.text());
    return {};
}

std::optional<std::int64_t> ExifValue::whole(std::size_t index) const
{
    const std::size_t size = tiff_type_bytes(type), at = index * size;
    if (index >= count || size == 0 || !bytes.has(at, size)) return std::nullopt;
    switch (type_of(*this)) {
    case Type::byte:
    case Type::undefined: return bytes.u8(at);
    case Type::s8: return static_cast<std::int8_t>(bytes.u8(at));
    case Type::u16: return bytes.u16(at, order);
    case Type::s16: return static_cast<std::int16_t>(bytes.u16(at, order));
    case Type::u32:
    case Type::folder: return bytes.u32(at, order);
    case Type::s32: return static_cast<std::int32_t>(bytes.u32(at, order));
    case Type::u64: {
        const std::uint64_t value = bytes.u64(at, order);
        if (value > INT64_MAX) return std::nullopt;
        return static_cast<std::int64_t>(value);
    }
    case Type::s64: return static_cast<std::int64_t>(bytes.u64(at, order));
    default: return std::nullopt;
    }
}

std::optional<double> ExifValue::real(std::size_t index) const
{
    const std::size_t size = tiff_type_bytes(type), at = index * size;
    if (index >= count || size == 0 || !bytes.has(at, size)) return std::nullopt;
    double result = 0;
    if (is_ratio(*this)) {
        const Ratio both = ratio_at(*this, at);
        if (both.under == 0) return std::nullopt;
        result = static_cast<double>(both.over) / static_cast<double>(both.under);
    } else if (type_of(*this) == Type::float32) {
        result = std::bit_cast<float>(bytes.u32(at, order));
    } else if (type_of(*this) == Type::float64) {
        result = std::bit_cast<double>(bytes.u64(at, order));
    } else {
        const auto number = whole(index);
        if (!number) return std::nullopt;
        result = static_cast<double>(*number);
    }
    if (!std::isfinite(result)) return std::nullopt;
    return result;
}

std::string ExifValue::shown() const
{
    const Type is = type_of(*this);
    if (is == Type::ascii || (is == Type::undefined && is_plain(bytes.text())))
        return clean_text(bytes.text());
    const std::size_t size = tiff_type_bytes(type);
    if (size == 0 || count > most_shown) return std::to_string(bytes.size()) + " bytes";
    std::string result;
    for (std::size_t i = 0; i < count && bytes.has(i * size, size); ++i) {
        if (i > 0) result += ' ';
        if (is_ratio(*this)) {
            const Ratio both = ratio_at(*this, i * size);
            result += std::to_string(both.over) + '/' + std::to_string(both.under);
        } else if (const auto number = whole(i)) {
            result += std::to_string(*number);
        } else if (const auto broken = real(i)) {
            result += shown_real(*broken);
        } else {
            result += '?'; // NaN, or a number too large
        }
    }
    return result;
}

const ExifValue* ExifValues::find(ExifFolder folder, std::uint16_t tag) const
{
    const auto found = std::find_if(values.begin(), values.end(), [&](const ExifValue& one) {
        return one.folder == folder && one.tag == tag;
    });
    return found == values.end() ? nullptr : &*found;
}

std::string ExifValues::text(ExifFolder folder, std::uint16_t tag) const
{
    const ExifValue* value = find(folder, tag);
    return value ? value->text() : std::string{};
}

std::optional<std::int64_t> ExifValues::whole(ExifFolder folder, std::uint16_t tag) const
{
    const ExifValue* value = find(folder, tag);
    return value ? value->whole() : std::nullopt;
}

} // namespace photosafe::worker
