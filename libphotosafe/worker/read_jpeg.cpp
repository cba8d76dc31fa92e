// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/colour.hpp"
#include "worker/exif.hpp"
#include "worker/jpeg_parts.hpp"
#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

std::string name_of_profile(ByteView icc)
{
    return clean_text(profile_name(Bytes(icc.bytes().begin(), icc.bytes().end())));
}

void read_exif_beside_orientation(ByteView block, Gathered& found)
{
    const int told = found.facts.orientation;
    read_exif(block, found);
    found.facts.orientation = told;
}

void read_jpeg(ByteView file, Gathered& found)
{
    const JpegParts parts = read_jpeg_parts(file);
    if (!parts.trouble.empty()) found.trouble(parts.trouble);
    found.facts.width = parts.width;
    found.facts.height = parts.height;
    if (parts.bit_depth > 0) found.facts.bit_depth = parts.bit_depth;
    found.facts.codec = "jpeg";
    Bytes profile;
    for (const ByteView& part : parts.icc)
        profile.insert(profile.end(), part.bytes().begin(), part.bytes().end());
    found.facts.colour_profile = name_of_profile(ByteView{profile});
    read_exif(parts.exif, found);
    read_xmp(parts.xmp, found);
    read_iptc(parts.iptc, found);
}

} // namespace photosafe::worker
