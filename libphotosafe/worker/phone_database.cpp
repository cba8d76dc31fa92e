// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/phone_database.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>

#include <unistd.h>

#include <sqlite3.h>

#include <photosafe/error.hpp>

#include "core/text.hpp"

namespace photosafe::worker {

namespace {

constexpr const char* database_name = "library";
constexpr const char* log_name = "library-wal"; // as SQLite makes it of the other
constexpr std::int64_t most_memory = std::int64_t{192} << 20;

/// Bytes of the file that are a file of their own.
struct Range {
    int fd = -1;
    std::uint64_t offset = 0, bytes = 0;
    std::chrono::steady_clock::time_point deadline;
};

struct OpenFile {
    sqlite3_file base;
    const Range* range;
};

const Range& range_of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file)->range; }

int close_file(sqlite3_file*) { return SQLITE_OK; }

int read_file(sqlite3_file* file, void* to, int amount, sqlite3_int64 at)
{
    const Range& range = range_of(file);
    auto* bytes = static_cast<char*>(to);
    const auto wanted = static_cast<std::size_t>(amount);
    if (std::chrono::steady_clock::now() > range.deadline) return SQLITE_IOERR_READ;
    std::size_t held = 0;
    const auto start = static_cast<std::uint64_t>(at);
    if (at >= 0 && start < range.bytes) {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, range.bytes - start));
        while (held < most) {
            const ssize_t n =
                ::pread(range.fd, bytes + held, most - held, static_cast<off_t>(range.offset + start + held));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return SQLITE_IOERR_READ;
            if (n == 0) break;
            held += static_cast<std::size_t>(n);
        }
    }
    if (held == wanted) return SQLITE_OK;
    std::memset(bytes + held, 0, wanted - held); // as SQLite asks for
    return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file*, const void*, int, sqlite3_int64) { return SQLITE_READONLY; }
int truncate_file(sqlite3_file*, sqlite3_int64) { return SQLITE_READONLY; }
int sync_file(sqlite3_file*, int) { return SQLITE_OK; }

int size_of_file(sqlite3_file* file, sqlite3_int64* bytes)
{
    *bytes = static_cast<sqlite3_int64>(range_of(file).bytes);
    return SQLITE_OK;
}

int lock_file(sqlite3_file*, int) { return SQLITE_OK; } // a private copy: nobody else has it

int is_reserved(sqlite3_file*, int* answer)
{
    *answer = 0;
    return SQLITE_OK;
}

int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return 0; }

/// Version 1: without shared memory. A log is then admitted in exclusive mode, its index on the heap.
constexpr sqlite3_io_methods methods{
    1,         close_file, read_file,   write_file,   truncate_file, sync_file,       size_of_file,
    lock_file, lock_file,  is_reserved, control_file, sector_size,   characteristics, nullptr,
    nullptr,   nullptr,    nullptr,     nullptr,      nullptr};

int refuse_to_delete(sqlite3_vfs*, const char*, int) { return SQLITE_IOERR_DELETE; }

int take_name(sqlite3_vfs*, const char* name, int room, char* out)
{
    sqlite3_snprintf(room, out, "%s", name);
    return SQLITE_OK;
}

int no_randomness(sqlite3_vfs*, int bytes, char* out)
{
    std::memset(out, 0, static_cast<std::size_t>(bytes)); // only who writes needs dice
    return bytes;
}

int sleep_not(sqlite3_vfs*, int) { return 0; }

int no_time(sqlite3_vfs*, double* days)
{
    *days = 0;
    return SQLITE_OK;
}

int no_error(sqlite3_vfs*, int, char*) { return 0; }

/// Reads of tables, and what checks them; no view's, no trigger's.
int authorize(void*, int action, const char* first, const char*, const char*, const char* within)
{
    if (within != nullptr) return SQLITE_DENY;
    if (action == SQLITE_SELECT || action == SQLITE_READ) return SQLITE_OK;
    if (action == SQLITE_PRAGMA && first != nullptr) {
        const std::string_view pragma{first};
        if (pragma == "quick_check" || pragma == "table_info") return SQLITE_OK;
    }
    return SQLITE_DENY;
}

void set_limits(sqlite3* db)
{
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 16 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 2000);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 50);
    sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 2);
    sqlite3_limit(db, SQLITE_LIMIT_FUNCTION_ARG, 16);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
}

} // namespace

/// SQLite's view of the file: registered under a name of its own as long as this lives.
struct PhoneDatabase::FileSystem {
    FileSystem(const DatabaseFile& file, std::chrono::steady_clock::time_point until)
        : database{file.fd, 0, file.database_bytes, until},
          log{file.fd, file.database_bytes, file.log_bytes, until}, deadline{until}
    {
        static std::atomic<unsigned> counter{0};
        name = "photosafe-" + std::to_string(counter++);
        vfs.iVersion = 1;
        vfs.szOsFile = sizeof(OpenFile);
        vfs.mxPathname = 64;
        vfs.zName = name.c_str();
        vfs.pAppData = this;
        vfs.xOpen = open;
        vfs.xDelete = refuse_to_delete;
        vfs.xAccess = exists;
        vfs.xFullPathname = take_name;
        vfs.xRandomness = no_randomness;
        vfs.xSleep = sleep_not;
        vfs.xCurrentTime = no_time;
        vfs.xGetLastError = no_error;
        earlier_limit = sqlite3_hard_heap_limit64(-1);
        if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
            throw MediaError{ErrorCode::unreadable, "SQLite can't be used."};
        if (earlier_limit == 0 || earlier_limit > most_memory) (void)sqlite3_hard_heap_limit64(most_memory);
    }
    FileSystem(const FileSystem&) = delete;
    FileSystem& operator=(const FileSystem&) = delete;
    ~FileSystem()
    {
        (void)sqlite3_hard_heap_limit64(earlier_limit);
        sqlite3_vfs_unregister(&vfs);
    }

    static int open(sqlite3_vfs* vfs, const char*, sqlite3_file* file, int flags, int* out)
    {
        auto& self = *static_cast<FileSystem*>(vfs->pAppData);
        auto* opened = reinterpret_cast<OpenFile*>(file);
        opened->base.pMethods = nullptr;
        // Anything else would be a journal or a temporary file.
        if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0) return SQLITE_CANTOPEN;
        const bool is_log = (flags & SQLITE_OPEN_WAL) != 0;
        opened->range = is_log ? &self.log : &self.database;
        opened->base.pMethods = &methods;
        if (out != nullptr) *out = SQLITE_OPEN_READONLY | (is_log ? SQLITE_OPEN_WAL : SQLITE_OPEN_MAIN_DB);
        return SQLITE_OK;
    }

    static int exists(sqlite3_vfs* vfs, const char* path, int, int* answer)
    {
        auto& self = *static_cast<FileSystem*>(vfs->pAppData);
        *answer = path != nullptr && std::string_view{path} == log_name && self.log.bytes > 0 ? 1 : 0;
        return SQLITE_OK;
    }

    Range database, log;
    std::chrono::steady_clock::time_point deadline;
    std::string name;
    sqlite3_vfs vfs{};
    sqlite3_int64 earlier_limit = 0;
};

PhoneDatabase::PhoneDatabase(const DatabaseFile& file, std::chrono::steady_clock::time_point deadline)
    : files_{std::make_unique<FileSystem>(file, deadline)}
{
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int rc = sqlite3_open_v2(database_name, &raw, flags, files_->name.c_str());
    db_.reset(raw);
    if (rc != SQLITE_OK) fail(rc, "Opening it");
    const auto set = [&](int option, int value) { sqlite3_db_config(raw, option, value, nullptr); };
    set(SQLITE_DBCONFIG_DEFENSIVE, 1);
    set(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
    set(SQLITE_DBCONFIG_ENABLE_TRIGGER, 0);
    set(SQLITE_DBCONFIG_ENABLE_VIEW, 0);
    set(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
    sqlite3_drop_modules(raw, nullptr); // virtual tables
    set_limits(raw);
    // Exclusive before anything is read: without shared memory the log can't be read otherwise.
    const char* const settings =
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; "
        "PRAGMA cell_size_check=ON; PRAGMA cache_size=-16384; PRAGMA query_only=ON;";
    if (const int set_up = sqlite3_exec(raw, settings, nullptr, nullptr, nullptr); set_up != SQLITE_OK)
        fail(set_up, "Opening it");
    sqlite3_set_authorizer(raw, authorize, nullptr);
    constexpr int steps = 20'000;
    sqlite3_progress_handler(
        raw, steps,
        [](void* files) {
            return std::chrono::steady_clock::now() > static_cast<FileSystem*>(files)->deadline ? 1 : 0;
        },
        files_.get());
}

PhoneDatabase::~PhoneDatabase() = default;

void PhoneDatabase::check()
{
    PhoneQuery query{*this, "PRAGMA quick_check(1)"};
    const bool answered = query.step();
    const std::string verdict{answered ? query.text(0).value_or("") : ""};
    if (verdict != "ok")
        throw MediaError{ErrorCode::unreadable, "The database is damaged: " + printable(verdict) + '.'};
}

void PhoneDatabase::fail(int rc, std::string_view doing) const
{
    if (std::chrono::steady_clock::now() > files_->deadline || (rc & 0xFF) == SQLITE_INTERRUPT)
        throw MediaError{ErrorCode::timeout, "Reading the database takes too long."};
    if ((rc & 0xFF) == SQLITE_NOMEM)
        throw MediaError{ErrorCode::out_of_memory, "Reading the database takes more memory than it may."};
    if ((rc & 0xFF) == SQLITE_NOTADB)
        throw MediaError{ErrorCode::unreadable, "It is no database, or an encrypted one."};
    throw MediaError{ErrorCode::unreadable,
                     std::string{doing} + ": " +
                         printable(db_ ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(rc)) + '.'};
}

PhoneQuery::PhoneQuery(PhoneDatabase& database, const std::string& sql) : database_{&database}
{
    sqlite3_stmt* raw = nullptr;
    const int rc =
        sqlite3_prepare_v2(database.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
    statement_.reset(raw);
    if (rc != SQLITE_OK) database.fail(rc, "Asking the database");
}

bool PhoneQuery::step()
{
    const int rc = sqlite3_step(statement_.get());
    if (rc == SQLITE_ROW) return true;
    if (rc != SQLITE_DONE) database_->fail(rc, "Reading the database");
    return false;
}

bool PhoneQuery::is_null(int column) const noexcept
{
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::optional<std::int64_t> PhoneQuery::number(int column) const noexcept
{
    if (sqlite3_column_type(statement_.get(), column) != SQLITE_INTEGER) return std::nullopt;
    return sqlite3_column_int64(statement_.get(), column);
}

std::optional<double> PhoneQuery::real(int column) const noexcept
{
    const int type = sqlite3_column_type(statement_.get(), column);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return std::nullopt;
    return sqlite3_column_double(statement_.get(), column);
}

std::optional<std::string_view> PhoneQuery::text(int column) const noexcept
{
    if (sqlite3_column_type(statement_.get(), column) != SQLITE_TEXT) return std::nullopt;
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    if (text == nullptr) return std::nullopt; // no memory to convert it
    return std::string_view{text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::optional<std::string_view> PhoneQuery::blob(int column) const noexcept
{
    if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB) return std::nullopt;
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    return std::string_view{bytes != nullptr ? bytes : "",
                            static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

} // namespace photosafe::worker
