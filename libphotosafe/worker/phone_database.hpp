// SPDX-License-Identifier: LGPL-2.1-or-later
// A database of unknown history, opened so that reading it can do nothing but read it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/handle.hpp"
#include "media/facts.hpp"

struct sqlite3;
struct sqlite3_stmt;
extern "C" int sqlite3_close_v2(sqlite3*);
extern "C" int sqlite3_finalize(sqlite3_stmt*);

namespace photosafe::worker {

/// A connection that needs no file system and no shared memory: SQLite gets two read-only files, the bytes
/// behind the descriptor, and is refused any other. The log is applied. Views, triggers, virtual tables and
/// functions of the schema are dead; what is asked can read tables and nothing else.
///
/// Errors: MediaError: unreadable (damaged, encrypted, no database), timeout, out_of_memory.
/// Threads: one at a time; several connections may be open.
class PhoneDatabase {
public:
    /// Reads at whatever offset; `fd` stays the caller's. After `deadline` every call fails.
    PhoneDatabase(const DatabaseFile& file, std::chrono::steady_clock::time_point deadline);
    ~PhoneDatabase();
    PhoneDatabase(const PhoneDatabase&) = delete;
    PhoneDatabase& operator=(const PhoneDatabase&) = delete;

    /// Throws where a page is not what it has to be.
    void check();
    sqlite3* get() const noexcept { return db_.get(); }
    /// Throws what the last failure means; `doing` begins its message.
    [[noreturn]] void fail(int rc, std::string_view doing) const;

private:
    struct FileSystem;
    std::unique_ptr<FileSystem> files_;
    std::unique_ptr<sqlite3, FreeWith<sqlite3_close_v2>> db_; // goes first
};

/// Rows of a SELECT. Columns count from 0; a value of another type than asked for is none.
class PhoneQuery {
public:
    PhoneQuery(PhoneDatabase& database, const std::string& sql);

    bool step();
    bool is_null(int column) const noexcept;
    std::optional<std::int64_t> number(int column) const noexcept;
    std::optional<double> real(int column) const noexcept;           ///< of integers too
    std::optional<std::string_view> text(int column) const noexcept; ///< until the next step
    std::optional<std::string_view> blob(int column) const noexcept;

private:
    PhoneDatabase* database_;
    std::unique_ptr<sqlite3_stmt, FreeWith<sqlite3_finalize>> statement_;
};

} // namespace photosafe::worker
