// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/metadata_row.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace photosafe {

namespace {

using Json = nlohmann::json;

constexpr std::array kinds{MediaKind::unknown, MediaKind::photo, MediaKind::video, MediaKind::raw,
                           MediaKind::sidecar};
constexpr std::array time_sources{
    TimeSource::none,         TimeSource::exif_offset,   TimeSource::quicktime_zone,
    TimeSource::exif_gps,     TimeSource::live_video,    TimeSource::exif_local,
    TimeSource::xmp,          TimeSource::quicktime_utc, TimeSource::file_birth,
    TimeSource::file_modified};

template <class Values>
auto value_of(const Values& values, const std::string& word)
{
    for (const auto value : values)
        if (name(value) == word) return value;
    return values.front();
}

/// A catalog holds text; what a reader let through that is none keeps its other characters.
std::string json_text(const Json& value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json list_of(const std::string& text)
{
    if (text.empty()) return Json::array();
    Json value = Json::parse(text, nullptr, false);
    if (!value.is_array()) {
        throw ArchiveError{ErrorCode::damaged,
                           "The catalog's metadata makes no sense; run photosafe rebuild"};
    }
    return value;
}

class Binder {
public:
    Binder(Statement& row, int at) : row_{&row}, at_{at} {}
    void text(const std::string& value) { value.empty() ? row_->bind_null(at_++) : row_->bind(at_++, value); }
    void number(std::optional<std::int64_t> value) { row_->bind_optional(at_++, value); }
    void real(std::optional<double> value)
    {
        value ? row_->bind_real(at_++, *value) : row_->bind_null(at_++);
    }
    void flag(bool value) { row_->bind(at_++, std::int64_t{value ? 1 : 0}); }
    void list(const Json& value)
    {
        value.empty() ? row_->bind_null(at_++) : row_->bind(at_++, json_text(value));
    }

private:
    Statement* row_;
    int at_;
};

std::optional<std::int64_t> wide(const auto& value)
{
    if (!value) return std::nullopt;
    return static_cast<std::int64_t>(*value);
}

std::optional<std::int64_t> ns(const std::optional<Instant>& instant)
{
    if (!instant) return std::nullopt;
    return instant->time_since_epoch().count();
}

/// Zero stands for "not known" in these.
std::optional<std::int64_t> unless_zero(std::uint32_t value)
{
    if (value == 0) return std::nullopt;
    return value;
}

class Reader {
public:
    Reader(const Statement& row, int at) : row_{&row}, at_{at} {}
    std::string text() { return row_->text(at_++); }
    std::optional<std::int64_t> number() { return row_->optional_number(at_++); }
    std::optional<int> small()
    {
        const auto value = number();
        if (!value) return std::nullopt;
        return static_cast<int>(*value);
    }
    std::uint32_t count() { return static_cast<std::uint32_t>(number().value_or(0)); }
    std::optional<double> real() { return row_->optional_real(at_++); }
    bool flag() { return number().value_or(0) != 0; }
    std::optional<Instant> instant()
    {
        const auto value = number();
        if (!value) return std::nullopt;
        return Instant{std::chrono::nanoseconds{*value}};
    }
    Json list() { return list_of(row_->text(at_++)); }
    std::vector<std::string> texts()
    {
        std::vector<std::string> result;
        for (const Json& one : list())
            if (one.is_string()) result.push_back(one.get<std::string>());
        return result;
    }

private:
    const Statement* row_;
    int at_;
};

Json json_of(const std::vector<Region>& people)
{
    Json list = Json::array();
    for (const Region& one : people)
        list.push_back(
            {{"name", one.name}, {"x", one.x}, {"y", one.y}, {"width", one.width}, {"height", one.height}});
    return list;
}

Region region_of(const Json& one)
{
    const auto number = [&](const char* key) {
        const auto found = one.find(key);
        return found != one.end() && found->is_number() ? found->get<double>() : 0.0;
    };
    const auto who = one.find("name");
    return {who != one.end() && who->is_string() ? who->get<std::string>() : std::string{}, number("x"),
            number("y"), number("width"), number("height")};
}

} // namespace

MediaKind media_kind_named(const std::string& word) { return value_of(kinds, word); }
TimeSource time_source_named(const std::string& word) { return value_of(time_sources, word); }

void bind_metadata(Statement& row, int at, const Metadata& m)
{
    Binder to{row, at};
    to.text(std::string{name(m.kind)});
    to.text(m.mime);
    to.number(ns(m.taken.instant));
    to.text(m.taken.local);
    to.number(wide(m.taken.offset_minutes));
    to.text(std::string{name(m.taken.source)});
    to.number(unless_zero(m.width));
    to.number(unless_zero(m.height));
    to.number(m.orientation);
    for (const std::string* text : {&m.make, &m.model, &m.lens, &m.software}) to.text(*text);
    to.real(m.position ? std::optional{m.position->latitude} : std::nullopt);
    to.real(m.position ? std::optional{m.position->longitude} : std::nullopt);
    to.real(m.position ? m.position->altitude_m : std::nullopt);
    to.text(m.content_id);
    to.text(m.burst_id);
    to.number(wide(m.live_index));
    to.number(wide(m.hdr));
    to.number(wide(m.capture_type));
    to.real(m.duration_s);
    to.real(m.frame_rate);
    to.text(m.codec);
    for (const bool flag : {m.slow_motion, m.spatial, m.panorama, m.screenshot}) to.flag(flag);
    to.number(wide(m.rating));
    for (const std::string* text : {&m.title, &m.caption, &m.label, &m.location}) to.text(*text);
    to.number(wide(m.bit_depth));
    to.text(m.colour_profile);
    to.number(unless_zero(m.tiles));
    to.text(m.edited_by);
    to.number(ns(m.edited_at));
    to.list(Json(m.keywords));
    to.list(json_of(m.people));
    to.list(Json(m.aux));
    to.list(Json(m.troubles));
}

Metadata metadata_of(const Statement& row, int at)
{
    Reader from{row, at};
    Metadata m;
    m.kind = value_of(kinds, from.text());
    m.mime = from.text();
    m.taken.instant = from.instant();
    m.taken.local = from.text();
    m.taken.offset_minutes = from.small();
    m.taken.source = value_of(time_sources, from.text());
    m.width = from.count();
    m.height = from.count();
    m.orientation = from.small().value_or(1);
    for (std::string* text : {&m.make, &m.model, &m.lens, &m.software}) *text = from.text();
    const auto latitude = from.real(), longitude = from.real(), altitude = from.real();
    if (latitude && longitude) m.position = GeoPoint{*latitude, *longitude, altitude};
    m.content_id = from.text();
    m.burst_id = from.text();
    m.live_index = from.number();
    if (const auto hdr = from.number()) m.hdr = *hdr != 0;
    m.capture_type = from.small();
    m.duration_s = from.real();
    m.frame_rate = from.real();
    m.codec = from.text();
    for (bool* flag : {&m.slow_motion, &m.spatial, &m.panorama, &m.screenshot}) *flag = from.flag();
    m.rating = from.small();
    for (std::string* text : {&m.title, &m.caption, &m.label, &m.location}) *text = from.text();
    m.bit_depth = from.small();
    m.colour_profile = from.text();
    m.tiles = from.count();
    m.edited_by = from.text();
    m.edited_at = from.instant();
    m.keywords = from.texts();
    for (const Json& one : from.list()) m.people.push_back(region_of(one));
    m.aux = from.texts();
    m.troubles = from.texts();
    return m;
}

std::string text_of_tags(const std::vector<RawTag>& tags)
{
    if (tags.empty()) return {};
    Json list = Json::array();
    for (const RawTag& tag : tags) list.push_back({tag.key, tag.value});
    return json_text(list);
}

std::vector<RawTag> tags_of(const std::string& text)
{
    std::vector<RawTag> tags;
    for (const Json& tag : list_of(text))
        if (tag.is_array() && tag.size() == 2 && tag[0].is_string() && tag[1].is_string())
            tags.push_back({tag[0].get<std::string>(), tag[1].get<std::string>()});
    return tags;
}

} // namespace photosafe
