// SPDX-License-Identifier: LGPL-2.1-or-later
// The words that facts have in JSON, in the catalog and on the command line: one place for all of them.
#include <photosafe/asset.hpp>
#include <photosafe/device.hpp>
#include <photosafe/doctor.hpp>
#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>
#include <photosafe/metadata.hpp>
#include <photosafe/phone_library.hpp>
#include <photosafe/version.hpp>

namespace photosafe {

std::string_view version() noexcept { return PHOTOSAFE_VERSION; }

std::string_view name(Role role) noexcept
{
    switch (role) {
    case Role::original: return "original";
    case Role::live_video: return "live_video";
    case Role::raw: return "raw";
    case Role::edited: return "edited";
    case Role::edited_video: return "edited_video";
    case Role::sidecar: return "sidecar";
    case Role::other: return "other";
    }
    return "other";
}

std::string_view name(GroupReason reason) noexcept
{
    switch (reason) {
    case GroupReason::unknown: return "unknown";
    case GroupReason::first: return "first";
    case GroupReason::content_id: return "content_id";
    case GroupReason::name_and_time: return "name_and_time";
    case GroupReason::edit_name: return "edit_name";
    case GroupReason::mutation_path: return "mutation_path";
    case GroupReason::raw_name: return "raw_name";
    case GroupReason::sidecar_name: return "sidecar_name";
    case GroupReason::same_name: return "same_name";
    }
    return "unknown";
}

std::string_view name(AssetState state) noexcept
{
    switch (state) {
    case AssetState::present: return "present";
    case AssetState::missing: return "missing";
    case AssetState::damaged: return "damaged";
    }
    return "damaged";
}

std::string_view name(DeviceState state) noexcept
{
    switch (state) {
    case DeviceState::ready: return "ready";
    case DeviceState::locked: return "locked";
    case DeviceState::trust_needed: return "trust_needed";
    case DeviceState::trust_pending: return "trust_pending";
    case DeviceState::refused: return "refused";
    case DeviceState::unreachable: return "unreachable";
    }
    return "unreachable";
}

std::string_view name(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::stored: return "stored";
    case Outcome::known: return "known";
    case Outcome::failed: return "failed";
    case Outcome::excluded: return "excluded";
    }
    return "failed";
}

std::string_view name(FixityOutcome outcome) noexcept
{
    switch (outcome) {
    case FixityOutcome::matched: return "matched";
    case FixityOutcome::altered: return "altered";
    case FixityOutcome::missing: return "missing";
    case FixityOutcome::unreadable: return "unreadable";
    case FixityOutcome::unrecorded: return "unrecorded";
    }
    return "unreadable";
}

std::string_view name(Severity severity) noexcept
{
    switch (severity) {
    case Severity::ok: return "ok";
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::problem: return "problem";
    }
    return "problem";
}

std::string_view name(MediaKind kind) noexcept
{
    switch (kind) {
    case MediaKind::photo: return "photo";
    case MediaKind::video: return "video";
    case MediaKind::raw: return "raw";
    case MediaKind::sidecar: return "sidecar";
    case MediaKind::unknown: break;
    }
    return "unknown";
}

std::string_view name(TimeSource source) noexcept
{
    switch (source) {
    case TimeSource::exif_offset: return "exif_offset";
    case TimeSource::quicktime_zone: return "quicktime_zone";
    case TimeSource::exif_gps: return "exif_gps";
    case TimeSource::live_video: return "live_video";
    case TimeSource::exif_local: return "exif_local";
    case TimeSource::xmp: return "xmp";
    case TimeSource::quicktime_utc: return "quicktime_utc";
    case TimeSource::file_birth: return "file_birth";
    case TimeSource::file_modified: return "file_modified";
    case TimeSource::none: break;
    }
    return "none";
}

std::string_view name(ParseState state) noexcept
{
    switch (state) {
    case ParseState::pending: return "pending";
    case ParseState::done: return "done";
    case ParseState::failed: return "failed";
    }
    return "pending";
}

std::string_view name(Locality locality) noexcept
{
    switch (locality) {
    case Locality::on_phone: return "on_phone";
    case Locality::only_in_icloud: return "only_in_icloud";
    case Locality::unknown: break;
    }
    return "unknown";
}

std::string_view name(PhoneSubtype subtype) noexcept
{
    switch (subtype) {
    case PhoneSubtype::still: return "still";
    case PhoneSubtype::panorama: return "panorama";
    case PhoneSubtype::live: return "live";
    case PhoneSubtype::screenshot: return "screenshot";
    case PhoneSubtype::video: return "video";
    case PhoneSubtype::slow_motion: return "slow_motion";
    case PhoneSubtype::time_lapse: return "time_lapse";
    case PhoneSubtype::screen_recording: return "screen_recording";
    case PhoneSubtype::unknown: break;
    }
    return "unknown";
}

std::string_view name(Provenance provenance) noexcept
{
    switch (provenance) {
    case Provenance::local: return "local";
    case Provenance::icloud: return "icloud";
    case Provenance::shared_album: return "shared_album";
    case Provenance::shared_link: return "shared_link";
    case Provenance::shared_with_you: return "shared_with_you";
    case Provenance::referenced: return "referenced";
    case Provenance::unknown: break;
    }
    return "unknown";
}

std::string_view name(PhoneAlbum::Kind kind) noexcept
{
    switch (kind) {
    case PhoneAlbum::Kind::album: return "album";
    case PhoneAlbum::Kind::folder: return "folder";
    case PhoneAlbum::Kind::shared: return "shared";
    case PhoneAlbum::Kind::import_session: return "import_session";
    case PhoneAlbum::Kind::project: return "project";
    }
    return "album";
}

std::string_view name(PhoneAlbum::Order order) noexcept
{
    switch (order) {
    case PhoneAlbum::Order::manual: return "manual";
    case PhoneAlbum::Order::oldest_first: return "oldest_first";
    case PhoneAlbum::Order::newest_first: return "newest_first";
    case PhoneAlbum::Order::title: return "title";
    case PhoneAlbum::Order::unknown: break;
    }
    return "unknown";
}

} // namespace photosafe
