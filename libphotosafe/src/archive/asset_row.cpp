// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/asset_row.hpp"

#include <cstring>

namespace photosafe {

namespace {

Instant instant(std::int64_t value) { return Instant{std::chrono::nanoseconds{value}}; }
std::optional<Instant> instant(const std::optional<std::int64_t>& value)
{
    if (!value) return std::nullopt;
    return instant(*value);
}

template <std::size_t n>
void copy_blob(std::span<const std::byte> from, std::array<std::byte, n>& to)
{
    if (from.size() == n) std::memcpy(to.data(), from.data(), n);
}

AssetState state_of(const std::string& word)
{
    if (word == name(AssetState::present)) return AssetState::present;
    return word == name(AssetState::missing) ? AssetState::missing : AssetState::damaged;
}

} // namespace

Role role_named(const std::string& word)
{
    for (const Role role :
         {Role::original, Role::live_video, Role::raw, Role::edited, Role::edited_video, Role::sidecar}) {
        if (name(role) == word) return role;
    }
    return Role::other;
}

ParseState parse_state_named(const std::string& word)
{
    for (const ParseState state : {ParseState::done, ParseState::failed})
        if (name(state) == word) return state;
    return ParseState::pending;
}

GroupReason reason_named(const std::string& word)
{
    for (const GroupReason reason :
         {GroupReason::first, GroupReason::content_id, GroupReason::name_and_time, GroupReason::edit_name,
          GroupReason::mutation_path, GroupReason::raw_name, GroupReason::sidecar_name,
          GroupReason::same_name}) {
        if (name(reason) == word) return reason;
    }
    return GroupReason::unknown;
}

Asset asset_of(const Statement& row, int at)
{
    Asset asset;
    asset.id = row.number(at);
    copy_blob(row.blob(at + 1), asset.digest.sha256);
    copy_blob(row.blob(at + 2), asset.digest.xxh128);
    asset.path = row.text(at + 3);
    asset.bytes = static_cast<std::uint64_t>(row.number(at + 4));
    const auto name = row.blob(at + 5);
    asset.name.assign(reinterpret_cast<const char*>(name.data()), name.size());
    asset.role = role_named(row.text(at + 6));
    asset.group = row.number(at + 7);
    asset.modified = instant(row.number(at + 8));
    asset.taken = instant(row.optional_number(at + 9));
    asset.taken_local = row.text(at + 10);
    asset.taken_source = row.text(at + 11);
    asset.imported = instant(row.number(at + 12));
    asset.verified = instant(row.optional_number(at + 13));
    asset.state = state_of(row.text(at + 14));
    asset.group_reason = reason_named(row.text(at + 15));
    return asset;
}

} // namespace photosafe
