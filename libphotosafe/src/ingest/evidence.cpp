// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/evidence.hpp"

#include <algorithm>

#include "core/file.hpp"
#include "core/time.hpp"
#include "ingest/moment.hpp"
#include "ingest/shot.hpp"

namespace photosafe {

namespace {

constexpr std::size_t most_places = 16;
constexpr std::size_t most_with_name = 32;
constexpr std::size_t most_with_id = 16;
constexpr std::size_t most_around = 100, most_of_moment = 100;

std::string name_key(const Sighting& seen)
{
    const ShotKey key = shot_key(seen.path);
    return seen.source + '\0' + std::string{key.folder} + '/' + key.stem;
}

} // namespace

bool is_of_camera(const FileFacts& facts) { return !facts.model.empty() && is_from_camera(facts.taken); }

void keep_telling(Evidence& evidence)
{
    if (evidence.seen.empty()) return;
    FileKind kind = kind_of(name_of(evidence.seen.front().path));
    if (evidence.facts && evidence.facts->kind != MediaKind::unknown) kind = kind_of(evidence.facts->kind);
    const bool tells = kind != FileKind::sidecar && kind != FileKind::other && evidence.bytes != 0;
    evidence.seen.resize(std::min(evidence.seen.size(), tells ? most_places : 1));
}

void EvidenceFinder::expect(Evidence evidence)
{
    if (const auto known = expected_.find(evidence.digest); known != expected_.end()) {
        std::vector<Sighting> seen = known->second.seen;
        seen.insert(seen.end(), evidence.seen.begin(), evidence.seen.end());
        evidence.seen = std::move(seen);
        forget(evidence.digest);
    }
    keep_telling(evidence);
    for (const Sighting& one : evidence.seen) expected_names_.emplace(name_key(one), evidence.digest);
    if (evidence.facts && !evidence.facts->content_id.empty())
        expected_ids_.emplace(evidence.facts->content_id, evidence.digest);
    const Digest digest = evidence.digest;
    expected_.emplace(digest, std::move(evidence));
}

void EvidenceFinder::forget(const Digest& digest)
{
    const auto is_it = [&](const auto& entry) { return entry.second == digest; };
    std::erase_if(expected_names_, is_it);
    std::erase_if(expected_ids_, is_it);
    expected_.erase(digest);
}

std::vector<Evidence> EvidenceFinder::around(const Digest& expected) { return around(Content{expected}); }
std::vector<Evidence> EvidenceFinder::around(std::int64_t asset) { return around(Content{asset}); }

std::vector<Evidence> EvidenceFinder::around(Content first)
{
    Search search;
    meet(search, first);
    while (!search.open.empty() && search.found.size() < most_around) {
        const Content content = search.open.back();
        search.open.pop_back();
        const auto* const digest = std::get_if<Digest>(&content);
        Evidence one = digest != nullptr ? expected_.at(*digest) : filed(std::get<std::int64_t>(content));
        for (const Sighting& seen : one.seen) meet_named(search, seen);
        meet_identified(search, one);
        meet_taken_then(search, one);
        if (one.asset) {
            for (const std::int64_t part : catalog_->parts(one.asset->group, most_with_name))
                meet(search, part);
        }
        search.found.push_back(std::move(one));
    }
    return std::move(search.found);
}

Evidence EvidenceFinder::filed(std::int64_t id)
{
    Evidence one;
    one.asset = catalog_->find(id);
    one.digest = one.asset->digest;
    one.bytes = one.asset->bytes;
    one.group = catalog_->shot_path(one.asset->group);
    one.seen = catalog_->sightings(id, most_places);
    one.facts = catalog_->metadata().facts(id);
    one.pending = catalog_->metadata().is_pending(id);
    keep_telling(one);
    return one;
}

void EvidenceFinder::meet(Search& search, const Content& content) const
{
    if (search.met.insert(content).second) search.open.push_back(content);
}

void EvidenceFinder::meet_named(Search& search, const Sighting& seen)
{
    const std::string name = name_key(seen);
    if (!search.names.insert(name).second) return;
    for (const auto& [from, to] : paths_of_shot(seen.path)) {
        for (const std::int64_t asset : catalog_->seen_between(seen.source, from, to, most_with_name))
            meet(search, asset);
    }
    const auto [begin, end] = expected_names_.equal_range(name);
    for (auto at = begin; at != end; ++at) meet(search, at->second);
}

/// What is about to be published is of the source at hand, where names tell enough.
void EvidenceFinder::meet_taken_then(Search& search, const Evidence& one)
{
    if (!one.facts || one.seen.empty() || !is_of_camera(*one.facts)) return;
    const auto wall = from_rfc3339(one.facts->taken.local + 'Z');
    if (!wall) return;
    const std::string stem = shot_key(one.seen.front().path).stem;
    for (const auto& [asset, name] : catalog_->metadata().taken_near(*wall, one_moment, most_of_moment))
        if (shot_key(name).stem == stem) meet(search, asset);
}

void EvidenceFinder::meet_identified(Search& search, Evidence& one)
{
    if (!one.facts || one.facts->content_id.empty()) return;
    const std::vector<std::int64_t> assets =
        catalog_->metadata().with_content_id(one.facts->content_id, most_with_id + 1);
    const auto [begin, end] = expected_ids_.equal_range(one.facts->content_id);
    if (assets.size() + static_cast<std::size_t>(std::distance(begin, end)) > most_with_id) {
        one.facts->content_id.clear();
        return;
    }
    for (const std::int64_t asset : assets) meet(search, asset);
    for (auto at = begin; at != end; ++at) meet(search, at->second);
}

} // namespace photosafe
