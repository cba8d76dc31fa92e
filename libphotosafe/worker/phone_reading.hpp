// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of reading a Photos library. Only the worker's phone_*.cpp files see this.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "worker/phone_library.hpp"
#include "worker/phone_schema.hpp"
#include "worker/phone_values.hpp"

namespace photosafe::worker {

/// The columns of a SELECT, each with its number. One that the tables haven't got is NULL.
class PhoneColumns {
public:
    explicit PhoneColumns(PhoneSchema& schema) : schema_{&schema} {}

    /// Adds a column of `table`, which the SELECT calls `alias`, and returns its number.
    int add(std::string_view table, std::string_view alias, std::string_view column);
    const std::string& sql() const noexcept { return sql_; }

private:
    PhoneSchema* schema_;
    std::string sql_;
    int count_ = 0;
};

/// What is read, with what is known of it so far.
struct PhoneReading {
    PhoneDatabase& database;
    PhoneSchema schema;
    PhoneTroubles troubles;
    const LineSink& put;
    const PhoneLibraryLimits& limits;

    /// One for each item, by its key, which rises. `share` is the shared album it is in, where items know
    /// that.
    struct Item {
        std::int64_t key;
        double created; ///< seconds since 2001; the lowest where it isn't known
        double published;
        std::int64_t share;
    };
    std::vector<Item> items;
    /// The place of the item with this key.
    std::optional<std::uint32_t> place(std::int64_t key) const;
};

constexpr std::int64_t no_key = std::numeric_limits<std::int64_t>::min();

/// What belongs to items, sorted by the key it belongs to.
template <class Value>
using Belongings = std::vector<std::pair<std::int64_t, Value>>;

template <class Value>
auto belonging_to(const Belongings<Value>& all, std::int64_t key)
{
    return std::equal_range(all.begin(), all.end(), std::pair{key, Value{}},
                            [](const auto& a, const auto& b) { return a.first < b.first; });
}

/// One row of ZINTERNALRESOURCE that is a file Photos can't make again.
struct ResourceRow {
    std::int64_t bytes = -1; ///< -1: not known
    Role role = Role::other;
    bool video = false;
    Locality locality = Locality::unknown;
};

Belongings<ResourceRow> read_resources(PhoneReading& reading);
/// Names of people by the item's key; of keywords by the key of the item's attributes.
Belongings<std::string> read_people(PhoneReading& reading);
Belongings<std::string> read_keywords(PhoneReading& reading);
/// Puts a line for each item and fills `items`.
void read_assets(PhoneReading& reading);
/// Puts lines for each album, and returns how many there are.
std::size_t read_albums(PhoneReading& reading);

} // namespace photosafe::worker
