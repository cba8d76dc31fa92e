// SPDX-License-Identifier: LGPL-2.1-or-later
// The words that facts have in JSON, in the catalog and on the command line: one place for all of them.
#include <photosafe/asset.hpp>
#include <photosafe/device.hpp>
#include <photosafe/doctor.hpp>
#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>
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

} // namespace photosafe
