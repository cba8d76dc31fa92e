// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <photosafe/asset.hpp>

namespace photosafe {

/// Now, by the wall clock: for text shown to people only, it decides nothing.
Instant wall_now();

/// RFC 3339 in UTC with nanoseconds where there are any: `2024-05-31T12:03:22.5Z`. Years 0000 to 9999.
std::string to_rfc3339(Instant instant);
/// What `to_rfc3339` wrote; none for anything else.
std::optional<Instant> from_rfc3339(std::string_view text);

/// The instant in this computer's zone, without one: `2024-05-31T14:03:22`.
std::string to_local(Instant instant);

} // namespace photosafe
