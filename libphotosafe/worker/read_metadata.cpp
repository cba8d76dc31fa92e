// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/read_metadata.hpp"

#include "worker/colour.hpp"
#include "worker/exif.hpp"
#include "worker/gathered.hpp"
#include "worker/jpeg_parts.hpp"
#include "worker/mapped.hpp"
#include "worker/sniff.hpp"

namespace photosafe::worker {

namespace {

std::string profile_of(const std::vector<ByteView>& parts)
{
    Bytes profile;
    for (const ByteView& part : parts)
        profile.insert(profile.end(), part.bytes().begin(), part.bytes().end());
    return clean_text(profile_name(profile));
}

void read_jpeg(ByteView file, Gathered& found)
{
    const JpegParts parts = read_jpeg_parts(file);
    if (!parts.trouble.empty()) found.trouble(parts.trouble);
    found.facts.width = parts.width;
    found.facts.height = parts.height;
    if (parts.bit_depth > 0) found.facts.bit_depth = parts.bit_depth;
    found.facts.codec = "jpeg";
    found.facts.colour_profile = profile_of(parts.icc);
    read_exif(parts.exif, found);
}

} // namespace

Metadata read_metadata(int fd)
{
    const Mapped file{fd};
    const Sniffed what = sniff(file.bytes());
    Gathered found;
    found.facts.kind = what.kind;
    found.facts.mime = what.mime;
    switch (what.shape) {
    case Shape::jpeg: read_jpeg(file.bytes(), found); break;
    default: break;
    }
    return weighed(std::move(found));
}

} // namespace photosafe::worker
