// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>

#include "archive/kind_flag.hpp"
#include "archive/search_part.hpp"
#include "archive/sidecar_words.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

/// What stands for its shot before others.
int rank_of(Role role) noexcept
{
    switch (role) {
    case Role::original: return 0;
    case Role::raw: return 1;
    case Role::edited: return 2;
    case Role::edited_video: return 3;
    case Role::live_video: return 4;
    case Role::other: return 5;
    case Role::sidecar: return 6;
    }
    return 6;
}

/// Every original stands for itself; where a shot has none, the best of its parts does.
std::vector<bool> standing_for_shot(const std::vector<SearchPart>& parts)
{
    std::vector<bool> result(parts.size());
    std::size_t best = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        result[i] = parts[i].asset.role == Role::original;
        if (rank_of(parts[i].asset.role) < rank_of(parts[best].asset.role)) best = i;
    }
    if (!parts.empty()) result[best] = true;
    return result;
}

std::int64_t kinds_of(const SearchPart& part)
{
    const Metadata& m = part.metadata;
    std::int64_t kinds = 0;
    const auto set = [&](bool yes, KindFlag flag) { kinds |= yes ? static_cast<std::int64_t>(flag) : 0; };
    const Role role = part.asset.role;
    const bool still = role == Role::raw || role == Role::edited;
    set(m.kind == MediaKind::photo || m.kind == MediaKind::raw || still, KindFlag::photo);
    set(m.kind == MediaKind::video || role == Role::live_video || role == Role::edited_video,
        KindFlag::video);
    set(m.kind == MediaKind::raw || role == Role::raw, KindFlag::raw);
    set(role == Role::live_video, KindFlag::live);
    set(!m.burst_id.empty(), KindFlag::burst);
    set(m.screenshot, KindFlag::screenshot);
    set(m.panorama, KindFlag::panorama);
    set(m.slow_motion, KindFlag::slow_motion);
    set(!m.edited_by.empty() || role == Role::edited || role == Role::edited_video, KindFlag::edited);
    set(m.spatial, KindFlag::spatial);
    return kinds;
}

constexpr std::int64_t kinds_of_the_whole = static_cast<std::int64_t>(KindFlag::raw) |
                                            static_cast<std::int64_t>(KindFlag::live) |
                                            static_cast<std::int64_t>(KindFlag::edited);

class Collector {
public:
    Collector(std::vector<std::int64_t>& to, TraitNames& names) : to_{&to}, names_{&names} {}

    void add(std::int64_t trait) { to_->push_back(trait); }
    void add(HasFact fact, bool yes)
    {
        if (yes) add(trait(fact));
    }
    void add_named(TraitKind kind, const std::string& name, const std::vector<std::string>& labels)
    {
        add(names_->id(kind, name, labels));
    }

    void add_said(const Metadata& m)
    {
        if (m.rating) add(trait_of_rating(std::clamp(*m.rating, -1, 5)));
        for (const std::string& keyword : m.keywords)
            if (!keyword.empty()) add_named(TraitKind::keyword, fold_key(keyword), {keyword});
        for (const Region& one : m.people)
            if (!one.name.empty()) add_named(TraitKind::person, fold_key(one.name), {one.name});
        add(HasFact::title, !m.title.empty());
        add(HasFact::caption, !m.caption.empty());
        add(HasFact::keywords, !m.keywords.empty());
        add(HasFact::people, !m.people.empty());
        add(HasFact::rating, m.rating.has_value());
    }

    void add_camera(const Metadata& m)
    {
        add(HasFact::camera, !m.make.empty() || !m.model.empty());
        add(HasFact::lens, !m.lens.empty());
        if (!m.make.empty() || !m.model.empty()) {
            const std::string both = m.make + ' ' + m.model;
            add_named(TraitKind::camera, m.make + '\n' + m.model, {both, m.model, m.make});
        }
        if (!m.lens.empty()) add_named(TraitKind::lens, m.lens, {m.lens});
    }

private:
    std::vector<std::int64_t>* to_;
    TraitNames* names_;
};

/// What a part says of itself; the one that stands for its shot, with what sidecars say of it.
std::vector<Metadata> said_of(const std::vector<SearchPart>& parts, const std::vector<bool>& stands)
{
    std::vector<Metadata> result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Metadata& said = result.emplace_back(parts[i].metadata);
        if (!stands[i] || parts[i].asset.role == Role::sidecar) continue;
        for (const SearchPart& other : parts)
            if (other.asset.role == Role::sidecar && !other.outdated) add_sidecar_words(said, other.metadata);
    }
    return result;
}

void add_own(const SearchPart& part, const Metadata& m, Collector& to)
{
    to.add(trait(WholeSet::files));
    to.add(trait(part.state));
    to.add(trait(part.asset.state));
    to.add(trait(TraitKind::size, bin_of(part.asset.bytes)));
    const std::int64_t day = std::clamp<std::int64_t>(local_day(part.asset.imported), 0, last_trait_number);
    to.add(trait(TraitKind::imported, day));
    if (const auto ms = duration_ms(m)) to.add(trait(TraitKind::duration, bin_of(*ms)));
    to.add_said(m);
    to.add_camera(m);
    to.add(HasFact::location, m.position.has_value());
    to.add(HasFact::time,
           m.taken.source != TimeSource::none || !part.asset.taken_source.starts_with("file_"));
    to.add(HasFact::depth, std::ranges::find(m.aux, "depth") != m.aux.end());
    to.add(HasFact::hdr, m.hdr.value_or(false));
    for (const SeenDevice& device : part.devices)
        to.add_named(TraitKind::device, std::to_string(device.source), device.labels);
}

} // namespace

std::optional<std::uint64_t> duration_ms(const Metadata& metadata) noexcept
{
    constexpr double longest = 1e15;
    if (!metadata.duration_s || !(*metadata.duration_s >= 0)) return std::nullopt;
    return static_cast<std::uint64_t>(std::llround(std::min(*metadata.duration_s * 1000, longest)));
}

std::vector<std::vector<std::int64_t>> traits_of_shot(const std::vector<SearchPart>& parts, TraitNames& names)
{
    const std::vector<bool> stands = standing_for_shot(parts);
    const std::vector<Metadata> said = said_of(parts, stands);
    std::int64_t whole = 0;
    bool favorite = false, hidden = false;
    std::vector<std::string> albums;
    for (const SearchPart& part : parts) {
        whole |= kinds_of(part) & kinds_of_the_whole;
        favorite |= part.favorite;
        hidden |= part.hidden;
        albums.insert(albums.end(), part.albums.begin(), part.albums.end());
    }

    std::vector<std::vector<std::int64_t>> result(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Collector to{result[i], names};
        add_own(parts[i], said[i], to);
        to.add(HasFact::favorite, favorite);
        to.add(HasFact::hidden, hidden);
        for (const std::string& album : albums) to.add_named(TraitKind::album, fold_key(album), {album});
        std::int64_t kinds = kinds_of(parts[i]);
        if (stands[i]) {
            to.add(trait(WholeSet::shots));
            kinds |= whole;
        }
        for (const KindWord& word : kind_words)
            if ((kinds & static_cast<std::int64_t>(word.flag)) != 0) to.add(trait(word.flag));
        std::ranges::sort(result[i]);
        result[i].erase(std::ranges::unique(result[i]).begin(), result[i].end());
    }
    return result;
}

std::vector<SearchText> text_of_shot(const std::vector<SearchPart>& parts)
{
    const std::vector<Metadata> said = said_of(parts, standing_for_shot(parts));
    std::vector<SearchText> result;
    for (std::size_t i = 0; i < parts.size(); ++i)
        result.push_back({fold_key(parts[i].asset.name), said[i].title, said[i].caption, said[i].location});
    return result;
}

} // namespace photosafe
