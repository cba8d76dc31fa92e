// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/rendition_mark.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "core/digest.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

constexpr std::string_view jpeg_begin{"\xff\xd8", 2}, jpeg_end{"\xff\xd9", 2}, comment{"\xff\xfe", 2};
constexpr std::string_view name_of_mark = "PhotoSafe rendition ", before_proof = " proof ";
constexpr std::size_t proof_bytes = 64; // a SHA-256 in hexadecimal
constexpr std::size_t longest_comment = 0xffff;
/// What the end of a file has to look like for it to be worth a further look.
constexpr std::size_t ending_bytes = before_proof.size() + proof_bytes + jpeg_end.size();

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

std::vector<std::byte> read_from(const File& file, std::uint64_t at, std::uint64_t size)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(size - at));
    bytes.resize(file.read_at(bytes, at));
    return bytes;
}

} // namespace

void add_mark(std::vector<std::byte>& jpeg, const RenditionMark& mark)
{
    if (!text_of(jpeg).starts_with(jpeg_begin) || !text_of(jpeg).ends_with(jpeg_end))
        throw MediaError{ErrorCode::protocol, "The media worker's answer is no JPEG."};
    jpeg.resize(jpeg.size() - jpeg_end.size());
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
    const auto size = static_cast<std::uint64_t>(file.stat().st_size);
    if (size < ending_bytes) return std::nullopt;
    const auto ending = read_from(file, size - ending_bytes, size);
    if (!text_of(ending).starts_with(before_proof) || !text_of(ending).ends_with(jpeg_end))
        return std::nullopt;

    const std::uint64_t tail_at = size - std::min<std::uint64_t>(size, longest_comment + 4);
    const auto tail = read_from(file, tail_at, size);
    const std::string_view text = text_of(tail);
    const std::size_t name_at = text.rfind(name_of_mark);
    if (name_at == std::string_view::npos || text.size() < name_at + ending_bytes) return std::nullopt;
    const std::size_t proof_at = text.size() - jpeg_end.size() - proof_bytes;

    Digester digester; // of all before the proof
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    for (std::uint64_t at = 0, end = tail_at + proof_at; at < end;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), end - at));
        const std::size_t n = file.read_at(std::span{buffer}.first(wanted), at);
        if (n == 0) return std::nullopt; // it has become shorter
        digester.update(std::span{buffer}.first(n));
        at += n;
    }
    if (sha256_hex(digester.digest()) != text.substr(proof_at, proof_bytes)) return std::nullopt;
    try {
        const std::size_t json_at = name_at + name_of_mark.size();
        return mark_of(text.substr(json_at, proof_at - before_proof.size() - json_at));
    } catch (const nlohmann::json::exception&) {
        return std::nullopt; // of a later PhotoSafe
    }
}

} // namespace photosafe
