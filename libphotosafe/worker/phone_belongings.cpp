// SPDX-License-Identifier: LGPL-2.1-or-later
// What belongs to items: their files, who is on them, what they are about.
#include <algorithm>
#include <unordered_map>

#include <photosafe/error.hpp>

#include "worker/phone_reading.hpp"

namespace photosafe::worker {

namespace {

/// At most so many of each for one item on average; a library that has more isn't one.
constexpr std::size_t most_of_each = 5;

/// ZRESOURCETYPE.
constexpr std::int64_t type_video = 1, type_sidecar = 5;
/// ZVERSION: of an edit. 0 is as it was made, 3 is what Photos can make again.
constexpr std::int64_t version_edited = 2;

/// From ZDATASTORESUBTYPE and the two above. Role::other: a thumbnail, a preview, a smaller copy.
Role role_of(std::int64_t store, std::int64_t type, std::int64_t version)
{
    if (type == type_sidecar) return Role::sidecar;
    switch (store) {
    case 1: return Role::original;
    case 17: return Role::raw;
    case 18: return Role::live_video;
    case 2: return version == version_edited ? Role::edited : Role::other; // else the JPEG within a RAW
    case 16:
    case 19: return Role::edited_video;
    default: return Role::other;
    }
}

/// It is only in iCloud where it isn't local and iCloud has it. Photos notes the fingerprint of what was
/// uploaded; a Mac's referenced file has one too, and a bookmark of where it lies.
Locality locality_of(std::optional<std::int64_t> local, std::optional<std::int64_t> remote, bool fingerprint,
                     bool elsewhere)
{
    if (local == 1) return Locality::on_phone;
    if (local != -1 || elsewhere) return Locality::unknown;
    return remote == 1 || fingerprint ? Locality::only_in_icloud : Locality::unknown;
}

/// Sorted by key; what came first stays first.
template <class Value>
void sort_by_key(Belongings<Value>& all)
{
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
}

template <class Value>
void add(PhoneReading& reading, Belongings<Value>& all, std::int64_t key, const Value& value)
{
    if (all.size() < most_of_each * reading.limits.assets)
        all.emplace_back(key, value);
    else
        reading.troubles.add(std::is_same_v<Value, ResourceRow> ? PhoneTrouble::too_many_files
                                                                : PhoneTrouble::too_many_words);
}

/// Texts of a table by key. A row without one is left out.
std::unordered_map<std::int64_t, std::string> texts_by_key(PhoneReading& reading, const char* table,
                                                           const char* column, std::size_t most)
{
    std::unordered_map<std::int64_t, std::string> result;
    if (!reading.schema.has(table, "Z_PK") || !reading.schema.has(table, column)) return result;
    PhoneQuery query{reading.database, std::string{"SELECT Z_PK, "} + column + " FROM " + table};
    const PhoneValues values{query, reading.troubles, PhoneValues::About::facts};
    while (query.step()) {
        const auto key = values.number(0);
        std::string text = values.text(1);
        if (!key || text.empty()) continue;
        if (result.size() < most)
            result.emplace(*key, std::move(text));
        else
            reading.troubles.add(PhoneTrouble::too_many_words);
    }
    return result;
}

/// People by key. One that was merged into another is that other.
std::unordered_map<std::int64_t, std::string> names_of_people(PhoneReading& reading, std::size_t most)
{
    auto names = texts_by_key(reading, "ZPERSON", "ZDISPLAYNAME", most);
    for (auto& [key, name] : texts_by_key(reading, "ZPERSON", "ZFULLNAME", most))
        names[key] = std::move(name);
    if (!reading.schema.has("ZPERSON", "ZMERGETARGETPERSON")) return names;

    std::unordered_map<std::int64_t, std::int64_t> merged;
    PhoneQuery query{reading.database,
                     "SELECT Z_PK, ZMERGETARGETPERSON FROM ZPERSON WHERE ZMERGETARGETPERSON NOT NULL"};
    while (query.step() && merged.size() < most) {
        const auto from = query.number(0), into = query.number(1);
        if (from && into) merged[*from] = *into;
    }
    constexpr int most_merges = 16; // of mergers in a circle none is followed
    for (const auto& [from, into] : merged) {
        std::int64_t last = into;
        int steps = 0;
        for (auto next = merged.find(last); next != merged.end() && steps < most_merges; ++steps) {
            last = next->second;
            next = merged.find(last);
        }
        if (const auto target = names.find(last); steps < most_merges && target != names.end())
            names[from] = target->second;
    }
    return names;
}

} // namespace

Belongings<ResourceRow> read_resources(PhoneReading& reading)
{
    Belongings<ResourceRow> result;
    constexpr const char* table = "ZINTERNALRESOURCE";
    if (!reading.schema.has(table, "ZASSET") || !reading.schema.has(table, "ZDATASTORESUBTYPE") ||
        !reading.schema.has(table, "ZLOCALAVAILABILITY")) {
        reading.troubles.add("Which originals are on the phone and which only in iCloud can't be known: the "
                             "database has no table that says it.");
        return result;
    }
    PhoneColumns columns{reading.schema};
    const auto column = [&](const char* name) { return columns.add(table, "r", name); };
    const int asset = column("ZASSET"), store = column("ZDATASTORESUBTYPE"), type = column("ZRESOURCETYPE"),
              version = column("ZVERSION"), local = column("ZLOCALAVAILABILITY"),
              remote = column("ZREMOTEAVAILABILITY"), length = column("ZDATALENGTH"),
              fingerprint = column("ZFINGERPRINT"), hash = column("ZSTABLEHASH"),
              bookmark = column("ZFILESYSTEMBOOKMARK"), volume = column("ZFILESYSTEMVOLUME");
    PhoneQuery query{reading.database, "SELECT " + columns.sql() + " FROM " + table + " r"};
    const PhoneValues values{query, reading.troubles};
    while (query.step()) {
        const auto key = values.number(asset);
        if (!key) continue;
        ResourceRow row;
        row.role = role_of(values.number(store).value_or(0), values.number(type).value_or(0),
                           values.number(version).value_or(0));
        if (row.role == Role::other) continue;
        row.video = values.number(type) == type_video || row.role == Role::live_video ||
                    row.role == Role::edited_video;
        row.bytes = static_cast<std::int64_t>(values.bytes(length).value_or(UINT64_MAX));
        const bool elsewhere = !query.is_null(bookmark) || !query.is_null(volume);
        row.locality = locality_of(values.number(local), values.number(remote),
                                   !query.is_null(fingerprint) || !query.is_null(hash), elsewhere);
        add(reading, result, *key, row);
    }
    sort_by_key(result);
    return result;
}

Belongings<std::string> read_people(PhoneReading& reading)
{
    Belongings<std::string> result;
    PhoneSchema& schema = reading.schema;
    constexpr const char* table = "ZDETECTEDFACE";
    // Renamed when torsos and faces in movies came in.
    const char* const asset = schema.has(table, "ZASSETFORFACE") ? "ZASSETFORFACE" : "ZASSET";
    const char* const person = schema.has(table, "ZPERSONFORFACE") ? "ZPERSONFORFACE" : "ZPERSON";
    if (!schema.has(table, asset) || !schema.has(table, person) || !schema.has("ZPERSON", "Z_PK")) {
        reading.troubles.add_lost(
            "Who is on the pictures can't be known: the database has no table that says it.");
        return result;
    }
    const auto names = names_of_people(reading, reading.limits.albums);
    PhoneColumns columns{schema};
    const int asset_key = columns.add(table, "f", asset), person_key = columns.add(table, "f", person),
              trash = columns.add(table, "f", "ZISINTRASH");
    PhoneQuery query{reading.database, "SELECT " + columns.sql() + " FROM " + table + " f"};
    const PhoneValues values{query, reading.troubles, PhoneValues::About::facts};
    while (query.step() && result.size() < most_of_each * reading.limits.assets) {
        const auto key = values.number(asset_key), who = values.number(person_key);
        if (!key || !who || values.flag(trash)) continue;
        if (const auto name = names.find(*who); name != names.end()) result.emplace_back(*key, name->second);
    }
    sort_by_key(result);
    return result;
}

Belongings<std::string> read_keywords(PhoneReading& reading)
{
    Belongings<std::string> result;
    const auto join = reading.schema.asset_keywords();
    if (!join || !reading.schema.has("ZKEYWORD", "ZTITLE")) {
        reading.troubles.add_lost("Keywords can't be known: the database has no tables that hold them.");
        return result;
    }
    const auto titles = texts_by_key(reading, "ZKEYWORD", "ZTITLE", reading.limits.albums);
    PhoneQuery query{reading.database, "SELECT " + join->left + ", " + join->right + " FROM " + join->name};
    const PhoneValues values{query, reading.troubles, PhoneValues::About::facts};
    while (query.step()) {
        const auto key = values.number(0), keyword = values.number(1);
        if (!key || !keyword) continue;
        if (const auto title = titles.find(*keyword); title != titles.end())
            add(reading, result, *key, title->second);
    }
    sort_by_key(result);
    return result;
}

} // namespace photosafe::worker
