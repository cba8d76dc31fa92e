// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "worker/jpeg.hpp"
#include "worker/pixels.hpp"

namespace photosafe::worker {

/// Which library decodes HEVC.
enum class HevcDecoder {
    any,        ///< libavcodec, which is faster, and libde265 where that refuses
    libavcodec, ///< this one or none
    libde265,
};

struct DecodeOptions {
    HevcDecoder hevc = HevcDecoder::any;
    std::uint32_t wanted_edge = 0;  ///< no larger one is needed; 0: full size
    std::uint32_t preview_edge = 0; ///< an embedded picture of at least this will do; 0: none will
    std::uint64_t pixel_limit = default_pixel_limit;
    bool planes_do = false; ///< upright `planes` are as welcome as `pixels`
};

/// A picture out of a file, and what the file says beside it.
struct Decoded {
    Pixels pixels;
    std::optional<Planes> planes; ///< in the place of `pixels`
    int orientation = 1;          ///< what turns `pixels` upright
    int stored_orientation = 1;   ///< of the file; not that of `pixels` where the decoder has turned them
    Beside beside;
    std::vector<std::string> lost; ///< what the file has and these pixels haven't: `hdr_gain_map`, `depth`
    std::string decoder;           ///< `libavcodec`, `libde265`, `libjpeg`, `dav1d`
    bool from_preview = false;     ///< of an embedded picture, because the whole one can't be decoded
    bool cropped = false;          ///< by more than what fills up a coder's blocks
    bool embedded = false;         ///< of an embedded picture that was large enough
    std::string trouble;           ///< why `from_preview`, or that a part of the picture is broken
};

/// Each takes a whole file in memory and throws CannotRender. HEIC, HEIF and AVIF by libheif; RAW by the
/// largest JPEG inside; JPEG by libjpeg.
Decoded decode_heif(std::span<const std::uint8_t> file, const DecodeOptions& options);
Decoded decode_raw(std::span<const std::uint8_t> file, const DecodeOptions& options);
Decoded decode_plain_jpeg(std::span<const std::uint8_t> file, const DecodeOptions& options);
/// A frame of a movie, or the picture of a PNG, GIF, WebP or the like, by libavformat. It reads from `fd`, at
/// whatever offset that is, since a movie has no place in memory.
Decoded decode_frame(int fd, const DecodeOptions& options);

/// Other stills, drawn by decode_frame, checked for what it gets wrong without a word, and with what stands
/// beside them. `file` is the whole one behind `fd`.
Decoded decode_png(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options);
Decoded decode_webp(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options);
Decoded decode_gif(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options);
Decoded decode_tiff(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options);
Decoded decode_jxl(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options);
/// Of bytes that are none of the known kinds: whatever libavformat makes of them.
Decoded decode_unknown(int fd, std::span<const std::uint8_t> file, const DecodeOptions& options);

/// The `trouble` of a picture that could be drawn in part.
inline constexpr const char* broken_part =
    "A part of the picture is cut off or damaged in the original, and is drawn grey, black or coarse.";

/// Loads what libraries load late (decoders out of plugins), while files can still be opened. Call it once,
/// before the jail.
void prepare_decoders();

} // namespace photosafe::worker
