// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/catalog.hpp"

#include <unistd.h>

#include "archive/asset_row.hpp"
#include "archive/schema.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

std::int64_t ns(Instant instant) { return instant.time_since_epoch().count(); }
std::optional<std::int64_t> ns(const std::optional<Instant>& instant)
{
    if (!instant) return std::nullopt;
    return ns(*instant);
}
std::span<const std::byte> blob(std::string_view text) { return std::as_bytes(std::span{text}); }
std::string text_of(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
Instant instant(std::int64_t value) { return Instant{std::chrono::nanoseconds{value}}; }
std::optional<Instant> instant(const std::optional<std::int64_t>& value)
{
    if (!value) return std::nullopt;
    return instant(*value);
}

ImportRecord import_of(const Statement& row)
{
    const auto figure = [&](int column) { return static_cast<std::uint64_t>(row.number(column)); };
    return {.manifest = row.text(0),
            .source = text_of(row.blob(1)),
            .source_name = text_of(row.blob(2)),
            .started = instant(row.number(3)),
            .finished = instant(row.optional_number(4)),
            .version = row.text(5),
            .seen = figure(6),
            .stored = figure(7),
            .known = figure(8),
            .failed = figure(9),
            .excluded = figure(10),
            .stored_bytes = figure(11)};
}

void set_journal(Database& db, bool shared)
{
    // WAL needs memory that all users of the file share. Without it, only EXTRA syncs the folder after the
    // journal is gone: DELETE with FULL lost the last commit in 79 of 200 measured power cuts, WAL with FULL
    // and this none.
    // The pragma answers with the mode it came to: a disk without shared memory refuses WAL without an error.
    if (!shared && db.text("PRAGMA journal_mode=WAL") == "wal") return db.run("PRAGMA synchronous=FULL");
    if (db.text("PRAGMA journal_mode=DELETE") != "delete") {
        throw ArchiveError{ErrorCode::busy,
                           "Another process is reading the catalog, which lies on a shared disk now. "
                           "Wait until it is done, then run it again."};
    }
    db.run("PRAGMA synchronous=EXTRA");
}

} // namespace

Catalog Catalog::open(const std::filesystem::path& file, Access access, bool shared)
{
    if (access == Access::read) {
        // A disk mounted read-only has no room for the log that readers share; then nobody writes it either.
        std::error_code no_log;
        const bool still = ::access(file.parent_path().c_str(), W_OK) != 0 &&
                           std::filesystem::file_size(file.native() + "-wal", no_log) + 1 <= 1;
        const auto open_to_read = [&](Database::Mode mode) {
            Database db = Database::open(file, mode);
            check_schema(db);
            return Catalog{std::move(db)};
        };
        if (still) return open_to_read(Database::Mode::read_still);
        try {
            return open_to_read(Database::Mode::read);
        } catch (const ArchiveError& e) {
            if (e.code() != ErrorCode::no_space) throw;
            return open_to_read(Database::Mode::read_alone);
        }
    }
    Database db = Database::open(file, Database::Mode::write);
    set_journal(db, shared);
    migrate(db);
    return Catalog{std::move(db)};
}

Catalog Catalog::create(const std::filesystem::path& file, bool shared)
{
    Database db = Database::open(file, Database::Mode::create);
    set_journal(db, shared);
    migrate(db);
    return Catalog{std::move(db)};
}

Catalog::Batch::Batch(Catalog& catalog, const std::string& manifest)
    : catalog_{&catalog}, transaction_{*catalog.db_}
{
    enter(manifest);
}

void Catalog::Batch::enter(const std::string& manifest)
{
    manifest_ = manifest;
    catalog_->select_run(manifest);
}

void Catalog::Batch::commit(Stretch stretch)
{
    catalog_->statement("UPDATE run SET applied=? WHERE manifest=? AND applied=?")
        .bind(1, static_cast<std::int64_t>(stretch.to))
        .bind(2, manifest_)
        .bind(3, static_cast<std::int64_t>(stretch.from))
        .run();
    if (catalog_->db_->changed_rows() != 1) {
        throw ArchiveError{ErrorCode::damaged, "The catalog lacks a part of the manifest " + manifest_ +
                                                   "; the next run of PhotoSafe adds it"};
    }
    commit();
}

void Catalog::Batch::commit()
{
    catalog_->index_.catch_up();
    transaction_.commit();
}

void Catalog::apply(const std::string& manifest, std::span<const Event> events, Stretch stretch)
{
    Batch batch{*this, manifest};
    for (const Event& event : events) batch.add(event);
    batch.commit(stretch);
}

void Catalog::apply_one(const Event& event, const std::string& manifest)
{
    if (const auto* begun = std::get_if<Begun>(&event)) return add(*begun, manifest);
    if (run_ == 0) throw ArchiveError{ErrorCode::damaged, "The manifest " + manifest + " has no beginning"};
    std::visit(
        [&](const auto& e) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(e)>, Begun>) add(e);
        },
        event);
}

void Catalog::select_run(const std::string& manifest)
{
    run_ = run_source_ = run_library_ = 0;
    Statement& s = statement("SELECT id, ifnull(source, 0), ifnull(library, 0) FROM run WHERE manifest=?")
                       .bind(1, manifest);
    if (s.step()) {
        run_ = s.number(0);
        run_source_ = s.number(1);
        run_library_ = s.number(2);
    }
    s.reset();
}

void Catalog::add(const Begun& e, const std::string& manifest)
{
    run_source_ = e.source.id.empty() ? 0 : source_row(e.source);
    Statement& s = statement(
        "INSERT INTO run(manifest, sequence, work, source, started, version, filter) VALUES(?,?,?,?,?,?,?)");
    s.bind(1, manifest).bind(2, e.sequence).bind(3, e.work);
    if (run_source_ != 0) s.bind(4, run_source_);
    s.bind(5, ns(e.at)).bind(6, e.version).bind(7, to_text(e.filter)).run();
    run_ = db_->last_row();
    run_library_ = 0;
    // What failed is what failed the last time this source was tried.
    if (run_source_ != 0) statement("DELETE FROM failure WHERE source=?").bind(1, run_source_).run();
}

void Catalog::add(const Stored& e)
{
    Statement& s =
        statement("INSERT INTO asset(sha256, xxh128, path, path_key, bytes, name, role, shot, modified, "
                  "taken, taken_local, "
                  "taken_source, imported, run, group_reason) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                  "ON CONFLICT(sha256) DO UPDATE SET path=excluded.path, path_key=excluded.path_key, "
                  "shot=excluded.shot, role=excluded.role, group_reason=excluded.group_reason, "
                  "modified=excluded.modified, state='present', verified=NULL");
    const std::int64_t shot = shot_row(e.group);
    s.bind_blob(1, e.digest.sha256).bind_blob(2, e.digest.xxh128).bind(3, e.path).bind(4, fold_key(e.path));
    s.bind(5, static_cast<std::int64_t>(e.bytes))
        .bind_blob(6, blob(e.name))
        .bind(7, name(e.role))
        .bind(8, shot);
    s.bind(9, ns(e.modified)).bind_optional(10, ns(e.taken)).bind(11, e.taken_local).bind(12, e.taken_source);
    s.bind(13, ns(e.at)).bind(14, run_).bind(15, name(e.reason)).run();
}

void Catalog::add(const Regrouped& e)
{
    const std::int64_t shot = shot_row(e.group);
    Statement& s = statement("UPDATE asset SET shot=?, role=?, group_reason=?, taken=?, taken_local=?, "
                             "taken_source=? WHERE sha256=?");
    s.bind(1, shot).bind(2, name(e.role)).bind(3, name(e.reason));
    s.bind_optional(4, ns(e.taken)).bind(5, e.taken_local).bind(6, e.taken_source);
    s.bind_blob(7, e.sha256).run();
}

void Catalog::add(const Seen& e)
{
    Statement& s = statement("INSERT INTO place(source, path, asset, bytes, modified, born, seen, run) "
                             "SELECT ?1, ?2, id, ?4, ?5, ?6, ?7, ?8 FROM asset WHERE sha256=?3 "
                             "ON CONFLICT(source, path, asset) DO UPDATE SET bytes=excluded.bytes, "
                             "modified=excluded.modified, born=excluded.born");
    s.bind(1, run_source_).bind_blob(2, blob(e.place.path)).bind_blob(3, e.sha256);
    s.bind(4, static_cast<std::int64_t>(e.place.bytes))
        .bind(5, ns(e.place.modified))
        .bind_optional(6, ns(e.place.born));
    s.bind(7, ns(e.place.seen)).bind(8, run_).run();
}

void Catalog::add(const Failed& e)
{
    statement("INSERT INTO failure(source, path, bytes, code, reason, run) VALUES(?,?,?,?,?,?)")
        .bind(1, run_source_)
        .bind_blob(2, blob(e.failure.path))
        .bind(3, static_cast<std::int64_t>(e.failure.bytes))
        .bind(4, e.failure.code)
        .bind_blob(5, blob(e.failure.reason))
        .bind(6, run_)
        .run();
}

void Catalog::add(const Ended& e)
{
    const auto figure = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    const ImportRecord& f = e.figures;
    statement("UPDATE run SET finished=?, seen=?, stored=?, known=?, failed=?, excluded=?, stored_bytes=? "
              "WHERE id=?")
        .bind(1, ns(e.at))
        .bind(2, figure(f.seen))
        .bind(3, figure(f.stored))
        .bind(4, figure(f.known))
        .bind(5, figure(f.failed))
        .bind(6, figure(f.excluded))
        .bind(7, figure(f.stored_bytes))
        .bind(8, run_)
        .run();
}

void Catalog::add(const Verified& e)
{
    for (const auto& sha256 : e.sha256) {
        statement("UPDATE asset SET verified=?, state='present' WHERE sha256=?")
            .bind(1, ns(e.at))
            .bind_blob(2, sha256)
            .run();
    }
}

void Catalog::add(const FoundBad& e)
{
    statement("UPDATE asset SET state=? WHERE sha256=?").bind(1, name(e.state)).bind_blob(2, e.sha256).run();
}

IngestFilter Catalog::last_filter(const std::string& source)
{
    Statement& s = statement(
        "SELECT r.filter FROM run r JOIN source s ON s.id = r.source WHERE s.key=? AND r.work='import' "
        "ORDER BY r.sequence DESC LIMIT 1");
    s.bind_blob(1, blob(source));
    const IngestFilter filter = s.step() ? filter_from(s.text(0)) : IngestFilter{};
    s.reset();
    return filter;
}

void Catalog::add(const LibraryFound& e) { run_library_ = phones_.add({run_, run_source_, 0}, e); }

std::int64_t Catalog::source_row(const SourceInfo& source)
{
    Statement& s = statement("INSERT INTO source(key, kind, name, model, version) VALUES(?,?,?,?,?) ON "
                             "CONFLICT(key) DO UPDATE SET "
                             "kind=excluded.kind, name=excluded.name, model=excluded.model, "
                             "version=excluded.version RETURNING id");
    s.bind_blob(1, blob(source.id))
        .bind(2, source.kind)
        .bind_blob(3, blob(source.name))
        .bind_blob(4, blob(source.model));
    s.bind_blob(5, blob(source.version));
    s.step();
    const std::int64_t id = s.number(0);
    s.run();
    return id;
}

std::int64_t Catalog::shot_row(const std::string& path)
{
    Statement& insert =
        statement("INSERT INTO shot(path, path_key) VALUES(?,?) ON CONFLICT(path_key) DO NOTHING");
    const std::string key = fold_key(path);
    insert.bind(1, path).bind(2, key).run();
    Statement& s = statement("SELECT id FROM shot WHERE path_key=?").bind(1, key);
    s.step();
    const std::int64_t id = s.number(0);
    s.reset();
    return id;
}

std::map<std::string, std::uint64_t> Catalog::applied()
{
    std::map<std::string, std::uint64_t> result;
    Statement& s = statement("SELECT manifest, applied FROM run");
    while (s.step()) result[s.text(0)] = static_cast<std::uint64_t>(s.number(1));
    return result;
}

std::int64_t Catalog::last_sequence() { return db_->number("SELECT ifnull(max(sequence), 0) FROM run"); }

namespace {

std::optional<Asset> one_asset(Statement& s)
{
    std::optional<Asset> result;
    if (s.step()) result = asset_of(s);
    s.reset();
    return result;
}

bool any(Statement& s)
{
    const bool found = s.step();
    s.reset();
    return found;
}

} // namespace

#define PHOTOSAFE_SELECT_ASSET "SELECT " PHOTOSAFE_ASSET_COLUMNS " FROM asset "

std::optional<Asset> Catalog::find(const Digest& digest)
{
    auto asset = one_asset(statement(PHOTOSAFE_SELECT_ASSET "WHERE sha256=?").bind_blob(1, digest.sha256));
    if (asset && asset->digest.xxh128 != digest.xxh128) {
        throw ArchiveError{ErrorCode::damaged, "The catalog has other digests than the bytes of " +
                                                   asset->path + "; run photosafe rebuild"};
    }
    return asset;
}

std::optional<Asset> Catalog::find(std::int64_t id)
{
    return one_asset(statement(PHOTOSAFE_SELECT_ASSET "WHERE id=?").bind(1, id));
}

std::optional<Asset> Catalog::find_sha256(const std::array<std::byte, 32>& sha256)
{
    return one_asset(statement(PHOTOSAFE_SELECT_ASSET "WHERE sha256=?").bind_blob(1, sha256));
}

std::optional<Asset> Catalog::find_path(const std::string& path)
{
    return one_asset(statement(PHOTOSAFE_SELECT_ASSET "WHERE path=?").bind(1, path));
}

bool Catalog::path_taken(const std::string& path)
{
    return any(statement("SELECT 1 FROM asset WHERE path_key=?").bind(1, fold_key(path)));
}

bool Catalog::shot_taken(const std::string& path)
{
    return any(statement("SELECT 1 FROM shot WHERE path_key=?").bind(1, fold_key(path)));
}

std::string Catalog::shot_path(std::int64_t shot)
{
    Statement& s = statement("SELECT path FROM shot WHERE id=?").bind(1, shot);
    std::string path = s.step() ? s.text(0) : std::string{};
    s.reset();
    return path;
}

std::optional<KnownPlace> Catalog::seen(const std::string& source, const std::string& path,
                                        std::uint64_t bytes, Instant modified)
{
    Statement& s =
        statement("SELECT p.asset, p.bytes, p.modified FROM place p JOIN source s ON s.id=p.source "
                  "WHERE s.key=? AND p.path=? ORDER BY p.id DESC");
    s.bind_blob(1, blob(source)).bind_blob(2, blob(path));
    std::optional<KnownPlace> result;
    while (!result && s.step()) {
        KnownPlace place{s.number(0), static_cast<std::uint64_t>(s.number(1)), instant(s.number(2))};
        if (place.bytes == bytes && place.modified == modified) result = place;
    }
    s.reset();
    return result;
}

bool Catalog::seen_at(const std::string& source, const std::string& path)
{
    return any(
        statement("SELECT 1 FROM place p JOIN source s ON s.id = p.source WHERE s.key=? AND p.path=? LIMIT 1")
            .bind_blob(1, blob(source))
            .bind_blob(2, blob(path)));
}

void Catalog::for_each_asset(const std::string& order, const std::function<bool(const Asset&)>& visit)
{
    Statement s = db_->prepare(std::string{PHOTOSAFE_SELECT_ASSET} + order);
    while (s.step()) {
        if (!visit(asset_of(s))) return;
    }
}

#undef PHOTOSAFE_SELECT_ASSET

std::vector<Place> Catalog::places(std::int64_t asset)
{
    std::vector<Place> result;
    Statement& s = statement("SELECT s.key, p.path, p.bytes, p.modified, p.born, p.seen FROM place p "
                             "JOIN source s ON s.id=p.source WHERE p.asset=? ORDER BY p.id");
    s.bind(1, asset);
    while (s.step()) {
        result.push_back({.source = text_of(s.blob(0)),
                          .path = text_of(s.blob(1)),
                          .bytes = static_cast<std::uint64_t>(s.number(2)),
                          .modified = instant(s.number(3)),
                          .born = instant(s.optional_number(4)),
                          .seen = instant(s.number(5))});
    }
    return result;
}

ArchiveSummary Catalog::summary()
{
    const auto figure = [&](const char* sql) { return static_cast<std::uint64_t>(db_->number(sql)); };
    ArchiveSummary result;
    result.originals = figure("SELECT originals FROM total");
    result.original_bytes = figure("SELECT bytes FROM total");
    result.groups = figure("SELECT count(*) FROM shot s WHERE EXISTS(SELECT 1 FROM asset WHERE shot=s.id)");
    result.places = figure("SELECT count(*) FROM place");
    result.missing = figure("SELECT count(*) FROM asset WHERE state='missing' AND state<>'present'");
    result.damaged = figure("SELECT count(*) FROM asset WHERE state='damaged' AND state<>'present'");
    result.never_verified = figure("SELECT count(*) FROM asset WHERE verified IS NULL");
    result.failures = figure("SELECT count(*) FROM failure");
    Statement oldest = db_->prepare("SELECT min(verified) FROM asset WHERE verified IS NOT NULL");
    if (oldest.step()) result.oldest_verified = instant(oldest.optional_number(0));
    if (auto last = imports(1); !last.empty()) result.last_import = std::move(last.front());
    return result;
}

std::vector<ImportRecord> Catalog::imports(std::size_t limit)
{
    std::vector<ImportRecord> result;
    Statement& s = statement(
        "SELECT r.manifest, s.key, s.name, r.started, r.finished, r.version, r.seen, r.stored, r.known, "
        "r.failed, r.excluded, r.stored_bytes FROM run r JOIN source s ON s.id=r.source "
        "WHERE r.work='import' ORDER BY r.sequence DESC LIMIT ?");
    s.bind(1, static_cast<std::int64_t>(limit));
    while (s.step()) result.push_back(import_of(s));
    return result;
}

std::vector<FailureRecord> Catalog::failures(std::size_t limit)
{
    std::vector<FailureRecord> result;
    Statement& s = statement(
        "SELECT s.key, f.path, f.bytes, f.code, f.reason FROM failure f JOIN source s ON s.id=f.source "
        "ORDER BY f.id LIMIT ?");
    s.bind(1, static_cast<std::int64_t>(limit));
    while (s.step()) {
        result.push_back({.source = text_of(s.blob(0)),
                          .path = text_of(s.blob(1)),
                          .bytes = static_cast<std::uint64_t>(s.number(2)),
                          .code = s.text(3),
                          .reason = text_of(s.blob(4))});
    }
    return result;
}

void Catalog::checkpoint() { db_->run("PRAGMA wal_checkpoint(TRUNCATE)"); }
std::string Catalog::check() { return db_->text("PRAGMA quick_check(1)"); }

} // namespace photosafe
