// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace simphone {

/// A database with a write-ahead log, made anew. The same statements write the same bytes, in the log too.
/// Everything throws std::runtime_error. One thread, and one such database at a time.
class Database {
public:
    explicit Database(const std::filesystem::path& file);
    /// Closes it and leaves the log beside it, as a phone does that is still writing.
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void run(const std::string& sql);
    /// Moves all that was written until now from the log into the database.
    void empty_log();
    std::int64_t number(const std::string& sql);
    sqlite3* get() const noexcept { return db_; }

private:
    sqlite3* db_ = nullptr;
};

/// Rows into one table. A column that this table hasn't is left out; `known` says which names make sense at
/// all.
class Rows {
public:
    /// `known`: names of all columns the table has in any generation; true for those that it has here.
    Rows(Database& database, const std::string& table, const std::map<std::string, bool, std::less<>>& known);
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    Rows& set(std::string_view column, std::int64_t value);
    Rows& set(std::string_view column, int value) { return set(column, std::int64_t{value}); }
    Rows& set(std::string_view column, bool value) { return set(column, std::int64_t{value ? 1 : 0}); }
    Rows& set(std::string_view column, double value);
    Rows& set(std::string_view column, std::string_view text); ///< NULL where it is empty
    Rows& set(std::string_view column, const std::string& text)
    {
        return set(column, std::string_view{text});
    }
    Rows& set(std::string_view column, const char* text) { return set(column, std::string_view{text}); }
    Rows& set_blob(std::string_view column, std::string_view bytes);
    /// Seconds since 2001, as Core Data has instants; given nanoseconds since 1970.
    Rows& set_time(std::string_view column, std::optional<std::int64_t> ns);
    /// Writes the row and begins the next.
    void insert();

private:
    /// Its place in the statement; none where this table hasn't got it.
    std::optional<int> place(std::string_view column) const;

    std::map<std::string, std::optional<int>, std::less<>> places_;
    std::string table_;
    sqlite3_stmt* statement_ = nullptr;
};

/// Seconds since 2001 of nanoseconds since 1970.
double core_data_seconds(std::int64_t ns);

} // namespace simphone
