// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <photosafe/metadata.hpp>

namespace Exiv2 {
class XmpData;
}

namespace photosafe::worker {

/// Faces in a picture and whose they are, by the regions of the Metadata Working Group and of Microsoft
/// Photo. A region whose numbers are no share of a picture is left out.
std::vector<Region> people_of(const Exiv2::XmpData& data);

} // namespace photosafe::worker
