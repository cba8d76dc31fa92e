// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/decode.hpp"

#include <algorithm>
#include <memory>
#include <string_view>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include "worker/av_input.hpp"
#include "worker/colour.hpp"

namespace photosafe::worker {

namespace {

constexpr int most_packets = 2000; ///< read before a movie without a picture is given up

struct FreeCodec {
    void operator()(AVCodecContext* one) const noexcept { avcodec_free_context(&one); }
};
struct FreeFrame {
    void operator()(AVFrame* one) const noexcept { av_frame_free(&one); }
};
struct FreePacket {
    void operator()(AVPacket* one) const noexcept { av_packet_free(&one); }
};
struct FreeScaler {
    void operator()(SwsContext* one) const noexcept { sws_freeContext(one); }
};
using Codec = std::unique_ptr<AVCodecContext, FreeCodec>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;

Codec open_codec(const AVStream& stream, std::uint64_t limit)
{
    const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
    if (!codec) throw CannotRender{"No decoder for it is installed."};
    Codec context{avcodec_alloc_context3(codec)};
    if (!context) throw CannotRender{"Memory ran out."};
    check_av(avcodec_parameters_to_context(context.get(), stream.codecpar), "Its video");
    context->thread_count = 1; // other pictures have the other processors
    context->max_pixels = static_cast<std::int64_t>(limit);
    check_av(avcodec_open2(context.get(), codec, nullptr), "Its video");
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

/// How to read a frame's numbers as colours: where it doesn't say, as movies of its size and all stills are.
/// `moves`: a movie of more than one frame; `still`: a picture's own format, whose numbers use the full
/// range.
void set_colours(SwsContext& scaler, const AVFrame& frame, bool moves, bool still)
{
    const int matrix = frame.colorspace == AVCOL_SPC_BT2020_NCL ? SWS_CS_BT2020
                       : frame.colorspace == AVCOL_SPC_BT709    ? SWS_CS_ITU709
                       : frame.colorspace == AVCOL_SPC_UNSPECIFIED && moves && frame.height >= 720
                           ? SWS_CS_ITU709
                           : SWS_CS_ITU601;
    const bool told = frame.color_range != AVCOL_RANGE_UNSPECIFIED;
    const int full = (told ? frame.color_range == AVCOL_RANGE_JPEG : still) ? 1 : 0;
    (void)sws_setColorspaceDetails(&scaler, sws_getCoefficients(matrix), full,
                                   sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16,
                                   1 << 16); // RGB has none to set, and needs none
}

/// The frame's pixels; what they can't show is named in `lost`.
Pixels to_rgb(const AVFrame& frame, bool moves, bool still, std::uint64_t limit,
              std::vector<std::string>& lost)
{
    check_size(static_cast<std::uint64_t>(std::max(frame.width, 0)),
               static_cast<std::uint64_t>(std::max(frame.height, 0)), limit);
    const auto width = static_cast<std::uint32_t>(frame.width);
    const auto height = static_cast<std::uint32_t>(frame.height);
    const auto format = static_cast<AVPixelFormat>(frame.format);
    const AVPixFmtDescriptor* kind = av_pix_fmt_desc_get(format);
    if (!kind) throw CannotRender{"Its pixels are of a kind that can't be shown."};
    if (kind->comp[0].depth > 8) lost.emplace_back("bit_depth");
    // A palette's colours may be transparent too.
    const bool alpha = (kind->flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL)) != 0;
    const std::unique_ptr<SwsContext, FreeScaler> scaler{
        sws_getContext(frame.width, frame.height, format, frame.width, frame.height,
                       alpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24,
                       SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr, nullptr)};
    if (!scaler) throw CannotRender{"Its pixels are of a kind that can't be shown."};
    set_colours(*scaler, frame, moves, still);
    const auto draw = [&](std::uint8_t* bytes, std::size_t stride) {
        std::uint8_t* rows[4] = {bytes};
        const int strides[4] = {static_cast<int>(stride)};
        check_av(sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, rows, strides),
                 "Its picture");
    };
    if (!alpha) {
        const Canvas canvas = make_canvas(width, height);
        draw(canvas.bytes, canvas.pixels.stride);
        return canvas.pixels;
    }
    std::vector<std::uint8_t> rgba(std::size_t{4} * width * height);
    draw(rgba.data(), std::size_t{4} * width);
    bool opaque = false;
    const Pixels pixels = on_white(rgba.data(), std::size_t{4} * width, width, height, opaque);
    if (!opaque) lost.emplace_back("alpha");
    return pixels;
}

/// The profile that came along with the frame; else one made of the numbers that stand for it.
Bytes profile_of(const AVFrame& frame)
{
    const AVFrameSideData* icc = av_frame_get_side_data(&frame, AV_FRAME_DATA_ICC_PROFILE);
    if (icc && icc->size > 0) return {icc->data, icc->data + icc->size};
    return profile_of_primaries(frame.color_primaries);
}

} // namespace

Decoded decode_frame(int fd, const DecodeOptions& options)
{
    const AvInput input{fd, {}};
    check_av(avformat_find_stream_info(input.get(), nullptr), "It holds no video");
    const int number = av_find_best_stream(input.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    check_av(number, "It holds no video");
    const AVStream& stream = *input->streams[number];
    // Some kinds tell their size only as they are decoded.
    if (stream.codecpar->width > 0 && stream.codecpar->height > 0) {
        check_size(static_cast<std::uint64_t>(stream.codecpar->width),
                   static_cast<std::uint64_t>(stream.codecpar->height), options.pixel_limit);
    }
    const Codec codec = open_codec(stream, options.pixel_limit);
    // The very first picture of a movie is often black or blurred.
    if (input->duration > AV_TIME_BASE) {
        (void)avformat_seek_file(input.get(), -1, INT64_MIN,
                                 std::min<std::int64_t>(AV_TIME_BASE, input->duration / 10), INT64_MAX, 0);
    }
    const Frame frame = next_frame(*input, *codec, number);
    const bool moves = stream.duration != 0 && stream.nb_frames != 1 && input->duration > 0;
    Decoded decoded;
    decoded.orientation = decoded.stored_orientation = orientation_of(stream);
    const bool still = std::string_view{input->iformat->name}.ends_with("_pipe");
    decoded.pixels = to_rgb(*frame, moves, still, options.pixel_limit, decoded.lost);
    decoded.beside.icc = profile_of(*frame);
    if (decoded.beside.icc.empty() && !is_near_srgb(frame->color_primaries))
        decoded.lost.emplace_back("colour_profile");
    decoded.decoder = "libavcodec";
    if (frame->color_trc == AVCOL_TRC_SMPTE2084 || frame->color_trc == AVCOL_TRC_ARIB_STD_B67) {
        decoded.lost.emplace_back("hdr_transfer");
    }
    if (moves) decoded.lost.emplace_back("movement");
    return decoded;
}

} // namespace photosafe::worker
