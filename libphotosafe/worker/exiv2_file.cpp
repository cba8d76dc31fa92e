// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exiv2_file.hpp"

#include <exiv2/exiv2.hpp>

#include "worker/exif.hpp"
#include "worker/exiv2_exif.hpp"
#include "worker/file_text.hpp"
#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

void prepare_exiv2()
{
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    Exiv2::enableBMFF();
    Exiv2::XmpParser::initialize();
}

void read_exiv2_file(ByteView file, Gathered& found)
try {
    const auto image = Exiv2::ImageFactory::open(file.data(), static_cast<long>(file.size()));
    image->readMetadata();
    if (found.facts.width == 0 && image->pixelWidth() > 0 && image->pixelHeight() > 0) {
        found.facts.width = static_cast<std::uint32_t>(image->pixelWidth());
        found.facts.height = static_cast<std::uint32_t>(image->pixelHeight());
    }
    const Exiv2::DataBuf* icc = image->iccProfile();
    if (icc && icc->size_ > 0 && found.facts.colour_profile.empty())
        found.facts.colour_profile =
            name_of_profile(ByteView{{icc->pData_, static_cast<std::size_t>(icc->size_)}});
    take_exif(exiv2_values(image->exifData()).values, found);
    if (!image->xmpData().empty()) take_xmp(image->xmpData(), found);
    if (!image->iptcData().empty()) take_iptc(image->iptcData(), {}, found);
} catch (const Exiv2::AnyError& error) {
    found.trouble("Exiv2 can't read it: " + clean_text(error.what()) + '.');
}

} // namespace photosafe::worker
