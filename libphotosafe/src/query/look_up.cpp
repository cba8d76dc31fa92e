// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <charconv>

#include "core/digest.hpp"
#include "query/read_found.hpp"

namespace photosafe {

namespace {

constexpr std::size_t digest_digits = 64;
constexpr std::size_t fewest_digits = 8; ///< of a digest, to be taken for one

std::optional<std::int64_t> number_of(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || number <= 0)
        return std::nullopt;
    return number;
}

/// The only asset whose SHA-256 begins with these digits.
std::optional<std::int64_t> with_digits(std::string_view digits, Statements& sql)
{
    if (digits.size() < fewest_digits || digits.size() > digest_digits) return std::nullopt;
    std::string lowest{digits}, highest{digits};
    std::ranges::transform(lowest, lowest.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    highest = lowest;
    lowest.resize(digest_digits, '0');
    highest.resize(digest_digits, 'f');
    std::array<std::byte, digest_digits / 2> from{}, to{};
    if (!from_hex(lowest, from) || !from_hex(highest, to)) return std::nullopt;
    Statement& row = sql("SELECT id FROM asset WHERE sha256 BETWEEN ? AND ? LIMIT 2");
    row.bind_blob(1, from).bind_blob(2, to);
    std::vector<std::int64_t> found;
    while (row.step()) found.push_back(row.number(0));
    row.reset();
    if (found.size() != 1) return std::nullopt;
    return found.front();
}

std::optional<std::int64_t> asset_named(std::string_view name, Catalog& catalog, Statements& sql)
{
    if (const auto asset = catalog.find_path(std::string{name})) return asset->id;
    if (const auto number = number_of(name); number && catalog.find(*number)) return number;
    return with_digits(name, sql);
}

} // namespace

std::optional<Found> look_up(const Archive& archive, std::string_view name)
{
    Catalog& catalog = archive.impl().catalog;
    Statements sql{catalog.database()};
    const auto asset = asset_named(name, catalog, sql);
    if (!asset) return std::nullopt;
    return FoundReader{catalog, sql}.read(*asset, true);
}

std::vector<Found> parts_of_shot(const Archive& archive, const Asset& asset)
{
    constexpr std::size_t most = 10'000;
    Catalog& catalog = archive.impl().catalog;
    Statements sql{catalog.database()};
    FoundReader reader{catalog, sql};
    std::vector<std::int64_t> parts = catalog.parts(asset.group, most);
    std::ranges::sort(parts);
    std::vector<Found> result;
    for (const std::int64_t part : parts)
        if (auto found = reader.read(part, true)) result.push_back(std::move(*found));
    return result;
}

} // namespace photosafe
