// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/rendition_mark.hpp"

#include <string>

#include <nlohmann/json.hpp>

#include "archive/proven_end.hpp"
#include "core/digest.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

constexpr std::string_view jpeg_begin{"\xff\xd8", 2}, jpeg_end{"\xff\xd9", 2}, comment{"\xff\xfe", 2};
constexpr std::string_view name_of_mark = "PhotoSafe rendition ";
constexpr std::size_t longest_comment = 0xffff;

std::string_view text_of(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string sha256_of(std::span<const std::byte> bytes) { return sha256_hex(digest_of(bytes)); }

std::string text_of(const RenditionMark& mark)
{
    const Rendition& r = mark.rendition;
    const nlohmann::ordered_json json{{"original", hex(mark.original)},
                                      {"folder", r.folder},
                                      {"options", r.options},
                                      {"made", to_rfc3339(r.made)},
                                      {"versions", r.versions},
                                      {"width", r.width},
                                      {"height", r.height},
                                      {"decoder", r.decoder},
                                      {"from_preview", r.from_preview},
                                      {"embedded", r.embedded},
                                      {"profile", r.profile},
                                      {"lost", r.lost},
                                      {"trouble", r.trouble}};
    return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

/// Throws nlohmann::json's for what it isn't.
std::optional<RenditionMark> mark_of(std::string_view text)
{
    const auto json = nlohmann::json::parse(text);
    RenditionMark mark;
    const auto made = from_rfc3339(json.at("made").get<std::string>());
    if (!made || !from_hex(json.at("original").get<std::string>(), mark.original)) return std::nullopt;
    Rendition& r = mark.rendition;
    r.made = *made;
    json.at("folder").get_to(r.folder);
    json.at("options").get_to(r.options);
    json.at("versions").get_to(r.versions);
    json.at("width").get_to(r.width);
    json.at("height").get_to(r.height);
    json.at("decoder").get_to(r.decoder);
    json.at("from_preview").get_to(r.from_preview);
    json.at("embedded").get_to(r.embedded);
    json.at("profile").get_to(r.profile);
    json.at("lost").get_to(r.lost);
    json.at("trouble").get_to(r.trouble);
    return mark;
}

} // namespace

void add_mark(std::vector<std::byte>& jpeg, const RenditionMark& mark)
{
    if (!text_of(jpeg).starts_with(jpeg_begin) || !text_of(jpeg).ends_with(jpeg_end))
        throw MediaError{ErrorCode::protocol, "The media worker's answer is no JPEG."};
    // Not by `resize`: GCC 12 takes it, under the address sanitizer, for one that could grow without end.
    jpeg.erase(jpeg.end() - std::ptrdiff_t{jpeg_end.size()}, jpeg.end());
    const std::string text = std::string{name_of_mark} + text_of(mark) + std::string{before_proof};
    const std::size_t length = 2 + text.size() + proof_bytes;
    if (length > longest_comment) throw MediaError{ErrorCode::protocol, "The media worker tells too much."};
    const auto append = [&](std::string_view what) {
        const auto bytes = std::as_bytes(std::span{what});
        jpeg.insert(jpeg.end(), bytes.begin(), bytes.end());
    };
    append(comment);
    jpeg.push_back(static_cast<std::byte>(length >> 8));
    jpeg.push_back(static_cast<std::byte>(length));
    append(text);
    append(sha256_of(jpeg));
    append(jpeg_end);
}

std::optional<RenditionMark> read_mark(const File& file)
{
    const auto text = proven_end(file, name_of_mark, jpeg_end, longest_comment + 2);
    if (!text) return std::nullopt;
    try {
        return mark_of(*text);
    } catch (const nlohmann::json::exception&) {
        return std::nullopt; // of a later PhotoSafe
    }
}

} // namespace photosafe
