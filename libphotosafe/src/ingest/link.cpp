// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/link.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/file.hpp"
#include "ingest/moment.hpp"
#include "ingest/shot.hpp"

namespace photosafe {

namespace {

/// What a content is among the parts of a shot, in the order in which they lead.
enum class Rank { still, raw, video, edited_still, edited_video, sidecar, other };

bool is_edit(Rank rank) { return rank == Rank::edited_still || rank == Rank::edited_video; }

/// A folder and a stem of a source: what parts of one shot share.
struct SharedName {
    std::string_view source;
    ShotKey key;
    auto operator<=>(const SharedName&) const = default;
};

/// A content under one of its names.
struct Named {
    std::size_t content;
    const Sighting* seen;
};

/// A part that another one may belong to, by a name that both have.
struct Candidate {
    std::size_t content;
    const Sighting* theirs;
    const Sighting* mine;
    SameMoment moment;
};

Rank rank_of(const Evidence& one)
{
    const auto is_plain = [](const Sighting& seen) { return name_form(seen.path) == NameForm::plain; };
    const auto is_thumbnail = [](const Sighting& seen) { return is_movie_thumbnail(seen.path); };
    if (!one.seen.empty() && std::all_of(one.seen.begin(), one.seen.end(), is_thumbnail)) return Rank::other;
    const bool edit = std::none_of(one.seen.begin(), one.seen.end(), is_plain);
    FileKind kind = one.seen.empty() ? FileKind::other : kind_of(name_of(one.seen.front().path));
    if (one.facts && one.facts->kind != MediaKind::unknown) kind = kind_of(one.facts->kind);
    switch (kind) {
    case FileKind::still: return edit ? Rank::edited_still : Rank::still;
    case FileKind::raw: return Rank::raw;
    case FileKind::video: return edit ? Rank::edited_video : Rank::video;
    case FileKind::sidecar: return Rank::sidecar;
    case FileKind::other: return Rank::other;
    }
    return Rank::other;
}

Role role_alone(Rank rank)
{
    switch (rank) {
    case Rank::still:
    case Rank::raw:
    case Rank::video: return Role::original;
    case Rank::edited_still: return Role::edited;
    case Rank::edited_video: return Role::edited_video;
    case Rank::sidecar: return Role::sidecar;
    case Rank::other: return Role::other;
    }
    return Role::other;
}

/// Brings together what belongs together: better parts first, so that the others find their leader.
class Linker {
public:
    explicit Linker(std::span<const Evidence> contents);
    std::vector<Link> run();

private:
    bool link_by_content_id(std::size_t i);
    bool link_by_time(std::size_t i);
    bool link_by_name(std::size_t i);
    bool link_across_sources(std::size_t i);
    std::vector<Candidate> better_parts(std::size_t i) const;
    bool is_about_another(const Candidate& candidate) const;
    bool is_at_one_time(std::size_t i, const Candidate& candidate) const;
    bool ids_differ(std::size_t a, std::size_t b) const;
    /// The best of them, none being an answer.
    const Candidate* best(const std::vector<Candidate>& candidates) const;
    GroupReason reason_of_name(std::size_t i, const Sighting& mine) const;
    void join(std::size_t i, std::size_t to, GroupReason reason);

    std::span<const Evidence> all_;
    std::vector<Rank> ranks_;
    std::vector<std::size_t> order_;
    std::vector<Link> links_;
    std::map<SharedName, std::vector<Named>> named_;
    std::map<std::string_view, std::vector<std::size_t>> pictures_with_id_;
};

Linker::Linker(std::span<const Evidence> contents)
    : all_{contents}, ranks_(contents.size()), order_(contents.size()), links_(contents.size())
{
    std::vector<std::string_view> names(contents.size());
    for (std::size_t i = 0; i < all_.size(); ++i) {
        ranks_[i] = rank_of(all_[i]);
        order_[i] = i;
        for (const Sighting& one : all_[i].seen)
            if (names[i].empty() || one.path < names[i]) names[i] = one.path;
    }
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(ranks_[a], names[a], all_[a].digest) < std::tie(ranks_[b], names[b], all_[b].digest);
    });
    for (std::size_t position = 0; position < order_.size(); ++position) {
        const std::size_t i = order_[position];
        links_[i] = {i, position, role_alone(ranks_[i]), GroupReason::first};
        for (const Sighting& one : all_[i].seen)
            named_[{one.source, shot_key(one.path)}].push_back({i, &one});
        const bool picture = ranks_[i] == Rank::still || ranks_[i] == Rank::edited_still;
        if (picture && all_[i].facts && !all_[i].facts->content_id.empty())
            pictures_with_id_[all_[i].facts->content_id].push_back(i);
    }
}

std::vector<Link> Linker::run()
{
    for (const std::size_t i : order_) {
        switch (ranks_[i]) {
        case Rank::still: link_by_time(i); break;
        case Rank::video: link_by_content_id(i) || link_by_time(i) || link_across_sources(i); break;
        case Rank::edited_video: link_by_name(i) || link_by_content_id(i) || link_across_sources(i); break;
        case Rank::raw:
        case Rank::edited_still: link_by_name(i) || link_across_sources(i); break;
        case Rank::sidecar:
        case Rank::other: link_by_name(i); break;
        }
    }
    return links_;
}

void Linker::join(std::size_t i, std::size_t to, GroupReason reason)
{
    links_[i].leader = links_[to].leader;
    links_[i].reason = reason;
    if (ranks_[i] == Rank::raw) links_[i].role = Role::raw;
    if (ranks_[i] == Rank::video)
        links_[i].role = is_edit(ranks_[to]) ? Role::edited_video : Role::live_video;
}

/// A movie with its picture. Copies of a picture keep its identifier: the one that also has the movie's name
/// comes first, then the original, then one of the same folder.
bool Linker::link_by_content_id(std::size_t i)
{
    if (!all_[i].facts || all_[i].facts->content_id.empty()) return false;
    const auto found = pictures_with_id_.find(all_[i].facts->content_id);
    if (found == pictures_with_id_.end()) return false;
    const auto shares = [&](std::size_t to, auto equal) {
        return std::any_of(all_[i].seen.begin(), all_[i].seen.end(), [&](const Sighting& mine) {
            return std::any_of(all_[to].seen.begin(), all_[to].seen.end(), [&](const Sighting& theirs) {
                return mine.source == theirs.source && equal(shot_key(mine.path), shot_key(theirs.path));
            });
        });
    };
    const auto worth = [&](std::size_t to) {
        const bool name = shares(to, [](const ShotKey& a, const ShotKey& b) { return a == b; });
        const bool folder =
            shares(to, [](const ShotKey& a, const ShotKey& b) { return a.folder == b.folder; });
        return std::tuple{!name, is_edit(ranks_[to]), !folder, links_[to].position};
    };
    const auto picture = std::min_element(found->second.begin(), found->second.end(),
                                          [&](auto a, auto b) { return worth(a) < worth(b); });
    join(i, *picture, GroupReason::content_id);
    return true;
}

/// A movie with the picture, or a picture with another form of it, that has its name and was taken with it.
bool Linker::link_by_time(std::size_t i)
{
    std::vector<Candidate> candidates = better_parts(i);
    std::erase_if(candidates, [&](const Candidate& one) {
        const bool leads = links_[one.content].leader == one.content;
        if (ranks_[one.content] > Rank::raw || (ranks_[i] == Rank::still && !leads)) return true;
        return !is_at_one_time(i, one) || ids_differ(i, one.content);
    });
    const Candidate* const found = best(candidates);
    if (found != nullptr) join(i, found->content, GroupReason::name_and_time);
    return found != nullptr;
}

/// A part of which the name says what it is a part of.
bool Linker::link_by_name(std::size_t i)
{
    const auto has_camera_time = [&](std::size_t of) {
        return all_[of].facts && is_from_camera(all_[of].facts->taken);
    };
    std::vector<Candidate> candidates = better_parts(i);
    std::erase_if(candidates, [&](const Candidate& one) {
        if (ranks_[i] == Rank::raw && ranks_[one.content] != Rank::still) return true;
        if (ranks_[i] == Rank::sidecar && is_about_another(one)) return true;
        const bool by_path = reason_of_name(i, *one.mine) == GroupReason::mutation_path;
        return one.moment == SameMoment::no && !by_path && ranks_[i] < Rank::sidecar && has_camera_time(i) &&
               has_camera_time(one.content);
    });
    const Candidate* const found = best(candidates);
    if (found != nullptr) join(i, found->content, reason_of_name(i, *found->mine));
    return found != nullptr;
}

/// A part with the picture that the same camera took with it and called so, wherever each of them was seen.
/// Names of two sources alone have nothing to do with each other.
bool Linker::link_across_sources(std::size_t i)
{
    if (!all_[i].facts || all_[i].seen.empty() || !is_of_camera(*all_[i].facts)) return false;
    const std::string stem = shot_key(all_[i].seen.front().path).stem;
    const auto is_its_picture = [&](std::size_t to) {
        const bool better = links_[to].position < links_[i].position && ranks_[to] == Rank::still;
        const auto& facts = all_[to].facts;
        return better && facts && !all_[to].seen.empty() && is_of_camera(*facts) &&
               facts->make == all_[i].facts->make && facts->model == all_[i].facts->model &&
               shot_key(all_[to].seen.front().path).stem == stem &&
               same_moment(facts->taken, all_[i].facts->taken) == SameMoment::yes && !ids_differ(i, to);
    };
    const auto found = std::find_if(order_.begin(), order_.end(), is_its_picture);
    if (found == order_.end()) return false;
    join(i, *found, GroupReason::name_and_time);
    return true;
}

std::vector<Candidate> Linker::better_parts(std::size_t i) const
{
    std::vector<Candidate> result;
    for (const Sighting& mine : all_[i].seen) {
        for (const Named& other : named_.at({mine.source, shot_key(mine.path)})) {
            if (links_[other.content].position >= links_[i].position) continue;
            const auto& ours = all_[i].facts;
            const auto& theirs = all_[other.content].facts;
            result.push_back(
                {other.content, other.seen, &mine,
                 ours && theirs ? same_moment(ours->taken, theirs->taken) : SameMoment::unknown});
        }
    }
    return result;
}

/// Whether a sidecar names another file than this one. Orphans keep together until what they are about comes.
bool Linker::is_about_another(const Candidate& one) const
{
    const std::string_view about = file_about(one.mine->path);
    return !about.empty() && !is_called(one.theirs->path, about) &&
           ranks_[links_[one.content].leader] < Rank::sidecar;
}

/// Where one of them has no time, the files' own count, if they are those of capture: what unpacks or copies
/// gives all files that of its own work.
bool Linker::is_at_one_time(std::size_t i, const Candidate& one) const
{
    if (one.moment != SameMoment::unknown) return one.moment == SameMoment::yes;
    const auto is_by_its_file = [&](std::size_t content, const Sighting& seen) {
        CaptureTime file;
        file.instant = seen.modified;
        return !all_[content].facts || same_moment(all_[content].facts->taken, file) != SameMoment::no;
    };
    return same_moment(one.mine->modified, one.theirs->modified) && is_by_its_file(i, *one.mine) &&
           is_by_its_file(one.content, *one.theirs);
}

bool Linker::ids_differ(std::size_t a, std::size_t b) const
{
    const auto& one = all_[a].facts;
    const auto& other = all_[b].facts;
    return one && other && !one->content_id.empty() && !other->content_id.empty() &&
           one->content_id != other->content_id;
}

/// A phone that was set up anew gives out its names once more: of two pictures of one name, the part belongs
/// to the one that was there when it was first seen.
const Candidate* Linker::best(const std::vector<Candidate>& candidates) const
{
    const auto worth = [&](const Candidate& one) {
        const std::int64_t before = one.mine->run - one.theirs->run;
        return std::tuple{one.moment != SameMoment::yes, ranks_[one.content], before < 0, std::abs(before),
                          links_[one.content].position};
    };
    const auto found =
        std::min_element(candidates.begin(), candidates.end(),
                         [&](const Candidate& a, const Candidate& b) { return worth(a) < worth(b); });
    return found == candidates.end() ? nullptr : &*found;
}

GroupReason Linker::reason_of_name(std::size_t i, const Sighting& mine) const
{
    if (name_form(mine.path) == NameForm::mutation) return GroupReason::mutation_path;
    switch (ranks_[i]) {
    case Rank::raw: return GroupReason::raw_name;
    case Rank::edited_still:
    case Rank::edited_video: return GroupReason::edit_name;
    case Rank::sidecar: return GroupReason::sidecar_name;
    case Rank::still:
    case Rank::video:
    case Rank::other: break;
    }
    return GroupReason::same_name;
}

} // namespace

std::vector<Link> link_parts(std::span<const Evidence> contents) { return Linker{contents}.run(); }

} // namespace photosafe
