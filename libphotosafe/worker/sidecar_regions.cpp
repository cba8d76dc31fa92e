// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/sidecar_regions.hpp"

#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <utility>

#include <exiv2/exiv2.hpp>

#include "worker/sidecar_fields.hpp"
#include "worker/sidecar_list.hpp"

namespace photosafe::worker {

namespace {

const std::string regions = "Xmp.mwg-rs.Regions", list = regions + "/mwg-rs:RegionList",
                  dimensions = regions + "/mwg-rs:AppliedToDimensions";

/// One region as Exiv2 tells it: what stands behind its number in each key (`/mwg-rs:Name`), and its value.
using Entry = std::vector<std::pair<std::string, std::shared_ptr<Exiv2::Value>>>;

/// The regions that are there, by their numbers.
std::map<int, Entry> entries_in(const Exiv2::XmpData& data)
{
    std::map<int, Entry> result;
    for (const Exiv2::Xmpdatum& datum : data) {
        const std::string key = datum.key();
        if (!key.starts_with(list + '[')) continue;
        const char* const from = key.data() + list.size() + 1;
        int number = 0;
        const auto [end, error] = std::from_chars(from, key.data() + key.size(), number);
        if (error != std::errc{} || end == key.data() + key.size() || *end != ']')
            throw Exiv2::Error{Exiv2::kerErrorMessage, "a region without a number"};
        result[number].emplace_back(std::string{end + 1, key.data() + key.size()},
                                    std::shared_ptr<Exiv2::Value>{datum.value().clone().release()});
    }
    return result;
}

/// The same in every locale, as is `number_of`.
std::string number_text(double value, int digits)
{
    std::array<char, 400> text{}; // the largest number has 309 digits
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
    return error == std::errc{} ? std::string{text.data(), end} : std::string{};
}

double number_of(const std::string& text)
{
    double value = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// By which a region is known: its name, and where it is to a thousandth, however others round.
std::string mark_of(const std::string& name, double x, double y, double width, double height)
{
    std::string mark = name;
    for (const double value : {x, y, width, height}) mark += '|' + number_text(value, 3);
    return mark;
}

std::string mark_of(const Entry& entry)
{
    const auto text = [&](std::string_view behind) {
        for (const auto& [path, value] : entry)
            if (path == behind) return value->toString();
        return std::string{};
    };
    const auto number = [&](std::string_view behind) { return number_of(text(behind)); };
    return mark_of(text("/mwg-rs:Name"), number("/mwg-rs:Area/stArea:x"), number("/mwg-rs:Area/stArea:y"),
                   number("/mwg-rs:Area/stArea:w"), number("/mwg-rs:Area/stArea:h"));
}

std::shared_ptr<Exiv2::Value> text_value(const std::string& text)
{
    auto value = std::make_shared<Exiv2::XmpTextValue>();
    value->value_ = text; // not `read`, to which some texts are instructions
    return value;
}

std::shared_ptr<Exiv2::Value> structure_value()
{
    auto value = std::make_shared<Exiv2::XmpTextValue>();
    value->setXmpStruct();
    return value;
}

Entry entry_of(const std::string& name, const Region& at)
{
    return {{"", structure_value()},
            {"/mwg-rs:Name", text_value(name)},
            {"/mwg-rs:Type", text_value("Face")},
            {"/mwg-rs:Area", structure_value()},
            {"/mwg-rs:Area/stArea:x", text_value(number_text(at.x, 6))},
            {"/mwg-rs:Area/stArea:y", text_value(number_text(at.y, 6))},
            {"/mwg-rs:Area/stArea:w", text_value(number_text(at.width, 6))},
            {"/mwg-rs:Area/stArea:h", text_value(number_text(at.height, 6))},
            {"/mwg-rs:Area/stArea:unit", text_value("normalized")}};
}

void erase_below(Exiv2::XmpData& data, const std::string& beginning)
{
    for (auto datum = data.begin(); datum != data.end();)
        datum = datum->key().starts_with(beginning) ? data.erase(datum) : std::next(datum);
}

bool has(const Exiv2::XmpData& data, const std::string& key)
{
    return data.findKey(Exiv2::XmpKey{key}) != data.end();
}

/// What has to be there around the first region.
void add_frame(Exiv2::XmpData& data, const SidecarFacts& facts)
{
    const auto add = [&](const std::string& key, const std::shared_ptr<Exiv2::Value>& value) {
        if (!has(data, key)) data.add(Exiv2::XmpKey{key}, value.get());
    };
    add(regions, structure_value());
    if (facts.width > 0 && facts.height > 0 && !has(data, dimensions)) {
        add(dimensions, structure_value());
        add(dimensions + "/stDim:w", text_value(std::to_string(facts.width)));
        add(dimensions + "/stDim:h", text_value(std::to_string(facts.height)));
        add(dimensions + "/stDim:unit", text_value("pixel"));
    }
    Exiv2::XmpTextValue bag;
    bag.setXmpArrayType(Exiv2::XmpValue::xaBag);
    if (!has(data, list)) data.add(Exiv2::XmpKey{list}, &bag);
}

} // namespace

std::vector<std::string> merge_regions(Exiv2::XmpData& data, const SidecarFacts& facts,
                                       const std::vector<std::string>& written)
{
    std::vector<std::string> there, wanted;
    std::vector<Entry> entries, fresh;
    for (auto& [number, entry] : entries_in(data)) {
        there.push_back(mark_of(entry));
        entries.push_back(std::move(entry));
    }
    for (const SidecarPerson& person : facts.people) {
        if (!person.region) continue;
        const auto& [_, x, y, width, height] = *person.region;
        const std::string name = xml_text(person.name);
        wanted.push_back(mark_of(name, x, y, width, height));
        fresh.push_back(entry_of(name, *person.region));
    }
    const ListMerge merge = merge_lists(there, written, wanted);
    if (!merge.changes(there.size())) return merge.written;

    erase_below(data, list + '[');
    std::vector<const Entry*> all;
    for (const std::size_t i : merge.kept) all.push_back(&entries[i]);
    for (const std::size_t i : merge.added) all.push_back(&fresh[i]);
    if (all.empty()) {
        erase_below(data, regions); // a list of nothing, and the size of the picture
        return merge.written;
    }
    add_frame(data, facts);
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const auto& [behind, value] : *all[i])
            data.add(Exiv2::XmpKey{list + '[' + std::to_string(i + 1) + ']' + behind}, value.get());
    }
    return merge.written;
}

} // namespace photosafe::worker
