// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "query/node.hpp"

namespace photosafe {

/// The node in words that the parser takes, and makes the same node of.
std::string printed(const Query::Node& node);

} // namespace photosafe
