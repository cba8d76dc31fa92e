// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_movie.hpp"

#include "roll_bytes.hpp"
#include "roll_time.hpp"

#include <cmath>
#include <cstdio>

namespace simphone {
namespace {

// Apple's QuickTime File Format Specification; the tracks and keys are those of real iPhone movies.
constexpr unsigned time_scale = 600;
constexpr unsigned media_scale = 2400; // holds 30, 60 and 240 frames a second without a remainder

struct Times {
    std::uint64_t created;  // seconds since 1904
    std::uint64_t duration; // in time_scale
};

std::string matrix(int orientation, unsigned width, unsigned height)
{
    const std::uint64_t one = 0x10000, minus = 0xffff0000, w = 0x40000000;
    const auto rows = [&](std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d, std::uint64_t x,
                          std::uint64_t y) {
        return Bytes{}.u32(a).u32(b).u32(0).u32(c).u32(d).u32(0).u32(x << 16).u32(y << 16).u32(w).take();
    };
    switch (orientation) {
    case 3: return rows(minus, 0, 0, minus, width, height);
    case 6: return rows(0, one, minus, 0, height, 0);
    case 8: return rows(0, minus, one, 0, 0, width);
    default: return rows(one, 0, 0, one, 0, 0);
    }
}

std::string movie_header(const Times& times, unsigned tracks)
{
    return full_box("mvhd", 0, 0,
                    Bytes{}
                        .u32(times.created)
                        .u32(times.created)
                        .u32(time_scale)
                        .u32(times.duration)
                        .u32(0x10000)
                        .u16(0x100)
                        .zeros(10)
                        .text(matrix(1, 0, 0))
                        .zeros(24)
                        .u32(tracks + 1)
                        .take());
}

std::string track_header(const Times& times, unsigned number, int orientation, unsigned width,
                         unsigned height)
{
    return full_box("tkhd", 0, 0xf,
                    Bytes{}
                        .u32(times.created)
                        .u32(times.created)
                        .u32(number)
                        .u32(0)
                        .u32(times.duration)
                        .zeros(8)
                        .u16(0)
                        .u16(0)
                        .u16(0)
                        .u16(0)
                        .text(matrix(orientation, width, height))
                        .u32(std::uint64_t{width} << 16)
                        .u32(std::uint64_t{height} << 16)
                        .take());
}

std::string handler(const char* component, const char* type, const std::string& name)
{
    return full_box(
        "hdlr", 0, 0,
        Bytes{}.text(component).text(type).text("appl").zeros(8).u8(name.size()).text(name).take());
}

std::string media(const Times& times, std::uint64_t scale, std::uint64_t duration, const char* type,
                  const std::string& name, const std::string& media_header, const std::string& samples)
{
    const std::string data_here =
        full_box("dref", 0, 0, Bytes{}.u32(1).text(full_box("alis", 0, 1, {})).take());
    return box("mdia", full_box("mdhd", 0, 0,
                                Bytes{}
                                    .u32(times.created)
                                    .u32(times.created)
                                    .u32(scale)
                                    .u32(duration)
                                    .u16(0x55c4)
                                    .u16(0)
                                    .take()) +
                           handler("mhlr", type, name) +
                           box("minf", media_header + handler("dhlr", "alis", "Core Media Data Handler") +
                                           box("dinf", data_here) + box("stbl", samples)));
}

std::string video_description(const CodedPicture& frame)
{
    const std::string name = "HEVC";
    const std::string entry = Bytes{}
                                  .zeros(6)
                                  .u16(1)
                                  .zeros(16)
                                  .u16(frame.width)
                                  .u16(frame.height)
                                  .u32(0x480000)
                                  .u32(0x480000)
                                  .u32(0)
                                  .u16(1)
                                  .u8(name.size())
                                  .text(name)
                                  .zeros(31 - name.size())
                                  .u16(24)
                                  .u16(0xffff)
                                  .text(box("hvcC", frame.hvcc))
                                  .text(box("colr", Bytes{}.text("nclc").u16(1).u16(1).u16(1).take()))
                                  .take();
    return full_box("stsd", 0, 0, Bytes{}.u32(1).text(box("hvc1", entry)).take());
}

// The few distinct frames lie in the file once, as one chunk that the table names again and again.
std::string video_samples(const std::vector<CodedPicture>& frames, std::uint64_t count, unsigned ticks,
                          std::uint64_t media_data)
{
    const std::uint64_t each = frames.size();
    const std::uint64_t rest = count % each;
    const std::uint64_t chunks = (count + each - 1) / each;
    Bytes sizes, chunk_runs, places;
    sizes.u32(0).u32(count);
    for (std::uint64_t i = 0; i < count; ++i) sizes.u32(frames[i % each].slices.size());
    chunk_runs.u32(rest == 0 ? 1 : 2).u32(1).u32(each).u32(1);
    if (rest != 0) chunk_runs.u32(chunks).u32(rest).u32(1);
    places.u32(chunks);
    for (std::uint64_t i = 0; i < chunks; ++i) places.u32(media_data);
    return video_description(frames.front()) +
           full_box("stts", 0, 0, Bytes{}.u32(1).u32(count).u32(ticks).take()) +
           full_box("stsc", 0, 0, chunk_runs.str()) + full_box("stsz", 0, 0, sizes.str()) +
           full_box("stco", 0, 0, places.str());
}

// One sample of timed metadata whose time is that of the still.
std::string still_time_track(const Times& times, std::uint64_t place)
{
    const std::string key = Bytes{}.text("mdta").text("com.apple.quicktime.still-image-time").take();
    const std::string type = Bytes{}.u32(0).u32(65).take(); // well-known type: 8-bit signed integer
    const std::string keys = box("keys", Bytes{}
                                             .u32(8 + 8 + key.size() + 8 + type.size())
                                             .u32(1)
                                             .text(box("keyd", key))
                                             .text(box("dtyp", type))
                                             .take());
    const std::string samples =
        full_box("stsd", 0, 0,
                 Bytes{}.u32(1).text(box("mebx", Bytes{}.zeros(6).u16(1).text(keys).take())).take()) +
        full_box("stts", 0, 0, Bytes{}.u32(1).u32(1).u32(1).take()) +
        full_box("stsc", 0, 0, Bytes{}.u32(1).u32(1).u32(1).u32(1).take()) +
        full_box("stsz", 0, 0, Bytes{}.u32(9).u32(1).take()) +
        full_box("stco", 0, 0, Bytes{}.u32(1).u32(place).take());
    // The edit list leaves the first half empty, then shows the sample for one tick.
    const std::string edits =
        Bytes{}.u32(2).u32(times.duration / 2).u32(0xffffffff).u32(0x10000).u32(1).u32(0).u32(0x10000).take();
    const std::string general =
        box("gmhd", full_box("gmin", 0, 0,
                             Bytes{}.u16(0x40).u16(0x8000).u16(0x8000).u16(0x8000).u16(0).u16(0).take()));
    return box("trak", track_header(times, 2, 1, 0, 0) + box("edts", full_box("elst", 0, 0, edits)) +
                           box("tref", box("cdsc", Bytes{}.u32(1).take())) +
                           media(times, time_scale, 1, "meta", "Core Media Metadata", general, samples));
}

std::string location_text(const Place& place)
{
    char text[64];
    const int length = std::snprintf(text, sizeof text, "%+08.4f%+09.4f%+08.3f/", place.latitude,
                                     place.longitude, place.altitude);
    return {text, static_cast<std::size_t>(length)};
}

// Keys and their values, as the movie has them and as a track has them.
class Keys {
public:
    void add(const char* key, unsigned type, const std::string& value)
    {
        ++count_;
        const std::string name = std::string{"com.apple.quicktime."} + key;
        names_.u32(name.size() + 8).text("mdta").text(name);
        const std::string data = box("data", Bytes{}.u32(type).u32(0).text(value).take());
        values_.u32(data.size() + 8).u32(count_).text(data);
    }
    std::string meta() const
    {
        return box("meta", full_box("hdlr", 0, 0, Bytes{}.u32(0).text("mdta").zeros(14).take()) +
                               full_box("keys", 0, 0, Bytes{}.u32(count_).text(names_.str()).take()) +
                               box("ilst", values_.str()));
    }

    static constexpr unsigned utf8 = 1, signed_number = 21, unsigned_number = 22;

private:
    std::size_t count_ = 0;
    Bytes names_, values_;
};

std::string metadata(const RollFile& file)
{
    Keys keys;
    if (file.place) keys.add("location.accuracy.horizontal", Keys::utf8, "4.750000");
    if (file.kind == FileKind::live_video) keys.add("live-photo.auto", Keys::unsigned_number, "\1");
    keys.add("full-frame-rate-playback-intent", Keys::signed_number,
             Bytes{}.u64(file.kind != FileKind::slow_motion).take());
    if (!file.content_identifier.empty()) keys.add("content.identifier", Keys::utf8, file.content_identifier);
    if (file.place) keys.add("location.ISO6709", Keys::utf8, location_text(*file.place));
    if (file.camera) {
        keys.add("make", Keys::utf8, file.camera->make);
        keys.add("model", Keys::utf8, file.camera->model);
        keys.add("software", Keys::utf8, file.camera->software);
    }
    keys.add("creationdate", Keys::utf8, quicktime_time(file.captured));
    return keys.meta();
}

// What lens took it stands in the track of the pictures.
std::string track_metadata(const RollFile& file)
{
    if (!file.camera) return {};
    Keys keys;
    keys.add("camera.lens_model", Keys::utf8, file.camera->lens);
    keys.add("camera.focal_length.35mm_equivalent", Keys::signed_number,
             Bytes{}.u32(static_cast<unsigned>(file.camera->focal_35mm)).take());
    return keys.meta();
}

} // namespace

Movie assemble_movie(const RollFile& file, const std::vector<CodedPicture>& frames, std::uint64_t filling)
{
    const bool live = file.kind == FileKind::live_video || file.kind == FileKind::edited_video;
    std::string data;
    for (const auto& frame : frames) data += frame.slices;
    const std::size_t still_sample = data.size();
    if (live) data += Bytes{}.u32(9).u32(1).u8(0xff).take();

    const std::string brands = box("ftyp", Bytes{}.text("qt  ").u32(0).text("qt  ").take());
    const std::uint64_t media_size = data.size() + filling + 8;
    // The empty box before the media data leaves room for a 64-bit size, which large movies then use.
    const std::string media_head = media_size >> 32 == 0
                                       ? box("wide", {}) + Bytes{}.u32(media_size).text("mdat").take()
                                       : Bytes{}.u32(1).text("mdat").u64(media_size + 8).take();
    const std::uint64_t media_data = brands.size() + media_head.size();

    const auto count = static_cast<std::uint64_t>(std::llround(file.seconds * file.fps));
    const unsigned ticks = media_scale / file.fps;
    const Times times{quicktime_seconds(file.captured), count * ticks * time_scale / media_scale};
    const std::string video_media_header =
        full_box("vmhd", 0, 1, Bytes{}.u16(0x40).u16(0x8000).u16(0x8000).u16(0x8000).take());
    const std::string video =
        box("trak", track_header(times, 1, file.orientation, file.width, file.height) +
                        media(times, media_scale, count * ticks, "vide", "Core Media Video",
                              video_media_header, video_samples(frames, count, ticks, media_data)) +
                        track_metadata(file));
    const std::string still = live ? still_time_track(times, media_data + still_sample) : std::string{};
    return {brands + media_head + data, filling,
            box("moov", movie_header(times, live ? 2 : 1) + video + still + metadata(file))};
}

} // namespace simphone
