// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_jpeg.hpp"

#include "roll_bytes.hpp"
#include "roll_exif.hpp"
#include "roll_pictures.hpp"
#include "roll_random.hpp"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
#include <stdexcept>

namespace simphone {
namespace {

struct Failure {
    jpeg_error_mgr manager; // first, so that libjpeg's pointer to it is one to the whole
    std::jmp_buf back;
};

// libjpeg's own handler ends the process; nothing may be thrown through its C frames.
[[noreturn]] void jump_back(j_common_ptr info)
{
    std::longjmp(reinterpret_cast<Failure*>(info->err)->back, 1);
}

// No object with a destructor lives between setjmp and longjmp.
bool compress(const Picture& picture, int quality, unsigned char* row, unsigned char** out,
              unsigned long* size)
{
    jpeg_compress_struct info;
    Failure failure;
    info.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = jump_back;
    if (setjmp(failure.back) != 0) {
        jpeg_destroy_compress(&info);
        return false;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, out, size);
    info.image_width = picture.width;
    info.image_height = picture.height;
    info.input_components = 3;
    info.in_color_space = JCS_YCbCr;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    info.dct_method = JDCT_ISLOW; // the one that is the same with and without SIMD
    info.write_JFIF_header = FALSE;
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        const std::size_t line = std::size_t{info.next_scanline} * picture.width;
        for (std::size_t x = 0; x < picture.width; ++x) {
            row[3 * x] = picture.y[line + x];
            row[3 * x + 1] = picture.cb[line + x];
            row[3 * x + 2] = picture.cr[line + x];
        }
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    return true;
}

std::string segment(unsigned marker, const std::string& content)
{
    return Bytes{}.u8(0xff).u8(marker).u16(content.size() + 2).text(content).take();
}

} // namespace

std::string encode_jpeg(const Picture& picture, int quality)
{
    std::string row(std::size_t{picture.width} * 3, '\0');
    unsigned char* raw = nullptr;
    unsigned long size = 0;
    const bool done = compress(picture, quality, reinterpret_cast<unsigned char*>(row.data()), &raw, &size);
    std::string result;
    if (done) result.assign(reinterpret_cast<const char*>(raw), size);
    std::free(raw);
    if (!done) throw std::runtime_error("libjpeg could not encode a picture");
    return result;
}

std::string assemble_jpeg(const RollFile& file, const std::string& picture, const std::string& thumbnail)
{
    constexpr std::size_t start_size = 2;
    std::string result = picture.substr(0, start_size);
    if (file.camera)
        result += segment(0xe1, std::string{"Exif\0\0", 6} + exif_block(file, thumbnail));
    else
        result += segment(0xe0, {"JFIF\0\1\1\0\0\110\0\110\0\0", 14});
    // A comment makes a picture without EXIF its own, too.
    if (!file.camera) result += segment(0xfe, std::to_string(file.seed));
    return result + picture.substr(start_size);
}

std::string make_gif(const RollFile& file)
{
    Random random{file.seed};
    std::string colours(6, '\0');
    random.fill(colours.data(), colours.size());
    std::string gif{"GIF89a\x08\0\x08\0\x80\0\0", 13};
    gif += colours;
    gif += std::string{"\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0", 19};
    const auto comment = std::to_string(file.seed);
    gif += std::string{"\x21\xfe"} + static_cast<char>(comment.size()) + comment + '\0';
    // 64 pixels of one colour: codes of three bits with a clear code before each, so that no table grows.
    for (unsigned frame = 0; frame < 2; ++frame) {
        gif += std::string{"\x21\xf9\4\0\x32\0\0\0\x2c\0\0\0\0\x08\0\x08\0\0\2", 19};
        std::string packed;
        unsigned bits = 0, filled = 0;
        const auto code = [&](unsigned value) {
            bits |= value << filled;
            filled += 3;
            for (; filled >= 8; filled -= 8, bits >>= 8) packed += static_cast<char>(bits & 0xff);
        };
        for (int pixel = 0; pixel < 64; ++pixel) code(4), code(frame);
        code(5);
        if (filled > 0) packed += static_cast<char>(bits & 0xff);
        gif += static_cast<char>(packed.size()) + packed + '\0';
    }
    return gif + ';';
}

} // namespace simphone
