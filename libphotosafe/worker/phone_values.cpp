// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/phone_values.hpp"

#include <cmath>

#include "core/bounded.hpp"
#include "core/text.hpp"
#include "media/phone_library_json.hpp"

namespace photosafe::worker {

namespace {

struct Counted {
    const char* what;
    bool lost; ///< of facts that no file depends on
};

/// What was counted, in the order of PhoneTrouble. A number may be an item's key or where its file lies.
constexpr std::array<Counted, static_cast<std::size_t>(PhoneTrouble::count_)> counted{{
    {"Dates that make no sense", true},
    {"Numbers that make no sense", false},
    {"Numbers of albums, words and places that make no sense", true},
    {"Texts that are none", true},
    {"Texts that were too long and are cut", true},
    {"Paths that make no sense", false},
    {"Identifiers that make no sense", false},
    {"Identifiers of albums that make no sense", true},
    {"Items with the identifier of another one, which are kept without it", false},
    {"Items in an unknown state of the trash, which are taken for not deleted", false},
    {"Members of albums that are not in the library", true},
    {"Members of albums that are not there", true},
    {"Key pictures of albums that are not in the library", true},
    {"Members that are in an album twice", true},
    {"Folders within themselves or too deep, which are taken for top level", true},
    {"Albums in folders that are not there, which are taken for top level", true},
    {"Albums that were not read, for there are too many", true},
    {"Members of albums that were not read, for there are too many", true},
    {"Files that were not read, for there are too many", false},
    {"People and keywords that were not read, for there are too many", true},
}};

} // namespace

void PhoneTroubles::add_counted(std::vector<std::string>& to, bool lost) const
{
    for (std::size_t i = 0; i < counts_.size(); ++i)
        if (counts_[i] > 0 && counted[i].lost == lost)
            to.push_back(std::string{counted[i].what} + ": " + std::to_string(counts_[i]) + '.');
}

std::vector<std::string> PhoneTroubles::sentences() const
{
    std::vector<std::string> result = sentences_;
    add_counted(result, false);
    return result;
}

std::vector<std::string> PhoneTroubles::lost_facts() const
{
    std::vector<std::string> result = lost_;
    add_counted(result, true);
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
    if (!query_->is_null(column))
        troubles_->add(about_ == About::files ? PhoneTrouble::uuid : PhoneTrouble::uuid_of_facts);
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
    if (!found && !query_->is_null(column)) no_number();
    return found;
}

std::optional<std::uint64_t> PhoneValues::bytes(int column) const
{
    const auto found = number(column);
    if (!found) return std::nullopt;
    if (*found >= 0) return static_cast<std::uint64_t>(*found);
    no_number();
    return std::nullopt;
}

std::optional<double> PhoneValues::real(int column) const
{
    const auto found = query_->real(column);
    if (found && std::isfinite(*found)) return found;
    if (!query_->is_null(column)) troubles_->add(PhoneTrouble::number_of_facts); // of a place
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
