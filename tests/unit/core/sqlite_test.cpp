// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sqlite.hpp"

#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace photosafe {
namespace {

template <class Act>
std::string code_of(Act act)
{
    try {
        act();
        return {};
    } catch (const ArchiveError& e) {
        return std::string{name(e.code())};
    }
}

TEST(Database, SaysWhatIsWrong)
{
    const test::TempFolder folder;
    const auto open = [&](const char* name, Database::Mode mode) {
        return code_of(
            [&] { (void)Database::open(folder / name, mode).number("SELECT count(*) FROM sqlite_master"); });
    };
    EXPECT_EQ(open("none", Database::Mode::write), "not_found");
    folder.write("text", std::string(8192, 'x'));
    EXPECT_EQ(open("text", Database::Mode::read), "damaged");

    Database db = Database::open(folder / "db", Database::Mode::create);
    db.run("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL); INSERT INTO t VALUES(1, 'x')");
    EXPECT_EQ(code_of([&] { db.run("INSERT INTO t VALUES(1, 'y')"); }), "damaged");
    EXPECT_EQ(code_of([&] { db.run("nonsense"); }), "io");
    Statement insert = db.prepare("INSERT INTO t(b) VALUES(?)");
    EXPECT_EQ(code_of([&] { insert.bind(7, std::string_view{"there is no seventh"}); }), "io");
    EXPECT_EQ(code_of([&] { Database::open(folder / "db", Database::Mode::read).run("DELETE FROM t"); }),
              "read_only");
    db.run("PRAGMA max_page_count=2");
    EXPECT_EQ(code_of([&] { db.run("CREATE TABLE u(a); CREATE TABLE v(a); CREATE TABLE w(a)"); }),
              "no_space");
}

TEST(Database, TakesOddNamesForNames)
{
    const test::TempFolder folder;
    for (const char* name : {"a?b#c%41.db", "file:x.db", "sp ace"}) {
        Database::open(folder / name, Database::Mode::create).run("CREATE TABLE t(a)");
        EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
        EXPECT_EQ(Database::open(folder / name, Database::Mode::read_still).number("SELECT count(*) FROM t"),
                  0)
            << name;
    }
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    Database::open("file:y.db", Database::Mode::create).run("CREATE TABLE t(a)");
    std::filesystem::current_path(before);
    EXPECT_TRUE(std::filesystem::exists(folder / "file:y.db"));
}

TEST(Transaction, IsUndoneUnlessCommitted)
{
    const test::TempFolder folder;
    Database db = Database::open(folder / "db", Database::Mode::create);
    db.run("CREATE TABLE t(a)");
    {
        Transaction undone{db};
        db.run("INSERT INTO t VALUES(1)");
    }
    EXPECT_EQ(db.number("SELECT count(*) FROM t"), 0);
    Transaction kept{db};
    db.run("INSERT INTO t VALUES(1)");
    EXPECT_EQ(db.changed_rows(), 1);
    kept.commit();
    EXPECT_FALSE(db.in_transaction());
    EXPECT_EQ(db.number("SELECT count(*) FROM t"), 1);
}

TEST(Statement, KeepsAnyBytesAndNumbers)
{
    const test::TempFolder folder;
    Database db = Database::open(folder / "db", Database::Mode::create);
    const std::string odd{"a\0\xff\n", 4};
    Statement s = db.prepare("SELECT ?, ?, ?, ?");
    s.bind(1, odd).bind_blob(2, std::as_bytes(std::span{odd})).bind(3, INT64_MIN).bind_null(4);
    ASSERT_TRUE(s.step());
    EXPECT_EQ(s.text(0), odd);
    EXPECT_EQ(s.blob(1).size(), 4u);
    EXPECT_EQ(s.number(2), INT64_MIN);
    EXPECT_TRUE(s.is_null(3));
    EXPECT_EQ(s.optional_number(3), std::nullopt);
}

} // namespace
} // namespace photosafe
