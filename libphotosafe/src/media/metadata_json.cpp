// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/metadata_json.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <type_traits>

#include <nlohmann/json.hpp>

#include <photosafe/error.hpp>

#include "core/bounded.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::json;

/// What a number of the facts may be. Of whole numbers both ends are possible.
struct Range {
    double least, most;
};
constexpr Range any_number{std::numeric_limits<int>::min(), std::numeric_limits<int>::max()};
constexpr Range any_large_number{-9e15, 9e15}; // exact in a double
constexpr Range any_count{0, std::numeric_limits<std::uint32_t>::max()};
constexpr Range any_share{-10, 10}; // faces reach beyond the edge
constexpr Range any_offset{-24 * 60, 24 * 60};
constexpr Range any_seconds{0, 1e9};
constexpr Range any_altitude{-20'000, 100'000'000}; // from a trench to where GPS satellites are

template <class Number>
bool within(Number value, Range range)
{
    const auto number = static_cast<double>(value);
    return std::isfinite(number) && number >= range.least && number <= range.most;
}

/// `2024-05-31T14:03:22.123`, or nothing.
bool is_local_time(std::string_view text)
{
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.empty()) return true;
    if (text.size() < form.size() || text.size() > form.size() + 10) return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char wanted = i < form.size() ? form[i] : i == form.size() ? '.' : '0';
        if (wanted == '0' ? !digit(text[i]) : text[i] != wanted) return false;
    }
    return text.back() != '.';
}

/// The one list of what is told, for both directions. A visitor has a function for each kind of field; what
/// is empty, zero or false isn't written.
template <class Visitor, class Facts>
void visit_fields(Visitor& visit, Facts& m)
{
    visit.word("kind", m.kind, MediaKind::sidecar);
    visit.text("mime", m.mime);
    visit.word("taken_source", m.taken.source, TimeSource::quicktime_utc);
    visit.instant("taken", m.taken.instant);
    visit.local_time("taken_local", m.taken.local);
    visit.number("taken_offset", m.taken.offset_minutes, any_offset);
    visit.count("width", m.width);
    visit.count("height", m.height);
    visit.plain("orientation", m.orientation, 1, {1, 8});
    visit.text("make", m.make);
    visit.text("model", m.model);
    visit.text("lens", m.lens);
    visit.text("software", m.software);
    visit.position("position", m.position);
    visit.text("content_id", m.content_id);
    visit.text("burst_id", m.burst_id);
    visit.number("live_index", m.live_index, any_large_number);
    visit.maybe("hdr", m.hdr);
    visit.number("capture_type", m.capture_type, any_number);
    visit.number("duration_s", m.duration_s, any_seconds);
    visit.number("frame_rate", m.frame_rate, {0, 1e6});
    visit.text("codec", m.codec);
    visit.flag("slow_motion", m.slow_motion);
    visit.flag("spatial", m.spatial);
    visit.flag("panorama", m.panorama);
    visit.flag("screenshot", m.screenshot);
    visit.number("rating", m.rating, {-1, 5});
    visit.text("title", m.title);
    visit.text("caption", m.caption);
    visit.text("label", m.label);
    visit.text("location", m.location);
    visit.texts("keywords", m.keywords);
    visit.people("people", m.people);
    visit.number("bit_depth", m.bit_depth, {1, 64});
    visit.text("colour_profile", m.colour_profile);
    visit.texts("aux", m.aux);
    visit.count("tiles", m.tiles);
    visit.text("edited_by", m.edited_by);
    visit.instant("edited_at", m.edited_at);
    visit.raw("raw", m.raw);
    visit.texts("troubles", m.troubles); // last: the others may add to them
}

class Writer {
public:
    explicit Writer(Metadata& metadata) : metadata_{&metadata} {}

    template <class Word>
    void word(const char* key, Word value, Word)
    {
        if (value != Word{}) json[key] = static_cast<int>(value);
    }
    void text(const char* key, const std::string& value)
    {
        if (!value.empty()) json[key] = value;
    }
    void local_time(const char* key, const std::string& value)
    {
        if (!is_local_time(value)) return refuse(key);
        text(key, value);
    }
    void instant(const char* key, const std::optional<Instant>& value)
    {
        if (value) json[key] = value->time_since_epoch().count();
    }
    template <class Number>
    void number(const char* key, const std::optional<Number>& value, Range range)
    {
        if (!value) return;
        if (!within(*value, range)) return refuse(key);
        json[key] = *value;
    }
    void plain(const char* key, int value, int usual, Range range)
    {
        if (!within(value, range)) return refuse(key);
        if (value != usual) json[key] = value;
    }
    void count(const char* key, std::uint32_t value)
    {
        if (value != 0) json[key] = value;
    }
    void maybe(const char* key, const std::optional<bool>& value)
    {
        if (value) json[key] = *value;
    }
    void flag(const char* key, bool value)
    {
        if (value) json[key] = true;
    }
    void texts(const char* key, const std::vector<std::string>& values)
    {
        if (values.empty()) return;
        json[key] = values;
    }
    void position(const char* key, const std::optional<GeoPoint>& value)
    {
        if (!value) return;
        if (!within(value->latitude, {-90, 90}) || !within(value->longitude, {-180, 180})) return refuse(key);
        Json& list = json[key] = {value->latitude, value->longitude};
        if (!value->altitude_m) return;
        if (!within(*value->altitude_m, any_altitude)) return refuse("altitude_m");
        list.push_back(*value->altitude_m);
    }
    void people(const char* key, const std::vector<Region>& values)
    {
        if (values.empty()) return;
        Json& list = json[key] = Json::array();
        for (const Region& one : values) {
            if (!within(one.x, any_share) || !within(one.y, any_share) || !within(one.width, any_share) ||
                !within(one.height, any_share)) {
                refuse(key);
            } else {
                list.push_back({one.name, one.x, one.y, one.width, one.height});
            }
        }
    }
    void raw(const char* key, const std::vector<RawTag>& values)
    {
        if (values.empty()) return;
        Json& list = json[key] = Json::array();
        for (const RawTag& one : values) {
            list.push_back(one.key);
            list.push_back(one.value);
        }
    }

    Json json = Json::object();

private:
    void refuse(const char* key)
    {
        if (metadata_->troubles.size() < list_limit)
            metadata_->troubles.push_back("Its " + std::string{key} + " can't be.");
    }

    Metadata* metadata_;
};

[[noreturn]] void refuse(const char* key)
{
    throw MediaError{ErrorCode::protocol,
                     "The media worker's answer makes no sense (" + std::string{key} + ")."};
}

class Reader {
public:
    explicit Reader(const Json& json) : json_{&json}
    {
        if (!json.is_object()) refuse("facts");
    }

    template <class Word>
    void word(const char* key, Word& value, Word last)
    {
        std::optional<int> number;
        this->number(key, number, {0, static_cast<double>(last)});
        if (number) value = static_cast<Word>(*number);
    }
    void text(const char* key, std::string& value)
    {
        if (const Json* found = find(key)) value = text_of(key, *found);
    }
    void local_time(const char* key, std::string& value)
    {
        text(key, value);
        if (!is_local_time(value)) refuse(key);
    }
    void instant(const char* key, std::optional<Instant>& value)
    {
        const Json* found = find(key);
        if (!found) return;
        if (!found->is_number_integer() ||
            (found->is_number_unsigned() && found->get<std::uint64_t>() > std::uint64_t{INT64_MAX}))
            refuse(key);
        value = Instant{std::chrono::nanoseconds{found->get<std::int64_t>()}};
    }
    template <class Number>
    void number(const char* key, std::optional<Number>& value, Range range)
    {
        if (const Json* found = find(key)) value = number_of<Number>(key, *found, range);
    }
    void plain(const char* key, int& value, int, Range range)
    {
        if (const Json* found = find(key)) value = number_of<int>(key, *found, range);
    }
    void count(const char* key, std::uint32_t& value)
    {
        if (const Json* found = find(key)) value = number_of<std::uint32_t>(key, *found, any_count);
    }
    void maybe(const char* key, std::optional<bool>& value)
    {
        const Json* found = find(key);
        if (!found) return;
        if (!found->is_boolean()) refuse(key);
        value = found->get<bool>();
    }
    void flag(const char* key, bool& value)
    {
        std::optional<bool> found;
        maybe(key, found);
        value = found.value_or(false);
    }
    void texts(const char* key, std::vector<std::string>& values)
    {
        for (const Json& one : list(key, list_limit)) values.push_back(text_of(key, one));
    }
    void position(const char* key, std::optional<GeoPoint>& value)
    {
        if (!json_->contains(key)) return;
        const Json& found = list(key, 3);
        if (found.size() < 2) refuse(key);
        value = GeoPoint{
            number_of<double>(key, found[0], {-90, 90}), number_of<double>(key, found[1], {-180, 180}), {}};
        if (found.size() > 2) value->altitude_m = number_of<double>(key, found[2], any_altitude);
    }
    void people(const char* key, std::vector<Region>& values)
    {
        for (const Json& one : list(key, list_limit)) {
            if (!one.is_array() || one.size() != 5) refuse(key);
            const auto share = [&](std::size_t i) { return number_of<double>(key, one[i], any_share); };
            values.push_back({text_of(key, one[0]), share(1), share(2), share(3), share(4)});
        }
    }
    void raw(const char* key, std::vector<RawTag>& values)
    {
        const Json& found = list(key, 2 * raw_count_limit);
        if (found.size() % 2 != 0) refuse(key);
        std::size_t size = 0;
        for (std::size_t i = 0; i < found.size(); i += 2) {
            values.push_back({text_of(key, found[i]), text_of(key, found[i + 1])});
            size += values.back().key.size() + values.back().value.size();
            if (size > raw_limit) refuse(key);
        }
    }

    /// Every field is one that was asked for.
    void finish() const
    {
        if (found_ != json_->size()) refuse("an unknown field");
    }

private:
    const Json* find(const char* key)
    {
        const auto found = json_->find(key);
        if (found == json_->end()) return nullptr;
        ++found_;
        return &*found;
    }
    const Json& list(const char* key, std::size_t most)
    {
        static const Json none = Json::array();
        const Json* found = find(key);
        if (!found) return none;
        if (!found->is_array() || found->size() > most) refuse(key);
        return *found;
    }
    static std::string text_of(const char* key, const Json& value)
    {
        if (!value.is_string()) refuse(key);
        const auto& text = value.get_ref<const std::string&>();
        if (!is_kept_text(text)) refuse(key);
        return text;
    }
    template <class Number>
    static Number number_of(const char* key, const Json& value, Range range)
    {
        const bool right = std::is_integral_v<Number> ? value.is_number_integer() : value.is_number();
        if (!right || !within(value.get<double>(), range)) refuse(key);
        return value.get<Number>();
    }

    const Json* json_;
    std::size_t found_ = 0;
};

} // namespace

Json to_json(Metadata metadata)
{
    metadata = bounded(std::move(metadata));
    Writer writer{metadata};
    visit_fields(writer, metadata);
    return std::move(writer.json);
}

Metadata metadata_of(const Json& json)
{
    Metadata metadata;
    Reader reader{json};
    visit_fields(reader, metadata);
    reader.finish();
    return metadata;
}

} // namespace photosafe
