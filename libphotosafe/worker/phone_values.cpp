// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/phone_values.hpp"

#include <cmath>

#include "core/bounded.hpp"
#include "core/text.hpp"
#include "media/phone_library_json.hpp"

namespace photosafe::worker {

namespace {

/// What was counted, in the order of PhoneTrouble.
constexpr std::array<const char*, static_cast<std::size_t>(PhoneTrouble::count_)> counted{
    "Dates that make no sense",
    "Numbers that make no sense",
    "Texts that are none",
    "Texts that were too long and are cut",
    "Paths that make no sense",
    "Identifiers that make no sense",
    "Items with the identifier of another one, which are kept without it",
    "Items in an unknown state of the trash, which are taken for not deleted",
    "Members of albums that are not in the library",
    "Members of albums that are not there",
    "Key pictures of albums that are not in the library",
    "Members that are in an album twice",
    "Folders within themselves or too deep, which are taken for top level",
    "Albums in folders that are not there, which are taken for top level",
    "Albums that were not read, for there are too many",
    "Members of albums that were not read, for there are too many",
    "Files, people and keywords that were not read, for there are too many",
};

} // namespace

std::vector<std::string> PhoneTroubles::sentences() const
{
    std::vector<std::string> result = sentences_;
    for (std::size_t i = 0; i < counts_.size(); ++i)
        if (counts_[i] > 0)
            result.push_back(std::string{counted[i]} + ": " + std::to_string(counts_[i]) + '.');
    return result;
}

std::string PhoneValues::text(int column) const
{
    const auto found = query_->text(column);
    if (!found) {
        if (!query_->is_null(column)) troubles_->add(PhoneTrouble::text);
        return {};
    }
    std::string text{found->substr(0, 2 * text_limit + 4)}; // before the work of mending it
    if (keep_text(text)) troubles_->add(PhoneTrouble::cut_text);
    return text;
}

std::string PhoneValues::caption(int column) const
{
    const auto found = query_->text(column);
    if (!found) {
        if (!query_->is_null(column)) troubles_->add(PhoneTrouble::text);
        return {};
    }
    std::string caption{found->substr(0, 2 * text_limit + 4)};
    if (keep_caption(caption)) troubles_->add(PhoneTrouble::cut_text);
    return caption;
}

std::string PhoneValues::uuid(int column) const
{
    const auto found = query_->text(column);
    if (found && is_phone_uuid(*found)) return std::string{*found};
    if (!query_->is_null(column)) troubles_->add(PhoneTrouble::uuid);
    return {};
}

std::string PhoneValues::path(int folder_column, int name_column) const
{
    const std::string_view folder = query_->text(folder_column).value_or("");
    const auto name = query_->text(name_column);
    std::string path{folder};
    if (!path.empty()) path += '/';
    path += name.value_or("");
    if (name && is_phone_path(path)) return path;
    if (!query_->is_null(name_column) || !query_->is_null(folder_column)) troubles_->add(PhoneTrouble::path);
    return {};
}

std::optional<std::int64_t> PhoneValues::number(int column) const
{
    const auto found = query_->number(column);
    if (!found && !query_->is_null(column)) troubles_->add(PhoneTrouble::number);
    return found;
}

std::optional<std::uint64_t> PhoneValues::bytes(int column) const
{
    const auto found = number(column);
    if (!found) return std::nullopt;
    if (*found >= 0) return static_cast<std::uint64_t>(*found);
    troubles_->add(PhoneTrouble::number);
    return std::nullopt;
}

std::optional<double> PhoneValues::real(int column) const
{
    const auto found = query_->real(column);
    if (found && std::isfinite(*found)) return found;
    if (!query_->is_null(column)) troubles_->add(PhoneTrouble::number);
    return std::nullopt;
}

std::optional<Instant> PhoneValues::instant(int column) const
{
    if (query_->is_null(column)) return std::nullopt;
    constexpr double from_1970_to_2001 = 978'307'200;
    constexpr double earliest = -9.2e9, latest = 9.2e9; // since 1970: an Instant lies in 1677 to 2262
    const auto seconds = query_->real(column);
    if (!seconds || !std::isfinite(*seconds) || *seconds + from_1970_to_2001 < earliest ||
        *seconds + from_1970_to_2001 > latest) {
        troubles_->add(PhoneTrouble::date);
        return std::nullopt;
    }
    const double whole = std::floor(*seconds);
    const auto micro = static_cast<std::int64_t>(std::llround((*seconds - whole) * 1e6));
    return Instant{std::chrono::seconds{static_cast<std::int64_t>(whole + from_1970_to_2001)} +
                   std::chrono::microseconds{micro}};
}

std::optional<GeoPoint> PhoneValues::position(int latitude_column, int longitude_column) const
{
    const auto latitude = real(latitude_column), longitude = real(longitude_column);
    if (!latitude || !longitude) return std::nullopt;
    if (std::abs(*latitude) > 90 || std::abs(*longitude) > 180) return std::nullopt; // -180, -180 is none
    return GeoPoint{*latitude, *longitude, std::nullopt};
}

} // namespace photosafe::worker
