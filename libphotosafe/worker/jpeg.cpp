// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/jpeg.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio> // jpeglib.h needs it
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include <jerror.h>
#include <jpeglib.h>

#include "core/handle.hpp"

namespace photosafe::worker {

namespace {

constexpr std::string_view exif_name{"Exif\0\0", 6};
constexpr std::string_view xmp_name{"http://ns.adobe.com/xap/1.0/\0", 29};
constexpr std::string_view further_xmp_name{"http://ns.adobe.com/xmp/extension/\0", 35};
constexpr std::string_view iptc_name{"Photoshop 3.0\0", 14};
constexpr std::string_view multi_name{"MPF\0", 4};
constexpr std::size_t segment_room = 65533;
constexpr int exif_marker = JPEG_APP0 + 1, multi_marker = JPEG_APP0 + 2, iptc_marker = JPEG_APP0 + 13;
constexpr unsigned most_scans = 200; // a progressive one needs a dozen; each costs a pass over the picture

struct Failure {
    jpeg_error_mgr manager; // first, so that libjpeg's pointer to it is one to the whole
    std::jmp_buf back;
    bool broken; // pixels were made up
};

// libjpeg's own handler ends the process; nothing may be thrown through its C frames.
[[noreturn]] void jump_back(j_common_ptr info)
{
    std::longjmp(reinterpret_cast<Failure*>(info->err)->back, 1);
}

void say_nothing(j_common_ptr) {}

/// Notes which warnings mean that pixels are made up; the rest is about what stands beside or behind them.
void note_broken(j_common_ptr info, int level)
{
    if (level >= 0) return; // tracing
    Failure& failure = *reinterpret_cast<Failure*>(info->err);
    switch (info->err->msg_code) {
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC: failure.broken = true; break;
    case JWRN_JPEG_EOF: // what lacks nothing but its end mark is whole, but of several scans some may be
                        // missing
        failure.broken |= reinterpret_cast<j_decompress_ptr>(info)->progressive_mode != FALSE;
        break;
    default: break;
    }
}

struct Guard {
    jpeg_progress_mgr manager;
};

/// Ends a JPEG that consists of thousands of scans.
void stop_bomb(j_common_ptr info)
{
    const auto* decoder = reinterpret_cast<j_decompress_ptr>(info);
    if (info->is_decompressor && decoder->input_scan_number > static_cast<int>(most_scans)) {
        info->err->msg_code = 0;
        jump_back(info);
    }
}

std::string message_of(j_common_ptr info)
{
    char text[JMSG_LENGTH_MAX] = {};
    (*info->err->format_message)(info, text);
    return text;
}

void collect(jpeg_decompress_struct& info, Beside& beside)
{
    for (auto* marker = info.marker_list; marker; marker = marker->next) {
        const std::string_view data{reinterpret_cast<const char*>(marker->data), marker->data_length};
        if (marker->marker == exif_marker && data.starts_with(exif_name) && beside.exif.empty()) {
            beside.exif.assign(data.begin() + exif_name.size(), data.end());
        } else if (marker->marker == exif_marker && data.starts_with(xmp_name) && beside.xmp.empty()) {
            beside.xmp = data.substr(xmp_name.size());
        } else if (marker->marker == iptc_marker && data.starts_with(iptc_name)) {
            const auto blocks = beside.iptc.empty() ? data : data.substr(iptc_name.size()); // they go on
            beside.iptc.insert(beside.iptc.end(), blocks.begin(), blocks.end());
        } else if (marker->marker == multi_marker && data.starts_with(multi_name)) {
            beside.further = true;
        } else if (marker->marker == exif_marker && data.starts_with(further_xmp_name)) {
            beside.further_xmp = true;
        }
    }
    JOCTET* profile = nullptr;
    unsigned size = 0;
    if (jpeg_read_icc_profile(&info, &profile, &size)) beside.icc.assign(profile, profile + size);
    std::free(profile);
}

/// A decoder and what it fails with. Its functions must be called below a `setjmp` on `failure.back`.
struct Decoder {
    jpeg_decompress_struct info{};
    Failure failure{};
    Guard guard{};

    Decoder()
    {
        info.err = jpeg_std_error(&failure.manager);
        failure.manager.error_exit = jump_back;
        failure.manager.output_message = say_nothing;
        failure.manager.emit_message = note_broken;
        guard.manager.progress_monitor = stop_bomb;
    }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    ~Decoder()
    {
        jpeg_destroy_decompress(&info);
    } // also right for one that was never created: it is all zero
};

// In the functions below no object with a destructor lives between setjmp and longjmp.

bool open(Decoder& decoder, std::span<const std::uint8_t> file)
{
    if (setjmp(decoder.failure.back) != 0) return false;
    jpeg_create_decompress(&decoder.info);
    decoder.info.progress = &decoder.guard.manager;
    jpeg_mem_src(&decoder.info, file.data(), file.size());
    for (const int marker : {exif_marker, multi_marker, iptc_marker}) {
        jpeg_save_markers(&decoder.info, marker, 0xffff);
    }
    return jpeg_read_header(&decoder.info, TRUE) == JPEG_HEADER_OK;
}

bool start(Decoder& decoder, unsigned eighths)
{
    if (setjmp(decoder.failure.back) != 0) return false;
    decoder.info.scale_num = eighths;
    decoder.info.scale_denom = 8;
    const bool cmyk = decoder.info.jpeg_color_space == JCS_CMYK || decoder.info.jpeg_color_space == JCS_YCCK;
    decoder.info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    return jpeg_start_decompress(&decoder.info) != FALSE;
}

bool read_row(Decoder& decoder, std::uint8_t* row)
{
    if (setjmp(decoder.failure.back) != 0) return false;
    return jpeg_read_scanlines(&decoder.info, &row, 1) == 1;
}

/// CMYK to RGB without its profile: near enough to recognise the picture. Adobe writes it inverted, and says
/// so by a marker of its own.
void cmyk_to_rgb(const std::uint8_t* from, std::uint8_t* to, std::uint32_t width, bool inverted)
{
    const auto light = [inverted](std::uint8_t ink) { return inverted ? ink : 255 - ink; };
    for (std::uint32_t x = 0; x < width; ++x, from += 4, to += 3) {
        for (int c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>(light(from[c]) * light(from[3]) / 255);
    }
}

void open_or_throw(Decoder& decoder, std::span<const std::uint8_t> file)
{
    if (!open(decoder, file)) {
        throw CannotRender{
            "Its JPEG can't be decoded: " + message_of(reinterpret_cast<j_common_ptr>(&decoder.info)) + '.'};
    }
}

/// The least eighths of its size at which the longer edge is still as long as wanted.
unsigned eighths_for(std::uint32_t longest, std::uint32_t wanted)
{
    if (wanted == 0) return 8;
    for (unsigned eighths = 1; eighths < 8; ++eighths) {
        if (std::uint64_t{longest} * eighths / 8 >= wanted) return eighths;
    }
    return 8;
}

/// What is to be compressed: one or the other.
struct Source {
    const Pixels* pixels = nullptr;
    const Planes* planes = nullptr;
    std::uint32_t width = 0, height = 0;
};

/// The rows of planes that libjpeg takes at once, each filled up to whole blocks with its last sample, and
/// the last row repeated below the picture.
class RowsOfBlocks {
public:
    static constexpr std::uint32_t height = 16; ///< in rows of brightness

    explicit RowsOfBlocks(const Planes& planes) : planes_{&planes}
    {
        for (std::size_t i = 0; i < 3; ++i) {
            const std::uint32_t rows = i == 0 ? height : height / 2, block = i == 0 ? 16 : 8;
            const std::size_t width = (std::size_t{(planes.width + 15) / 16}) * block;
            bytes_[i].resize(width * rows);
            for (std::uint32_t y = 0; y < rows; ++y) rows_[i][y] = bytes_[i].data() + width * y;
            planes_of_rows_[i] = rows_[i].data();
        }
    }
    /// Those from this row of brightness on.
    JSAMPIMAGE at(std::uint32_t row)
    {
        for (std::size_t i = 0; i < 3; ++i) {
            const Planes::Plane& plane = planes_->planes[i];
            const std::uint32_t first = i == 0 ? row : row / 2, rows = i == 0 ? height : height / 2;
            const std::size_t width = bytes_[i].size() / rows;
            for (std::uint32_t y = 0; y < rows; ++y) {
                const std::uint8_t* const from =
                    plane.bytes + plane.stride * std::min(first + y, plane.height - 1);
                const std::size_t there = std::min<std::size_t>(plane.width, width);
                std::memcpy(rows_[i][y], from, there);
                std::memset(rows_[i][y] + there, from[there - 1], width - there);
            }
        }
        return planes_of_rows_.data();
    }

private:
    const Planes* planes_;
    std::array<Bytes, 3> bytes_;
    std::array<std::array<JSAMPROW, height>, 3> rows_{};
    std::array<JSAMPARRAY, 3> planes_of_rows_{};
};

bool compress(const Source& source, RowsOfBlocks* blocks, const Beside& beside, const JpegOptions& options,
              const Bytes& exif, const Bytes& xmp, unsigned char** out, unsigned long* size, Failure& failure)
{
    jpeg_compress_struct info;
    info.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = jump_back;
    failure.manager.output_message = say_nothing;
    if (setjmp(failure.back) != 0) {
        jpeg_destroy_compress(&info);
        return false;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, out, size);
    info.image_width = source.width;
    info.image_height = source.height;
    info.input_components = 3;
    info.in_color_space = blocks ? JCS_YCbCr : JCS_RGB;
    jpeg_set_defaults(&info); // colours once for two columns and two rows, as planes are
    info.raw_data_in = blocks ? TRUE : FALSE;
    jpeg_set_quality(&info, options.quality, TRUE);
    if (options.progressive) jpeg_simple_progression(&info);
    info.write_JFIF_header = exif.empty() ? TRUE : FALSE; // EXIF wants to be the first segment itself
    jpeg_start_compress(&info, TRUE);
    const auto write = [&](int marker, const Bytes& data) {
        if (!data.empty()) jpeg_write_marker(&info, marker, data.data(), static_cast<unsigned>(data.size()));
    };
    write(exif_marker, exif);
    write(exif_marker, xmp);
    if (beside.iptc.size() <= segment_room) write(iptc_marker, beside.iptc);
    if (!beside.icc.empty()) {
        jpeg_write_icc_profile(&info, beside.icc.data(), static_cast<unsigned>(beside.icc.size()));
    }
    while (info.next_scanline < info.image_height) {
        if (blocks) {
            jpeg_write_raw_data(&info, blocks->at(info.next_scanline), RowsOfBlocks::height);
            continue;
        }
        auto* row = const_cast<JSAMPROW>(source.pixels->row(info.next_scanline)); // libjpeg only reads it
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    return true;
}

template <class Content>
Bytes named(std::string_view name, const Content& content, std::string_view what,
            std::vector<std::string>& lost)
{
    Bytes result;
    if (content.empty()) return result;
    if (name.size() + content.size() > segment_room) {
        lost.emplace_back(what);
        return result;
    }
    result.assign(name.begin(), name.end());
    result.insert(result.end(), content.begin(), content.end());
    return result;
}

Bytes encode(const Source& source, const Beside& beside, const JpegOptions& options,
             std::vector<std::string>& lost)
{
    if (std::max(source.width, source.height) > JPEG_MAX_DIMENSION) {
        throw CannotRender{"A JPEG can't have edges longer than " + std::to_string(JPEG_MAX_DIMENSION) +
                           " pixels; give a size limit."};
    }
    const Bytes exif = named(exif_name, beside.exif, "exif", lost);
    const Bytes xmp = named(xmp_name, beside.xmp, "xmp", lost);
    if (beside.iptc.size() > segment_room) lost.emplace_back("iptc");
    unsigned char* out = nullptr;
    unsigned long size = 0;
    Failure failure{};
    std::optional<RowsOfBlocks> blocks;
    if (source.planes) blocks.emplace(*source.planes);
    const bool done =
        compress(source, blocks ? &*blocks : nullptr, beside, options, exif, xmp, &out, &size, failure);
    const std::unique_ptr<unsigned char, FreeWith<std::free>> owned{out};
    if (!done) throw CannotRender{"The JPEG can't be written: memory ran out."};
    return {out, out + size};
}

} // namespace

JpegHeader read_jpeg_header(std::span<const std::uint8_t> file)
{
    Decoder decoder;
    open_or_throw(decoder, file);
    JpegHeader header{decoder.info.image_width, decoder.info.image_height, {}};
    collect(decoder.info, header.beside);
    return header;
}

DecodedJpeg decode_jpeg(std::span<const std::uint8_t> file, std::uint32_t wanted_edge, std::uint64_t limit)
{
    Decoder decoder;
    open_or_throw(decoder, file);
    check_size(decoder.info.image_width, decoder.info.image_height, limit);
    DecodedJpeg result;
    collect(decoder.info, result.beside);
    const auto longest = std::max(decoder.info.image_width, decoder.info.image_height);
    if (!start(decoder, eighths_for(longest, wanted_edge))) {
        throw CannotRender{
            "Its JPEG can't be decoded: " + message_of(reinterpret_cast<j_common_ptr>(&decoder.info)) + '.'};
    }
    const Canvas canvas = make_canvas(decoder.info.output_width, decoder.info.output_height);
    const bool cmyk = decoder.info.output_components == 4;
    Bytes line(cmyk ? std::size_t{4} * canvas.pixels.width : 0);
    for (std::uint32_t y = 0; y < canvas.pixels.height; ++y) {
        if (!read_row(decoder, cmyk ? line.data() : canvas.row(y))) {
            throw CannotRender{"Its JPEG is broken at row " + std::to_string(y) + '.'};
        }
        if (cmyk) {
            cmyk_to_rgb(line.data(), canvas.row(y), canvas.pixels.width,
                        decoder.info.saw_Adobe_marker != FALSE);
        }
    }
    result.pixels = canvas.pixels;
    result.broken = decoder.failure.broken;
    return result;
}

Bytes encode_jpeg(const Planes& planes, const Beside& beside, const JpegOptions& options,
                  std::vector<std::string>& lost)
{
    return encode({nullptr, &planes, planes.width, planes.height}, beside, options, lost);
}

Bytes encode_jpeg(const Pixels& pixels, const Beside& beside, const JpegOptions& options,
                  std::vector<std::string>& lost)
{
    return encode({&pixels, nullptr, pixels.width, pixels.height}, beside, options, lost);
}

} // namespace photosafe::worker
