// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exiv2_file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "worker/exif.hpp"
#include "worker/exiv2_exif.hpp"
#include "worker/exiv2_image.hpp"
#include "worker/file_text.hpp"
#include "worker/jpeg.hpp"
#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

namespace {

/// A value of the first folder, as the bytes that the file has.
Bytes bytes_of(const Exiv2::Image& image, const char* key)
{
    const Exiv2::ExifData& all = image.exifData();
    const auto found = all.findKey(Exiv2::ExifKey{key});
    if (found == all.end() || found->size() <= 0) return {};
    Bytes bytes(static_cast<std::size_t>(found->size()));
    found->copy(bytes.data(), image.byteOrder()); // Photoshop has them as numbers of four bytes
    return bytes;
}

/// The IPTC records of a TIFF as they stand in it, where Exiv2 looks for them too: Exiv2 tells of none
/// whether its time has a zone. Empty where there are none, and of other files.
Bytes iptc_records(const Exiv2::Image& image)
{
    Bytes records = bytes_of(image, "Exif.Image.IPTCNAA");
    if (!records.empty()) return records;
    const Bytes blocks = bytes_of(image, "Exif.Image.ImageResources");
    const ByteView inside = iptc_in(ByteView{blocks});
    return {inside.bytes().begin(), inside.bytes().end()};
}

} // namespace

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
    const Bytes iptc = iptc_records(*image);
    if (!image->iptcData().empty()) take_iptc(image->iptcData(), ByteView{iptc}, found);
} catch (...) {
    found.trouble("Exiv2 can't read it: " + clean_text(exiv2_trouble()) + '.');
}

} // namespace photosafe::worker
