// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/xmp_people.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <exiv2/exiv2.hpp>

#include "worker/file_text.hpp"

namespace photosafe::worker {

namespace {

constexpr std::size_t most_people = 1000;

/// Exiv2 tells structures as keys with paths: `Xmp.mwg-rs.Regions/mwg-rs:RegionList[2]/mwg-rs:Name`. This is
/// one entry of the list, by what is behind its number.
using Entry = std::map<std::string, std::string>;

std::map<int, Entry> entries_of(const Exiv2::XmpData& data, std::string_view list)
{
    std::map<int, Entry> result;
    for (const Exiv2::Xmpdatum& datum : data) {
        const std::string key = datum.key();
        if (!key.starts_with(list)) continue;
        const std::string_view rest = std::string_view{key}.substr(list.size());
        int number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        const auto behind = static_cast<std::size_t>(end - rest.data());
        if (error != std::errc{} || rest.substr(behind, 2) != "]/" || result.size() == most_people) continue;
        result[number][std::string{rest.substr(behind + 2)}] = clean_text(datum.toString());
    }
    return result;
}

const std::string& value_of(const Entry& entry, const char* name)
{
    static const std::string none;
    const auto found = entry.find(name);
    return found == entry.end() ? none : found->second;
}

std::optional<double> share_of(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || !(value >= 0 && value <= 1)) return std::nullopt;
    return value;
}

/// The Metadata Working Group's: the centre, and width and height.
std::optional<Region> of_working_group(const Entry& entry)
{
    const std::string& type = value_of(entry, "mwg-rs:Type");
    if (!type.empty() && type != "Face") return std::nullopt; // a pet, a bar code, where it was focused
    const auto area = [&](const char* name) { return share_of(value_of(entry, name)); };
    const auto x = area("mwg-rs:Area/stArea:x"), y = area("mwg-rs:Area/stArea:y"),
               w = area("mwg-rs:Area/stArea:w"), h = area("mwg-rs:Area/stArea:h");
    if (!x || !y || !w || !h) return std::nullopt;
    return Region{value_of(entry, "mwg-rs:Name"), *x, *y, *w, *h};
}

/// Microsoft's: `left, top, width, height`.
std::optional<Region> of_microsoft(const Entry& entry)
{
    std::string_view rest = value_of(entry, "MPReg:Rectangle");
    std::array<double, 4> numbers{};
    for (double& number : numbers) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const auto share = share_of(rest.substr(0, comma));
        if (!share) return std::nullopt;
        number = *share;
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    const auto [left, top, width, height] = numbers;
    return Region{value_of(entry, "MPReg:PersonDisplayName"), left + width / 2, top + height / 2, width,
                  height};
}

/// Programs write the same face in both forms, of a turned picture at different places.
bool same(const Region& a, const Region& b)
{
    const auto near = [](double one, double other) { return std::abs(one - other) < 0.02; };
    return a.name.empty() ? near(a.x, b.x) && near(a.y, b.y) : a.name == b.name;
}

} // namespace

std::vector<Region> people_of(const Exiv2::XmpData& data)
{
    std::vector<Region> people;
    for (const auto& [number, entry] : entries_of(data, "Xmp.mwg-rs.Regions/mwg-rs:RegionList["))
        if (auto region = of_working_group(entry)) people.push_back(std::move(*region));
    for (const auto& [number, entry] : entries_of(data, "Xmp.MP.RegionInfo/MPRI:Regions[")) {
        auto region = of_microsoft(entry);
        const auto known = [&](const Region& one) { return region && same(one, *region); };
        if (region && std::none_of(people.begin(), people.end(), known)) people.push_back(std::move(*region));
    }
    return people;
}

} // namespace photosafe::worker
