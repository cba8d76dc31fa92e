// SPDX-License-Identifier: LGPL-2.1-or-later
// Libraries of Macs, from the folder to the catalog: one that is made, and real ones, against what plain SQL
// says of a copy, and one whose items lie elsewhere.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/sqlite.hpp"
#include "phone/roll.hpp"
#include "support/archive_facts.hpp"

namespace photosafe::test {

namespace {

using Rows = std::vector<std::string>;

Rows rows_of(Database& db, const std::string& sql)
{
    Rows rows;
    Statement row = db.prepare(sql);
    while (row.step()) {
        std::string line = row.text(0);
        for (int i = 1; i < row.columns(); ++i) (line += '|') += row.text(i);
        rows.push_back(std::move(line));
    }
    std::ranges::sort(rows);
    return rows;
}

IngestReport import_folder(const std::filesystem::path& folder, Archive& archive)
{
    IngestOptions options;
    options.media = {.worker = MEDIA_WORKER};
    return ingest(*open_folder(folder), archive, options);
}

/// Every item ever seen: identifier, path, whether it is gone.
Rows items(const Archive& archive)
{
    Rows rows;
    archive.for_each_phone_item([&](const PhoneItemRecord& one) {
        rows.push_back(one.item.uuid + '|' + one.item.path + '|' + (one.gone ? "gone" : ""));
        return true;
    });
    std::ranges::sort(rows);
    return rows;
}

/// Copies the database in `from`, with its log.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to)
{
    for (const auto& entry : std::filesystem::directory_iterator{from}) {
        if (!entry.path().filename().native().starts_with("Photos.sqlite")) continue;
        std::filesystem::copy_file(entry.path(), to / entry.path().filename());
        std::filesystem::permissions(to / entry.path().filename(), std::filesystem::perms::owner_all);
    }
}

/// A roll as a Mac would keep it.
void lay_out_as_mac(const Roll& roll, const TempFolder& mac)
{
    std::filesystem::create_directories(mac / "database");
    std::filesystem::create_directories(mac / "originals");
    copy_database(roll.database().parent_path(), mac / "database");
    std::filesystem::copy(roll.root() / "DCIM", mac / "originals/DCIM",
                          std::filesystem::copy_options::recursive);
}

struct Library {
    const char* name; ///< of the corpus; `made`: by simphone
    const char *assets, *join, *album, *item;
};

class MacLibraryImport : public ::testing::TestWithParam<Library> {};

TEST_P(MacLibraryImport, BringsIntoTheCatalogWhatPlainSqlFinds)
{
    const Library& real = GetParam();
    TempFolder made;
    std::filesystem::path library = std::filesystem::path{PHOTOSAFE_CORPUS} / "photos-sqlite" /
                                    (std::string{real.name} + ".photoslibrary");
    if (std::string_view{real.name} == "made") {
        lay_out_as_mac(
            Roll{std::string{small_roll} + "--items 40 --seed 6 --library ios18 --hidden 2 --trashed 2"},
            made);
        library = made.path();
    }
    if (!std::filesystem::exists(library)) GTEST_SKIP() << "there are no real libraries at " << library;
    TempFolder plain;
    copy_database(library / "database", plain.path());
    Database said = Database::open(plain / "Photos.sqlite", Database::Mode::write);
    TempArchive archive;
    const IngestReport report = import_folder(library, *archive);
    EXPECT_TRUE(report.library.read) << report.library.trouble;
    Database catalog = Database::open(archive.root() / "catalog.sqlite", Database::Mode::read);
    catalog.run("PRAGMA trusted_schema=ON"); // as in SQLite's shell: the views take JSON apart
    const std::string assets = real.assets;
    EXPECT_EQ(
        rows_of(catalog, "SELECT uuid, favorite, hidden, trashed FROM v1_phone_item WHERE gone IS NULL"),
        rows_of(said, "SELECT ZUUID, ZFAVORITE, ZHIDDEN, ZTRASHEDSTATE FROM " + assets));
    EXPECT_EQ(
        rows_of(catalog, "SELECT uuid, title, trashed FROM v1_phone_album WHERE kind IN ('album', 'folder')"),
        rows_of(said, "SELECT ZUUID, ZTITLE, ZTRASHEDSTATE FROM ZGENERICALBUM WHERE ZKIND IN (2, 4000)"));
    EXPECT_EQ(rows_of(catalog,
                      "SELECT a.uuid, i.uuid FROM v1_phone_member m JOIN v1_phone_album a ON a.id = m.album "
                      "JOIN v1_phone_item i ON i.id = m.item WHERE a.kind = 'album'"),
              rows_of(said, std::string{"SELECT g.ZUUID, a.ZUUID FROM "} + real.join +
                                " j JOIN ZGENERICALBUM g ON "
                                "g.Z_PK = j." +
                                real.album + " JOIN " + assets + " a ON a.Z_PK = j." + real.item +
                                " WHERE g.ZKIND = 2"));
    // The files that are there are known for their items.
    std::set<std::string> there;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{library})
        if (entry.is_regular_file()) there.insert(entry.path().lexically_relative(library));
    archive->for_each_phone_item([&](const PhoneItemRecord& one) {
        EXPECT_EQ(one.asset.has_value(), there.contains(one.item.path) && !one.item.trashed) << one.item.path;
        return true;
    });
    const auto before = items(*archive);
    archive.close();
    rebuild(archive.root());
    archive.reopen();
    EXPECT_EQ(items(*archive), before);
}

INSTANTIATE_TEST_SUITE_P(
    Libraries, MacLibraryImport,
    ::testing::Values(Library{"made", "ZASSET", "Z_30ASSETS", "Z_30ALBUMS", "Z_3ASSETS"},
                      Library{"Test-10.15.7", "ZGENERICASSET", "Z_26ASSETS", "Z_26ALBUMS", "Z_34ASSETS"},
                      Library{"TestTimeWarp-13.6.9", "ZASSET", "Z_28ASSETS", "Z_28ALBUMS", "Z_3ASSETS"},
                      Library{"Test-Media-Types-15.7.2", "ZASSET", "Z_30ASSETS", "Z_30ALBUMS", "Z_3ASSETS"}),
    [](const auto& one) {
        std::string name = one.param.name;
        std::ranges::replace_if(
            name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
        return name;
    });

TEST(MacLibrary, KeepsWhereItemsLieThatItOnlyRefersTo)
{
    const Roll roll{std::string{small_roll} + "--items 12 --seed 2 --library ios18"};
    roll.change("UPDATE ZASSET SET ZSAVEDASSETTYPE = 10, ZDIRECTORY = '/Volumes/Pictures/2019', ZFILENAME = "
                "'a.jpg' WHERE Z_PK = 1; "
                "UPDATE ZASSET SET ZDIRECTORY = '/Volumes//Pictures/..' WHERE Z_PK = 2; "
                "UPDATE ZASSET SET ZDIRECTORY = '0', ZFILENAME = 'b.jpg' WHERE Z_PK = 3");
    TempFolder mac;
    lay_out_as_mac(roll, mac);
    mac.write("originals/0/b.jpg", "a picture");
    TempArchive archive;
    const IngestReport report = import_folder(mac.path(), *archive);
    EXPECT_TRUE(report.library.read) << report.library.trouble;
    const auto before = items(*archive);
    const auto has = [&](const std::string& path) {
        return std::ranges::count_if(
            before, [&](const std::string& row) { return row.find('|' + path + '|') != std::string::npos; });
    };
    EXPECT_EQ(has("/Volumes/Pictures/2019/a.jpg"), 1);
    EXPECT_EQ(has("originals/0/b.jpg"), 1);
    EXPECT_GE(has(""), 1) << "no path that can't be";
    archive.close();
    rebuild(archive.root());
    archive.reopen();
    EXPECT_EQ(items(*archive), before);
}

} // namespace

} // namespace photosafe::test
