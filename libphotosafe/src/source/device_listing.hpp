// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/source.hpp>

#include "device/session.hpp"

namespace photosafe {

/// All files of a phone's camera roll: DCIM, and what came from iCloud or was edited. Each folder is listed
/// twice, because phones have been seen to leave out entries; each entry is asked for once. Errors:
/// DeviceError.
Listing list_camera_roll(Session& session, const ListOptions& options);

} // namespace photosafe
