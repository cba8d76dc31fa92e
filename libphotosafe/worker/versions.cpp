// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/versions.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <brotli/decode.h>
#include <exiv2/exiv2.hpp>
#include <lcms2.h>
#include <libheif/heif.h>
#include <sqlite3.h>
#include <zlib.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <photosafe/version.hpp>

namespace photosafe::worker {

namespace {

std::string libav(unsigned version)
{
    return std::to_string(AV_VERSION_MAJOR(version)) + '.' + std::to_string(AV_VERSION_MINOR(version)) + '.' +
           std::to_string(AV_VERSION_MICRO(version));
}

std::string brotli(std::uint32_t version)
{
    return std::to_string(version >> 24) + '.' + std::to_string(version >> 12 & 0xfff) + '.' +
           std::to_string(version & 0xfff);
}

/// The decoders that libheif has found, as libheif names them: `id` for programs, or else with their
/// versions.
std::vector<std::string> decoders(heif_compression_format format, bool id)
{
    std::array<const heif_decoder_descriptor*, 32> found{};
    const int count = heif_get_decoder_descriptors(format, found.data(), static_cast<int>(found.size()));
    std::vector<std::string> result;
    for (int i = 0; i < std::min(count, static_cast<int>(found.size())); ++i) {
        const heif_decoder_descriptor* one = found[static_cast<std::size_t>(i)];
        const char* name =
            id ? heif_decoder_descriptor_get_id_name(one) : heif_decoder_descriptor_get_name(one);
        if (name) result.emplace_back(name);
    }
    std::sort(result.begin(), result.end()); // the order in which plugins are found is the file system's
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

} // namespace

std::string versions()
{
    std::string text = "photosafe " + std::string{version()};
    const auto add = [&](const char* library, const std::string& version) {
        text += std::string{", "} + library + ' ' + version;
    };
    add("libexif", PHOTOSAFE_LIBEXIF_VERSION); // which can't say it itself, as libjpeg and libplist can't
    add("Exiv2", Exiv2::version());
    add("libjpeg", PHOTOSAFE_LIBJPEG_VERSION);
    add("libplist", PHOTOSAFE_LIBPLIST_VERSION);
    add("zlib", zlibVersion());
    add("Brotli", brotli(BrotliDecoderVersion()));
    add("SQLite", sqlite3_libversion());
    add("lcms", std::to_string(cmsGetEncodedCMMversion()));
    add("libavformat", libav(avformat_version()));
    add("libavcodec", libav(avcodec_version()));
    add("libswscale", libav(swscale_version()));
    add("libheif", heif_get_version());
    for (const std::string& one : decoders(heif_compression_undefined, false)) text += ", " + one;
    return text;
}

WorkerFacts worker_facts()
{
    WorkerFacts facts;
    facts.versions = versions();
    facts.libheif = heif_get_version();
    for (std::string& one : decoders(heif_compression_HEVC, true))
        facts.hevc_decoders.push_back(one == "ffmpeg" ? "libavcodec" : std::move(one));
    return facts;
}

} // namespace photosafe::worker
