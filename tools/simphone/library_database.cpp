// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library_database.hpp"

#include <cstring>
#include <stdexcept>

#include <sqlite3.h>

namespace simphone {
namespace {

[[noreturn]] void fail(sqlite3* db, const std::string& what)
{
    throw std::runtime_error(what + ": " + (db != nullptr ? sqlite3_errmsg(db) : "out of memory"));
}

int no_randomness(sqlite3_vfs*, int bytes, char* out)
{
    std::memset(out, 0x2A, static_cast<std::size_t>(bytes));
    return bytes;
}

// A write-ahead log carries random salts. A roll must be the same bytes for the same seed, so SQLite gets a
// system that throws no dice: its own, but for that.
const char* dice_free_system()
{
    static sqlite3_vfs system = [] {
        sqlite3_vfs* const usual = sqlite3_vfs_find(nullptr);
        if (usual == nullptr) throw std::runtime_error("SQLite has no file system");
        sqlite3_vfs copy = *usual;
        copy.pNext = nullptr;
        copy.zName = "simphone";
        copy.xRandomness = no_randomness;
        return copy;
    }();
    if (sqlite3_vfs_register(&system, 1) != SQLITE_OK)
        throw std::runtime_error("SQLite refuses a file system");
    sqlite3_randomness(0, nullptr); // forget the dice thrown before
    return system.zName;
}

// Photos' triggers tell Core Data what changed. Whoever isn't Photos lacks these functions, and can't write.
void tell_nobody(sqlite3_context* context, int, sqlite3_value**) { sqlite3_result_null(context); }

} // namespace

Database::Database(const std::filesystem::path& file)
{
    const char* const system = dice_free_system();
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(file.c_str(), &db_, flags, system) != SQLITE_OK) {
        const std::string message = "Making " + file.string() + ": " + sqlite3_errmsg(db_);
        sqlite3_close(db_);
        throw std::runtime_error(message);
    }
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    for (const char* name : {"NSCoreDataDATriggerUpdatedAffectedObjectValue",
                             "NSCoreDataDATriggerInsertUpdatedAffectedObjectValue"})
        sqlite3_create_function(db_, name, -1, SQLITE_UTF8, nullptr, tell_nobody, nullptr, nullptr);
    // What SQLite needs for a while stays in memory: without dice, two processes would give their temporary
    // files the same names, and one would get the other's.
    run("PRAGMA temp_store=MEMORY; "
        "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; "
        "PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;");
}

Database::~Database() { sqlite3_close_v2(db_); }

void Database::run(const std::string& sql)
{
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(db_, "Running " + sql);
}

void Database::empty_log()
{
    if (sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK)
        fail(db_, "Emptying the write-ahead log");
}

std::int64_t Database::number(const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        fail(db_, "Asking " + sql);
    const bool found = sqlite3_step(statement) == SQLITE_ROW;
    const std::int64_t value = found ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    if (!found) fail(db_, "Asking " + sql);
    return value;
}

Rows::Rows(Database& database, const std::string& table,
           const std::map<std::string, bool, std::less<>>& known)
    : table_{table}
{
    std::string columns, values;
    int count = 0;
    for (const auto& [name, is_here] : known) {
        places_[name] = is_here ? std::optional{++count} : std::nullopt;
        if (!is_here) continue;
        columns += (columns.empty() ? "" : ", ") + name;
        values += values.empty() ? "?" : ", ?";
    }
    const std::string sql = "INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")";
    if (sqlite3_prepare_v3(database.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement_,
                           nullptr) != SQLITE_OK)
        fail(database.get(), "Filling " + table);
}

Rows::~Rows() { sqlite3_finalize(statement_); }

std::optional<int> Rows::place(std::string_view column) const
{
    const auto found = places_.find(column);
    if (found == places_.end()) throw std::logic_error(table_ + " never has " + std::string{column});
    return found->second;
}

Rows& Rows::set(std::string_view column, std::int64_t value)
{
    if (const auto at = place(column)) sqlite3_bind_int64(statement_, *at, value);
    return *this;
}

Rows& Rows::set(std::string_view column, double value)
{
    if (const auto at = place(column)) sqlite3_bind_double(statement_, *at, value);
    return *this;
}

Rows& Rows::set(std::string_view column, std::string_view text)
{
    if (const auto at = place(column); at && !text.empty())
        sqlite3_bind_text64(statement_, *at, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Rows& Rows::set_blob(std::string_view column, std::string_view bytes)
{
    if (const auto at = place(column))
        sqlite3_bind_blob64(statement_, *at, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
}

Rows& Rows::set_time(std::string_view column, std::optional<std::int64_t> ns)
{
    return ns ? set(column, core_data_seconds(*ns)) : *this;
}

void Rows::insert()
{
    if (sqlite3_step(statement_) != SQLITE_DONE) fail(sqlite3_db_handle(statement_), "Filling " + table_);
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

double core_data_seconds(std::int64_t ns)
{
    constexpr std::int64_t from_1970_to_2001 = 978'307'200;
    constexpr std::int64_t per_second = 1'000'000'000;
    // Whole seconds apart, so that the fraction is as exact as a double of that size can be.
    return static_cast<double>(ns / per_second - from_1970_to_2001) +
           static_cast<double>(ns % per_second) / 1e9;
}

} // namespace simphone
