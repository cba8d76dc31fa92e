// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device/lockdown_trouble.hpp"

#include <libimobiledevice/lockdown.h>

namespace photosafe {

namespace {

constexpr Trouble locked{ErrorCode::device_locked, DeviceState::locked, "The phone is locked: unlock it."};
constexpr Trouble unknown_host{ErrorCode::not_trusted, DeviceState::trust_needed,
                               "The phone doesn't know this computer, or not any more: pair it."};
constexpr Trouble session_lost{ErrorCode::device_gone, DeviceState::unreachable,
                               "The phone ended the session: unplug it and plug it in again."};
constexpr Trouble nonsense{ErrorCode::protocol, DeviceState::unreachable,
                           "The phone's answer makes no sense: restart the phone and try again."};
constexpr Trouble managed{ErrorCode::refused, DeviceState::refused,
                          "The phone is managed and forbids this: ask the one who manages it."};

} // namespace

Trouble trouble_of(int error) noexcept
{
    switch (error) {
    case LOCKDOWN_E_PASSWORD_PROTECTED: return locked;
    case LOCKDOWN_E_ESCROW_LOCKED:
        return {ErrorCode::device_locked, DeviceState::locked,
                "The phone has not been unlocked since it was started: unlock it once."};
    case LOCKDOWN_E_PAIRING_DIALOG_RESPONSE_PENDING:
        return {ErrorCode::trust_pending, DeviceState::trust_pending,
                "The phone asks whether to trust this computer: tap Trust on it."};
    case LOCKDOWN_E_USER_DENIED_PAIRING:
        return {ErrorCode::not_trusted, DeviceState::refused,
                "Trust was refused on the phone: unplug it, plug it in again and tap Trust."};
    case LOCKDOWN_E_PAIRING_FAILED:
        return {ErrorCode::not_trusted, DeviceState::trust_needed,
                "Pairing failed: unplug the phone, plug it in again and pair it once more."};
    case LOCKDOWN_E_SAVE_PAIR_RECORD_FAILED:
        return {ErrorCode::not_trusted, DeviceState::trust_needed,
                "The record of the pairing could not be saved: check that usbmuxd may write its folder."};
    case LOCKDOWN_E_INVALID_HOST_ID:
    case LOCKDOWN_E_MISSING_HOST_ID:
    case LOCKDOWN_E_INVALID_PAIR_RECORD:
    case LOCKDOWN_E_MISSING_PAIR_RECORD:
    case LOCKDOWN_E_INVALID_CONF: return unknown_host;
    case LOCKDOWN_E_NO_RUNNING_SESSION:
    case LOCKDOWN_E_SESSION_ACTIVE:
    case LOCKDOWN_E_SESSION_INACTIVE:
    case LOCKDOWN_E_MISSING_SESSION_ID:
    case LOCKDOWN_E_INVALID_SESSION_ID: return session_lost;
    case LOCKDOWN_E_MUX_ERROR:
        return {ErrorCode::device_gone, DeviceState::unreachable,
                "The connection to the phone was lost: plug it in again."};
    case LOCKDOWN_E_SSL_ERROR:
        return {ErrorCode::device_gone, DeviceState::unreachable,
                "No secure connection to the phone came about: plug it in again, and pair it anew if that "
                "doesn't help."};
    case LOCKDOWN_E_RECEIVE_TIMEOUT:
        return {ErrorCode::timeout, DeviceState::unreachable,
                "The phone didn't answer in time: unplug it and plug it in again."};
    case LOCKDOWN_E_SERVICE_LIMIT:
        return {ErrorCode::busy, DeviceState::unreachable,
                "Too many programs use the phone: close the others, or plug it in again."};
    case LOCKDOWN_E_INVALID_SERVICE:
    case LOCKDOWN_E_MISSING_SERVICE:
        return {
            ErrorCode::refused, DeviceState::refused,
            "The phone doesn't offer its pictures to computers: restart it, and look for restrictions in its "
            "settings."};
    case LOCKDOWN_E_PAIRING_PROHIBITED_OVER_THIS_CONNECTION:
        return {ErrorCode::refused, DeviceState::refused,
                "The phone can't be paired over the network: connect it by its cable."};
    case LOCKDOWN_E_FMIP_PROTECTED:
        return {ErrorCode::refused, DeviceState::refused,
                "The phone is in lost mode: end that with its owner's Apple account."};
    case LOCKDOWN_E_INVALID_ACTIVATION_RECORD:
    case LOCKDOWN_E_MISSING_ACTIVATION_RECORD:
        return {ErrorCode::refused, DeviceState::refused, "The phone is not activated: set it up first."};
    case LOCKDOWN_E_SERVICE_PROHIBITED:
    case LOCKDOWN_E_MC_PROTECTED:
    case LOCKDOWN_E_MC_CHALLENGE_REQUIRED:
    case LOCKDOWN_E_GET_PROHIBITED:
    case LOCKDOWN_E_SET_PROHIBITED:
    case LOCKDOWN_E_REMOVE_PROHIBITED: return managed;
    default: return nonsense;
    }
}

bool stale_record(int error) noexcept { return trouble_of(error).sentence == unknown_host.sentence; }

} // namespace photosafe
