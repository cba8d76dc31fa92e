// SPDX-License-Identifier: LGPL-2.1-or-later
// What the media worker's readers say of files, one JSON object a line: `metadata_of FILE…`. For comparisons
// with other programs; the facts come as they are in photosafe::Metadata.
#include <cstdio>
#include <exception>
#include <string>

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "core/file.hpp"
#include "core/time.hpp"
#include "worker/read_metadata.hpp"

namespace {

using Json = nlohmann::json;
using namespace photosafe;

Json optional_json(const auto& value) { return value ? Json(*value) : Json(); }

Json time_json(const CaptureTime& time)
{
    return {{"source", name(time.source)},
            {"local", time.local},
            {"offset_minutes", optional_json(time.offset_minutes)},
            {"instant", time.instant ? Json(to_rfc3339(*time.instant)) : Json()}};
}

Json json_of(const Metadata& m)
{
    Json row{{"kind", name(m.kind)},
             {"mime", m.mime},
             {"taken", time_json(m.taken)},
             {"width", m.width},
             {"height", m.height},
             {"orientation", m.orientation},
             {"make", m.make},
             {"model", m.model},
             {"lens", m.lens},
             {"software", m.software},
             {"content_id", m.content_id},
             {"burst_id", m.burst_id},
             {"live_index", optional_json(m.live_index)},
             {"hdr", optional_json(m.hdr)},
             {"capture_type", optional_json(m.capture_type)},
             {"duration_s", optional_json(m.duration_s)},
             {"frame_rate", optional_json(m.frame_rate)},
             {"codec", m.codec},
             {"slow_motion", m.slow_motion},
             {"spatial", m.spatial},
             {"panorama", m.panorama},
             {"screenshot", m.screenshot},
             {"rating", optional_json(m.rating)},
             {"title", m.title},
             {"caption", m.caption},
             {"label", m.label},
             {"keywords", m.keywords},
             {"bit_depth", optional_json(m.bit_depth)},
             {"colour_profile", m.colour_profile},
             {"aux", m.aux},
             {"tiles", m.tiles},
             {"edited_by", m.edited_by},
             {"edited_at", m.edited_at ? Json(to_rfc3339(*m.edited_at)) : Json()},
             {"troubles", m.troubles}};
    if (m.position) {
        row["position"] = {{"latitude", m.position->latitude},
                           {"longitude", m.position->longitude},
                           {"altitude_m", optional_json(m.position->altitude_m)}};
    }
    for (const Region& one : m.people)
        row["people"].push_back({one.name, one.x, one.y, one.width, one.height});
    for (const RawTag& tag : m.raw) row["raw"].push_back({tag.key, tag.value});
    return row;
}

Json read(const char* path)
{
    try {
        const File file{::open(path, O_RDONLY | O_CLOEXEC), path};
        return json_of(worker::read_metadata(file.fd()));
    } catch (const std::exception& error) {
        return {{"error", error.what()}};
    }
}

} // namespace

int main(int count, char** paths)
{
    worker::prepare_readers();
    for (int i = 1; i < count; ++i) {
        Json row = read(paths[i]);
        row["file"] = paths[i];
        std::puts(row.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    }
    return 0;
}
