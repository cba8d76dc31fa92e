// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_png.hpp"

#include "roll_bytes.hpp"
#include "roll_exif.hpp"
#include "roll_random.hpp"

#include <zlib.h>

#include <stdexcept>

namespace simphone {
namespace {

std::string chunk(const char* type, const std::string& content)
{
    const std::string body = type + content;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return Bytes{}.u32(content.size()).text(body).u32(sum).take();
}

// One line of the screen: a margin, a coloured strip, a margin.
std::string line(unsigned width, unsigned margin, const std::string& ground, const std::string& strip)
{
    std::string row(1, '\0');
    for (unsigned x = 0; x < width; ++x) row += x < margin || x + margin >= width ? ground : strip;
    return row;
}

} // namespace

std::string compress_screen(std::uint64_t seed, unsigned width, unsigned height)
{
    Random random{seed};
    const std::string ground(3, static_cast<char>(random.chance(30) ? 0x10 : 0xf2));
    std::string screen;
    screen.reserve((std::size_t{width} * 3 + 1) * height);
    while (screen.size() < (std::size_t{width} * 3 + 1) * height) {
        std::string colour(3, '\0');
        random.fill(colour.data(), colour.size());
        const std::string row =
            line(width, static_cast<unsigned>(random.between(10, width / 4)), ground, colour);
        const auto thickness = random.between(20, 160);
        for (int i = 0; i < thickness && screen.size() < row.size() * height; ++i) screen += row;
    }
    uLongf size = compressBound(screen.size());
    std::string packed(size, '\0');
    if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                  reinterpret_cast<const Bytef*>(screen.data()), screen.size(), 6) != Z_OK)
        throw std::runtime_error("zlib could not compress a screen");
    packed.resize(size);
    return packed;
}

std::string assemble_png(const RollFile& file, const std::string& rows)
{
    const std::string header = Bytes{}.u32(file.width).u32(file.height).u8(8).u8(2).zeros(3).take();
    const std::string xmp = Bytes{}.text("XML:com.adobe.xmp").zeros(5).text(xmp_packet(file)).take();
    return Bytes{}.u8(0x89).text("PNG\r\n\x1a\n").take() + chunk("IHDR", header) +
           chunk("sRGB", std::string(1, '\0')) + chunk("eXIf", screenshot_exif_block(file)) +
           chunk("iTXt", xmp) + chunk("IDAT", rows) + chunk("IEND", {});
}

} // namespace simphone
