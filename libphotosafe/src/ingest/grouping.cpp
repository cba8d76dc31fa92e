// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/grouping.hpp"

#include <algorithm>

#include "archive/naming.hpp"
#include "core/file.hpp"

namespace photosafe {

namespace {

std::vector<std::size_t> in_order(const std::vector<Link>& links)
{
    std::vector<std::size_t> order(links.size());
    for (std::size_t i = 0; i < links.size(); ++i) order[links[i].position] = i;
    return order;
}

bool is_same_time(const Asset& asset, const ShotTime& time)
{
    return asset.taken_source == name(time.source) && asset.taken == time.taken &&
           (time.by_our_clock || asset.taken_local == time.local);
}

} // namespace

Grouping::Grouping(Catalog& catalog, std::vector<Evidence> contents)
    : catalog_{&catalog}, contents_{std::move(contents)}, links_{link_parts(contents_)},
      names_(contents_.size()), pending_{std::any_of(contents_.begin(), contents_.end(),
                                                     [](const Evidence& one) { return one.pending; })}
{
    name_shots();
}

std::vector<std::size_t> Grouping::order() const { return in_order(links_); }

/// A shot keeps the name that its leader has, else that of its best part. Where a shot falls into two, the
/// other one is called after its own file.
void Grouping::name_shots()
{
    const std::vector<std::size_t> order = in_order(links_);
    const auto give = [&](std::size_t leader, const std::string& group) {
        if (group.empty() || !names_[leader].empty() || !is_free(group, leader)) return;
        names_[leader] = group;
        given_.insert(group);
    };
    for (const std::size_t i : order)
        if (links_[i].leader == i) give(i, contents_[i].group);
    for (const std::size_t i : order) give(links_[i].leader, contents_[i].group);
    if (pending_) return;
    for (const std::size_t i : order) {
        std::string& name = names_[links_[i].leader];
        if (!name.empty() || !contents_[i].asset) continue;
        name = own_name(contents_[i]);
        given_.insert(name);
    }
}

/// Whether the shot of `leader` may have this name. While nobody may be moved to another shot, a new part
/// must not come to one with strangers.
bool Grouping::is_free(const std::string& group, std::size_t leader) const
{
    if (given_.contains(group)) return false;
    if (!pending_) return true;
    for (std::size_t i = 0; i < contents_.size(); ++i)
        if (contents_[i].group == group && links_[i].leader != leader) return false;
    return true;
}

std::string Grouping::own_name(const Evidence& content) const
{
    const std::string folder = parent_of(content.asset->path).substr(std::string_view{"originals"}.size());
    const std::string stem = split_name(name_of(content.asset->path)).first;
    const std::string before = folder.empty() ? stem : folder.substr(1) + '/' + stem;
    for (unsigned digits = 0; digits <= 64; digits = digits == 0 ? 8 : digits * 2) {
        std::string group = digits == 0 ? before : with_digest(before, content.digest, digits);
        if (!given_.contains(group) && !catalog_->shot_taken(group)) return group;
    }
    return content.group; // its whole digest is taken, which can't be
}

std::vector<Regrouped> Grouping::changes() const
{
    std::vector<Regrouped> result;
    if (pending_) return result;
    for (const std::size_t i : in_order(links_)) {
        const Evidence& one = contents_[i];
        if (!one.asset) continue;
        const ShotTime now = time(i);
        const bool same_shot = one.group == name(i) && one.asset->role == links_[i].role &&
                               one.asset->group_reason == links_[i].reason;
        if (same_shot && is_same_time(*one.asset, now)) continue;
        result.push_back({.sha256 = one.digest.sha256,
                          .group = name(i),
                          .role = links_[i].role,
                          .reason = links_[i].reason,
                          .taken = now.taken,
                          .taken_local = is_same_time(*one.asset, now) ? one.asset->taken_local : now.local,
                          .taken_source = std::string{photosafe::name(now.source)}});
    }
    return result;
}

} // namespace photosafe
