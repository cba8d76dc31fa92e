// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/rendition_store.hpp"

#include <nlohmann/json.hpp>

namespace photosafe {

namespace {

#define PHOTOSAFE_SELECT_RENDITION                                                                           \
    "SELECT r.asset, r.folder, r.options, r.path, r.bytes, r.width, r.height, r.made, v.versions, "          \
    "r.decoder, r.from_preview, r.embedded, r.profile, r.lost, r.trouble "                                   \
    "FROM rendition r JOIN reader v ON v.id=r.reader "

Rendition rendition_of(const Statement& row)
{
    Rendition result;
    result.asset = row.number(0);
    result.folder = row.text(1);
    result.options = row.text(2);
    result.path = row.text(3);
    result.bytes = static_cast<std::uint64_t>(row.number(4));
    result.width = static_cast<std::uint32_t>(row.number(5));
    result.height = static_cast<std::uint32_t>(row.number(6));
    result.made = Instant{std::chrono::nanoseconds{row.number(7)}};
    result.versions = row.text(8);
    result.decoder = row.text(9);
    result.from_preview = row.number(10) != 0;
    result.embedded = row.number(11) != 0;
    result.profile = row.text(12);
    const auto lost = nlohmann::json::parse(row.text(13), nullptr, false);
    if (!lost.is_array()) {
        throw ArchiveError{ErrorCode::damaged, "The catalog tells something else than a list of what " +
                                                   result.path + " lost; run photosafe rebuild"};
    }
    for (const auto& what : lost) result.lost.push_back(what.get<std::string>());
    result.trouble = row.text(14);
    return result;
}

} // namespace

std::optional<Rendition> RenditionStore::find(std::int64_t asset, std::string_view folder)
{
    Statement& row = sql_(PHOTOSAFE_SELECT_RENDITION "WHERE r.asset=? AND r.folder=?");
    row.bind(1, asset).bind(2, folder);
    std::optional<Rendition> result;
    if (row.step()) result = rendition_of(row);
    row.reset();
    return result;
}

std::vector<Rendition> RenditionStore::of(std::int64_t asset)
{
    Statement& row = sql_(PHOTOSAFE_SELECT_RENDITION "WHERE r.asset=? ORDER BY r.folder").bind(1, asset);
    std::vector<Rendition> result;
    while (row.step()) result.push_back(rendition_of(row));
    row.reset();
    return result;
}

#undef PHOTOSAFE_SELECT_RENDITION

void RenditionStore::put(const Rendition& rendition)
{
    const std::int64_t read_by = reader(rendition.versions);
    Statement& row =
        sql_("INSERT OR REPLACE INTO rendition(asset, folder, options, path, bytes, width, height, made, "
             "reader, decoder, from_preview, embedded, profile, lost, trouble) "
             "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    row.bind(1, rendition.asset).bind(2, rendition.folder).bind(3, rendition.options);
    if (!rendition.path.empty()) {
        row.bind(4, rendition.path)
            .bind(5, static_cast<std::int64_t>(rendition.bytes))
            .bind(6, std::int64_t{rendition.width})
            .bind(7, std::int64_t{rendition.height});
    }
    row.bind(8, rendition.made.time_since_epoch().count()).bind(9, read_by).bind(10, rendition.decoder);
    row.bind(11, std::int64_t{rendition.from_preview}).bind(12, std::int64_t{rendition.embedded});
    row.bind(13, rendition.profile)
        .bind(14, nlohmann::json(rendition.lost).dump())
        .bind(15, rendition.trouble);
    row.run();
}

std::int64_t RenditionStore::reader(const std::string& versions)
{
    sql_("INSERT OR IGNORE INTO reader(versions) VALUES(?)").bind(1, versions).run();
    Statement& row = sql_("SELECT id FROM reader WHERE versions=?").bind(1, versions);
    row.step();
    const std::int64_t id = row.number(0);
    row.reset();
    return id;
}

} // namespace photosafe
