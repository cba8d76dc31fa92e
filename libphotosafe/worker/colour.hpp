// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "worker/jpeg.hpp"
#include "worker/pixels.hpp"

namespace photosafe::worker {

/// An ICC profile with these primaries (as ITU-T H.273 counts them: 9 BT.2020, 11 DCI-P3, 12 Display P3) and
/// the transfer function of sRGB. Empty for others.
Bytes profile_of_primaries(int primaries);

/// Whether those primaries are, to the eye, sRGB's, or nobody says which they are.
bool is_near_srgb(int primaries) noexcept;

/// One with the colours of Adobe RGB (1998), of our own making.
Bytes adobe_rgb_profile();

/// What the profile calls itself, `Display P3`; empty where it has no name or is none.
std::string profile_name(const Bytes& icc);

/// Whether it is a profile of RGB: those of grey and CMYK say nothing of what a JPEG here has.
bool is_rgb_profile(const Bytes& icc) noexcept;

/// The same colours in sRGB. A profile that can't be read or isn't one of RGB changes nothing; false then.
bool to_srgb(Pixels& pixels, const Bytes& icc);

} // namespace photosafe::worker
