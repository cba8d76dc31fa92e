// SPDX-License-Identifier: LGPL-2.1-or-later
// What queries find in an archive of which everything is known.
#include <photosafe/query.hpp>

#include <algorithm>
#include <map>
#include <random>

#include <gmock/gmock.h>

#include "archive/impl.hpp"
#include "archive/metadata_store.hpp"
#include "support/catalog_fill.hpp"
#include "support/temp_archive.hpp"

namespace photosafe {
namespace {

using test::CatalogFill;
using test::NewAsset;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Find : public testing::Test {
protected:
    Find()
    {
        Metadata rome;
        rome.kind = MediaKind::photo;
        rome.make = "Apple";
        rome.model = "iPhone 15 Pro";
        rome.lens = "iPhone 15 Pro back triple camera";
        rome.position = GeoPoint{41.9, 12.5, 20.0};
        rome.rating = 5;
        rome.title = "Noon at the Tiber";
        rome.location = "Trastevere, Latium";
        rome.keywords = {"Rome", "Holidays"};
        rome.people = {{"Ada Lovelace", .5, .5, .1, .1}};
        rome.aux = {"depth"};
        add("rome", {.path = "IMG_0001.HEIC", .bytes = 3'000'000, .local = "2024-07-14T12:00:00"}, rome);
        add("rome movie",
            {.path = "IMG_0001.MOV",
             .role = Role::live_video,
             .bytes = 4'000'000,
             .local = "2024-07-14T12:00:00"},
            movie(2.5));

        Metadata fiji = rome;
        fiji.model = "iPhone SE";
        fiji.lens = {};
        fiji.position = GeoPoint{-17.8, 179.99, {}};
        fiji.rating = 3;
        fiji.location = {};
        fiji.title = "Grüße vom Strand";
        fiji.keywords = {"Fiji"};
        fiji.people.clear();
        fiji.aux.clear();
        fiji.screenshot = true;
        add("fiji",
            {.path = "IMG_0002.JPG", .bytes = 900'000, .local = "2023-12-31T23:59:59", .device = "device:b"},
            fiji);

        add("clip", {.path = "CLIP_7.MOV", .bytes = 90'000'000, .local = "2024-08-01T00:00:00"}, movie(95));
        add("scan", {.path = "Scan.tif", .bytes = 50'000, .local = "1999-01-01T08:00:00"}, std::nullopt);
    }

    std::vector<std::string> found(std::string_view query,
                                   FindOptions options = {.order = FindOrder::oldest_first})
    {
        std::vector<std::string> names;
        find(*archive_, Query::parse(query), options, [&](const Found& one) {
            names.push_back(names_.at(one.asset.id));
            return true;
        });
        EXPECT_EQ(options.limit || !options.after.empty()
                      ? names.size()
                      : count(*archive_, Query::parse(query), options.unit),
                  names.size());
        return names;
    }

    void add(const std::string& name, const NewAsset& asset, const std::optional<Metadata>& metadata)
    {
        const std::int64_t id = fill_.add(asset);
        names_[id] = name;
        if (metadata)
            archive_->impl().catalog.metadata().put(id, *metadata, "v");
        else
            archive_->impl().catalog.metadata().put_failed(id, "It makes no sense.", "v");
    }

    test::TempArchive archive_;

private:
    static Metadata movie(double seconds)
    {
        Metadata m;
        m.kind = MediaKind::video;
        m.duration_s = seconds;
        m.make = "Apple";
        m.model = "iPhone 15 Pro";
        return m;
    }
    CatalogFill fill_{archive_->impl().catalog};
    std::map<std::int64_t, std::string> names_;
};

TEST_F(Find, EachTermFindsWhatItSays)
{
    using Names = std::vector<std::string>;
    const std::vector<std::pair<std::string, Names>> expected{
        {"", {"scan", "fiji", "rome", "clip"}},
        {"camera:\"iPhone 15 Pro\"", {"rome", "clip"}},
        {"camera:apple", {"fiji", "rome", "clip"}},
        {"camera:=\"iphone se\"", {"fiji"}},
        {"lens:triple", {"rome"}},
        {"keyword:rome", {"rome"}},
        {"keyword:=holidays", {"rome"}},
        {"keyword:fij*", {"fiji"}},
        {"person:Ada", {"rome"}},
        {"device:\"Phone of b\"", {"fiji"}},
        {"name:IMG_000?.*", {"fiji", "rome"}},
        {"name:=scan.TIF", {"scan"}},
        {"name:=scan", {}},
        {"name:scan*", {"scan"}},
        {"name:IMG_0*", {"fiji", "rome"}},
        {"name:IMG_000*.J?G", {"fiji"}},
        {"name:*LIP_7.*", {"clip"}},
        {"name:*7*", {"clip"}},
        {"name:CLIP-7*", {}},
        {"taken:2024", {"rome", "clip"}},
        {"taken:2024-07", {"rome"}},
        {"taken:..2023", {"scan", "fiji"}},
        {"taken:2024-01-01..", {"rome", "clip"}},
        {"taken:2023-12-31", {"fiji"}},
        {"taken:last 100000 years", {"scan", "fiji", "rome", "clip"}},
        {"taken:last 40000 years", {"scan", "fiji", "rome", "clip"}},
        {"taken:last 100000 months", {"scan", "fiji", "rome", "clip"}},
        {"kind:live", {"rome"}},
        {"kind:video", {"clip"}},
        {"kind:photo", {"fiji", "rome"}},
        {"kind:screenshot", {"fiji"}},
        {"rating:4..", {"rome"}},
        {"rating:3", {"fiji"}},
        {"size:>1MB", {"rome", "clip"}},
        {"size:49kB..51kB", {"scan"}},
        {"duration:1:30..", {"clip"}},
        {"has:depth", {"rome"}},
        {"has:location", {"fiji", "rome"}},
        {"parse:failed", {"scan"}},
        {"state:present", {"scan", "fiji", "rome", "clip"}},
        {"state:missing", {}},
        {"near:41.95,12.5,6km", {"rome"}},
        {"near:41.95,12.5,5km", {}},
        {"near:-17.8,-179.99,5km", {"fiji"}},
        {"in:41,12,42,13", {"rome"}},
        {"in:-18,179,-17,-179", {"fiji"}},
        {"tiber", {"rome"}},
        {"trastevere lati*", {"rome"}},
        {"\"tiber trastevere\"", {}},
        {"grusse", {}},
        {"GRÜSSE", {}},
        {"grüße strand", {"fiji"}},
        {"\"noon at\"", {"rome"}},
        {"\"at noon\"", {}},
        {"lovelace", {"rome"}},
        {"holi*", {"rome"}},
        {"keyword:rome or keyword:fiji", {"fiji", "rome"}},
        {"camera:apple not kind:video", {"fiji", "rome"}},
        {"-camera:apple", {"scan"}},
        {"(rating:5 or parse:failed) taken:..2023", {"scan"}},
    };
    for (const auto& [query, names] : expected) EXPECT_EQ(found(query), names) << query;
}

TEST_F(Find, ABoxEndsWhereItSaysAndNotWhereTheIndexRounds)
{
    Metadata edge;
    edge.position = GeoPoint{1, 179.95822, {}}; // as single precision: 179.9582
    add("edge", {.path = "EDGE.JPG", .local = "2000-01-01T00:00:00"}, edge);
    EXPECT_THAT(found("in:0,179,2,179.958219"), IsEmpty());
    EXPECT_THAT(found("in:0,179,2,179.958221"), ElementsAre("edge"));
}

TEST_F(Find, FilesAreFoundEachWhereAsked)
{
    EXPECT_THAT(found("kind:video", {.unit = FindUnit::files, .order = FindOrder::oldest_first}),
                ElementsAre("rome movie", "clip"));
}

TEST_F(Find, TheNewestComesFirstUnlessAskedOtherwise)
{
    EXPECT_THAT(found("", {}), ElementsAre("clip", "rome", "fiji", "scan"));
    EXPECT_THAT(found("", {.limit = 2}), ElementsAre("clip", "rome"));
    EXPECT_THAT(found("", {.limit = 0}), IsEmpty());
}

TEST_F(Find, WhatNobodyHasReadIsNoAnswer)
{
    for (const char* query : {"album:Rome", "favorite:yes", "kind:photo hidden:no"}) {
        try {
            found(query);
            ADD_FAILURE() << query;
        } catch (const QueryError& error) {
            EXPECT_THAT(error.what(), HasSubstr("knows nothing of"));
        }
    }
    EXPECT_THROW(found("", {.after = "no key"}), ArchiveError);
}

TEST_F(Find, LooksUpByNumberPathAndDigest)
{
    std::optional<Asset> rome;
    find(*archive_, Query::parse("keyword:rome"), {}, [&](const Found& one) {
        rome = one.asset;
        return false;
    });
    ASSERT_TRUE(rome);
    const std::string digits = sha256_hex(rome->digest);
    for (const std::string& name : {std::to_string(rome->id), rome->path, digits, digits.substr(0, 9)}) {
        const auto one = look_up(*archive_, name);
        ASSERT_TRUE(one) << name;
        EXPECT_EQ(one->asset.id, rome->id);
        EXPECT_EQ(one->metadata.title, "Noon at the Tiber");
        EXPECT_THAT(one->kinds, ElementsAre("photo", "live"));
        EXPECT_EQ(one->places.size(), 1u);
    }
    for (const char* name : {"", "0", "-1", "999", "0011223344556677", "originals", "zz"})
        EXPECT_FALSE(look_up(*archive_, name)) << name;
    EXPECT_EQ(parts_of_shot(*archive_, *rome).size(), 2u);
}

TEST(FindPages, AreTheWholeWhateverTheirSize)
{
    test::TempArchive archive;
    CatalogFill fill{archive->impl().catalog};
    std::mt19937 random{7};
    std::vector<NewAsset> assets;
    for (int i = 0; i < 700; ++i) { // some share their second, some lie years apart
        const std::string year = std::to_string(1990 + random() % 30),
                          day = std::to_string(10 + random() % 3);
        assets.push_back({.path = "IMG_" + std::to_string(i) + ".JPG",
                          .local = year + "-05-" + day + "T12:00:0" + std::to_string(random() % 3)});
    }
    fill.add_all(assets);
    for (const FindOrder order : {FindOrder::newest_first, FindOrder::oldest_first}) {
        std::vector<std::pair<std::string, std::int64_t>> whole;
        const auto take = [&](auto& to) {
            return [&](const Found& one) {
                to.emplace_back(one.asset.taken_local, one.asset.id);
                return true;
            };
        };
        find(*archive, Query{}, {.order = order}, take(whole));
        EXPECT_EQ(whole.size(), assets.size());
        auto sorted = whole;
        std::ranges::sort(sorted);
        if (order == FindOrder::newest_first) std::ranges::reverse(sorted);
        EXPECT_EQ(whole, sorted);
        for (const std::size_t size : {1u, 7u, 256u}) {
            std::vector<std::pair<std::string, std::int64_t>> pages;
            for (std::string key;;) {
                const std::size_t before = pages.size();
                find(*archive, Query{}, {.order = order, .limit = size, .after = key}, [&](const Found& one) {
                    pages.emplace_back(one.asset.taken_local, one.asset.id);
                    key = one.key;
                    return true;
                });
                if (pages.size() - before < size) break;
            }
            EXPECT_EQ(pages, whole) << size;
        }
    }
}

} // namespace
} // namespace photosafe
