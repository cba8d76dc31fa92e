// SPDX-License-Identifier: LGPL-2.1-or-later
#include "assess/judge.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "ingest/plan.hpp"
#include "ingest/shot.hpp"

namespace photosafe {

namespace {

constexpr std::size_t most_parts = 1000; // of a shot

/// Which state counts where the files of an item differ: the one that a person has to do most about.
int weight(ItemState state) noexcept
{
    switch (state) {
    case ItemState::failed: return 5;
    case ItemState::only_in_icloud: return 4;
    case ItemState::changed: return 3;
    case ItemState::not_imported: return 2;
    case ItemState::excluded: return 1;
    case ItemState::safe: return 0;
    }
    return 0;
}

std::string_view part_of(Role role) noexcept
{
    switch (role) {
    case Role::live_video: return "its moving half";
    case Role::raw: return "its RAW";
    case Role::edited:
    case Role::edited_video: return "its edited version";
    default: return "its original";
    }
}

std::string only_in_icloud_reason(Role role)
{
    return std::string{part_of(role)} +
           " is only in iCloud. Open it in Photos on the phone, or choose Download and "
           "Keep Originals in its settings, then import again";
}

/// Whether what is left out stays where it is when the phone is wiped, or is what the person threw away.
bool is_no_loss(Fate fate) noexcept
{
    return fate == Fate::trashed || fate == Fate::of_shared_album || fate == Fate::synced;
}

/// No import takes what a computer put there.
Remedy remedy_of(Fate fate) noexcept { return fate == Fate::synced ? Remedy::none : Remedy::include; }

bool is_of_a_conversation(const PhoneAsset& item) noexcept
{
    return item.provenance == Provenance::shared_with_you || item.provenance == Provenance::shared_link;
}

} // namespace

Judge::Judge(Archive::Impl& archive, std::string source, const Selection& selection,
             const PhoneLibrary& library)
    : archive_{&archive}, source_{std::move(source)},
      selection_{&selection}, library_{archive.catalog.phones().library(source_, library.uuid)}
{
    const MetadataCounts metadata = archive.catalog.metadata().counts();
    metadata_pending_ = metadata.pending > metadata.pending_lost;
    tells_ = std::ranges::any_of(library.assets,
                                 [](const PhoneAsset& item) { return item.locality != Locality::unknown; });
    for (FailureRecord& failure : archive.catalog.failures(std::numeric_limits<std::int64_t>::max()))
        if (failure.source == source_) failures_.emplace(std::move(failure.path), std::move(failure.reason));
}

AssessedItem Judge::judge(std::span<const Listed> files, const PhoneAsset* item)
{
    AssessedItem result;
    result.path = files.front().file.path;
    result.in_library = item != nullptr;
    result.on_source = true;
    if (item != nullptr) {
        result.path = item->path;
        result.uuid = item->uuid;
        result.name = item->original_name;
    }
    bool any_stored = false, no_loss = true;
    std::vector<Shown> shown;
    for (const auto& [file, wanted] : files) {
        std::optional<std::int64_t> asset;
        const Verdict verdict = judge_file(file, wanted, asset);
        any_stored |= asset.has_value();
        if (asset && (!result.asset || file.path == result.path)) result.asset = asset;
        if (verdict.state == ItemState::safe) {
            if (const auto stored = archive_->catalog.find(*asset)) {
                note_proof(*stored);
                shown.push_back({stored->role, stored->bytes});
            }
            continue;
        }
        no_loss &= is_no_loss(wanted);
        if (weight(verdict.state) <= weight(result.state)) continue;
        result.state = verdict.state;
        result.reason = verdict.reason;
        result.remedy = verdict.remedy;
        result.part = file.path == result.path ? "" : file.path;
    }
    if (result.state == ItemState::not_imported && any_stored) {
        result.state = ItemState::changed;
        result.reason = "a part of it is new since the import: " + result.reason;
    }
    result.would_be_lost =
        result.state != ItemState::safe && !(result.state == ItemState::excluded && no_loss);
    if (item != nullptr && result.state != ItemState::excluded && !is_no_loss(selection_->of(*item)) &&
        add_missing_parts(result, *item, shown))
        ++not_compared_;
    return result;
}

const PhoneAsset* Judge::item_of_shot(const SourceFile& file)
{
    const auto id = known_asset(*archive_, source_, file);
    const auto asset = id ? archive_->catalog.find(*id) : std::nullopt;
    if (!asset) return nullptr;
    for (const std::int64_t part : archive_->catalog.parts(asset->group, most_parts))
        for (const Place& place : archive_->catalog.places(part))
            if (const PhoneAsset* item = selection_->item(place.path); item && place.source == source_)
                return item;
    return nullptr;
}

Judge::Verdict Judge::judge_file(const SourceFile& file, Fate wanted, std::optional<std::int64_t>& asset)
{
    asset = known_asset(*archive_, source_, file);
    if (asset) return {};
    if (const auto place = archive_->catalog.seen(source_, file.path, file.bytes, file.modified)) {
        const auto stored = archive_->catalog.find(place->asset);
        const bool damaged = stored && stored->state == AssetState::damaged;
        const std::string lost =
            std::string{"the archive's copy of it is "} + (damaged ? "damaged" : "missing or cut");
        if (wanted == Fate::copy)
            return {ItemState::failed, lost + ". Import again: it is still on the phone", Remedy::import};
        return {ItemState::failed,
                lost + ", and imports leave it out: it is " + std::string{reason_of(wanted)},
                Remedy::include};
    }
    if (wanted != Fate::copy) return {ItemState::excluded, std::string{reason_of(wanted)}, remedy_of(wanted)};
    if (const auto failure = failures_.find(file.path); failure != failures_.end())
        return {ItemState::failed, failure->second, Remedy::import};
    if (archive_->catalog.seen_at(source_, file.path))
        return {ItemState::changed, "it has another size or time than what was imported. Import again",
                Remedy::import};
    return {ItemState::not_imported, "not imported yet", Remedy::import};
}

/// Files that the library names and that nobody listed: of an item whose original is on the phone, its moving
/// half may be in iCloud alone. `shown`: what was listed of it and is safe. Whether something could not be
/// compared.
bool Judge::add_missing_parts(AssessedItem& judged, const PhoneAsset& item, std::span<const Shown> shown)
{
    const auto only_in_icloud = [&](Role role) {
        if (weight(judged.state) > weight(ItemState::only_in_icloud)) return;
        judged.state = ItemState::only_in_icloud;
        judged.reason = only_in_icloud_reason(role);
        judged.part.clear();
        judged.remedy = Remedy::download;
        judged.would_be_lost = true;
    };
    const auto rows_of = [&](Role role) {
        return std::ranges::count(item.resources, role, &PhoneResource::role);
    };
    const auto shows = [&](Role role) { return std::ranges::count(shown, role, &Shown::role) != 0; };
    // A file of that name may be there all the same, smaller or older: only one of its size is what the
    // library means. A content that lies in two places has one role, so that its own doesn't matter.
    const auto is_safe = [&](const PhoneResource& part) {
        return (part.bytes && std::ranges::count(shown, *part.bytes, &Shown::bytes) != 0) ||
               archive_has(judged.asset, part, item);
    };
    bool unknown = false, original_known = false, original_safe = false;
    if (item.locality == Locality::only_in_icloud && rows_of(Role::original) == 0)
        only_in_icloud(Role::original);
    for (const PhoneResource& part : item.resources) {
        if (part.role == Role::original) {
            original_known |= part.bytes.value_or(0) != 0;
            original_safe |= is_safe(part);
        } else if (part.locality == Locality::only_in_icloud) {
            if (part.role != Role::sidecar && !is_safe(part)) only_in_icloud(part.role);
        } else if (part.role == Role::sidecar) {
            // A Mac's library keeps them under names of their own, `_5.aae`.
            unknown |= in_camera_roll(item.path) && part.locality == Locality::on_phone &&
                       !shows(part.role) && !is_safe(part);
        } else if (part.bytes.value_or(0) == 0) {
            unknown |= !shows(part.role);
        } else if (!is_safe(part)) {
            unknown = true;
            // Before its metadata is read, the half of what iCloud brought is a shot of its own.
            const bool may_be_elsewhere = metadata_pending_ && part.role == Role::live_video;
            if (judged.state != ItemState::safe || part.locality != Locality::on_phone || shows(part.role) ||
                may_be_elsewhere)
                continue;
            judged.state = ItemState::failed;
            judged.reason = std::string{"the phone's library names "} + std::string{part_of(part.role)} +
                            ", and it is neither among the files of the phone nor in the archive";
            judged.would_be_lost = true;
        }
    }
    if (item.locality == Locality::only_in_icloud && !original_safe) only_in_icloud(Role::original);
    unknown |= original_known ? !original_safe : tells_ && item.locality == Locality::unknown;
    // A Live Photo whose moving half nobody lists, neither the library nor the phone.
    unknown |= item.subtype == PhoneSubtype::live && rows_of(Role::live_video) == 0 &&
               !shows(Role::live_video) && !archive_has_some(judged.asset, Role::live_video);
    return unknown && judged.state == ItemState::safe;
}

AssessedItem Judge::judge_absent(const PhoneAsset& item)
{
    AssessedItem result;
    result.path = item.path;
    result.uuid = item.uuid;
    result.name = item.original_name;
    result.in_library = true;
    const auto set = [&](ItemState state, std::string reason, bool lost, Remedy remedy = Remedy::none) {
        result.state = state;
        result.reason = std::move(reason);
        result.remedy = remedy;
        result.would_be_lost = lost;
        return result;
    };
    if (const Fate fate = selection_->of(item); fate != Fate::copy)
        return set(ItemState::excluded, std::string{reason_of(fate)}, !is_no_loss(fate), remedy_of(fate));
    if (is_of_a_conversation(item) && !in_camera_roll(item.path))
        return set(ItemState::excluded, "in a conversation, and not saved to the library", false);
    result.asset = stored_original(item);
    if (result.asset) {
        note_proof(*archive_->catalog.find(*result.asset)); // it was there just now
        const bool part_unknown = add_missing_parts(result, item, {});
        const bool nobody_showed_it = item.locality != Locality::only_in_icloud;
        if (result.state == ItemState::safe && (part_unknown || nobody_showed_it)) ++not_compared_;
        return result;
    }
    if (item.locality == Locality::only_in_icloud)
        return set(ItemState::only_in_icloud, only_in_icloud_reason(Role::original), true, Remedy::download);
    return set(ItemState::failed, "the phone's library names it, and its file is not on the phone", true);
}

/// The original that an earlier import brought, when it was on the phone still.
std::optional<std::int64_t> Judge::stored_original(const PhoneAsset& item)
{
    if (library_ == 0) return std::nullopt;
    const auto row = archive_->catalog.phones().item(library_, phone_key(item));
    if (!row || !row->asset) return std::nullopt;
    const auto asset = archive_->catalog.find(*row->asset);
    return asset && is_there(*asset) ? row->asset : std::nullopt;
}

/// Whether the shot of this asset has such a part, whole: of the size that the library says, for an older or
/// another one is not it. Two items of equal originals are one shot; an edit is of the item by whose name it
/// lay on the phone, and not of before the last one was made.
bool Judge::archive_has(std::optional<std::int64_t> asset, const PhoneResource& wanted,
                        const PhoneAsset& item)
{
    if (!wanted.bytes) return false;
    if (wanted.role == Role::original) {
        const auto itself = asset ? archive_->catalog.find(*asset) : std::nullopt;
        return itself && itself->bytes == *wanted.bytes && is_there(*itself);
    }
    const bool edit = wanted.role == Role::edited || wanted.role == Role::edited_video;
    const ShotKey key = shot_key(item.path);
    const auto is_of_item = [&](const Place& place) {
        return place.source == source_ && shot_key(place.path) == key;
    };
    return any_part(asset, [&](const Asset& part) {
        return part.role == wanted.role && part.bytes == *wanted.bytes && is_there(part) &&
               (!edit || ((!item.edited_at || part.imported >= *item.edited_at) &&
                          std::ranges::any_of(archive_->catalog.places(part.id), is_of_item)));
    });
}

bool Judge::archive_has_some(std::optional<std::int64_t> asset, Role role)
{
    return any_part(asset, [&](const Asset& part) { return part.role == role && is_there(part); });
}

bool Judge::any_part(std::optional<std::int64_t> asset, const std::function<bool(const Asset&)>& is)
{
    const auto leader = asset ? archive_->catalog.find(*asset) : std::nullopt;
    if (!leader) return false;
    return std::ranges::any_of(archive_->catalog.parts(leader->group, most_parts), [&](std::int64_t id) {
        const auto part = archive_->catalog.find(id);
        return part && is(*part);
    });
}

bool Judge::is_there(const Asset& asset) const
{
    if (asset.state != AssetState::present) return false;
    const auto facts = archive_->root.stat(asset.path);
    return facts && S_ISREG(facts->st_mode) && static_cast<std::uint64_t>(facts->st_size) == asset.bytes;
}

void Judge::note_proof(const Asset& asset)
{
    const Instant proven = asset.verified.value_or(asset.imported); // which read it back
    if (!oldest_proof_ || proven < *oldest_proof_) oldest_proof_ = proven;
}

} // namespace photosafe
