// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/sidecar_mark.hpp"

#include <nlohmann/json.hpp>

#include "archive/proven_end.hpp"
#include "core/digest.hpp"

namespace photosafe {

namespace {

constexpr std::string_view extension = ".xmp";
constexpr std::string_view name_of_mark = "<!-- PhotoSafe sidecar ", comment_end = " -->\n";
constexpr std::size_t longest_mark = 1024;

} // namespace

std::string sidecar_path(std::string_view original) { return std::string{original} + std::string{extension}; }

bool is_sidecar_beside(Catalog& catalog, std::string_view path)
{
    if (!path.ends_with(extension)) return false;
    path.remove_suffix(extension.size());
    return catalog.find_path(std::string{path}).has_value();
}

void add_mark(std::string& sidecar, const SidecarMark& mark)
{
    const nlohmann::ordered_json json{{"original", hex(mark.original)}, {"facts", hex(mark.facts)}};
    sidecar += name_of_mark;
    sidecar += json.dump();
    sidecar += before_proof;
    sidecar += sha256_hex(digest_of(std::as_bytes(std::span{sidecar})));
    sidecar += comment_end;
}

std::optional<SidecarMark> read_sidecar_mark(const File& file)
{
    const auto text = proven_end(file, name_of_mark, comment_end, longest_mark);
    if (!text) return std::nullopt;
    try {
        const auto json = nlohmann::json::parse(*text);
        SidecarMark mark;
        if (!from_hex(json.at("original").get<std::string>(), mark.original) ||
            !from_hex(json.at("facts").get<std::string>(), mark.facts))
            return std::nullopt;
        return mark;
    } catch (const nlohmann::json::exception&) {
        return std::nullopt; // of a later PhotoSafe
    }
}

} // namespace photosafe
