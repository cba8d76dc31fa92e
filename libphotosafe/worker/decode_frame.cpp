// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/decode.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <memory>

#include <sys/stat.h>
#include <unistd.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include "worker/colour.hpp"

namespace photosafe::worker {

namespace {

constexpr int buffer_bytes = 64 << 10;
constexpr int most_packets = 2000; ///< read before a movie without a picture is given up

struct CloseInput {
    void operator()(AVFormatContext* one) const noexcept { avformat_close_input(&one); }
};
struct FreeCodec {
    void operator()(AVCodecContext* one) const noexcept { avcodec_free_context(&one); }
};
struct FreeFrame {
    void operator()(AVFrame* one) const noexcept { av_frame_free(&one); }
};
struct FreePacket {
    void operator()(AVPacket* one) const noexcept { av_packet_free(&one); }
};
struct FreeIo {
    void operator()(AVIOContext* one) const noexcept
    {
        av_freep(&one->buffer); // it may have grown into another one than it was made with
        avio_context_free(&one);
    }
};
struct FreeScaler {
    void operator()(SwsContext* one) const noexcept { sws_freeContext(one); }
};
using Input = std::unique_ptr<AVFormatContext, CloseInput>;
using Codec = std::unique_ptr<AVCodecContext, FreeCodec>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;

/// Reading by position: the descriptor's own offset may be shared.
struct Place {
    int fd;
    std::int64_t at, size;
};

int read_some(void* opaque, std::uint8_t* to, int size)
{
    auto* place = static_cast<Place*>(opaque);
    ssize_t n = 0;
    do {
        n = ::pread(place->fd, to, static_cast<std::size_t>(size), place->at);
    } while (n < 0 && errno == EINTR);
    if (n < 0) return AVERROR(errno);
    place->at += n;
    return n == 0 ? AVERROR_EOF : static_cast<int>(n);
}

std::int64_t seek_to(void* opaque, std::int64_t offset, int whence)
{
    auto* place = static_cast<Place*>(opaque);
    if (whence & AVSEEK_SIZE) return place->size;
    const std::int64_t base = (whence & 3) == SEEK_CUR   ? place->at
                              : (whence & 3) == SEEK_END ? place->size
                                                         : 0;
    if (offset > 0 && base > INT64_MAX - offset) return AVERROR(EINVAL);
    if (base + offset < 0) return AVERROR(EINVAL);
    return place->at = base + offset;
}

void check(int rc, std::string_view doing)
{
    if (rc >= 0) return;
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(rc, text.data(), text.size());
    throw CannotRender{std::string{doing} + ": " + text.data() + '.'};
}

Codec open_codec(const AVStream& stream, std::uint64_t limit)
{
    const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
    if (!codec) throw CannotRender{"No decoder for it is installed."};
    Codec context{avcodec_alloc_context3(codec)};
    if (!context) throw CannotRender{"Memory ran out."};
    check(avcodec_parameters_to_context(context.get(), stream.codecpar), "Its video");
    context->thread_count = 1; // other pictures have the other processors
    context->max_pixels = static_cast<std::int64_t>(limit);
    check(avcodec_open2(context.get(), codec, nullptr), "Its video");
    return context;
}

/// The first picture that comes from here on.
Frame next_frame(AVFormatContext& input, AVCodecContext& codec, int stream)
{
    const std::unique_ptr<AVPacket, FreePacket> packet{av_packet_alloc()};
    Frame frame{av_frame_alloc()};
    if (!packet || !frame) throw CannotRender{"Memory ran out."};
    for (int packets = 0; packets < most_packets; ++packets) {
        const int read = av_read_frame(&input, packet.get());
        if (read >= 0 && packet->stream_index == stream) {
            (void)avcodec_send_packet(&codec, packet.get()); // a broken one may be followed by a sound one
        } else if (read < 0) {
            (void)avcodec_send_packet(&codec, nullptr);
        }
        av_packet_unref(packet.get());
        if (avcodec_receive_frame(&codec, frame.get()) >= 0) return frame;
        if (read < 0) break;
    }
    throw CannotRender{"No picture in it can be decoded."};
}

/// EXIF's orientation for the turn that a movie's matrix asks for.
int orientation_of(const AVStream& stream)
{
    const auto* matrix = reinterpret_cast<const std::int32_t*>(
        av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
    if (!matrix) return 1;
    const double degrees = av_display_rotation_get(matrix); // counter-clockwise
    if (std::isnan(degrees)) return 1;
    switch ((static_cast<int>(std::lround(degrees / 90)) % 4 + 4) % 4) {
    case 1: return 8;
    case 2: return 3;
    case 3: return 6;
    default: return 1;
    }
}

Pixels to_rgb(const AVFrame& frame, std::uint32_t wanted, std::uint64_t limit)
{
    check_size(static_cast<std::uint64_t>(std::max(frame.width, 0)),
               static_cast<std::uint64_t>(std::max(frame.height, 0)), limit);
    const Canvas canvas =
        make_canvas(static_cast<std::uint32_t>(frame.width), static_cast<std::uint32_t>(frame.height));
    const auto format = static_cast<AVPixelFormat>(frame.format);
    const std::unique_ptr<SwsContext, FreeScaler> scaler{
        sws_getContext(frame.width, frame.height, format, frame.width, frame.height, AV_PIX_FMT_RGB24,
                       SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr, nullptr)};
    if (!scaler) throw CannotRender{"Its pixels are of a kind that can't be shown."};
    const int matrix = frame.colorspace == AVCOL_SPC_BT2020_NCL                           ? SWS_CS_BT2020
                       : frame.colorspace == AVCOL_SPC_BT709                              ? SWS_CS_ITU709
                       : frame.colorspace == AVCOL_SPC_UNSPECIFIED && frame.height >= 720 ? SWS_CS_ITU709
                                                                                          : SWS_CS_ITU601;
    const int full = frame.color_range == AVCOL_RANGE_JPEG ? 1 : 0;
    (void)sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(matrix), full,
                                   sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16,
                                   1 << 16); // RGB has none to set, and needs none
    std::uint8_t* rows[4] = {canvas.bytes};
    const int strides[4] = {static_cast<int>(canvas.pixels.stride)};
    check(sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, rows, strides), "Its picture");
    return scale_down(canvas.pixels, wanted);
}

} // namespace

void quieten_libavcodec() { av_log_set_level(AV_LOG_QUIET); }

Decoded decode_frame(int fd, const DecodeOptions& options)
{
    struct stat facts {};
    if (::fstat(fd, &facts) != 0) throw CannotRender{"It can't be looked at."};
    Place place{fd, 0, facts.st_size};
    auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_bytes));
    std::unique_ptr<AVIOContext, FreeIo> io{
        buffer ? avio_alloc_context(buffer, buffer_bytes, 0, &place, read_some, nullptr, seek_to) : nullptr};
    AVFormatContext* raw = io ? avformat_alloc_context() : nullptr;
    if (!raw) throw CannotRender{"Memory ran out."};
    raw->pb = io.get();
    raw->max_streams = 64;
    check(avformat_open_input(&raw, nullptr, nullptr, nullptr),
          "It is of no known kind"); // frees it when it fails
    const Input input{raw};
    check(avformat_find_stream_info(input.get(), nullptr), "It holds no video");
    const int number = av_find_best_stream(input.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    check(number, "It holds no video");
    const AVStream& stream = *input->streams[number];
    check_size(static_cast<std::uint64_t>(std::max(stream.codecpar->width, 0)),
               static_cast<std::uint64_t>(std::max(stream.codecpar->height, 0)), options.pixel_limit);
    const Codec codec = open_codec(stream, options.pixel_limit);
    // The very first picture of a movie is often black or blurred.
    if (input->duration > AV_TIME_BASE) {
        (void)avformat_seek_file(input.get(), -1, INT64_MIN,
                                 std::min<std::int64_t>(AV_TIME_BASE, input->duration / 10), INT64_MAX, 0);
    }
    const Frame frame = next_frame(*input, *codec, number);
    Decoded decoded;
    decoded.orientation = decoded.stored_orientation = orientation_of(stream);
    decoded.pixels = to_rgb(*frame, options.wanted_edge, options.pixel_limit);
    decoded.beside.icc = profile_of_primaries(frame->color_primaries);
    decoded.decoder = "libavcodec";
    if (frame->color_trc == AVCOL_TRC_SMPTE2084 || frame->color_trc == AVCOL_TRC_ARIB_STD_B67) {
        decoded.lost.emplace_back("hdr_transfer");
    }
    if (stream.duration != 0 && stream.nb_frames != 1 && input->duration > 0)
        decoded.lost.emplace_back("movement");
    return decoded;
}

} // namespace photosafe::worker
