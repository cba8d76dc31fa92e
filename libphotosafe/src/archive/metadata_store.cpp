// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/metadata_store.hpp"

#include "archive/asset_row.hpp"
#include "archive/metadata_row.hpp"
#include "archive/sidecar_words.hpp"
#include "core/bounded.hpp"
#include "core/time.hpp"

namespace photosafe {

void MetadataStore::Batch::commit()
{
    store_->index_.catch_up();
    transaction_.commit();
}

void MetadataStore::put(std::int64_t asset, const Metadata& metadata, std::string_view versions)
{
    const Metadata kept = bounded(metadata);
    write(asset, &kept, {ParseState::done, {}, std::string{versions}});
}

void MetadataStore::put_failed(std::int64_t asset, std::string_view reason, std::string_view versions)
{
    write(asset, nullptr, {ParseState::failed, std::string{reason}, std::string{versions}});
}

void MetadataStore::write(std::int64_t asset, const Metadata* metadata, const ParseRecord& record)
{
    if (db_->in_transaction()) return write_row(asset, metadata, record);
    Batch batch = begin();
    write_row(asset, metadata, record);
    batch.commit();
}

void MetadataStore::write_row(std::int64_t asset, const Metadata* metadata, const ParseRecord& record)
{
    // An asset that came in within this transaction has no row yet. With the place that its facts ask for, it
    // needs no other when the index catches up with all that came in.
    Statement& there = sql_("SELECT 1 FROM metadata WHERE asset=?").bind(1, asset);
    const bool has_row = there.step();
    there.reset();
    if (!has_row) index_.admit(asset, metadata != nullptr ? metadata->taken : CaptureTime{});
    sql_("UPDATE metadata SET state=?, reason=?, reader=? WHERE asset=?")
        .bind(1, name(record.state))
        .bind(2, record.reason)
        .bind(3, reader(record.versions))
        .bind(4, asset)
        .run();
    if (db_->changed_rows() != 1)
        throw ArchiveError{ErrorCode::not_found, "The catalog has no asset " + std::to_string(asset)};
    if (metadata != nullptr) write_facts(asset, *metadata);
    sql_("INSERT OR REPLACE INTO due(asset, facts) VALUES(?,1)").bind(1, asset).run();
}

void MetadataStore::write_facts(std::int64_t asset, const Metadata& metadata)
{
    Statement& row = sql_("UPDATE metadata SET (" PHOTOSAFE_METADATA_COLUMNS
                          ") = (" PHOTOSAFE_METADATA_PARAMETERS ") WHERE asset=?");
    bind_metadata(row, 1, metadata);
    row.bind(1 + metadata_column_count, asset).run();
    const std::string raw = text_of_tags(metadata.raw);
    if (raw.empty())
        sql_("DELETE FROM tags WHERE asset=?").bind(1, asset).run();
    else
        sql_("INSERT OR REPLACE INTO tags(asset, raw) VALUES(?,?)").bind(1, asset).bind(2, raw).run();
}

/// The row of these versions; 0 where there is none.
std::int64_t MetadataStore::known_reader(std::string_view versions)
{
    Statement& row = sql_("SELECT id FROM reader WHERE versions=?").bind(1, versions);
    const std::int64_t id = row.step() ? row.number(0) : 0;
    row.reset();
    return id;
}

std::int64_t MetadataStore::reader(std::string_view versions)
{
    if (const std::int64_t id = known_reader(versions); id != 0) return id;
    sql_("INSERT INTO reader(versions) VALUES(?)").bind(1, versions).run();
    return db_->last_row();
}

void MetadataStore::expect_all()
{
    const auto expect = [&] {
        sql_("UPDATE metadata SET state='pending', reason='', reader=NULL "
             "WHERE asset NOT IN (SELECT id FROM asset WHERE state<>'present')")
            .run();
        sql_("INSERT OR REPLACE INTO due(asset, facts) SELECT id, 1 FROM asset").run();
    };
    if (db_->in_transaction()) return expect();
    Batch batch = begin();
    expect();
    batch.commit();
}

std::optional<Metadata> MetadataStore::read(std::int64_t asset)
{
    std::optional<Metadata> result = read_facts(asset);
    if (!result) return result;
    Statement& tags = sql_("SELECT raw FROM tags WHERE asset=?").bind(1, asset);
    if (tags.step()) result->raw = tags_of(tags.text(0));
    tags.reset();
    return result;
}

std::optional<Metadata> MetadataStore::read_facts(std::int64_t asset)
{
    Statement& row =
        sql_("SELECT " PHOTOSAFE_METADATA_COLUMNS " FROM metadata WHERE asset=? AND kind IS NOT NULL");
    std::optional<Metadata> result;
    if (row.bind(1, asset).step()) result = metadata_of(row, 0);
    row.reset();
    if (result) add_sidecars(asset, *result);
    return result;
}

void MetadataStore::add_sidecars(std::int64_t asset, Metadata& metadata)
{
    Statement& row =
        sql_("SELECT " PHOTOSAFE_METADATA_COLUMNS " FROM metadata WHERE kind IS NOT NULL AND asset IN "
             "(SELECT s.id FROM asset a JOIN asset s ON s.shot=a.shot WHERE a.id=? AND "
             "a.role<>'sidecar' AND s.role='sidecar' AND " PHOTOSAFE_SEEN_LAST("s.id") ") ORDER BY asset");
    row.bind(1, asset);
    while (row.step()) add_sidecar_words(metadata, metadata_of(row, 0));
    row.reset();
}

std::optional<FileFacts> MetadataStore::facts(std::int64_t asset)
{
    Statement& row =
        sql_("SELECT kind, content_id, taken, taken_local, taken_offset, taken_source, make, model, "
             "screenshot FROM metadata WHERE asset=? AND kind IS NOT NULL");
    std::optional<FileFacts> result;
    if (row.bind(1, asset).step()) {
        result.emplace();
        result->kind = media_kind_named(row.text(0));
        result->content_id = row.text(1);
        if (const auto taken = row.optional_number(2))
            result->taken.instant = Instant{std::chrono::nanoseconds{*taken}};
        result->taken.local = row.text(3);
        if (const auto offset = row.optional_number(4))
            result->taken.offset_minutes = static_cast<int>(*offset);
        result->taken.source = time_source_named(row.text(5));
        result->make = row.text(6);
        result->model = row.text(7);
        result->screenshot = row.number(8) != 0;
    }
    row.reset();
    return result;
}

std::vector<std::int64_t> MetadataStore::with_content_id(const std::string& content_id, std::size_t limit)
{
    Statement& rows = sql_("SELECT asset FROM metadata WHERE content_id=? ORDER BY asset LIMIT ?");
    rows.bind(1, content_id).bind(2, static_cast<std::int64_t>(limit));
    std::vector<std::int64_t> result;
    while (rows.step()) result.push_back(rows.number(0));
    rows.reset();
    return result;
}

std::vector<MetadataStore::Named> MetadataStore::taken_near(Instant wall, std::chrono::milliseconds apart,
                                                            std::size_t limit)
{
    const auto [seconds, nanoseconds] = split(wall);
    const std::int64_t ms = seconds * 1000 + nanoseconds / 1'000'000;
    Statement& rows = sql_("SELECT m.asset, a.name FROM metadata m JOIN asset a ON a.id=m.asset "
                           "WHERE m.time BETWEEN ? AND ? ORDER BY m.time, m.asset LIMIT ?");
    rows.bind(1, ms - apart.count()).bind(2, ms + apart.count()).bind(3, static_cast<std::int64_t>(limit));
    std::vector<Named> result;
    while (rows.step()) result.push_back({rows.number(0), rows.text(1)});
    rows.reset();
    return result;
}

bool MetadataStore::is_pending(std::int64_t asset)
{
    Statement& row = sql_("SELECT 1 FROM metadata WHERE asset=? AND state<>'pending'").bind(1, asset);
    const bool tried = row.step();
    row.reset();
    return !tried;
}

ParseRecord MetadataStore::state(std::int64_t asset)
{
    Statement& row = sql_("SELECT m.state, m.reason, r.versions FROM metadata m LEFT JOIN reader r "
                          "ON r.id=m.reader WHERE m.asset=?");
    ParseRecord result;
    if (row.bind(1, asset).step()) result = {parse_state_named(row.text(0)), row.text(1), row.text(2)};
    row.reset();
    return result;
}

std::vector<PendingAsset> MetadataStore::pending(std::string_view versions, std::size_t limit,
                                                 PendingPlace after)
{
    const std::int64_t reader = known_reader(versions);
    std::vector<PendingAsset> result;
    for (const bool failed : {false, true}) {
        if (after.failed && !failed) continue;
        // The state is asked twice, so that the index of those not done is taken whatever else is known of
        // them.
        Statement& row =
            sql_(failed ? "SELECT a.id, a.path, a.name, a.bytes, a.role, m.slot FROM metadata m JOIN asset a "
                          "ON a.id=m.asset WHERE m.state='failed' AND m.state<>'done' AND m.slot<?1 AND "
                          "m.reader<>?3 ORDER BY m.slot DESC LIMIT ?2"
                        : "SELECT a.id, a.path, a.name, a.bytes, a.role, m.slot FROM metadata m JOIN asset a "
                          "ON a.id=m.asset WHERE m.state='pending' AND m.state<>'done' AND m.slot<?1 AND "
                          "?3=?3 ORDER BY m.slot DESC LIMIT ?2");
        row.bind(1, after.failed == failed ? after.slot : PendingPlace{}.slot);
        row.bind(2, static_cast<std::int64_t>(limit - result.size())).bind(3, reader);
        while (result.size() < limit && row.step()) {
            const auto name = row.blob(2);
            result.push_back({{failed, row.number(5)},
                              row.number(0),
                              row.text(1),
                              std::string{reinterpret_cast<const char*>(name.data()), name.size()},
                              static_cast<std::uint64_t>(row.number(3)),
                              role_named(row.text(4))});
        }
        row.reset();
    }
    return result;
}

MetadataCounts MetadataStore::counts()
{
    Statement& row = sql_("SELECT (SELECT originals FROM total), "
                          "(SELECT count(*) FROM metadata WHERE state='failed' AND state<>'done'), "
                          "(SELECT count(*) FROM metadata WHERE state='pending' AND state<>'done'), "
                          "(SELECT count(*) FROM asset a JOIN metadata m ON m.asset=a.id WHERE "
                          "a.state IN ('missing','damaged') AND a.state<>'present' AND m.state='pending')");
    row.step();
    MetadataCounts result{.done = 0,
                          .failed = static_cast<std::uint64_t>(row.number(1)),
                          .pending = static_cast<std::uint64_t>(row.number(2)),
                          .pending_lost = static_cast<std::uint64_t>(row.number(3))};
    result.done = static_cast<std::uint64_t>(row.number(0)) - result.failed - result.pending;
    row.reset();
    return result;
}

std::uint64_t MetadataStore::pending_count(std::string_view versions)
{
    Statement& row =
        sql_("SELECT (SELECT count(*) FROM metadata WHERE state='pending' AND state<>'done') + "
             "(SELECT count(*) FROM metadata WHERE state='failed' AND state<>'done' AND reader<>?1)");
    row.bind(1, known_reader(versions)).step();
    const auto count = static_cast<std::uint64_t>(row.number(0));
    row.reset();
    return count;
}

} // namespace photosafe
