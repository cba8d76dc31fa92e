// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exiv2_file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "worker/exif.hpp"
#include "worker/exiv2_exif.hpp"
#include "worker/exiv2_image.hpp"
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

std::unique_ptr<Exiv2::Image> read_image(ByteView file)
{
    // Exiv2 names them only where it was built to read movies.
    constexpr int riff = 20, mkv = 21, qtime = 22, asf = 24;
    constexpr std::array movies{riff, mkv, qtime, asf};
    std::unique_ptr<Exiv2::Image> image{
        Exiv2::ImageFactory::open(file.data(), static_cast<long>(file.size())).release()};
    if (std::ranges::find(movies, image->imageType()) != movies.end())
        throw Exiv2::Error{Exiv2::kerNotAnImage, "picture"};
    image->readMetadata();
    return image;
}

std::string exiv2_trouble()
{
    try {
        throw;
    } catch (const Exiv2::AnyError& error) {
        return error.what();
    } catch (const std::overflow_error& error) {
        return error.what();
    }
}

void read_exiv2_file(ByteView file, Gathered& found)
try {
    const auto image = read_image(file);
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
} catch (...) {
    found.trouble("Exiv2 can't read it: " + clean_text(exiv2_trouble()) + '.');
}

} // namespace photosafe::worker
