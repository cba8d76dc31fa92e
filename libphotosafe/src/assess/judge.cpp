// SPDX-License-Identifier: LGPL-2.1-or-later
#include "assess/judge.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "ingest/plan.hpp"

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

std::string only_in_icloud(Role role)
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
    for (const auto& [file, wanted] : files) {
        std::optional<std::int64_t> asset;
        const Verdict verdict = judge_file(file, wanted, asset);
        any_stored |= asset.has_value();
        if (asset && (!result.asset || file.path == result.path)) result.asset = asset;
        if (verdict.state == ItemState::safe) {
            note_proof(*asset);
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
    if (item != nullptr && result.state != ItemState::excluded) add_missing_parts(result, *item);
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
    if (wanted != Fate::copy) return {ItemState::excluded, std::string{reason_of(wanted)}, Remedy::include};
    if (const auto failure = failures_.find(file.path); failure != failures_.end())
        return {ItemState::failed, failure->second, Remedy::import};
    if (archive_->catalog.seen_at(source_, file.path))
        return {ItemState::changed, "it has another size or time than what was imported. Import again",
                Remedy::import};
    return {ItemState::not_imported, "not imported yet", Remedy::import};
}

/// Files that the library names and that nobody listed: of an item whose original is on the phone, its moving
/// half may be in iCloud alone.
void Judge::add_missing_parts(AssessedItem& judged, const PhoneAsset& item)
{
    const auto fail = [&](Role role) {
        if (weight(judged.state) > weight(ItemState::only_in_icloud)) return;
        judged.state = ItemState::only_in_icloud;
        judged.reason = only_in_icloud(role);
        judged.part.clear();
        judged.remedy = Remedy::download;
        judged.would_be_lost = true;
    };
    // A file of that name may be there all the same, smaller: only one of the original's size is the
    // original.
    const auto original = std::ranges::find(item.resources, Role::original, &PhoneResource::role);
    const auto bytes = original == item.resources.end() ? std::nullopt : original->bytes;
    if (item.locality == Locality::only_in_icloud &&
        !(judged.asset && bytes && archive_has(*judged.asset, Role::original, bytes)))
        fail(Role::original);
    // A Live Photo whose moving half nobody lists, neither the library nor the phone.
    bool unknown =
        item.subtype == PhoneSubtype::live && judged.asset &&
        std::ranges::find(item.resources, Role::live_video, &PhoneResource::role) == item.resources.end() &&
        !archive_has(*judged.asset, Role::live_video, std::nullopt);
    for (const PhoneResource& part : item.resources) {
        if (part.role == Role::sidecar) continue;
        if (part.locality == Locality::only_in_icloud) {
            if (!judged.asset || !archive_has(*judged.asset, part.role, part.bytes)) fail(part.role);
            continue;
        }
        // All files that were listed are safe; so what the archive lacks was not listed.
        if (judged.state != ItemState::safe || part.role == Role::original || !judged.asset ||
            archive_has(*judged.asset, part.role, std::nullopt))
            continue;
        if (part.locality == Locality::on_phone) {
            judged.state = ItemState::failed;
            judged.reason = std::string{"the phone's library names "} + std::string{part_of(part.role)} +
                            ", and it is neither among the files of the phone nor in the archive";
            judged.would_be_lost = true;
        }
        unknown = true;
    }
    if (unknown && judged.state == ItemState::safe) ++not_compared_;
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
        return set(ItemState::excluded, std::string{reason_of(fate)}, !is_no_loss(fate), Remedy::include);
    if (is_of_a_conversation(item) && !in_camera_roll(item.path))
        return set(ItemState::excluded, "in a conversation, and not saved to the library", false);
    result.asset = stored_original(item);
    if (result.asset) {
        note_proof(*result.asset);
        add_missing_parts(result, item);
        if (result.state == ItemState::safe && item.locality != Locality::only_in_icloud) ++not_compared_;
        return result;
    }
    if (item.locality == Locality::only_in_icloud)
        return set(ItemState::only_in_icloud, only_in_icloud(Role::original), true, Remedy::download);
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

/// Whether the shot of this asset has such a part, whole; of this size, where that is known.
bool Judge::archive_has(std::int64_t asset, Role role, std::optional<std::uint64_t> bytes)
{
    const auto leader = archive_->catalog.find(asset);
    if (!leader) return false;
    for (const std::int64_t id : archive_->catalog.parts(leader->group, most_parts)) {
        const auto part = archive_->catalog.find(id);
        if (part && part->role == role && (!bytes || part->bytes == *bytes) && is_there(*part)) return true;
    }
    return false;
}

bool Judge::is_there(const Asset& asset) const
{
    if (asset.state != AssetState::present) return false;
    const auto facts = archive_->root.stat(asset.path);
    return facts && S_ISREG(facts->st_mode) && static_cast<std::uint64_t>(facts->st_size) == asset.bytes;
}

void Judge::note_proof(std::int64_t asset)
{
    const auto stored = archive_->catalog.find(asset);
    if (!stored) return;
    const Instant proven = stored->verified.value_or(stored->imported); // which read it back
    if (!oldest_proof_ || proven < *oldest_proof_) oldest_proof_ = proven;
}

} // namespace photosafe
