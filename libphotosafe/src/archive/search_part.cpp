// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/search_part.hpp"

#include "archive/asset_row.hpp"
#include "archive/metadata_row.hpp"
#include "archive/phone_words.hpp"
#include "archive/sidecar_words.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

std::string text_of(std::span<const std::byte> bytes)
{
    return printable({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

} // namespace

std::vector<SearchPart> SearchParts::of_shot(std::int64_t shot)
{
    std::vector<SearchPart> parts;
    Statement& row = (*sql_)("SELECT " PHOTOSAFE_ASSET_COLUMNS " FROM asset WHERE shot=? ORDER BY id");
    row.bind(1, shot);
    while (row.step()) parts.emplace_back().asset = asset_of(row);
    row.reset();
    for (SearchPart& part : parts) {
        read_row(part);
        part.outdated = is_outdated(part.asset);
        read_devices(part);
        read_phones(part);
    }
    return parts;
}

void SearchParts::read_row(SearchPart& part)
{
    Statement& due = (*sql_)("SELECT facts FROM due WHERE asset=?").bind(1, part.asset.id);
    part.new_facts = due.step() && due.number(0) != 0;
    due.reset();

    Statement& row =
        (*sql_)("SELECT slot, traits, state, " PHOTOSAFE_METADATA_COLUMNS " FROM metadata WHERE asset=?");
    if (row.bind(1, part.asset.id).step()) {
        part.slot = row.number(0);
        part.traits = decoded_traits(row.blob(1));
        part.state = parse_state_named(row.text(2));
        part.metadata = metadata_of(row, 3); // of the last reading that went well
    }
    row.reset();
}

bool SearchParts::is_outdated(const Asset& asset)
{
    if (asset.role != Role::sidecar) return false;
    Statement& row = (*sql_)("SELECT " PHOTOSAFE_SEEN_LAST("?")).bind(1, asset.id);
    const bool last = row.step() && row.number(0) != 0;
    row.reset();
    return !last;
}

void SearchParts::read_devices(SearchPart& part)
{
    Statement& row = (*sql_)("SELECT s.id, s.name, s.key, s.model FROM source s WHERE s.id IN "
                             "(SELECT source FROM place WHERE asset=?) ORDER BY s.id");
    row.bind(1, part.asset.id);
    while (row.step()) {
        part.devices.push_back(
            {row.number(0), {text_of(row.blob(1)), text_of(row.blob(2)), text_of(row.blob(3))}});
    }
    row.reset();
}

void SearchParts::read_phones(SearchPart& part)
{
    for (const PhoneItemRecord& one : phones_->items_of(part.asset.id)) {
        add_phone_words(part.metadata, one.item);
        part.favorite |= one.item.favorite;
        part.hidden |= one.item.hidden;
    }
    part.albums = phones_->album_titles(part.asset.id);
}

std::int64_t capture_time(const SearchPart& part)
{
    const CaptureTime& taken = part.metadata.taken;
    std::optional<Instant> local = from_rfc3339(taken.local + 'Z');
    if (!local && taken.instant) local = from_rfc3339(to_local(*taken.instant) + 'Z');
    if (!local) local = from_rfc3339(part.asset.taken_local + 'Z');
    const auto [seconds, nanoseconds] = split(local.value_or(part.asset.modified));
    return seconds * 1000 + nanoseconds / 1'000'000;
}

std::vector<std::byte> encoded_traits(const std::vector<std::int64_t>& traits)
{
    static_assert(trait_kind_count <= 16);
    std::vector<std::byte> bytes;
    for (const std::int64_t trait : traits) {
        // The kind in the lowest bits, for most numbers are small; seven bits a byte, the low ones first.
        auto value =
            static_cast<std::uint64_t>((trait & last_trait_number) << 4 | trait >> trait_number_bits);
        for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::byte>((value & 0x7f) | 0x80));
        bytes.push_back(static_cast<std::byte>(value));
    }
    return bytes;
}

std::vector<std::int64_t> decoded_traits(std::span<const std::byte> bytes)
{
    std::vector<std::int64_t> traits;
    std::uint64_t value = 0;
    int shift = 0;
    for (const std::byte byte : bytes) {
        const auto low = std::to_integer<std::uint64_t>(byte);
        if (shift < 63) value |= (low & 0x7f) << shift;
        shift += 7;
        if (low >= 0x80) continue;
        traits.push_back(static_cast<std::int64_t>((value & 15) << trait_number_bits | value >> 4));
        value = 0;
        shift = 0;
    }
    if (shift != 0) {
        throw ArchiveError{ErrorCode::damaged,
                           "The catalog's index for queries makes no sense; run photosafe rebuild"};
    }
    return traits;
}

} // namespace photosafe
