// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/phone_library.hpp"

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>
#include <plist/plist.h>

#include <photosafe/error.hpp>

#include "media/message.hpp"
#include "worker/phone_reading.hpp"

namespace photosafe::worker {

namespace {

using PlistHandle = std::unique_ptr<void, FreeWith<plist_free>>;

/// The number of the schema in the property list that Core Data keeps of each database.
std::optional<std::int64_t> model_version(std::string_view plist)
{
    if (plist.size() < 8 || plist.size() > (1 << 20) || !plist.starts_with("bplist")) return std::nullopt;
    plist_t raw = nullptr;
    plist_from_bin(plist.data(), static_cast<std::uint32_t>(plist.size()), &raw);
    const PlistHandle root{raw};
    if (!root || plist_get_node_type(root.get()) != PLIST_DICT) return std::nullopt;
    const plist_t version = plist_dict_get_item(root.get(), "PLModelVersion");
    if (version == nullptr || plist_get_node_type(version) != PLIST_UINT) return std::nullopt;
    std::uint64_t value = 0;
    plist_get_uint_val(version, &value);
    return value <= INT64_MAX ? std::optional{static_cast<std::int64_t>(value)} : std::nullopt;
}

PhoneLibrary read_version(PhoneReading& reading)
{
    PhoneLibrary library;
    library.asset_table = reading.schema.asset_table();
    if (const auto join = reading.schema.album_assets()) library.album_table = join->name;
    PhoneColumns columns{reading.schema};
    const int uuid = columns.add("Z_METADATA", "m", "Z_UUID");
    const int plist = columns.add("Z_METADATA", "m", "Z_PLIST");
    if (!reading.schema.has("Z_METADATA")) return library;
    PhoneQuery query{reading.database, "SELECT " + columns.sql() + " FROM Z_METADATA m LIMIT 1"};
    if (!query.step()) return library;
    library.uuid = PhoneValues{query, reading.troubles}.uuid(uuid);
    library.model_version = model_version(query.blob(plist).value_or(""));
    return library;
}

} // namespace

int PhoneColumns::add(std::string_view table, std::string_view alias, std::string_view column)
{
    if (!sql_.empty()) sql_ += ", ";
    if (schema_->has(table, column)) {
        (sql_ += alias) += '.';
        sql_ += column;
    } else {
        sql_ += "NULL";
    }
    return count_++;
}

std::optional<std::uint32_t> PhoneReading::place(std::int64_t key) const
{
    const auto found =
        std::lower_bound(items.begin(), items.end(), key,
                         [](const Item& item, std::int64_t wanted) { return item.key < wanted; });
    if (found == items.end() || found->key != key) return std::nullopt;
    return static_cast<std::uint32_t>(found - items.begin());
}

void read_phone_library(const DatabaseFile& file, std::chrono::steady_clock::duration time_limit,
                        const LineSink& put, const PhoneLibraryLimits& limits)
{
    PhoneDatabase database{file, std::chrono::steady_clock::now() + time_limit};
    database.check();
    PhoneReading reading{database, PhoneSchema{database}, {}, put, limits, {}};
    if (reading.schema.asset_table().empty())
        throw MediaError{ErrorCode::unreadable,
                         "It has no table of items: it is not Photos' database, or a later "
                         "one than this PhotoSafe knows."};
    put(library_line(read_version(reading)));
    read_assets(reading);
    const std::size_t albums = read_albums(reading);
    for (const std::string& trouble : reading.troubles.sentences()) put(trouble_line(trouble));
    for (const std::string& lost : reading.troubles.lost_facts()) put(lost_fact_line(lost));
    put(end_line(reading.items.size(), albums));
}

std::vector<std::uint8_t> phone_library_lines(int fd, const nlohmann::json& request)
{
    const DatabaseFile file{fd, request.value("database_bytes", std::uint64_t{0}),
                            request.value("log_bytes", std::uint64_t{0})};
    std::vector<std::uint8_t> lines;
    read_phone_library(file, std::chrono::hours{1}, [&](std::string_view line) {
        if (lines.size() + line.size() >= answer_limits.payload)
            throw MediaError{ErrorCode::unreadable, "The library is larger than can be read."};
        lines.insert(lines.end(), line.begin(), line.end());
        lines.push_back('\n');
    });
    return lines;
}

} // namespace photosafe::worker
