// SPDX-License-Identifier: LGPL-2.1-or-later
// What lockdown tells about a phone.
#pragma once

#include "phone.hpp"
#include "services.hpp"

#include <optional>
#include <string>

namespace simphone {

/// All values of a domain ("" is the phone itself), or the one of `key`. Nothing: MissingValue.
std::optional<Plist> lockdown_value(const Session& session, const std::string& domain,
                                    const std::optional<std::string>& key, bool trusted);

} // namespace simphone
