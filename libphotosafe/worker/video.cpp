// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/video.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/mem.h>
}

#include "media/capture_time.hpp"
#include "worker/av_input.hpp"
#include "worker/avi_clock.hpp"
#include "worker/file_text.hpp"
#include "worker/pixels.hpp"
#include "worker/quicktime.hpp"

namespace photosafe::worker {

namespace {

constexpr double most_time = 3; // seconds of processor time; a file of nothing but empty boxes wastes it best
constexpr std::uint64_t most_bytes = 256u << 20; // an hour of 240 frames a second has an index of 15 MiB
constexpr std::size_t most_tags = 512;
constexpr double most_seconds = 1e7, most_frames = 1e5; // what is above isn't true
constexpr double slow_from = 100;                       // frames a second

/// While it lives, libav* gets no larger piece of memory at once: it takes as much as a box claims to hold,
/// before it looks whether the file does.
class MemoryLimit {
public:
    MemoryLimit() { av_max_alloc(128u << 20); }
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;
    ~MemoryLimit() { av_max_alloc(INT_MAX); } // as it is otherwise
};

/// The keys of a movie. The first value that is added to one stays, also if it is empty: what wasn't
/// understood in the boxes isn't taken as libavformat misread it.
class Tags {
public:
    void add(std::string key, std::string value)
    {
        if (all_.size() < most_tags && place(key) == all_.end())
            all_.push_back({std::move(key), std::move(value)});
    }
    /// None where it has no value.
    const std::string* find(std::string_view key) const
    {
        const auto found = place(key);
        return found == all_.end() || found->value.empty() ? nullptr : &found->value;
    }
    /// The value of the first of these keys that is there; empty where none is.
    std::string first(std::initializer_list<std::string_view> keys) const
    {
        for (const std::string_view key : keys) {
            if (const std::string* value = find(key)) return *value;
        }
        return {};
    }
    std::optional<double> number(std::string_view key) const
    {
        const std::string* text = find(key);
        if (!text) return std::nullopt;
        double value = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
        if (error != std::errc{} || end != text->data() + text->size() || !std::isfinite(value))
            return std::nullopt;
        return value;
    }
    const std::vector<RawTag>& all() const { return all_; }

private:
    std::vector<RawTag>::const_iterator place(std::string_view key) const
    {
        return std::find_if(all_.begin(), all_.end(), [&](const RawTag& tag) { return tag.key == key; });
    }

    std::vector<RawTag> all_;
};

const AVInputFormat* format_of(std::string_view mime)
{
    struct Known {
        std::string_view mime;
        const char* format;
    };
    static constexpr std::array<Known, 5> known{{{"video/x-msvideo", "avi"},
                                                 {"video/x-matroska", "matroska"},
                                                 {"video/mpeg", "mpeg"},
                                                 {"video/mp2t", "mpegts"},
                                                 {"video/x-ms-wmv", "asf"}}};
    const auto* const found =
        std::find_if(known.begin(), known.end(), [&](const Known& one) { return one.mime == mime; });
    return av_find_input_format(found == known.end() ? "mov" : found->format);
}

/// ISO 6709 as phones write it: `+34.0083-118.4979+010.558/`; degrees, or with minutes, or with seconds too.
std::optional<GeoPoint> parse_position(std::string_view text)
{
    const auto number = [&](std::size_t degree_digits) -> std::optional<double> {
        if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
        const bool negative = text[0] == '-';
        text.remove_prefix(1);
        const std::size_t whole = std::min(text.find_first_not_of("0123456789"), text.size());
        const std::size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + size, value);
        if (error != std::errc{} || end != text.data() + size) return std::nullopt;
        text.remove_prefix(size);
        if (degree_digits > 0 && whole == degree_digits + 2) {
            const double degrees = std::floor(value / 100);
            value = degrees + (value - 100 * degrees) / 60;
        } else if (degree_digits > 0 && whole == degree_digits + 4) {
            const double degrees = std::floor(value / 10'000), minutes = std::floor(value / 100);
            value = degrees + (minutes - 100 * degrees) / 60 + (value - 100 * minutes) / 3600;
        }
        return negative ? -value : value;
    };
    const auto latitude = number(2);
    const auto longitude = number(3);
    if (!latitude || !longitude || std::abs(*latitude) > 90 || std::abs(*longitude) > 180)
        return std::nullopt;
    const auto altitude = number(0);
    return GeoPoint{*latitude, *longitude, altitude && std::abs(*altitude) < 1e5 ? altitude : std::nullopt};
}

std::optional<GeoPoint> position_of(const Tags& tags, std::vector<std::string>& troubles)
{
    const std::string text = tags.first({"com.apple.quicktime.location.ISO6709", "location"});
    const auto position = parse_position(text);
    const bool none = position && position->latitude == 0 && position->longitude == 0; // as EXIF has it
    if (position && !none) return position;
    if (!text.empty()) troubles.push_back("The movie has a position that is none: " + text + '.');
    return std::nullopt;
}

/// The header's time, which is UTC, or of an AVI the camera's clock.
CaptureTime time_of_header(const Tags& tags)
{
    using namespace std::chrono_literals;
    constexpr Instant first_quicktime = std::chrono::sys_days{1990y / 1 / 1};
    const std::string* header = tags.find("creation_time");
    const auto time = header ? parse_wall_time(*header) : std::nullopt;
    if (!time || time->day_only) return {};
    if (!time->offset_minutes) return capture_time(TimeSource::exif_local, *time);
    CaptureTime result{
        TimeSource::quicktime_utc, capture_time(TimeSource::quicktime_utc, *time).instant, {}, {}};
    return result.instant && *result.instant >= first_quicktime ? result : CaptureTime{};
}

/// Of a date without a zone, whose distance from the header's UTC may be one. A header that shows the same
/// is a camera's clock that knows no UTC.
CaptureTime time_of_local(WallTime local, const CaptureTime& header, std::vector<std::string>& troubles)
{
    // Both are of when the recording began. What a program wrote later lies rarely so near to a whole zone.
    constexpr std::chrono::seconds most_apart{60};
    const CaptureTime as_local = capture_time(TimeSource::exif_local, local);
    if (header.source != TimeSource::quicktime_utc || !header.instant) return as_local;
    local.offset_minutes = offset_between(local, *header.instant);
    CaptureTime result = capture_time(TimeSource::quicktime_zone, local);
    if (result.instant && std::chrono::abs(*result.instant - *header.instant) <= most_apart)
        return *local.offset_minutes == 0 ? as_local : result;
    troubles.emplace_back("The movie has a date without a zone, and no zone is as far from its UTC.");
    return as_local;
}

CaptureTime time_of(const Tags& tags, std::vector<std::string>& troubles)
{
    const CaptureTime header = time_of_header(tags);
    constexpr std::string_view creation_date = "com.apple.quicktime.creationdate";
    std::optional<WallTime> local;
    for (const std::string_view key : {creation_date, std::string_view{"date"}}) {
        const std::string* text = tags.find(key);
        if (!text) continue;
        const auto clock = parse_clock(*text);
        // `date` is also where a year alone stands.
        if (!clock && key == creation_date)
            troubles.push_back("The movie has a creation date that is none: " + *text + '.');
        if (!clock || clock->time.day_only) continue;
        if (clock->time.offset_minutes) return capture_time(TimeSource::quicktime_zone, clock->time);
        if (!clock->wrong_offset.empty())
            troubles.push_back("The movie has an offset from UTC that no zone has: " +
                               std::string{clock->wrong_offset} + '.');
        if (!local) local = clock->time;
    }
    return local ? time_of_local(*local, header, troubles) : header;
}

std::vector<std::string> parts(std::string_view list)
{
    std::vector<std::string> result;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (std::string part = clean_text(list.substr(0, comma)); !part.empty()) result.push_back(part);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return result;
}

void take_tags(const Tags& tags, Metadata& facts)
{
    facts.taken = time_of(tags, facts.troubles);
    facts.make = tags.first({"com.apple.quicktime.make", "com.android.manufacturer", "make"});
    facts.model = tags.first({"com.apple.quicktime.model", "com.android.model", "model"});
    facts.lens = tags.first({"com.apple.quicktime.camera.lens_model"});
    facts.software = tags.first({"com.apple.quicktime.software", "software", "encoder"});
    facts.position = position_of(tags, facts.troubles);
    facts.content_id = tags.first({"com.apple.quicktime.content.identifier"});
    facts.title = tags.first({"com.apple.quicktime.title", "title"});
    facts.caption = tags.first({"com.apple.quicktime.description", "description", "comment"});
    facts.keywords = parts(tags.first({"com.apple.quicktime.keywords", "keywords"}));
}

const AVStream* main_video(const AVFormatContext& input)
{
    for (unsigned i = 0; i < input.nb_streams; ++i) {
        const AVStream* stream = input.streams[i];
        if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO) continue;
        if (stream->disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) continue;
        return stream;
    }
    return nullptr;
}

std::optional<double> duration_of(const AVFormatContext& input)
{
    double seconds = input.duration > 0 ? static_cast<double>(input.duration) / AV_TIME_BASE : 0;
    for (unsigned i = 0; i < input.nb_streams && input.duration <= 0; ++i) {
        const AVStream* stream = input.streams[i];
        if (stream->duration > 0)
            seconds = std::max(seconds, static_cast<double>(stream->duration) * av_q2d(stream->time_base));
    }
    if (!(seconds > 0 && seconds < most_seconds)) return std::nullopt;
    return seconds;
}

/// Its bits a sample as HEVC's configuration has them; other codecs say it in their own streams only.
std::optional<int> depth_of(const AVCodecParameters& codec)
{
    constexpr int at = 17; // ISO/IEC 14496-15: bit_depth_luma_minus8, the last three bits
    if (codec.codec_id != AV_CODEC_ID_HEVC || codec.extradata_size <= at || codec.extradata[0] != 1)
        return std::nullopt;
    return 8 + (codec.extradata[at] & 7);
}

void take_stream(const AVStream& stream, Metadata& facts)
{
    const AVCodecParameters& codec = *stream.codecpar;
    if (codec.width > 0 && codec.height > 0) {
        facts.width = static_cast<std::uint32_t>(codec.width);
        facts.height = static_cast<std::uint32_t>(codec.height);
    }
    facts.orientation = orientation_of(stream);
    if (codec.codec_id == AV_CODEC_ID_MJPEG) {
        facts.codec = "jpeg";
    } else if (codec.codec_id != AV_CODEC_ID_NONE) {
        facts.codec = avcodec_get_name(codec.codec_id);
    }
    facts.bit_depth = depth_of(codec);
    const AVRational rate = stream.avg_frame_rate.num > 0 ? stream.avg_frame_rate : stream.r_frame_rate;
    if (rate.num > 0 && rate.den > 0 && av_q2d(rate) < most_frames) facts.frame_rate = av_q2d(rate);
    if (codec.color_primaries != AVCOL_PRI_UNSPECIFIED) facts.colour_profile = "nclx";
    const bool dolby_vision = av_stream_get_side_data(&stream, AV_PKT_DATA_DOVI_CONF, nullptr) != nullptr;
    if (codec.color_trc == AVCOL_TRC_SMPTE2084 || codec.color_trc == AVCOL_TRC_ARIB_STD_B67 || dolby_vision) {
        facts.hdr = true;
    } else if (codec.color_trc != AVCOL_TRC_UNSPECIFIED) {
        facts.hdr = false;
    }
}

constexpr std::string_view avi_clock = "IDIT";

/// libavformat knows one form of it, and half of another.
void take_avi_clock(int fd, Tags& tags)
{
    std::string text = read_avi_clock(fd);
    if (text.empty()) return;
    if (auto plain = plain_avi_clock(text)) tags.add("creation_time", std::move(*plain));
    tags.add(std::string{avi_clock}, std::move(text));
}

bool is_slow_motion(const Tags& tags, const Metadata& facts)
{
    const bool full_rate = tags.first({"com.apple.quicktime.full-frame-rate-playback-intent"}) == "1";
    const double taken_at =
        std::max(facts.frame_rate.value_or(0), tags.number("com.android.capture.fps").value_or(0));
    return taken_at >= slow_from && !full_rate;
}

} // namespace

std::string read_video(int fd, Metadata& facts)
{
    const AVInputFormat* format = format_of(facts.mime);
    const bool quicktime = format && std::string_view{format->name}.starts_with("mov");
    QuickTimeFacts boxes;
    if (quicktime) boxes = read_quicktime(fd);
    if (boxes.cut) facts.troubles.emplace_back("The movie ends within a box.");
    Tags tags;
    for (RawTag& tag : boxes.tags) tags.add(std::move(tag.key), std::move(tag.value));
    if (format && std::string_view{format->name} == "avi") take_avi_clock(fd, tags);
    std::string xmp;
    try {
        const MemoryLimit limit;
        const AvInput input{fd, {format, most_bytes, most_time, true}};
        if (input->ctx_flags & AVFMTCTX_NOHEADER) // streams of packets tell nothing before some were read
            check_av(avformat_find_stream_info(input.get(), nullptr), "Its packets");
        const AVDictionaryEntry* entry = nullptr;
        while ((entry = av_dict_get(input->metadata, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
            if (std::string_view{entry->key} == "xmp") {
                xmp = entry->value;
            } else {
                tags.add(clean_text(entry->key), clean_text(entry->value));
            }
        }
        facts.duration_s = duration_of(*input);
        if (const AVStream* stream = main_video(*input)) take_stream(*stream, facts);
        if (input.cut())
            facts.troubles.emplace_back("Its header goes on and on and was not read to its end.");
    } catch (const CannotRender& trouble) {
        facts.troubles.emplace_back(trouble.what());
    }
    take_tags(tags, facts);
    if (const std::string* clock = tags.find(avi_clock); clock && facts.taken.source == TimeSource::none)
        facts.troubles.push_back("The AVI has a time that is none: " + *clock + '.');
    facts.slow_motion = is_slow_motion(tags, facts);
    facts.spatial = boxes.two_views;
    const std::string prefix = quicktime ? "QuickTime." : "Movie.";
    for (const RawTag& tag : tags.all()) {
        if (!tag.value.empty()) facts.raw.push_back({prefix + tag.key, tag.value});
    }
    for (const std::string& key : boxes.timed) facts.raw.push_back({prefix + key, "timed"});
    return xmp;
}

} // namespace photosafe::worker
