// SPDX-License-Identifier: LGPL-2.1-or-later
// What a worker says of a file is what the library reads of it.
#include "media/protocol.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "core/bounded.hpp"
#include "media/metadata_json.hpp"

namespace photosafe {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Every fact is there, and none has its usual value.
Metadata everything()
{
    Metadata m;
    m.kind = MediaKind::raw;
    m.mime = "image/x-adobe-dng";
    m.taken = {TimeSource::exif_gps, Instant{std::chrono::nanoseconds{-1'700'000'000'123'456'789}},
               "1916-02-18T02:13:19.876", -90};
    m.width = 4'294'967'295;
    m.height = 3024;
    m.orientation = 8;
    m.make = "Apple";
    m.model = "iPhone 15 Pro";
    m.lens = "back triple camera 6.86mm f/1.78";
    m.software = "17.5.1";
    m.position = GeoPoint{-33.856784, 151.21529700000001, -12.25};
    m.content_id = "2D2E6F5D-0F4C-4F5C-9B76-6F2B1D2A9E11";
    m.burst_id = "B";
    m.live_index = -5;
    m.hdr = false;
    m.capture_type = 11;
    m.duration_s = 3.0816666666666666;
    m.frame_rate = 239.97000000000003;
    m.codec = "hevc";
    m.slow_motion = m.spatial = m.panorama = m.screenshot = true;
    m.rating = -1;
    m.title = "写真";
    m.caption = "Zoë \"&\" \\ Ärger";
    m.label = "Red";
    m.location = "Rom, Italien";
    m.keywords = {"sea", "", "Übung"};
    m.people = {{"Anna", 0.25, 0.5, 0.125, -0.0625}, {"", 0, 0, 1, 1}};
    m.bit_depth = 10;
    m.colour_profile = "Display P3";
    m.aux = {"hdr_gain_map", "depth"};
    m.tiles = 48;
    m.edited_by = "com.apple.photo";
    m.edited_at = Instant{std::chrono::nanoseconds{std::numeric_limits<std::int64_t>::max()}};
    m.raw = {{"Exif.Photo.FNumber", "16/9"}, {"Exif.Photo.FNumber", ""}};
    m.troubles = {"One thing."};
    return m;
}

Metadata through(const Metadata& metadata)
{
    return metadata_answer(
        {.json = nlohmann::json{{"metadata", to_json(metadata)}}.dump(), .payload = {}, .descriptor = {}});
}

TEST(Protocol, EveryFactArrives)
{
    const nlohmann::json sent = to_json(everything());

    EXPECT_EQ(to_json(through(everything())), sent);
    // One key a fact; a new one has to be listed here, and in `everything`.
    EXPECT_EQ(sent.size(), 41U);
}

TEST(Protocol, EveryFactIsWhatItWas)
{
    const Metadata m = through(everything()), wanted = everything();

    EXPECT_EQ(m.kind, wanted.kind);
    EXPECT_EQ(m.mime, wanted.mime);
    EXPECT_EQ(m.taken.source, wanted.taken.source);
    EXPECT_EQ(m.taken.instant, wanted.taken.instant);
    EXPECT_EQ(m.taken.local, wanted.taken.local);
    EXPECT_EQ(m.taken.offset_minutes, wanted.taken.offset_minutes);
    EXPECT_EQ(m.width, wanted.width);
    EXPECT_EQ(m.height, wanted.height);
    EXPECT_EQ(m.orientation, wanted.orientation);
    EXPECT_THAT((std::vector{m.make, m.model, m.lens, m.software}),
                ElementsAre(wanted.make, wanted.model, wanted.lens, wanted.software));
    ASSERT_TRUE(m.position);
    EXPECT_EQ(m.position->latitude, wanted.position->latitude);
    EXPECT_EQ(m.position->longitude, wanted.position->longitude);
    EXPECT_EQ(m.position->altitude_m, wanted.position->altitude_m);
    EXPECT_EQ(m.content_id, wanted.content_id);
    EXPECT_EQ(m.burst_id, wanted.burst_id);
    EXPECT_EQ(m.live_index, wanted.live_index);
    EXPECT_EQ(m.hdr, wanted.hdr);
    EXPECT_EQ(m.capture_type, wanted.capture_type);
    EXPECT_EQ(m.duration_s, wanted.duration_s);
    EXPECT_EQ(m.frame_rate, wanted.frame_rate);
    EXPECT_EQ(m.codec, wanted.codec);
    EXPECT_TRUE(m.slow_motion && m.spatial && m.panorama && m.screenshot);
    EXPECT_EQ(m.rating, wanted.rating);
    EXPECT_THAT((std::vector{m.title, m.caption, m.label, m.location}),
                ElementsAre(wanted.title, wanted.caption, wanted.label, wanted.location));
    EXPECT_EQ(m.keywords, wanted.keywords);
    ASSERT_EQ(m.people.size(), 2U);
    EXPECT_EQ(m.people[0].name, "Anna");
    EXPECT_THAT((std::vector{m.people[0].x, m.people[0].y, m.people[0].width, m.people[0].height}),
                ElementsAre(0.25, 0.5, 0.125, -0.0625));
    EXPECT_EQ(m.bit_depth, wanted.bit_depth);
    EXPECT_EQ(m.colour_profile, wanted.colour_profile);
    EXPECT_EQ(m.aux, wanted.aux);
    EXPECT_EQ(m.tiles, wanted.tiles);
    EXPECT_EQ(m.edited_by, wanted.edited_by);
    EXPECT_EQ(m.edited_at, wanted.edited_at);
    ASSERT_EQ(m.raw.size(), 2U);
    EXPECT_EQ(m.raw[0].key, "Exif.Photo.FNumber");
    EXPECT_EQ(m.raw[0].value, "16/9");
    EXPECT_EQ(m.troubles, wanted.troubles);
}

TEST(Protocol, WithoutFactsThereIsNothingToSay)
{
    EXPECT_TRUE(to_json(Metadata{}).empty());
    EXPECT_THAT(through(Metadata{}).troubles, IsEmpty());
}

TEST(Protocol, WhatNoFactCanBeIsATroubleInstead)
{
    Metadata m = everything();
    m.troubles.clear();
    m.orientation = 0;
    m.position->latitude = std::numeric_limits<double>::quiet_NaN();
    m.duration_s = std::numeric_limits<double>::infinity();
    m.taken.local = "0000:00:00";
    m.people[0].x = 1e9;

    const Metadata read = through(m);

    EXPECT_EQ(read.orientation, 1);
    EXPECT_FALSE(read.position);
    EXPECT_FALSE(read.duration_s);
    EXPECT_EQ(read.taken.local, "");
    EXPECT_EQ(read.people.size(), 1U);
    EXPECT_EQ(read.troubles.size(), 5U);
    EXPECT_THAT(read.troubles, Contains(HasSubstr("duration_s")));
}

TEST(Protocol, WhateverReadersLeaveInTextsIsTextAfterwards)
{
    Metadata m;
    m.make = "A\nB\x01\xff";
    m.caption = std::string(10'000, 'c') + "\xf0\x9f";
    m.keywords.assign(2000, "\xe2\x82");
    m.people.assign(1500, {"\x1b[31m", 0, 0, 1, 1});
    m.raw.assign(20'000, {"key", std::string(100, '\x80')});
    m.troubles.assign(5000, "again");

    const Metadata read = through(m);

    EXPECT_EQ(read.make, "A B \uFFFD");
    EXPECT_EQ(read.caption, std::string(4096, 'c'));
    EXPECT_EQ(read.keywords.size(), 1000U);
    EXPECT_EQ(read.people.size(), 1000U);
    EXPECT_EQ(read.people[0].name, " [31m");
    EXPECT_THAT(read.raw.size(), testing::Gt(500U));
    EXPECT_THAT(read.troubles, Contains(HasSubstr("was cut")));
}

TEST(Protocol, ErrorsAreSentencesOfBoundedLength)
{
    const Message message{.json = error_answer(ErrorCode::unreadable, std::string(100'000, '\n')),
                          .payload = {},
                          .descriptor = {}};
    try {
        (void)metadata_answer(message);
        ADD_FAILURE();
    } catch (const MediaError& error) {
        EXPECT_EQ(error.code(), ErrorCode::unreadable);
        EXPECT_EQ(std::string_view{error.what()}.size(), text_limit);
    }
}

TEST(Protocol, RequestsSayWhatIsWanted)
{
    const auto request = [](const std::string& json) {
        return request_of({.json = json, .payload = {}, .descriptor = {}});
    };
    EXPECT_EQ(request(metadata_request())["job"], "metadata");
    RenderOptions options;
    options.quality = 81;
    options.max_edge = 640;
    options.strip_location = options.thumbnail = true;
    options.decoder = "libde265";
    const nlohmann::json render = request(render_request(options));
    EXPECT_EQ(render["job"], "render");
    EXPECT_EQ(render["quality"], 81);
    EXPECT_EQ(render["max_edge"], 640);
    EXPECT_EQ(render["strip_location"], true);
    EXPECT_EQ(render["thumbnail"], true);
    EXPECT_EQ(render["progressive"], false);
    EXPECT_EQ(render["decoder"], "libde265");
    EXPECT_THROW((void)request("{}"), MediaError);
}

} // namespace
} // namespace photosafe
