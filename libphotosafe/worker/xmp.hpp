// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "worker/byte_view.hpp"
#include "worker/gathered.hpp"

namespace Exiv2 {
class IptcData;
class XmpData;
} // namespace Exiv2

namespace photosafe::worker {

/// Reads an XMP packet, of a picture or a sidecar: words, people, dates, and what a camera says. Never throws
/// for what is in it.
void read_xmp(ByteView packet, Gathered& found);

/// Reads IPTC out of Photoshop's resource blocks, as JPEG has them, or where its records stand alone.
void read_iptc(ByteView photoshop_blocks, Gathered& found);

/// IPTC's records in Photoshop's resource blocks; empty where there are none. Throws Exiv2's errors.
ByteView iptc_in(ByteView photoshop_blocks);

/// The same of what Exiv2 has taken apart with the rest of a file. `records` are IPTC's bytes, of which is
/// taken whether its time has a zone; empty: it has none. These may throw Exiv2's errors.
void take_xmp(const Exiv2::XmpData& data, Gathered& found);
void take_iptc(const Exiv2::IptcData& data, ByteView records, Gathered& found);

} // namespace photosafe::worker
