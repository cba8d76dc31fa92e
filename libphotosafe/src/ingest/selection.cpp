// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/selection.hpp"

#include <algorithm>

#include "ingest/shot.hpp"

namespace photosafe {

namespace {

/// Whether the filter leaves a shot out as a whole, whatever the phone says of it; Fate::copy where it
/// doesn't.
Fate by_kind_and_time(const IngestFilter& filter, std::span<const SourceFile> shot)
{
    const bool video = is_video_shot(shot);
    if (video && !filter.videos) return Fate::not_a_photo;
    if (!video && !filter.photos) return Fate::not_a_video;
    if (!filter.since) return Fate::copy;
    for (const SourceFile& file : shot) {
        if (file.modified >= *filter.since || (file.born && *file.born >= *filter.since)) return Fate::copy;
    }
    return Fate::too_old;
}

/// Whether a file can only be a part of a shot, by its name.
bool is_part(std::string_view path)
{
    return name_form(path) != NameForm::plain || kind_of(path) != FileKind::still;
}

} // namespace

Selection::Selection(const IngestFilter& filter, const PhoneLibrary& library) : filter_{filter}
{
    items_.reserve(library.assets.size());
    for (const PhoneAsset& item : library.assets) {
        if (item.path.empty()) continue;
        // Of two items of one path, one is what was there before: the one that isn't in the bin counts.
        const auto [known, is_new] = items_.try_emplace(item.path, &item);
        if (!is_new && known->second->trashed) known->second = &item;
    }
}

bool in_camera_roll(std::string_view path) noexcept
{
    return path.starts_with("DCIM/") || path.starts_with("PhotoData/CPLAssets/");
}

Fate Selection::of(const PhoneAsset& item) const
{
    if (item.trashed && !filter_.trashed) return Fate::trashed;
    if (item.hidden && !filter_.hidden) return Fate::hidden;
    if (item.provenance == Provenance::shared_album && !in_camera_roll(item.path) && !filter_.shared_albums)
        return Fate::of_shared_album;
    if (item.path.starts_with("PhotoData/Sync/")) return Fate::synced;
    return Fate::copy;
}

std::vector<Fate> Selection::of(std::span<const SourceFile> shot) const
{
    const Fate all = by_kind_and_time(filter_, shot);
    std::vector<Fate> fates(shot.size(), all);
    if (all != Fate::copy || items_.empty()) return fates;
    // A part that no item names goes with the others: it is taken if any of them is, or none is named at all.
    // A picture of its own is taken in any case: it only shares their name.
    Fate rest = Fate::copy;
    bool any_named = false, any_taken = false;
    std::vector<bool> named(shot.size());
    for (std::size_t i = 0; i < shot.size(); ++i) {
        const PhoneAsset* found = item(shot[i].path);
        if (found == nullptr) continue;
        named[i] = any_named = true;
        fates[i] = of(*found);
        any_taken |= fates[i] == Fate::copy;
        rest = fates[i];
    }
    if (any_named && !any_taken)
        for (std::size_t i = 0; i < shot.size(); ++i)
            if (!named[i] && is_part(shot[i].path)) fates[i] = rest;
    return fates;
}

const PhoneAsset* Selection::item(std::string_view path) const
{
    const auto found = items_.find(path);
    return found == items_.end() ? nullptr : found->second;
}

OriginalNames original_names(const PhoneLibrary& library)
{
    constexpr std::string_view renamed = "PhotoData/CPLAssets/";
    OriginalNames result;
    for (const PhoneAsset& item : library.assets) {
        if (item.original_name.empty() || !item.path.starts_with(renamed)) continue;
        const std::string stem = shot_key(item.original_name).stem;
        if (stem.empty()) continue;
        const ShotKey key = shot_key(item.path);
        result.emplace(std::string{key.folder} + '/' + key.stem, stem);
    }
    return result;
}

std::string_view reason_of(Fate fate) noexcept
{
    switch (fate) {
    case Fate::copy:
    case Fate::known:
    case Fate::failed: return "";
    case Fate::too_old: return "older than asked for";
    case Fate::not_a_photo: return "a video, and only photos were asked for";
    case Fate::not_a_video: return "a photo, and only videos were asked for";
    case Fate::trashed: return "in Recently Deleted on the phone";
    case Fate::hidden: return "hidden on the phone, and hidden ones were not asked for";
    case Fate::synced: return "put there by a computer, which has it";
    case Fate::of_shared_album: return "of a shared album, and those were not asked for";
    }
    return "";
}

} // namespace photosafe
