// SPDX-License-Identifier: LGPL-2.1-or-later
#include "convert/heif_maker.hpp"

#include <array>
#include <memory>
#include <stdexcept>

#include <libheif/heif.h>

#include "core/handle.hpp"
#include "worker/pixels.hpp"

namespace photosafe::test {

namespace {

using Context = std::unique_ptr<heif_context, FreeWith<heif_context_free>>;
using Encoder = std::unique_ptr<heif_encoder, FreeWith<heif_encoder_release>>;
using Image = std::unique_ptr<heif_image, FreeWith<heif_image_release>>;
using Handle = std::unique_ptr<heif_image_handle, FreeWith<heif_image_handle_release>>;
using Nclx = std::unique_ptr<heif_color_profile_nclx, FreeWith<heif_nclx_color_profile_free>>;
using Options = std::unique_ptr<heif_encoding_options, FreeWith<heif_encoding_options_free>>;

void check(const heif_error& error, const char* doing)
{
    if (error.code != heif_error_Ok) throw std::runtime_error(std::string{doing} + ": " + error.message);
}

/// The quarters as they are stored, so that `orientation` turns them upright.
worker::Pixels quarters(const MadeHeif& wanted)
{
    const bool swapped = wanted.orientation >= 5;
    const worker::Canvas upright =
        worker::make_canvas(swapped ? wanted.height : wanted.width, swapped ? wanted.width : wanted.height);
    static constexpr std::array<std::array<std::uint8_t, 3>, 4> colours{
        {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}}};
    for (std::uint32_t y = 0; y < upright.pixels.height; ++y) {
        for (std::uint32_t x = 0; x < upright.pixels.width; ++x) {
            const auto& colour =
                colours[(2 * y >= upright.pixels.height ? 2u : 0u) + (2 * x >= upright.pixels.width)];
            for (std::size_t c = 0; c < 3; ++c) upright.row(y)[3 * x + c] = colour[c];
        }
    }
    return worker::turn_upright(upright.pixels, worker::opposite(wanted.orientation));
}

Image image_of(const MadeHeif& wanted)
{
    const worker::Pixels pixels = quarters(wanted);
    const bool deep = wanted.bits > 8;
    const heif_chroma chroma = deep           ? heif_chroma_interleaved_RRGGBB_LE
                               : wanted.alpha ? heif_chroma_interleaved_RGBA
                                              : heif_chroma_interleaved_RGB;
    const int width = static_cast<int>(pixels.width), height = static_cast<int>(pixels.height);
    heif_image* raw = nullptr;
    check(heif_image_create(width, height, heif_colorspace_RGB, chroma, &raw), "Making a picture");
    Image image{raw};
    check(heif_image_add_plane(raw, heif_channel_interleaved, width, height, wanted.bits),
          "Adding its plane");
    int stride = 0;
    std::uint8_t* const plane = heif_image_get_plane(raw, heif_channel_interleaved, &stride);
    for (std::uint32_t y = 0; y < pixels.height; ++y) {
        std::uint8_t* out = plane + static_cast<std::size_t>(stride) * y;
        for (std::uint32_t x = 0; x < pixels.width; ++x) {
            const std::uint8_t* rgb = pixels.row(y) + 3 * std::size_t{x};
            for (std::size_t c = 0; c < 3; ++c) {
                const unsigned value = deep ? rgb[c] * ((1u << wanted.bits) - 1) / 255 : rgb[c];
                *out++ = static_cast<std::uint8_t>(value);
                if (deep) *out++ = static_cast<std::uint8_t>(value >> 8);
            }
            if (wanted.alpha) *out++ = rgb[0] == 255 && rgb[1] == 255 ? 0 : 255;
        }
    }
    if (!wanted.icc.empty())
        check(heif_image_set_raw_color_profile(raw, "prof", wanted.icc.data(), wanted.icc.size()),
              "Its profile");
    return image;
}

heif_error append(heif_context*, const void* data, std::size_t size, void* to)
{
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
    return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

} // namespace

std::string make_heif(const MadeHeif& wanted)
{
    const Context context{heif_context_alloc()};
    heif_encoder* raw_encoder = nullptr;
    check(heif_context_get_encoder_for_format(context.get(), heif_compression_HEVC, &raw_encoder),
          "No encoder of HEVC is installed");
    const Encoder encoder{raw_encoder};
    check(heif_encoder_set_lossy_quality(raw_encoder, 95), "Setting the quality");
    const Options options{heif_encoding_options_alloc()};
    options->image_orientation = static_cast<heif_orientation>(wanted.orientation);
    const Nclx colours{heif_nclx_color_profile_alloc()};
    colours->color_primaries = heif_color_primaries_ITU_R_BT_709_5;
    colours->transfer_characteristics = heif_transfer_characteristic_IEC_61966_2_1;
    colours->matrix_coefficients = static_cast<heif_matrix_coefficients>(wanted.matrix);
    colours->full_range_flag = wanted.full_range ? 1 : 0;
    options->output_nclx_profile = colours.get();
    const Image image = image_of(wanted);
    heif_image_handle* raw_handle = nullptr;
    check(heif_context_encode_image(context.get(), image.get(), raw_encoder, options.get(), &raw_handle),
          "Encoding");
    const Handle handle{raw_handle};
    if (!wanted.exif.empty())
        check(heif_context_add_exif_metadata(context.get(), raw_handle, wanted.exif.data(),
                                             static_cast<int>(wanted.exif.size())),
              "Adding EXIF");
    if (!wanted.xmp.empty())
        check(heif_context_add_XMP_metadata(context.get(), raw_handle, wanted.xmp.data(),
                                            static_cast<int>(wanted.xmp.size())),
              "Adding XMP");
    if (wanted.thumbnail > 0) {
        heif_image_handle* raw_thumbnail = nullptr;
        check(heif_context_encode_thumbnail(context.get(), image.get(), raw_handle, raw_encoder,
                                            options.get(), static_cast<int>(wanted.thumbnail),
                                            &raw_thumbnail),
              "Encoding its thumbnail");
        const Handle thumbnail{raw_thumbnail};
    }
    std::string file;
    heif_writer writer{1, append};
    check(heif_context_write(context.get(), &writer, &file), "Writing");
    return file;
}

} // namespace photosafe::test
