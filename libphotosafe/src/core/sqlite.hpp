// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include <photosafe/error.hpp>

#include "core/handle.hpp"

struct sqlite3;
struct sqlite3_stmt;
extern "C" int sqlite3_close_v2(sqlite3*);
extern "C" int sqlite3_finalize(sqlite3_stmt*);

namespace photosafe {

class Statement;

/// One connection. Errors: ArchiveError with codes no_space, read_only, busy, damaged, io. One thread at a
/// time.
class Database {
public:
    enum class Mode {
        read,
        read_still, ///< on a disk that nobody writes: without locks and without its write-ahead log
        read_alone, ///< on a full disk: what other processes would share lies in memory, and they are locked
                    ///< out
        write,
        create,
    };
    static Database open(const std::filesystem::path& file, Mode mode);

    void run(const std::string& sql);
    Statement prepare(std::string_view sql);
    std::int64_t number(const std::string& sql);
    std::string text(const std::string& sql);
    std::int64_t last_row() const noexcept;
    /// How many rows the last statement that changed any has changed.
    std::int64_t changed_rows() const noexcept;
    bool in_transaction() const noexcept;
    sqlite3* get() const noexcept { return db_.get(); }

private:
    explicit Database(sqlite3* db) : db_{db} {}
    std::unique_ptr<sqlite3, FreeWith<sqlite3_close_v2>> db_;
};

/// A prepared statement: bind in order from 1, step, read columns from 0.
class Statement {
public:
    Statement(sqlite3* db, std::string_view sql);

    Statement& bind(int at, std::int64_t value);
    Statement& bind(int at, std::string_view text);
    Statement& bind_real(int at, double value); ///< NaN becomes NULL
    Statement& bind_blob(int at, std::span<const std::byte> bytes);
    Statement& bind_null(int at);
    template <class T>
    Statement& bind_optional(int at, const std::optional<T>& value)
    {
        return value ? bind(at, *value) : bind_null(at);
    }

    /// True when there is a row to read.
    bool step();
    /// Runs it to its end, and makes it ready to be bound again.
    void run();
    void reset() noexcept;

    int columns() const noexcept;
    bool is_null(int column) const noexcept;
    std::int64_t number(int column) const noexcept;
    std::optional<std::int64_t> optional_number(int column) const noexcept;
    double real(int column) const noexcept;
    std::optional<double> optional_real(int column) const noexcept;
    std::string text(int column) const;
    std::span<const std::byte> blob(int column) const noexcept;

private:
    Statement& bound(int rc);
    std::unique_ptr<sqlite3_stmt, FreeWith<sqlite3_finalize>> statement_;
};

/// The statements of one connection, each prepared once. The connection must outlive them.
class Statements {
public:
    explicit Statements(const Database& db) : db_{db.get()} {}
    /// The statement of this text, which is known by its address and must stay: a literal. It is reset, and
    /// nothing is bound.
    Statement& operator()(const char* sql);

private:
    sqlite3* db_;
    std::unordered_map<const char*, Statement> prepared_;
};

/// Takes the write lock at once; undone unless committed.
class Transaction {
public:
    explicit Transaction(Database& db);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

private:
    Database* db_;
};

} // namespace photosafe
