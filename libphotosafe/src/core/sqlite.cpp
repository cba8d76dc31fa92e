// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sqlite.hpp"

#include <cerrno>
#include <new>
#include <system_error>

#include <sqlite3.h>

#include "core/digest.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

[[noreturn]] void fail(sqlite3* db, int rc)
{
    const char* file = db != nullptr ? sqlite3_db_filename(db, "main") : nullptr;
    const std::filesystem::path subject{file != nullptr ? file : ""};
    std::string message = "The catalog " + printable(subject.native()) + ": ";
    message += db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    const auto full = [&] {
        return ArchiveError{ErrorCode::no_space, message + ". Make room there, then run it again.", subject};
    };
    switch (rc & 0xFF) {
    case SQLITE_NOMEM: throw std::bad_alloc{};
    case SQLITE_FULL: throw full();
    case SQLITE_READONLY:
    case SQLITE_PERM: throw ArchiveError{ErrorCode::read_only, message, subject};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: throw ArchiveError{ErrorCode::busy, message, subject};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
        throw ArchiveError{
            ErrorCode::damaged,
            message + ". The originals and manifests are not touched by this; run photosafe rebuild.",
            subject};
    case SQLITE_CANTOPEN: throw ArchiveError{ErrorCode::not_found, message, subject};
    case SQLITE_IOERR: // of the memory that processes share, too, which is a file beside the catalog
        if (const int why = db != nullptr ? sqlite3_system_errno(db) : 0; why != 0) {
            message += ", " + std::generic_category().message(why);
            if (why == ENOSPC || why == EDQUOT) throw full();
        }
        [[fallthrough]];
    default: throw ArchiveError{ErrorCode::io, message, subject};
    }
}

} // namespace

Database Database::open(const std::filesystem::path& file, Mode mode)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= mode == Mode::read || mode == Mode::read_still ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    // A name that looks like a URI is one to SQLite as Debian builds it.
    std::string name = file.native().starts_with("file:") ? "./" + file.native() : file.native();
    if (mode == Mode::read_still) {
        name = file.is_absolute() ? "file://" : "file:"; // "//name" would be a host otherwise
        for (const char c : file.native()) {             // as URIs want it: sqlite.org/uri.html
            if (c == '%' || c == '?' || c == '#')
                name += "%" + hex(std::as_bytes(std::span{&c, 1}));
            else
                name += c;
        }
        name += "?immutable=1";
        flags |= SQLITE_OPEN_URI;
    }
    const int rc = sqlite3_open_v2(name.c_str(), &raw, flags, nullptr);
    Database db{raw};
    if (rc != SQLITE_OK) fail(raw, rc);
    sqlite3_busy_timeout(raw, 5000);
    // A catalog may come from a disk of unknown history: nothing in its schema is trusted
    // (sqlite.org/security.html).
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // Every statement with a trigger keeps a journal of its own, to be undone alone: as files, they were nine
    // of ten writes of an import.
    db.run("PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;");
    if (mode == Mode::read_alone) db.run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA query_only=ON;");
    return db;
}

void Database::run(const std::string& sql)
{
    if (const int rc = sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr); rc != SQLITE_OK)
        fail(get(), rc);
}

Statement Database::prepare(std::string_view sql) { return {get(), sql}; }

std::int64_t Database::number(const std::string& sql)
{
    Statement statement = prepare(sql);
    return statement.step() ? statement.number(0) : 0;
}

std::string Database::text(const std::string& sql)
{
    Statement statement = prepare(sql);
    return statement.step() ? statement.text(0) : std::string{};
}

std::int64_t Database::last_row() const noexcept { return sqlite3_last_insert_rowid(get()); }
std::int64_t Database::changed_rows() const noexcept { return sqlite3_changes64(get()); }
bool Database::in_transaction() const noexcept { return sqlite3_get_autocommit(get()) == 0; }

Statement::Statement(sqlite3* db, std::string_view sql)
{
    sqlite3_stmt* raw = nullptr;
    const int rc = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &raw, nullptr);
    statement_.reset(raw);
    if (rc != SQLITE_OK) fail(db, rc);
}

Statement& Statement::bind(int at, std::int64_t value)
{
    return bound(sqlite3_bind_int64(statement_.get(), at, value));
}

Statement& Statement::bind(int at, std::string_view text)
{
    return bound(sqlite3_bind_text64(statement_.get(), at, text.data() != nullptr ? text.data() : "",
                                     text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Statement& Statement::bind_real(int at, double value)
{
    return bound(sqlite3_bind_double(statement_.get(), at, value));
}

Statement& Statement::bind_blob(int at, std::span<const std::byte> bytes)
{
    return bound(sqlite3_bind_blob64(statement_.get(), at,
                                     bytes.empty() ? "" : reinterpret_cast<const char*>(bytes.data()),
                                     bytes.size(), SQLITE_TRANSIENT));
}

Statement& Statement::bind_null(int at) { return bound(sqlite3_bind_null(statement_.get(), at)); }

/// What isn't bound is NULL, which may well be stored: it must not pass for the value.
Statement& Statement::bound(int rc)
{
    if (rc != SQLITE_OK) fail(sqlite3_db_handle(statement_.get()), rc);
    return *this;
}

bool Statement::step()
{
    const int rc = sqlite3_step(statement_.get());
    if (rc == SQLITE_ROW) return true;
    if (rc == SQLITE_DONE) return false;
    sqlite3* db = sqlite3_db_handle(statement_.get());
    try {
        fail(db, rc);
    } catch (const ArchiveError&) {
        reset();
        throw;
    }
}

void Statement::run()
{
    while (step()) {
    }
    reset();
}

void Statement::reset() noexcept
{
    sqlite3_reset(statement_.get()); // repeats the error that step reported
    sqlite3_clear_bindings(statement_.get());
}

int Statement::columns() const noexcept { return sqlite3_column_count(statement_.get()); }

bool Statement::is_null(int column) const noexcept
{
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t Statement::number(int column) const noexcept
{
    return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> Statement::optional_number(int column) const noexcept
{
    if (is_null(column)) return std::nullopt;
    return number(column);
}

double Statement::real(int column) const noexcept { return sqlite3_column_double(statement_.get(), column); }

std::optional<double> Statement::optional_real(int column) const noexcept
{
    if (is_null(column)) return std::nullopt;
    return real(column);
}

std::string Statement::text(int column) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return text == nullptr
               ? std::string{}
               : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::span<const std::byte> Statement::blob(int column) const noexcept
{
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Statement& Statements::operator()(const char* sql)
{
    auto found = prepared_.find(sql);
    if (found == prepared_.end()) found = prepared_.emplace(sql, Statement{db_, sql}).first;
    found->second.reset();
    return found->second;
}

Transaction::Transaction(Database& db) : db_{&db} { db.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction()
{
    // A failed statement may have rolled back already; what ROLLBACK would say then is known.
    if (db_ != nullptr && db_->in_transaction())
        sqlite3_exec(db_->get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit()
{
    db_->run("COMMIT");
    db_ = nullptr;
}

} // namespace photosafe
