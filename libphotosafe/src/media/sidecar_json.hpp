// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "media/sidecar_facts.hpp"

namespace photosafe {

/// The facts as text, the same for the same facts. Strings and lists are cut to what Metadata's may be
/// (core/bounded.hpp), and what is no UTF-8 or a control character is replaced.
std::string to_text(SidecarFacts facts);

/// What `to_text` wrote. Throws MediaError{protocol} for anything else.
SidecarFacts sidecar_facts_of(std::string_view text);

} // namespace photosafe
