// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/protocol.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include <photosafe/version.hpp>

#include "core/bounded.hpp"
#include "core/text.hpp"
#include "media/metadata_json.hpp"
#include "media/phone_library_json.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::json;

constexpr int deepest = 6; // metadata: answer, facts, list, entry

[[noreturn]] void refuse(const std::string& what)
{
    throw MediaError{ErrorCode::protocol, "The media worker's answer makes no sense (" + what + ")."};
}

/// An object, of bounded depth: each level costs many times the byte that it is written with.
Json parse(const std::string& text)
try {
    if (text.find('\0') != std::string::npos) refuse("it has an end in its middle"); // where a parser stops
    Json json = Json::parse(text, [](int depth, Json::parse_event_t, Json&) {
        if (depth > deepest) refuse("it is too deep");
        return true;
    });
    if (!json.is_object()) refuse("it is no object");
    return json;
} catch (const Json::exception&) {
    refuse("it is no JSON");
}

std::string text_of(const Json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end()) return {};
    if (!found->is_string() || !is_kept_text(found->get_ref<const std::string&>())) refuse(key);
    return found->get<std::string>();
}

bool flag_of(const Json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end()) return false;
    if (!found->is_boolean()) refuse(key);
    return found->get<bool>();
}

const Json& list_of(const Json& json, const char* key, std::size_t most)
{
    static const Json none = Json::array();
    const auto found = json.find(key);
    if (found == json.end()) return none;
    if (!found->is_array() || found->size() > most) refuse(key);
    return *found;
}

std::vector<std::string> texts_of(const Json& json, const char* key, std::size_t most)
{
    std::vector<std::string> result;
    for (const Json& one : list_of(json, key, most)) {
        if (!one.is_string() || !is_kept_text(one.get_ref<const std::string&>())) refuse(key);
        result.push_back(one.get<std::string>());
    }
    return result;
}

std::uint32_t edge_of(const Json& json, const char* key)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_unsigned()) refuse(key);
    const auto value = found->get<std::uint64_t>();
    if (value == 0 || value > 65'535) refuse(key); // of a JPEG
    return static_cast<std::uint32_t>(value);
}

/// The answer as an object that has `key`. An error that it tells instead is thrown.
Json answer(const Message& message, const char* key)
{
    Json json = parse(message.json);
    if (json.size() != 1) refuse("not one thing");
    if (const auto error = json.find("error"); error != json.end()) {
        if (!error->is_object()) refuse("error");
        const std::string code = text_of(*error, "code");
        std::string text = text_of(*error, "message");
        if (text.empty()) refuse("an error without a message");
        for (const ErrorCode known : {ErrorCode::unreadable, ErrorCode::out_of_memory}) {
            if (code == name(known)) throw MediaError{known, text};
        }
        refuse("error");
    }
    const auto found = json.find(key);
    if (found == json.end() || !found->is_object()) refuse(key);
    return std::move(*found);
}

} // namespace

std::string metadata_request() { return R"({"job":"metadata"})"; }

std::string render_request(const RenderOptions& options)
{
    const Json json{{"job", "render"},
                    {"quality", options.quality},
                    {"max_edge", options.max_edge},
                    {"progressive", options.progressive},
                    {"srgb", options.srgb},
                    {"strip_location", options.strip_location},
                    {"keep_tag", options.keep_tag},
                    {"thumbnail", options.thumbnail},
                    {"decoder", options.decoder}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string phone_library_request(const DatabaseFile& file)
{
    return Json{
        {"job", "phone_library"}, {"database_bytes", file.database_bytes}, {"log_bytes", file.log_bytes}}
        .dump();
}

std::string sidecar_request(std::uint64_t facts_bytes, std::uint64_t sidecar_bytes)
{
    return Json{{"job", "sidecar"}, {"facts_bytes", facts_bytes}, {"sidecar_bytes", sidecar_bytes}}.dump();
}

WorkerFacts hello_of(const Message& message)
{
    const Json json = answer(message, "hello");
    if (const std::string other = text_of(json, "photosafe"); other != version())
        refuse("it is of PhotoSafe " + other + ", this library of " + std::string{version()});
    WorkerFacts facts;
    facts.versions = text_of(json, "versions");
    if (facts.versions.empty()) refuse("versions");
    facts.libheif = text_of(json, "libheif");
    facts.hevc_decoders = texts_of(json, "hevc_decoders", 16);
    for (const Json& one : list_of(json, "jail", 16)) {
        if (!one.is_object()) refuse("jail");
        facts.jail.push_back({text_of(one, "name"), flag_of(one, "held"), text_of(one, "reason")});
    }
    return facts;
}

Metadata metadata_answer(const Message& message)
{
    if (!message.payload.empty()) refuse("bytes beside facts");
    return metadata_of(answer(message, "metadata"));
}

Picture picture_answer(Message&& message)
{
    const Json json = answer(message, "picture");
    // What a JPEG begins and ends with. Whether the rest is one, a viewer will see; here it is only stored.
    const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(message.payload[i]); };
    const std::size_t size = message.payload.size();
    if (size < 4 || at(0) != 0xff || at(1) != 0xd8 || at(size - 2) != 0xff || at(size - 1) != 0xd9)
        refuse("no JPEG");
    Picture picture;
    picture.jpeg = std::move(message.payload);
    picture.width = edge_of(json, "width");
    picture.height = edge_of(json, "height");
    picture.lost = texts_of(json, "lost", list_limit);
    picture.decoder = text_of(json, "decoder");
    picture.from_preview = flag_of(json, "from_preview");
    picture.embedded = flag_of(json, "embedded");
    picture.profile = text_of(json, "profile");
    picture.trouble = text_of(json, "trouble");
    return picture;
}

PhoneLibrary phone_library_answer(const Message& message)
{
    (void)answer(message, "phone_library");
    return phone_library_of({reinterpret_cast<const char*>(message.payload.data()), message.payload.size()});
}

MergedSidecar sidecar_answer(const Message& message)
{
    const Json json = answer(message, "sidecar");
    MergedSidecar merged;
    merged.changed = flag_of(json, "changed");
    merged.text.assign(reinterpret_cast<const char*>(message.payload.data()), message.payload.size());
    if (merged.changed == merged.text.empty()) refuse("a sidecar that is and isn't");
    // That it is XMP, other programs will see; here it is text of bounded size, and nothing of it is run.
    if (merged.text.size() > largest_sidecar || !is_utf8(merged.text) ||
        merged.text.find('\0') != std::string::npos ||
        (merged.changed && (!merged.text.starts_with("<?xml ") || !merged.text.ends_with("</x:xmpmeta>\n"))))
        refuse("no sidecar");
    return merged;
}

std::string hello(const WorkerFacts& facts)
{
    Json jail = Json::array();
    for (const JailPart& part : facts.jail)
        jail.push_back({{"name", part.name}, {"held", part.held}, {"reason", part.reason}});
    const Json json{{"hello",
                     {{"photosafe", version()},
                      {"versions", facts.versions},
                      {"libheif", facts.libheif},
                      {"hevc_decoders", facts.hevc_decoders},
                      {"jail", jail}}}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json request_of(const Message& message)
{
    Json json = parse(message.json);
    if (text_of(json, "job").empty()) refuse("job");
    return json;
}

std::string error_answer(ErrorCode code, std::string_view message)
{
    std::string text{message.empty() ? "No reason was given." : message};
    (void)keep_text(text);
    return Json{{"error", {{"code", name(code)}, {"message", text}}}}.dump();
}

} // namespace photosafe
