// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_plist.hpp"

#include "roll_random.hpp"

#include <plist/plist.h>
#include <zlib.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace simphone {
namespace {

struct FreeNode {
    void operator()(void* node) const noexcept { plist_free(node); }
};
using Node = std::unique_ptr<void, FreeNode>;

struct FreeText {
    void operator()(char* text) const noexcept { std::free(text); }
};

using Writer = decltype(&plist_to_xml);

std::string write(const Node& node, Writer writer)
{
    char* raw = nullptr;
    std::uint32_t size = 0;
    writer(node.get(), &raw, &size);
    const std::unique_ptr<char, FreeText> text{raw};
    if (!text) throw std::runtime_error("libplist could not write a property list");
    return {text.get(), size};
}

// Photos keeps the recipe as a property list under raw deflate (seen in real AAE files of format 1.4
// to 1.11).
std::string deflate_raw(const std::string& plain)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib could not start");
    std::string out(deflateBound(&stream, plain.size()), '\0');
    std::string in = plain;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("zlib could not finish");
    return out;
}

std::string recipe(Random& random)
{
    const Node root{plist_new_dict()};
    plist_t steps = plist_new_array();
    plist_t step = plist_new_dict();
    plist_t settings = plist_new_dict();
    plist_dict_set_item(settings, "inputLight",
                        plist_new_real(static_cast<double>(random.below(200)) / 100 - 1));
    plist_dict_set_item(step, "identifier", plist_new_string("SmartTone"));
    plist_dict_set_item(step, "enabled", plist_new_bool(1));
    plist_dict_set_item(step, "settings", settings);
    plist_array_append_item(steps, step);
    plist_dict_set_item(root.get(), "adjustments", steps);
    plist_dict_set_item(root.get(), "formatVersion", plist_new_uint(1));
    return deflate_raw(write(root, plist_to_bin));
}

Node adjustments(const RollFile& file)
{
    Random random{file.seed};
    const std::string data = recipe(random);
    const bool slow_motion = file.fps > 0;
    constexpr std::int64_t from_1970_to_2001 = 978'307'200;
    Node root{plist_new_dict()};
    const auto set = [&](const char* key, plist_t value) { plist_dict_set_item(root.get(), key, value); };
    set("adjustmentBaseVersion", plist_new_uint(0));
    set("adjustmentData", plist_new_data(data.data(), data.size()));
    set("adjustmentEditorBundleID", plist_new_string(slow_motion ? "com.apple.camera" : "com.apple.Photos"));
    set("adjustmentFormatIdentifier",
        plist_new_string(slow_motion ? "com.apple.video.slomo" : "com.apple.photo"));
    set("adjustmentFormatVersion", plist_new_string(slow_motion ? "1.1" : "1.5"));
    const std::int64_t seconds = file.mtime_ns / 1'000'000'000 - from_1970_to_2001;
    set("adjustmentTimestamp", plist_new_date(static_cast<std::int32_t>(seconds), 0));
    return root;
}

} // namespace

std::string run_time_plist(std::uint64_t nanoseconds)
{
    const Node root{plist_new_dict()};
    plist_dict_set_item(root.get(), "flags", plist_new_uint(1));
    plist_dict_set_item(root.get(), "value", plist_new_uint(nanoseconds));
    plist_dict_set_item(root.get(), "timescale", plist_new_uint(1'000'000'000));
    plist_dict_set_item(root.get(), "epoch", plist_new_uint(0));
    return write(root, plist_to_bin);
}

std::string library_plist(int model_version)
{
    const Node root{plist_new_dict()};
    plist_dict_set_item(root.get(), "PLModelVersion",
                        plist_new_uint(static_cast<std::uint64_t>(model_version)));
    plist_dict_set_item(root.get(), "NSStoreType", plist_new_string("SQLite"));
    plist_dict_set_item(root.get(), "_NSAutoVacuumLevel", plist_new_string("2"));
    return write(root, plist_to_bin);
}

std::string adjustments_aae(const RollFile& file) { return write(adjustments(file), plist_to_xml); }

std::string adjustments_plist(const RollFile& file) { return write(adjustments(file), plist_to_bin); }

} // namespace simphone
