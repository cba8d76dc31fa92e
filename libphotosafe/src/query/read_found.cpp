// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/read_found.hpp"

#include <algorithm>

#include "archive/kind_flag.hpp"
#include "archive/phone_words.hpp"
#include "archive/search_part.hpp"

namespace photosafe {

namespace {

std::vector<std::string> kinds_of(const std::vector<std::int64_t>& traits)
{
    std::vector<std::string> kinds;
    for (const KindWord& kind : kind_words)
        if (std::ranges::binary_search(traits, trait(kind.flag))) kinds.emplace_back(kind.word);
    return kinds;
}

} // namespace

Found FoundReader::read(OrderKey key, bool places)
{
    auto asset = catalog_->find(key.asset);
    if (!asset)
        throw ArchiveError{ErrorCode::damaged,
                           "The catalog's index has an original that the catalog doesn't have; "
                           "run photosafe rebuild"};
    Found found;
    found.metadata = catalog_->metadata().read_facts(key.asset).value_or(Metadata{});
    found.parse = catalog_->metadata().state(key.asset);
    Statement& row = (*sql_)("SELECT traits FROM metadata WHERE asset=?").bind(1, key.asset);
    if (row.step()) found.kinds = kinds_of(decoded_traits(row.blob(0)));
    row.reset();
    found.phone = catalog_->phones().items_of(key.asset);
    for (const PhoneItemRecord& one : found.phone) add_phone_words(found.metadata, one.item);
    if (!found.phone.empty()) found.albums = catalog_->phones().album_titles(key.asset);
    if (places) found.places = catalog_->places(key.asset);
    found.key = key.text();
    found.asset = std::move(*asset);
    return found;
}

std::optional<Found> FoundReader::read(std::int64_t asset, bool places)
{
    Statement& row = (*sql_)("SELECT time FROM metadata WHERE asset=?").bind(1, asset);
    const std::optional<std::int64_t> time = row.step() ? row.optional_number(0) : std::nullopt;
    row.reset();
    if (!time) return std::nullopt;
    return read(OrderKey{*time, asset}, places);
}

} // namespace photosafe
