// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "archive/catalog.hpp"
#include "media/sidecar_facts.hpp"

namespace photosafe {

/// What the catalog knows of an original that a sidecar can tell, whoever told it: the one place where that
/// is put together. None while nothing of it is read.
std::optional<SidecarFacts> sidecar_facts(Catalog& catalog, const Asset& asset);

} // namespace photosafe
