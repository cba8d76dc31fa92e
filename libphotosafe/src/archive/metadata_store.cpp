// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/metadata_store.hpp"

#include <optional>

#include "archive/asset_row.hpp"
#include "archive/kind_flag.hpp"
#include "archive/metadata_row.hpp"
#include "core/bounded.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

std::int64_t flags_of(const Metadata& m)
{
    std::int64_t flags = 0;
    const auto set = [&](bool yes, KindFlag flag) { flags |= yes ? static_cast<std::int64_t>(flag) : 0; };
    set(m.kind == MediaKind::photo || m.kind == MediaKind::raw, KindFlag::photo);
    set(m.kind == MediaKind::video, KindFlag::video);
    set(m.kind == MediaKind::raw, KindFlag::raw);
    set(!m.burst_id.empty(), KindFlag::burst);
    set(m.screenshot, KindFlag::screenshot);
    set(m.panorama, KindFlag::panorama);
    set(m.slow_motion, KindFlag::slow_motion);
    set(!m.edited_by.empty(), KindFlag::edited);
    set(m.spatial, KindFlag::spatial);
    return flags;
}

template <class Texts, class Get>
std::string joined(const Texts& texts, Get get)
{
    std::string all;
    for (const auto& one : texts) (all += get(one)) += '\n';
    return all;
}

/// A transaction, unless the caller has one.
class Scope {
public:
    explicit Scope(Database& db)
    {
        if (!db.in_transaction()) own_.emplace(db);
    }
    void commit()
    {
        if (own_) own_->commit();
    }

private:
    std::optional<Transaction> own_;
};

} // namespace

std::int64_t first_slot(Instant local) noexcept
{
    const auto [seconds, nanoseconds] = split(local);
    return seconds * (std::int64_t{1} << 28) + (nanoseconds / 1'000'000) * (std::int64_t{1} << 18);
}

Statement& MetadataStore::statement(const char* sql)
{
    auto found = statements_.find(sql);
    if (found == statements_.end()) found = statements_.emplace(sql, db_->prepare(sql)).first;
    found->second.reset();
    return found->second;
}

void MetadataStore::put(std::int64_t asset, const Metadata& metadata, std::string_view versions)
{
    write(asset, bounded(metadata), {ParseState::done, {}, std::string{versions}});
}

void MetadataStore::put_failed(std::int64_t asset, std::string_view reason, std::string_view versions)
{
    write(asset, Metadata{}, {ParseState::failed, std::string{reason}, std::string{versions}});
}

void MetadataStore::write(std::int64_t asset, const Metadata& metadata, const ParseRecord& record)
{
    Scope scope{*db_};
    const std::int64_t slot = clear(asset);
    static const std::string sql = [] {
        std::string text = std::string{"INSERT OR REPLACE INTO metadata(asset, state, reason, versions, "} +
                           metadata_columns + ") VALUES(?,?,?,?";
        for (int i = 0; i < metadata_column_count; ++i) text += ",?";
        return text + ")";
    }();
    Statement& row = statement(sql.c_str());
    row.bind(1, asset).bind(2, name(record.state)).bind(3, record.reason).bind(4, record.versions);
    if (record.state == ParseState::done) bind_metadata(row, 5, metadata);
    row.run();
    place(asset, slot, metadata);
    index(asset, metadata, record.state);
    scope.commit();
}

/// Takes what is known of the asset out of the indices; the slot where it was.
std::int64_t MetadataStore::clear(std::int64_t asset)
{
    Statement& known = statement("SELECT slot, state FROM search WHERE asset=?").bind(1, asset);
    if (!known.step()) {
        throw ArchiveError{ErrorCode::not_found, "The catalog has no asset " + std::to_string(asset)};
    }
    const std::int64_t slot = known.number(0), state = known.number(1);
    known.reset();
    if (state == 0) return slot;
    for (const char* sql : {"DELETE FROM words WHERE rowid=?", "DELETE FROM position WHERE slot=?",
                            "DELETE FROM keyword_use WHERE slot=?"})
        statement(sql).bind(1, slot).run();
    return slot;
}

/// Puts the asset where its local wall time belongs. A movie that knows its instant only is put by the clock
/// of this computer, as the file's own time is.
void MetadataStore::place(std::int64_t asset, std::int64_t old_slot, const Metadata& metadata)
{
    std::string local = metadata.taken.local;
    if (local.empty() && metadata.taken.instant) local = to_local(*metadata.taken.instant);
    std::optional<Instant> when = from_rfc3339(local + 'Z');
    if (!when) {
        Statement& filed = statement("SELECT taken_local, modified FROM asset WHERE id=?").bind(1, asset);
        if (filed.step())
            when = from_rfc3339(filed.text(0) + 'Z')
                       .value_or(Instant{std::chrono::nanoseconds{filed.number(1)}});
        filed.reset();
    }
    const std::int64_t first = first_slot(when.value_or(Instant{}));
    if (old_slot >= first && old_slot - first < (std::int64_t{1} << 18)) return;
    Statement& move = statement(
        "UPDATE search SET slot = (SELECT CASE WHEN max(slot) IS NULL THEN ?1 WHEN max(slot) < ?1 + 262143 "
        "THEN "
        "max(slot) + 1 ELSE (SELECT max(slot) + 1 FROM search WHERE slot BETWEEN ?2 AND ?2 + 268435455) END "
        "FROM search WHERE slot BETWEEN ?1 AND ?1 + 262143) WHERE asset = ?3 RETURNING slot");
    move.bind(1, first).bind(2, first & ~((std::int64_t{1} << 28) - 1)).bind(3, asset);
    const std::int64_t slot = move.step() ? move.number(0) : old_slot;
    move.reset();
    statement("UPDATE seen SET slot=?1 WHERE slot=?2 AND source IN (SELECT source FROM place WHERE asset=?3)")
        .bind(1, slot)
        .bind(2, old_slot)
        .bind(3, asset)
        .run();
}

void MetadataStore::index(std::int64_t asset, const Metadata& m, ParseState state)
{
    const auto id_of = [&](const char* add, const char* find, const std::string& one,
                           const std::string* two) {
        for (const char* sql : {add, find}) {
            Statement& row = statement(sql).bind(1, one);
            if (two != nullptr) row.bind(2, *two);
            if (row.step()) {
                const std::int64_t id = row.number(0);
                row.reset();
                return id;
            }
        }
        throw ArchiveError{ErrorCode::damaged,
                           "The catalog keeps no name of a camera; run photosafe rebuild"};
    };
    Statement& row = statement("UPDATE search SET state=?2, flags=?3, rating=?4, duration=?5, latitude=?6, "
                               "longitude=?7, camera=?8, lens=?9 WHERE asset=?1 RETURNING slot, name");
    row.bind(1, asset).bind(2, std::int64_t{state == ParseState::done ? 1 : 2}).bind(3, flags_of(m));
    if (m.rating) row.bind(4, std::int64_t{*m.rating});
    if (m.duration_s) row.bind_real(5, *m.duration_s);
    if (m.position) row.bind_real(6, m.position->latitude).bind_real(7, m.position->longitude);
    if (!m.make.empty() || !m.model.empty())
        row.bind(8, id_of("INSERT OR IGNORE INTO camera(make, model) VALUES(?,?) RETURNING id",
                          "SELECT id FROM camera WHERE make=? AND model=?", m.make, &m.model));
    if (!m.lens.empty())
        row.bind(9, id_of("INSERT OR IGNORE INTO lens(name) VALUES(?) RETURNING id",
                          "SELECT id FROM lens WHERE name=?", m.lens, nullptr));
    row.step();
    const std::int64_t slot = row.number(0);
    const std::string name = row.text(1);
    row.reset();
    statement("UPDATE search SET (main, kinds) = (SELECT v.main, v.kinds FROM search_shot v WHERE "
              "v.asset=search.asset) "
              "WHERE asset IN (SELECT id FROM asset WHERE shot=(SELECT shot FROM asset WHERE id=?))")
        .bind(1, asset)
        .run();
    if (m.position)
        statement("INSERT INTO position VALUES(?1,?2,?2,?3,?3)")
            .bind(1, slot)
            .bind_real(2, m.position->latitude)
            .bind_real(3, m.position->longitude)
            .run();
    for (const std::string& keyword : m.keywords) {
        const std::string key = fold_key(keyword);
        const std::int64_t id = id_of("INSERT OR IGNORE INTO keyword(key) VALUES(?) RETURNING id",
                                      "SELECT id FROM keyword WHERE key=?", key, nullptr);
        statement("INSERT OR IGNORE INTO keyword_use VALUES(?,?)").bind(1, id).bind(2, slot).run();
    }
    const auto itself = [](const std::string& text) { return text; };
    statement(
        "INSERT INTO words(rowid, name, title, caption, keywords, people, camera) VALUES(?,?,?,?,?,?,?)")
        .bind(1, slot)
        .bind(2, name)
        .bind(3, m.title)
        .bind(4, m.caption)
        .bind(5, joined(m.keywords, itself))
        .bind(6, joined(m.people, [](const Region& one) { return one.name; }))
        .bind(7, m.make + ' ' + m.model)
        .run();
}

void MetadataStore::forget_all()
{
    Scope scope{*db_};
    db_->run("DELETE FROM metadata; DELETE FROM words; DELETE FROM position; DELETE FROM keyword_use; "
             "DELETE FROM keyword; "
             "UPDATE search SET state=0, flags=0, rating=NULL, duration=NULL, latitude=NULL, longitude=NULL, "
             "camera=NULL, lens=NULL; "
             "UPDATE search SET (main, kinds) = (SELECT v.main, v.kinds FROM search_shot v WHERE "
             "v.asset=search.asset); "
             "DELETE FROM camera; DELETE FROM lens;");
    scope.commit();
}

std::optional<Metadata> MetadataStore::read(std::int64_t asset)
{
    static const std::string sql =
        std::string{"SELECT "} + metadata_columns + " FROM metadata WHERE asset=? AND state='done'";
    Statement& row = statement(sql.c_str()).bind(1, asset);
    std::optional<Metadata> result;
    if (row.step()) result = metadata_of(row, 0, true);
    row.reset();
    return result;
}

ParseRecord MetadataStore::state(std::int64_t asset)
{
    Statement& row = statement("SELECT state, reason, versions FROM metadata WHERE asset=?").bind(1, asset);
    ParseRecord result;
    if (row.step()) {
        result = {row.text(0) == name(ParseState::done) ? ParseState::done : ParseState::failed, row.text(1),
                  row.text(2)};
    }
    row.reset();
    return result;
}

std::vector<PendingAsset> MetadataStore::pending(std::string_view versions, std::size_t limit)
{
    std::vector<PendingAsset> result;
    for (const char* sql :
         {"SELECT a.id, a.path, a.name, a.bytes, a.role FROM search s JOIN asset a ON a.id=s.asset "
          "WHERE s.state=0 AND s.state<>1 AND ?1=?1 ORDER BY s.slot DESC LIMIT ?2",
          "SELECT a.id, a.path, a.name, a.bytes, a.role FROM search s JOIN metadata m ON m.asset=s.asset "
          "JOIN asset a ON a.id=s.asset WHERE s.state=2 AND s.state<>1 AND m.versions<>?1 ORDER BY s.slot "
          "DESC LIMIT ?2"}) {
        Statement& row =
            statement(sql).bind(1, versions).bind(2, static_cast<std::int64_t>(limit - result.size()));
        while (result.size() < limit && row.step()) {
            const auto name = row.blob(2);
            result.push_back({row.number(0), row.text(1),
                              std::string{reinterpret_cast<const char*>(name.data()), name.size()},
                              static_cast<std::uint64_t>(row.number(3)), role_named(row.text(4))});
        }
        row.reset();
    }
    return result;
}

std::uint64_t MetadataStore::pending_count(std::string_view versions)
{
    Statement& row = statement("SELECT (SELECT count(*) FROM search WHERE state=0 AND state<>1) + "
                               "(SELECT count(*) FROM search s JOIN metadata m ON m.asset=s.asset "
                               "WHERE s.state=2 AND s.state<>1 AND m.versions<>?1)")
                         .bind(1, versions);
    row.step();
    const auto count = static_cast<std::uint64_t>(row.number(0));
    row.reset();
    return count;
}

} // namespace photosafe
