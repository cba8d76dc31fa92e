// SPDX-License-Identifier: LGPL-2.1-or-later
// What the readers and the decoder of HEIC, HEIF and AVIF share: libheif's objects, and what stands in the
// boxes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <libheif/heif.h>

#include "core/handle.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::worker {

using HeifContext = std::unique_ptr<heif_context, FreeWith<heif_context_free>>;
using HeifNclx = std::unique_ptr<heif_color_profile_nclx, FreeWith<heif_nclx_color_profile_free>>;
using HeifHandle = std::unique_ptr<heif_image_handle, FreeWith<heif_image_handle_release>>;

/// Throws CannotRender, with what was being done and libheif's reason.
void check_heif(const heif_error& error, std::string_view doing);

/// Reads the boxes of a file, which has to outlive what is returned; decodes nothing and copies no picture. A
/// claim of more than `pixel_limit` pixels is refused before anything is allocated for them. Throws
/// CannotRender.
HeifContext open_heif(std::span<const std::uint8_t> file, std::uint64_t pixel_limit);

/// The picture that the file is of. Throws CannotRender.
HeifHandle main_picture(heif_context* context);

/// EXIF and XMP of a picture, the first of each.
void read_heif_blocks(const heif_image_handle* picture, Beside& beside);

/// The TIFF block of an EXIF item: four bytes before it tell how far behind them it begins. Empty where it
/// has none.
Bytes tiff_of_heif(const Bytes& item);

/// The one orientation that does what two do in turn.
int both_orientations(int first, int second);

/// How the colours of a picture are to be understood.
struct HeifColour {
    Bytes icc;                    ///< empty: none
    std::optional<int> primaries; ///< as ITU-T H.273 counts them; where the file has them (`nclx`)
    bool hdr = false;             ///< its transfer function is PQ or HLG
};
HeifColour read_heif_colour(const heif_image_handle* picture);

/// What belongs to a picture and isn't seen in it, each once: `hdr_gain_map`, `depth`, `alpha`, `matte:NAME`,
/// and `aux:NAME` for others.
std::vector<std::string> heif_auxiliaries(std::span<const std::uint8_t> file,
                                          const heif_image_handle* picture);

/// EXIF's number for what the picture's own properties (irot, imir) ask for, which libheif has done already
/// when it gives pixels. None before libheif 1.16, which doesn't tell.
std::optional<int> heif_orientation(const heif_context* context, const heif_image_handle* picture);

/// Whether its properties ask for a crop. libheif (1.19.7) leaves colours at the edges of such a picture as
/// they happen to be in memory, above all where it is turned too; so it is decoded as it is stored, and
/// `transformed` here. False before 1.16.
bool is_cropped(const heif_context* context, const heif_image_handle* picture);

/// Pixels as they are stored, cropped, turned and mirrored as the properties ask for, in their order. Throws
/// CannotRender where nothing would be left.
Pixels transformed(const heif_context* context, const heif_image_handle* picture, Pixels pixels);

} // namespace photosafe::worker
