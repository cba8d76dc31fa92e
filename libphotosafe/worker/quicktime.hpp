// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include <photosafe/metadata.hpp>

namespace photosafe::worker {

/// What libavformat leaves out of a MOV, MP4 or 3GP or, as Debian 12 has it, misreads: it takes whole numbers
/// of eight bytes for 0, and doesn't look at keys of tracks, at timed metadata, and at a second view.
struct QuickTimeFacts {
    std::vector<RawTag> tags;       ///< keys of the movie, then of its tracks: `com.apple.quicktime.make`; a
                                    ///< value that is a picture or makes no sense is empty
    std::vector<std::string> timed; ///< keys of metadata tracks: `com.apple.quicktime.still-image-time`
    bool two_views = false;         ///< a track has a picture for each eye (`vexu`)
    bool cut = false;               ///< the file ends within a box
};

/// Reads box after box, by position; the descriptor stays the caller's. Media data aren't touched, and from a
/// file that is none, is cut, or is built to waste time comes what was found until then. Throws nothing but
/// std::bad_alloc.
QuickTimeFacts read_quicktime(int fd);

} // namespace photosafe::worker
