// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/device_folder.hpp"

#include <algorithm>
#include <iterator>

#include "device/codec.hpp"

namespace photosafe {

namespace {

using Names = std::vector<std::string_view>;

constexpr int most_listings = 5;

Names sorted_names(const std::vector<std::byte>& listing)
{
    Names names;
    auto rest = afc::as_text(listing);
    while (const auto name = afc::next_name(rest)) names.push_back(*name);
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::vector<std::byte> joined(const Names& names)
{
    std::vector<std::byte> bytes;
    for (const auto name : names) {
        const auto text = std::as_bytes(std::span{name});
        bytes.insert(bytes.end(), text.begin(), text.end());
        bytes.push_back(std::byte{0});
    }
    return bytes;
}

} // namespace

FolderNames::Verdict FolderNames::add(std::vector<std::byte>&& listing)
{
    if (++listings_ == 1) {
        names_ = std::move(listing);
        return Verdict::list_again;
    }
    const auto now = sorted_names(listing);
    const auto before = sorted_names(names_);
    if (now == before) {
        settle(now);
        return Verdict::agreed;
    }
    Names earlier, all;
    std::ranges::set_union(sorted_names(seen_), before, std::back_inserter(earlier));
    std::ranges::set_union(earlier, now, std::back_inserter(all));
    if (listings_ == most_listings) {
        settle(all);
        return Verdict::kept_changing;
    }
    seen_ = joined(all);
    names_ = std::move(listing);
    return Verdict::list_again;
}

void FolderNames::settle(const Names& names)
{
    names_ = joined(names); // a copy first: the names may lie in there
    seen_ = {};
    rest_ = afc::as_text(names_);
    count_ = names.size();
}

std::optional<std::string_view> FolderNames::next()
{
    for (;;) {
        const auto name = afc::next_name(rest_);
        if (!name || (*name != "." && *name != "..")) return name;
    }
}

std::string_view unusable(std::string_view name)
{
    if (name.empty()) return "The phone lists it without a name.";
    if (name.find('/') != name.npos) return "Its name holds a slash, which no file's name can.";
    return {};
}

std::string path_to_show(std::string_view folder, std::string_view name)
{
    std::string path{folder};
    path += '/';
    for (const char c : name) {
        if (c == '/')
            path += "\\x2f";
        else
            path += c;
    }
    return path;
}

} // namespace photosafe
