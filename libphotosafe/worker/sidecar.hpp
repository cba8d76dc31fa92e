// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "media/sidecar_facts.hpp"

namespace photosafe::worker {

struct Sidecar {
    bool changed = false;           ///< false: the one that is there says all of it, and `text` is empty
    std::vector<std::uint8_t> text; ///< XMP, as a file has it
};

/// The sidecar that tells `facts` and all that others have written into `there`, the text of the one that is
/// there; empty: there is none.
///
/// Whose a value is, is known by what was written last, which stands in the sidecar itself
/// (`photosafe:Written`). What still is as it was written follows the facts; what somebody has set, changed
/// or removed since stays so. Throws MediaError{unreadable} for what is no XMP, or could not be written again
/// without losing some of it.
Sidecar merge_sidecar(const SidecarFacts& facts, std::string_view there);

/// The same for a job: the facts and the sidecar stand behind each other in the file; `request` has their
/// sizes.
Sidecar merge_sidecar(int fd, const nlohmann::json& request);

} // namespace photosafe::worker
