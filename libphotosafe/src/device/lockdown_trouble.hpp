// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include <photosafe/device.hpp>
#include <photosafe/error.hpp>

namespace photosafe {

/// What an error of the phone's lockdown service means for a person.
struct Trouble {
    ErrorCode code;
    DeviceState state;
    std::string_view sentence; ///< what happened and the one thing to do
};

/// `error` is a `lockdownd_error_t`, not zero.
Trouble trouble_of(int error) noexcept;

/// Whether this computer's pairing record is of no use to the phone any more, so that only a new one helps.
bool stale_record(int error) noexcept;

} // namespace photosafe
