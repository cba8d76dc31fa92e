// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/event.hpp"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "core/digest.hpp"
#include "core/phone_facts.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& what)
{
    throw ArchiveError{ErrorCode::damaged, "A line of a manifest makes no sense: " + what};
}

/// Names are bytes: text where they are UTF-8, hexadecimal where not.
Json bytes_json(std::string_view bytes)
{
    if (is_utf8(bytes)) return std::string{bytes};
    return Json{{"bytes_hex", hex(std::as_bytes(std::span{bytes}))}};
}

const Json& member(const Json& object, const char* key)
{
    const auto at = object.find(key);
    if (at == object.end()) refuse(std::string{"there is no "} + key);
    return *at;
}

std::string text(const Json& object, const char* key)
{
    const Json& value = member(object, key);
    if (!value.is_string()) refuse(std::string{key} + " is no text");
    return value.get<std::string>();
}

std::string bytes(const Json& object, const char* key)
{
    const Json& value = member(object, key);
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_object()) refuse(std::string{key} + " is no name");
    const std::string digits = text(value, "bytes_hex");
    std::string result(digits.size() / 2, '\0');
    if (!from_hex(digits, std::as_writable_bytes(std::span{result})))
        refuse(std::string{key} + " is no hexadecimal");
    return result;
}

std::uint64_t count(const Json& object, const char* key)
{
    const Json& value = member(object, key);
    if (!value.is_number_unsigned()) refuse(std::string{key} + " is no count");
    return value.get<std::uint64_t>();
}

/// A path that leads to a file below `folder` and nowhere else, and that fits into a line of the sums.
std::string inner_path(const Json& object, const char* key, std::string_view folder)
{
    std::string path = text(object, key);
    if (!path.starts_with(folder) || path.find_first_of(std::string_view{"\0\n\\", 3}) != std::string::npos)
        refuse(std::string{key} + " is no path of an archive");
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view part = std::string_view{path}.substr(at, end - at);
        if (part.empty() || part == "." || part == "..")
            refuse(std::string{key} + " is no path of an archive");
        at = end + 1;
    }
    return path;
}

Instant instant(const Json& object, const char* key)
{
    const auto value = from_rfc3339(text(object, key));
    if (!value) refuse(std::string{key} + " is no time");
    return *value;
}

std::optional<Instant> optional_instant(const Json& object, const char* key)
{
    if (!object.contains(key)) return std::nullopt;
    return instant(object, key);
}

template <std::size_t n>
std::array<std::byte, n> digits(const std::string& from, const char* key)
{
    std::array<std::byte, n> result;
    if (!from_hex(from, result)) refuse(std::string{key} + " is no digest");
    return result;
}

template <class Enum, std::size_t n>
Enum word(const Json& object, const char* key, const std::array<Enum, n>& all)
{
    const std::string value = text(object, key);
    for (const Enum one : all) {
        if (name(one) == value) return one;
    }
    refuse(std::string{key} + " is an unknown word");
}

constexpr std::array roles{Role::original,     Role::live_video, Role::raw,  Role::edited,
                           Role::edited_video, Role::sidecar,    Role::other};
constexpr std::array reasons{
    GroupReason::unknown,       GroupReason::first,        GroupReason::content_id,
    GroupReason::name_and_time, GroupReason::edit_name,    GroupReason::mutation_path,
    GroupReason::raw_name,      GroupReason::sidecar_name, GroupReason::same_name};
constexpr std::array states{AssetState::present, AssetState::missing, AssetState::damaged};

/// What is otherwise than usual.
Json filter_json(const IngestFilter& filter)
{
    const IngestFilter usual;
    Json json = Json::object();
    if (filter.since) json["since"] = to_rfc3339(*filter.since);
    if (filter.photos != usual.photos) json["photos"] = filter.photos;
    if (filter.videos != usual.videos) json["videos"] = filter.videos;
    if (filter.trashed != usual.trashed) json["trashed"] = filter.trashed;
    if (filter.hidden != usual.hidden) json["hidden"] = filter.hidden;
    if (filter.shared_albums != usual.shared_albums) json["shared_albums"] = filter.shared_albums;
    return json;
}

IngestFilter filter_of(const Json& json)
{
    if (!json.is_object()) refuse("filter is no object");
    IngestFilter filter;
    const auto flag = [&](const char* key, bool& to) {
        if (!json.contains(key)) return;
        if (!json.at(key).is_boolean()) refuse(std::string{key} + " is neither true nor false");
        to = json.at(key).get<bool>();
    };
    filter.since = optional_instant(json, "since");
    flag("photos", filter.photos);
    flag("videos", filter.videos);
    flag("trashed", filter.trashed);
    flag("hidden", filter.hidden);
    flag("shared_albums", filter.shared_albums);
    return filter;
}

Json json(const Begun& e)
{
    Json line{{"type", "begun"},        {"schema", 1},         {"work", e.work}, {"sequence", e.sequence},
              {"at", to_rfc3339(e.at)}, {"version", e.version}};
    if (!e.source.id.empty()) {
        line["source"] = Json{{"id", bytes_json(e.source.id)},
                              {"kind", bytes_json(e.source.kind)},
                              {"name", bytes_json(e.source.name)},
                              {"model", bytes_json(e.source.model)},
                              {"version", bytes_json(e.source.version)}};
    }
    if (Json filter = filter_json(e.filter); !filter.empty()) line["filter"] = std::move(filter);
    return line;
}

/// When the shot was taken, of the events that say so.
void put_taken(Json& line, const auto& e)
{
    if (e.taken) line["taken"] = to_rfc3339(*e.taken);
    line["taken_local"] = e.taken_local;
    line["taken_source"] = e.taken_source;
}

Json json(const Stored& e)
{
    Json line{{"type", "stored"},
              {"sha256", hex(e.digest.sha256)},
              {"xxh128", hex(e.digest.xxh128)},
              {"path", e.path},
              {"group", e.group},
              {"bytes", e.bytes},
              {"name", bytes_json(e.name)},
              {"role", std::string{name(e.role)}},
              {"reason", std::string{name(e.reason)}},
              {"modified", to_rfc3339(e.modified)}};
    put_taken(line, e);
    line["at"] = to_rfc3339(e.at);
    return line;
}

Json json(const Regrouped& e)
{
    Json line{{"type", "regrouped"},
              {"sha256", hex(e.sha256)},
              {"group", e.group},
              {"role", std::string{name(e.role)}},
              {"reason", std::string{name(e.reason)}}};
    put_taken(line, e);
    return line;
}

Json json(const Seen& e)
{
    Json line{{"type", "seen"},
              {"sha256", hex(e.sha256)},
              {"path", bytes_json(e.place.path)},
              {"bytes", e.place.bytes},
              {"modified", to_rfc3339(e.place.modified)}};
    if (e.place.born) line["born"] = to_rfc3339(*e.place.born);
    line["at"] = to_rfc3339(e.place.seen);
    return line;
}

Json json(const Failed& e)
{
    return {{"type", "failed"},
            {"path", bytes_json(e.failure.path)},
            {"bytes", e.failure.bytes},
            {"code", e.failure.code},
            {"reason", bytes_json(e.failure.reason)}};
}

Json json(const Ended& e)
{
    const ImportRecord& f = e.figures;
    return {{"type", "ended"},        {"at", to_rfc3339(e.at)},
            {"seen", f.seen},         {"stored", f.stored},
            {"known", f.known},       {"failed", f.failed},
            {"excluded", f.excluded}, {"stored_bytes", f.stored_bytes}};
}

Json json(const Verified& e)
{
    Json list = Json::array();
    for (const auto& one : e.sha256) list.push_back(hex(one));
    return {{"type", "verified"}, {"at", to_rfc3339(e.at)}, {"sha256", std::move(list)}};
}

Json json(const FoundBad& e)
{
    return {{"type", "found"},
            {"at", to_rfc3339(e.at)},
            {"sha256", hex(e.sha256)},
            {"state", std::string{name(e.state)}}};
}

std::int64_t sequence(const Json& line)
{
    const std::uint64_t value = count(line, "sequence");
    if (value >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        refuse("sequence is out of all proportion"); // and the next one must be larger
    return static_cast<std::int64_t>(value);
}

Begun begun(const Json& line)
{
    if (count(line, "schema") != 1)
        throw ArchiveError{ErrorCode::newer_version, "A manifest was written by a later PhotoSafe"};
    Begun e{.work = text(line, "work"),
            .sequence = sequence(line),
            .at = instant(line, "at"),
            .version = text(line, "version"),
            .source = {},
            .filter = line.contains("filter") ? filter_of(line.at("filter")) : IngestFilter{}};
    if (line.contains("source")) {
        const Json& source = line.at("source");
        if (!source.is_object()) refuse("source is no object");
        e.source = {bytes(source, "id"), bytes(source, "kind"), bytes(source, "name"), bytes(source, "model"),
                    bytes(source, "version")};
    }
    return e;
}

Stored stored(const Json& line)
{
    return {
        .digest = {digits<32>(text(line, "sha256"), "sha256"), digits<16>(text(line, "xxh128"), "xxh128")},
        .path = inner_path(line, "path", "originals/"),
        .group = inner_path(line, "group", ""),
        .bytes = count(line, "bytes"),
        .name = bytes(line, "name"),
        .role = word(line, "role", roles),
        .reason = line.contains("reason") ? word(line, "reason", reasons) : GroupReason::unknown,
        .modified = instant(line, "modified"),
        .taken = optional_instant(line, "taken"),
        .taken_local = text(line, "taken_local"),
        .taken_source = text(line, "taken_source"),
        .at = instant(line, "at")};
}

Regrouped regrouped(const Json& line)
{
    return {.sha256 = digits<32>(text(line, "sha256"), "sha256"),
            .group = inner_path(line, "group", ""),
            .role = word(line, "role", roles),
            .reason = word(line, "reason", reasons),
            .taken = optional_instant(line, "taken"),
            .taken_local = text(line, "taken_local"),
            .taken_source = text(line, "taken_source")};
}

Seen seen(const Json& line)
{
    return {.sha256 = digits<32>(text(line, "sha256"), "sha256"),
            .place = {.source = {},
                      .path = bytes(line, "path"),
                      .bytes = count(line, "bytes"),
                      .modified = instant(line, "modified"),
                      .born = optional_instant(line, "born"),
                      .seen = instant(line, "at")}};
}

Failed failed(const Json& line)
{
    return {{.source = {},
             .path = bytes(line, "path"),
             .bytes = count(line, "bytes"),
             .code = text(line, "code"),
             .reason = bytes(line, "reason")}};
}

Ended ended(const Json& line)
{
    ImportRecord f;
    f.seen = count(line, "seen");
    f.stored = count(line, "stored");
    f.known = count(line, "known");
    f.failed = count(line, "failed");
    f.excluded = count(line, "excluded");
    f.stored_bytes = count(line, "stored_bytes");
    return {instant(line, "at"), f};
}

Verified verified(const Json& line)
{
    Verified e{.at = instant(line, "at"), .sha256 = {}};
    const Json& list = member(line, "sha256");
    if (!list.is_array()) refuse("sha256 is no list");
    for (const Json& one : list) {
        if (!one.is_string()) refuse("sha256 is no list of digests");
        e.sha256.push_back(digits<32>(one.get<std::string>(), "sha256"));
    }
    return e;
}

FoundBad found(const Json& line)
{
    return {.at = instant(line, "at"),
            .sha256 = digits<32>(text(line, "sha256"), "sha256"),
            .state = word(line, "state", states)};
}

/// The events that tell of the phone's own library; none for a line of another type.
std::optional<Event> phone_event(const std::string& type, const Json& ordered)
try {
    const nlohmann::json line = ordered;
    if (type == "library") return library_found(line);
    if (type == "item") return item_told(line);
    if (type == "items_gone") return items_gone(line);
    if (type == "album") return album_told(line);
    if (type == "albums_gone") return albums_gone(line);
    if (type == "looked") return looked(line);
    return std::nullopt;
} catch (const BadPhoneFact& fact) {
    refuse(std::string{fact.what()} + " is not what it has to be");
}

} // namespace

std::string to_text(const IngestFilter& filter) { return filter_json(filter).dump(); }

IngestFilter filter_from(std::string_view text) { return filter_of(Json::parse(text, nullptr, false)); }

std::string to_line(const Event& event)
{
    return std::visit([](const auto& e) { return json(e).dump(); }, event);
}

Event from_line(std::string_view line)
{
    const Json parsed = Json::parse(line, nullptr, false);
    if (!parsed.is_object()) refuse("it is no JSON object");
    const std::string type = text(parsed, "type");
    if (type == "begun") return begun(parsed);
    if (type == "stored") return stored(parsed);
    if (type == "regrouped") return regrouped(parsed);
    if (type == "seen") return seen(parsed);
    if (type == "failed") return failed(parsed);
    if (type == "ended") return ended(parsed);
    if (type == "verified") return verified(parsed);
    if (type == "found") return found(parsed);
    if (auto event = phone_event(type, parsed)) return std::move(*event);
    refuse("its type is unknown");
}

} // namespace photosafe
