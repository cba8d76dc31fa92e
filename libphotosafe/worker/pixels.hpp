// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <photosafe/error.hpp>

namespace photosafe::worker {

/// A picture that can't be shown; `what()` is a sentence that says why.
class CannotRender : public MediaError {
public:
    explicit CannotRender(std::string_view reason) : MediaError{ErrorCode::unreadable, reason} {}
};

/// Red, green and blue, a byte each. Copies share the bytes, which nobody changes once they are drawn.
struct Pixels {
    std::uint32_t width = 0, height = 0;
    std::size_t stride = 0; ///< bytes from one row to the next, at least 3 * width
    std::shared_ptr<const std::uint8_t> rgb;

    const std::uint8_t* row(std::uint32_t y) const noexcept { return rgb.get() + stride * y; }
    std::uint32_t longest() const noexcept { return width > height ? width : height; }
};

/// A picture as a JPEG has it inside: brightness and two colours (those of BT.601, in their full range), the
/// colours once for two columns and two rows. Copies share the bytes.
struct Planes {
    struct Plane {
        const std::uint8_t* bytes = nullptr;
        std::size_t stride = 0;
        std::uint32_t width = 0, height = 0;
    };
    std::uint32_t width = 0, height = 0;
    std::array<Plane, 3> planes{};
    std::shared_ptr<const void> owner; ///< of their bytes
};

/// Pixels being drawn, and the same bytes to write.
struct Canvas {
    Pixels pixels;
    std::uint8_t* bytes = nullptr;

    std::uint8_t* row(std::uint32_t y) const noexcept { return bytes + pixels.stride * y; }
};
Canvas make_canvas(std::uint32_t width, std::uint32_t height);

/// Whether colours are as they are, or have been multiplied by their alpha already.
enum class Alpha { straight, premultiplied };

/// The picture that shows where red, green, blue and alpha lie on white, as a JPEG has to have it. `opaque`
/// is set to whether nothing shows through.
Pixels on_white(const std::uint8_t* rgba, std::size_t stride, std::uint32_t width, std::uint32_t height,
                bool& opaque, Alpha kind = Alpha::straight);

/// Refuses what a file claims to be before anything of that size is allocated: nothing at all, or more than
/// `limit` pixels. Throws CannotRender.
void check_size(std::uint64_t width, std::uint64_t height, std::uint64_t limit);

/// Pictures above this are refused unless told otherwise: 200 megapixels.
constexpr std::uint64_t default_pixel_limit = 200'000'000;

/// The picture with its longer edge at most `max_edge` (0: as it is), each new pixel the mean of the area
/// that it covers. Never larger than it was.
Pixels scale_down(const Pixels& from, std::uint32_t max_edge);

/// The same without so many columns and rows at each side; borders below 0 count as 0. Throws CannotRender
/// where nothing is left.
Pixels cropped(const Pixels& from, int left, int top, int right, int bottom);

/// The picture turned as EXIF's `orientation` (1 to 8) says that it has to be, to be upright.
Pixels turn_upright(const Pixels& from, int orientation);

/// The orientation that undoes this one: turn_upright(turn_upright(p, o), opposite(o)) is p.
int opposite(int orientation) noexcept;

} // namespace photosafe::worker
