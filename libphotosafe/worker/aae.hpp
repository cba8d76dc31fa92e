// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "worker/byte_view.hpp"
#include "worker/gathered.hpp"

namespace photosafe::worker {

/// Reads an AAE, the recipe of an edit, a property list in XML or binary: which app made it, and when. What
/// was changed is that app's own and isn't looked at.
void read_aae(ByteView file, Gathered& found);

/// Says of any other property list whether it is broken: it may be a recipe that is cut off before it tells.
void check_plist(ByteView file, Gathered& found);

} // namespace photosafe::worker
