// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/device_folder.hpp"

#include <algorithm>
#include <iterator>

#include "device/codec.hpp"

namespace photosafe {

namespace {

using Names = std::vector<std::string_view>;

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
    ++listings_;
    auto verdict = listings_ == 1 ? Verdict::list_again : Verdict::agreed;
    if (listings_ > 1 && listing != names_) {
        const auto before = sorted_names(names_), now = sorted_names(listing);
        if (before != now) {
            verdict = listings_ < most_listings ? Verdict::list_again : Verdict::kept_changing;
            Names both;
            std::ranges::set_union(before, now, std::back_inserter(both));
            union_ = joined(both);
        }
    }
    names_ = std::move(listing);
    names_.shrink_to_fit();
    rest_ = afc::as_text(names_);
    return verdict;
}

} // namespace photosafe
