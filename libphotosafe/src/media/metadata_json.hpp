// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <photosafe/metadata.hpp>

namespace photosafe {

/// What a worker says of a file. Whatever the readers found, this is within the bounds of `bounded`, its
/// strings are text, and numbers that can't be are left out with a trouble.
nlohmann::json to_json(Metadata metadata);

/// The facts again. They come from a process that a hostile picture may have taken over: everything is
/// checked, and what `to_json` can't have written is MediaError{protocol}.
Metadata metadata_of(const nlohmann::json& json);

} // namespace photosafe
