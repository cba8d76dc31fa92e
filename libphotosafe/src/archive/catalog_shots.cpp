// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/catalog.hpp"

namespace photosafe {

namespace {

Instant instant(std::int64_t value) { return Instant{std::chrono::nanoseconds{value}}; }

std::string text_of(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> blob(std::string_view text) { return std::as_bytes(std::span{text}); }

std::vector<std::int64_t> ids_of(Statement& rows)
{
    std::vector<std::int64_t> result;
    while (rows.step()) result.push_back(rows.number(0));
    rows.reset();
    return result;
}

} // namespace

std::vector<Sighting> Catalog::sightings(std::int64_t asset, std::size_t limit)
{
    // A place has the time that its file had when it was last read; the first one's is with the asset.
    Statement& row = statement("SELECT s.key, p.path, p.modified, p.born, p.run, a.modified FROM place p "
                               "JOIN source s ON s.id=p.source JOIN asset a ON a.id=p.asset WHERE p.asset=? "
                               "ORDER BY p.id LIMIT ?");
    row.bind(1, asset).bind(2, static_cast<std::int64_t>(limit));
    std::vector<Sighting> result;
    while (row.step()) {
        const std::int64_t modified = row.number(result.empty() ? 5 : 2);
        Sighting one{text_of(row.blob(0)), text_of(row.blob(1)), instant(modified), {}, row.number(4)};
        if (const auto born = row.optional_number(3)) one.born = instant(*born);
        result.push_back(std::move(one));
    }
    row.reset();
    return result;
}

std::vector<std::int64_t> Catalog::seen_between(const std::string& source, const std::string& from,
                                                const std::string& to, std::size_t limit)
{
    Statement& rows =
        statement("SELECT asset FROM place WHERE source=(SELECT id FROM source WHERE key=?) AND "
                  "path>=? AND path<? ORDER BY path LIMIT ?");
    rows.bind_blob(1, blob(source)).bind_blob(2, blob(from)).bind_blob(3, blob(to));
    return ids_of(rows.bind(4, static_cast<std::int64_t>(limit)));
}

std::vector<std::int64_t> Catalog::parts(std::int64_t shot, std::size_t limit)
{
    Statement& rows = statement("SELECT id FROM asset WHERE shot=? ORDER BY id LIMIT ?");
    return ids_of(rows.bind(1, shot).bind(2, static_cast<std::int64_t>(limit)));
}

} // namespace photosafe
