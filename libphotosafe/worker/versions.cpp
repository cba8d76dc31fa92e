// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/versions.hpp"

#include <exiv2/exiv2.hpp>
#include <libheif/heif.h>

#include <photosafe/version.hpp>

extern "C" {
#include <libavformat/avformat.h>
}

namespace photosafe::worker {

namespace {

std::string shown(unsigned version) // as FFmpeg packs it
{
    return std::to_string(version >> 16) + '.' + std::to_string(version >> 8 & 0xff) + '.' +
           std::to_string(version & 0xff);
}

} // namespace

std::string versions()
{
    // libexif can't be asked; it is the one that was there when this was built.
    return std::string{"photosafe " PHOTOSAFE_VERSION} + ", libexif " + PHOTOSAFE_LIBEXIF_VERSION +
           ", Exiv2 " + Exiv2::version() + ", libheif " + heif_get_version() + ", libavformat " +
           shown(avformat_version());
}

} // namespace photosafe::worker
