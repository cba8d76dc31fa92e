// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "media/sidecar_facts.hpp"

namespace Exiv2 {
class XmpData;
}

namespace photosafe::worker {

/// Brings the people of `facts` who have a region among the regions of the Metadata Working Group in `data`,
/// as `merge_lists` has it. `written` and what it returns: the regions that are ours, each as a text.
std::vector<std::string> merge_regions(Exiv2::XmpData& data, const SidecarFacts& facts,
                                       const std::vector<std::string>& written);

} // namespace photosafe::worker
