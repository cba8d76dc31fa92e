// SPDX-License-Identifier: LGPL-2.1-or-later
#include <nlohmann/json.hpp>

#include "archive/impl.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

constexpr const char* path = ".photosafe/archive.json";
constexpr int format = 1; ///< of the archive on disk: docs/archive-format.md

} // namespace

std::optional<Identity> read_identity(const Folder& root)
{
    const File file = root.try_open_file(path, O_RDONLY);
    if (!file) return std::nullopt;
    const auto json = nlohmann::json::parse(read_text(file, 65536), nullptr, false);
    if (!json.is_object() || !json.value("format", nlohmann::json{}).is_number_integer() ||
        !json.value("layout", nlohmann::json{}).is_string()) {
        throw ArchiveError{ErrorCode::damaged,
                           printable(file.name().native()) +
                               " is not what PhotoSafe writes; run photosafe rebuild",
                           file.name()};
    }
    const auto made = json.at("format").get<std::int64_t>();
    if (made > format || made < 1) {
        throw ArchiveError{
            ErrorCode::newer_version,
            "The archive was made by a later PhotoSafe. Use that version; nothing was changed.", root.path()};
    }
    return Identity{.layout = json.at("layout").get<std::string>()};
}

void write_identity(const Folder& root, const Identity& identity)
{
    const nlohmann::ordered_json json{
        {"type", "photosafe archive"}, {"format", format}, {"layout", identity.layout}};
    const std::string text = json.dump(2) + '\n';
    const std::string fresh = std::string{path} + ".new";
    {
        File file = root.open_file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        file.write(std::as_bytes(std::span{text}));
        file.sync();
    }
    root.rename(fresh, path);
    root.sync(".photosafe");
}

} // namespace photosafe
