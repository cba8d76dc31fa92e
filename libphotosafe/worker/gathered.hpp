// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <photosafe/metadata.hpp>

#include "worker/time_clues.hpp"

namespace photosafe::worker {

/// What people have written about a picture.
struct Words {
    std::string title, caption, label, location;
    std::vector<std::string> keywords;
    std::optional<int> rating; ///< -1 (rejected) to 5
};

/// What XMP says that EXIF, where it has it, knows better.
struct XmpCamera {
    std::string make, model, lens, software;
    std::optional<int> orientation;
    std::optional<GeoPoint> position;
};

/// All that the readers of a file have found, before it is weighed.
struct Gathered {
    Metadata facts;
    TimeClues time;
    Words exif, iptc, xmp;
    XmpCamera xmp_camera;

    /// Adds what could not be read and why, a sentence; once, and up to a bound.
    void trouble(std::string sentence);
    void raw(std::string key, std::string value);
};

/// Names of a place as one text, without those that are empty or there already: `Rome, Italy`.
std::string joined_names(const std::vector<std::string>& names);

/// Puts into the facts what has several sources: the capture time (see weigh()), and words, of which XMP's go
/// before IPTC's and these before EXIF's, as the Metadata Working Group has it; keywords of all are kept.
Metadata weighed(Gathered&& found);

} // namespace photosafe::worker
