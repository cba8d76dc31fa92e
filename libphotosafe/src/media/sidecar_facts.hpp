// SPDX-License-Identifier: LGPL-2.1-or-later
// What is told of a picture in the XMP sidecar beside it: shared by the library and the worker.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/metadata.hpp>

namespace photosafe {

/// Somebody who is in a picture.
struct SidecarPerson {
    std::string name;
    std::optional<Region> region{}; ///< where; its own name says nothing
};

/// Where a picture was taken, in words.
struct PlaceNames {
    std::string city, state, country, country_code, location;
    bool empty() const noexcept
    {
        return city.empty() && state.empty() && country.empty() && country_code.empty() && location.empty();
    }
};

/// All that a sidecar can tell. Absent facts are empty.
struct SidecarFacts {
    std::optional<int> rating; ///< -1 (rejected) to 5
    bool favourite = false;    ///< of a phone; told as five stars where there is no `rating`
    std::string title, caption, label;
    std::vector<std::string> keywords;
    std::vector<SidecarPerson> people;
    PlaceNames place;
    std::optional<GeoPoint> position;
    CaptureTime taken;
    std::uint32_t width = 0, height = 0; ///< of the picture as stored, to which regions refer; 0: not known

    /// Whether a sidecar is worth while. Time and size alone are none: every picture tells them itself.
    bool says_something() const noexcept
    {
        return rating || favourite || !title.empty() || !caption.empty() || !label.empty() ||
               !keywords.empty() || !people.empty() || !place.empty() || position;
    }
};

/// A sidecar's text, of which what PhotoSafe wrote is known by this: in its own namespace stands what that
/// was.
constexpr std::string_view sidecar_namespace = "urn:photosafe:sidecar:1/";

/// What a worker made of the facts and of the sidecar that was there.
struct MergedSidecar {
    bool changed = false; ///< false: the sidecar that is there says all of it
    std::string text;     ///< all of the new one, where it is to be another
};

/// The largest sidecar that is read or made, in bytes. Those of editors have kilobytes, with many masks some
/// megabytes.
constexpr std::size_t largest_sidecar = std::size_t{16} << 20;

} // namespace photosafe
