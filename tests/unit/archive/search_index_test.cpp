// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/search_index.hpp"

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "archive/bits.hpp"
#include "archive/kind_flag.hpp"
#include "archive/metadata_store.hpp"
#include "archive/search_part.hpp"
#include "archive/slot.hpp"
#include "support/catalog_fill.hpp"
#include "support/temp_folder.hpp"

namespace photosafe {
namespace {

using test::CatalogFill;
using test::NewAsset;

using Members = std::map<std::int64_t, std::set<std::int64_t>>; // trait and its slots

Members members(Database& db)
{
    Members result;
    Statement row = db.prepare("SELECT trait, chunk, bits FROM member");
    while (row.step()) {
        Bits bits;
        add_encoded(row.blob(2), bits);
        EXPECT_FALSE(bits.empty());
        const std::int64_t first = first_slot_of_chunk(row.number(1));
        bits.for_each([&](unsigned at) { result[row.number(0)].insert(first + at); });
    }
    return result;
}

/// What has to hold after every commit.
void expect_in_step(Database& db)
{
    Members told;
    Statement row = db.prepare("SELECT slot, traits, time FROM metadata");
    while (row.step()) {
        for (const std::int64_t trait : decoded_traits(row.blob(1))) told[trait].insert(row.number(0));
        EXPECT_EQ(block_of_slot(row.number(0)), block_of_time(row.number(2)));
    }
    EXPECT_EQ(members(db), told);
    EXPECT_EQ(db.number("SELECT count(*) FROM due"), 0);
    EXPECT_EQ(db.number("SELECT count(*) FROM asset"), db.number("SELECT count(*) FROM metadata"));
    EXPECT_EQ(db.number("SELECT count(*) FROM metadata m JOIN words w ON w.rowid=m.slot"),
              db.number("SELECT count(*) FROM asset"));
    EXPECT_EQ(db.number("SELECT count(*) FROM words"), db.number("SELECT count(*) FROM asset"));
    EXPECT_EQ(db.number("SELECT count(*) FROM position"),
              db.number("SELECT count(*) FROM metadata WHERE latitude IS NOT NULL"));
    EXPECT_EQ(db.number("SELECT count(*) FROM metadata m JOIN position p ON p.slot=m.slot WHERE m.latitude "
                        "BETWEEN p.south AND p.north AND m.longitude BETWEEN p.west AND p.east"),
              db.number("SELECT count(*) FROM position"));
    for (const char* table : {"words", "names", "labels"})
        db.run(std::string{"INSERT INTO "} + table + "(" + table + ") VALUES('integrity-check')");
}

class SearchIndexTest : public ::testing::Test {
protected:
    const test::TempFolder folder;
    Catalog catalog = Catalog::create(folder / "c", false);
    CatalogFill fill{catalog};
    MetadataStore store{catalog.database()};

    Database& db() { return catalog.database(); }
    std::set<std::int64_t> traits(std::int64_t asset)
    {
        Statement row = db().prepare("SELECT traits FROM metadata WHERE asset=?");
        row.bind(1, asset).step();
        const auto all = decoded_traits(row.blob(0));
        return {all.begin(), all.end()};
    }
    bool has(std::int64_t asset, std::int64_t trait) { return traits(asset).contains(trait); }
};

TEST_F(SearchIndexTest, KnowsAnAssetBeforeItsFileIsRead)
{
    const std::int64_t id = fill.add({.path = "2024/IMG_0042.HEIC", .bytes = 5'000'000});
    expect_in_step(db());
    EXPECT_TRUE(has(id, trait(WholeSet::files)) && has(id, trait(WholeSet::shots)));
    EXPECT_TRUE(has(id, trait(ParseState::pending)) && has(id, trait(AssetState::present)));
    EXPECT_TRUE(has(id, trait(TraitKind::size, bin_of(5'000'000))));
    EXPECT_EQ(db().text("SELECT name FROM words"), "img_0042.heic");
    EXPECT_EQ(db().number("SELECT count(*) FROM words WHERE words MATCH '\"img 0042\"'"), 1);
    EXPECT_EQ(db().text("SELECT text FROM label WHERE text LIKE 'Phone of%'"), "Phone of a");
}

TEST_F(SearchIndexTest, ALivePhotoIsOneShotThatIsLive)
{
    const std::int64_t still = fill.add({.path = "IMG_1.HEIC"});
    const std::int64_t movie = fill.add({.path = "IMG_1.MOV", .role = Role::live_video});
    expect_in_step(db());
    EXPECT_TRUE(has(still, trait(WholeSet::shots)) && has(still, trait(KindFlag::live)));
    EXPECT_FALSE(has(still, trait(KindFlag::video)));
    EXPECT_FALSE(has(movie, trait(WholeSet::shots)));
    EXPECT_TRUE(has(movie, trait(KindFlag::video)));
}

TEST_F(SearchIndexTest, AMovieThatCameAloneStandsForItsShotUntilThePictureComes)
{
    const std::int64_t movie = fill.add({.path = "IMG_1.MOV", .role = Role::live_video});
    EXPECT_TRUE(has(movie, trait(WholeSet::shots)));
    const std::int64_t still = fill.add({.path = "IMG_1.HEIC"});
    EXPECT_FALSE(has(movie, trait(WholeSet::shots)));
    EXPECT_TRUE(has(still, trait(WholeSet::shots)) && has(still, trait(KindFlag::live)));
    expect_in_step(db());
}

TEST_F(SearchIndexTest, FollowsAPartIntoAnotherShot)
{
    const std::int64_t still = fill.add({.path = "IMG_1.HEIC"});
    const std::int64_t movie = fill.add({.path = "IMG_1.MOV", .role = Role::live_video});
    const std::int64_t other = fill.add({.path = "IMG_2.HEIC"});
    Transaction transaction{db()};
    db().run("UPDATE asset SET shot=(SELECT shot FROM asset WHERE id=" + std::to_string(other) +
             ") WHERE id=" + std::to_string(movie));
    SearchIndex{db()}.catch_up();
    transaction.commit();
    EXPECT_FALSE(has(still, trait(KindFlag::live)));
    EXPECT_TRUE(has(other, trait(KindFlag::live)));
    expect_in_step(db());
}

TEST_F(SearchIndexTest, ASidecarSpeaksForItsShot)
{
    const std::int64_t still = fill.add({.path = "IMG_1.HEIC"});
    const std::int64_t sidecar = fill.add({.path = "IMG_1.XMP", .role = Role::sidecar});
    Metadata said;
    said.rating = 5;
    said.keywords = {"Rome"};
    said.caption = "on the Tiber";
    said.edited_by = "com.apple.photo";
    store.put(sidecar, said, "v");
    expect_in_step(db());
    EXPECT_TRUE(has(still, trait_of_rating(5)) && has(still, trait(KindFlag::edited)));
    EXPECT_TRUE(has(still, trait(HasFact::caption)));
    EXPECT_EQ(db().number("SELECT count(*) FROM words WHERE words MATCH 'tiber'"), 2);
    store.put(still, Metadata{}, "v"); // and goes on to, whatever the picture says
    EXPECT_TRUE(has(still, trait_of_rating(5)));
    store.put_failed(sidecar, "It makes no sense.", "v"); // what it said stands
    EXPECT_TRUE(has(still, trait_of_rating(5)) && has(sidecar, trait(ParseState::failed)));
    store.put(sidecar, Metadata{}, "v");
    EXPECT_FALSE(has(still, trait_of_rating(5)) || has(still, trait(KindFlag::edited)));
    expect_in_step(db());
}

TEST_F(SearchIndexTest, OfASidecarThatWasChangedTheLastSpeaks)
{
    const std::int64_t still = fill.add({.path = "IMG_1.HEIC"});
    const std::int64_t old = fill.add({.path = "IMG_1.XMP", .role = Role::sidecar});
    Metadata said;
    said.rating = 5;
    said.keywords = {"Rome"};
    store.put(old, said, "v");
    Metadata camera;
    camera.rating = 0;
    store.put(still, camera, "v");
    EXPECT_TRUE(has(still, trait_of_rating(5))) << "no stars are no word";
    EXPECT_EQ(store.read(still)->rating, 5);

    const std::int64_t changed =
        fill.add({.path = "IMG_1_2.XMP", .role = Role::sidecar, .shot = "IMG_1", .place = "IMG_1.XMP"});
    said.rating = 1;
    said.keywords = {};
    store.put(changed, said, "v");
    EXPECT_TRUE(has(still, trait_of_rating(1)));
    EXPECT_EQ(store.read(still)->rating, 1);
    EXPECT_TRUE(store.read(still)->keywords.empty()) << "they were removed";
    expect_in_step(db());
}

TEST_F(SearchIndexTest, MovesAnAssetWhenItsFileTellsAnotherTime)
{
    const std::int64_t id = fill.add({.path = "IMG_1.HEIC", .local = "2024-05-31T14:03:22"});
    Metadata m;
    m.taken = {TimeSource::exif_local, {}, "1999-01-02T03:04:05.678", {}};
    m.position = GeoPoint{41.9, 12.5, {}};
    store.put(id, m, "v");
    EXPECT_EQ(db().number("SELECT time FROM metadata"), 915'246'245'678);
    expect_in_step(db());
    store.put_failed(id, "It is torn.", "v");
    EXPECT_EQ(db().number("SELECT time FROM metadata"), 915'246'245'678);
    expect_in_step(db());
    store.put(id, Metadata{}, "v"); // back to the time of the file
    EXPECT_EQ(db().number("SELECT time FROM metadata"), 1'717'164'202'000);
    expect_in_step(db());
}

TEST_F(SearchIndexTest, OfAnOlderCatalogIsMadeAsItIsOpened)
{
    fill.add({.path = "IMG_1.HEIC"});
    fill.add({.path = "IMG_1.MOV", .role = Role::live_video});
    Members before = members(db());
    { // as version 1 left it
        Transaction transaction{db()};
        db().run(
            "DELETE FROM metadata; DELETE FROM member; DELETE FROM words; DELETE FROM trait; DELETE FROM "
            "label; "
            "INSERT INTO names(names) VALUES('delete-all'); INSERT INTO labels(labels) VALUES('rebuild'); "
            "INSERT INTO due SELECT id, 1 FROM asset");
        SearchIndex{db()}.catch_up();
        transaction.commit();
    }
    EXPECT_EQ(members(db()), before);
    expect_in_step(db());
}

TEST_F(SearchIndexTest, OfATransactionThatCameToNothingLeavesNoTrace)
{
    const std::int64_t id = fill.add({.path = "IMG_1.HEIC"});
    const Members before = members(db());
    Metadata m;
    m.keywords = {"Rome"};
    {
        auto batch = store.begin();
        store.put(id, m, "v");
        SearchIndex{db()}.catch_up();
    }
    EXPECT_EQ(members(db()), before);
    EXPECT_EQ(db().number("SELECT count(*) FROM trait WHERE name='ROME'"), 0);
    store.put(id, m, "v");
    expect_in_step(db());
}

/// Whatever happens in whatever order, what queries look into is what the tables tell.
TEST_F(SearchIndexTest, StaysInStep)
{
    std::mt19937 random{7};
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    std::vector<std::int64_t> ids;
    const auto any_local = [&] {
        return std::to_string(1990 + below(30)) + "-0" + std::to_string(1 + below(9)) + "-1" +
               std::to_string(below(10)) + "T00:00:0" + std::to_string(below(10));
    };
    for (int round = 0; round < 300; ++round) {
        const unsigned what = below(10);
        if (what < 4 || ids.empty()) {
            std::vector<NewAsset> assets;
            for (unsigned i = 0; i < 1 + below(4); ++i) {
                const std::string stem = "IMG_" + std::to_string(below(60));
                assets.push_back({.path = stem + "." + std::to_string(ids.size() + i),
                                  .role = static_cast<Role>(below(7)),
                                  .bytes = random(),
                                  .local = any_local(),
                                  .device = "device:" + std::to_string(below(3))});
            }
            for (const std::int64_t id : fill.add_all(assets)) ids.push_back(id);
        } else if (what < 8) {
            Metadata m;
            m.kind = static_cast<MediaKind>(below(5));
            if (below(2) == 0) m.taken = {TimeSource::exif_local, {}, any_local(), {}};
            if (below(3) == 0) m.position = GeoPoint{below(180) - 90.0 + 0.123456789, below(360) - 180.0, {}};
            if (below(3) == 0) m.rating = static_cast<int>(below(7)) - 1;
            if (below(3) == 0) m.keywords = {"k" + std::to_string(below(5)), "k" + std::to_string(below(5))};
            if (below(4) == 0) m.caption = "words " + std::to_string(below(9));
            if (below(4) == 0) m.model = "camera " + std::to_string(below(4));
            if (below(4) == 0) m.duration_s = below(1000) / 10.0;
            if (below(5) == 0) m.burst_id = "b";
            store.put(ids[below(static_cast<unsigned>(ids.size()))], m, "v");
        } else if (what == 8) {
            store.put_failed(ids[below(static_cast<unsigned>(ids.size()))], "no", "v");
        } else {
            Transaction transaction{db()};
            db().run("UPDATE asset SET shot=(SELECT shot FROM asset WHERE id=" +
                     std::to_string(ids[below(static_cast<unsigned>(ids.size()))]) +
                     ") WHERE id=" + std::to_string(ids[below(static_cast<unsigned>(ids.size()))]));
            SearchIndex{db()}.catch_up();
            transaction.commit();
        }
        if (round % 20 == 0) expect_in_step(db());
    }
    expect_in_step(db());
    store.expect_all();
    expect_in_step(db());
    EXPECT_EQ(members(db())[trait(ParseState::pending)].size(), ids.size());
}

} // namespace
} // namespace photosafe
