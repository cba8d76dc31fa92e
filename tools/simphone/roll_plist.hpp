// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <string>

namespace simphone {

/// The CMTime of Apple's maker note (tag 3): time since the phone was started, as a binary property list.
std::string run_time_plist(std::uint64_t nanoseconds);

/// An AAE file: the recipe of an edit, XML.
std::string adjustments_aae(const RollFile& file);

/// The same recipe as it lies under PhotoData/Mutations: a binary property list.
std::string adjustments_plist(const RollFile& file);

/// What a Photos library says of its own version (Z_METADATA), a binary property list.
std::string library_plist(int model_version);

} // namespace simphone
