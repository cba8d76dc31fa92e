// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/metadata_store.hpp"

#include <gtest/gtest.h>

#include "support/catalog_fill.hpp"
#include "support/temp_folder.hpp"

namespace photosafe {
namespace {

class MetadataStoreTest : public ::testing::Test {
protected:
    const test::TempFolder folder;
    Catalog catalog = Catalog::create(folder / "c", false);
    test::CatalogFill fill{catalog};
    MetadataStore store{catalog.database()};
};

Metadata everything()
{
    Metadata m;
    m.kind = MediaKind::photo;
    m.mime = "image/heic";
    m.taken = {TimeSource::exif_offset, Instant{std::chrono::nanoseconds{1'717'164'202'123'000'000}},
               "2024-05-31T16:03:22.123", 120};
    m.width = 4032;
    m.height = 3024;
    m.orientation = 6;
    m.make = "Apple";
    m.model = "iPhone 15 Pro";
    m.lens = "back camera";
    m.software = "18.1";
    m.position = GeoPoint{-41.5, 179.25, 12.5};
    m.content_id = "A-B";
    m.burst_id = "C-D";
    m.live_index = 3;
    m.hdr = true;
    m.capture_type = 10;
    m.duration_s = 1.5;
    m.frame_rate = 29.97;
    m.codec = "hevc";
    m.slow_motion = m.spatial = m.panorama = m.screenshot = true;
    m.rating = -1;
    m.title = "T";
    m.caption = "C";
    m.label = "red";
    m.location = "Rome, Italy";
    m.keywords = {"a", "b"};
    m.people = {{"Ada", 0.5, 0.25, 0.1, 0.2}};
    m.bit_depth = 10;
    m.colour_profile = "Display P3";
    m.aux = {"depth"};
    m.tiles = 48;
    m.edited_by = "com.apple.photo";
    m.edited_at = Instant{std::chrono::nanoseconds{5}};
    m.raw = {{"Exif.Photo.FNumber", "1.8"}, {"k", "\"\\"}};
    m.troubles = {"It is odd."};
    return m;
}

/// All fields, as text.
std::string told(const Metadata& m)
{
    std::string all;
    const auto add = [&](const auto& value) {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>)
            all += std::to_string(value) + '|';
        else
            (all += value) += '|';
    };
    const auto maybe = [&](const auto& value) { value ? add(*value) : add(std::string{"-"}); };
    add(std::string{name(m.kind)});
    add(m.mime);
    add(std::string{name(m.taken.source)});
    add(m.taken.instant ? m.taken.instant->time_since_epoch().count() : -1);
    add(m.taken.local);
    maybe(m.taken.offset_minutes);
    for (const auto value : {m.width, m.height, m.tiles}) add(value);
    add(m.orientation);
    for (const auto& text : {m.make, m.model, m.lens, m.software, m.content_id, m.burst_id, m.codec, m.title,
                             m.caption, m.label, m.location, m.colour_profile, m.edited_by})
        add(text);
    if (m.position) {
        add(m.position->latitude);
        add(m.position->longitude);
        maybe(m.position->altitude_m);
    }
    maybe(m.live_index);
    for (const auto& value : {m.capture_type, m.rating, m.bit_depth}) maybe(value);
    maybe(m.hdr);
    maybe(m.duration_s);
    maybe(m.frame_rate);
    for (const bool flag : {m.slow_motion, m.spatial, m.panorama, m.screenshot}) add(flag);
    for (const auto& text : m.keywords) add(text);
    for (const auto& one : m.people) {
        add(one.name);
        for (const double value : {one.x, one.y, one.width, one.height}) add(value);
    }
    for (const auto& text : m.aux) add(text);
    add(m.edited_at ? m.edited_at->time_since_epoch().count() : -1);
    for (const auto& tag : m.raw) (add(tag.key), add(tag.value));
    for (const auto& text : m.troubles) add(text);
    return all;
}

TEST_F(MetadataStoreTest, KeepsEveryField)
{
    const std::int64_t id = fill.add({});
    store.put(id, everything(), "v1");
    ASSERT_TRUE(store.read(id));
    EXPECT_EQ(told(*store.read(id)), told(everything()));
    EXPECT_EQ(store.state(id).state, ParseState::done);
    EXPECT_EQ(store.state(id).versions, "v1");
    store.put(id, Metadata{}, "v2"); // and nothing of it afterwards
    EXPECT_EQ(told(*store.read(id)), told(Metadata{}));
    EXPECT_EQ(store.state(id).versions, "v2");
}

TEST_F(MetadataStoreTest, TellsWhatWasNotReadAndWhy)
{
    const std::vector<std::int64_t> ids = fill.add_all({{.path = "1.HEIC", .local = "2020-01-01T00:00:00"},
                                                        {.path = "2.HEIC", .local = "2024-01-01T00:00:00"}});
    const auto pending = store.pending("v1", 10);
    ASSERT_EQ(pending.size(), 2u);
    EXPECT_EQ(pending[0].id, ids[1]); // the newer one first
    EXPECT_EQ(pending[0].path, "originals/2.HEIC");
    EXPECT_EQ(pending[0].name, "2.HEIC");
    EXPECT_EQ(store.pending("v1", 1).size(), 1u);
    EXPECT_EQ(store.state(ids[0]).state, ParseState::pending);

    store.put_failed(ids[0], "It is torn.", "v1");
    store.put(ids[1], everything(), "v1");
    EXPECT_FALSE(store.read(ids[0]));
    EXPECT_EQ(store.state(ids[0]).reason, "It is torn.");
    EXPECT_EQ(store.pending_count("v1"), 0u);
    EXPECT_TRUE(store.pending("v1", 10).empty());
    EXPECT_EQ(store.pending_count("v2"), 1u); // another reader may do better
    EXPECT_EQ(store.pending("v2", 10).at(0).id, ids[0]);

    store.expect_all();
    EXPECT_EQ(store.pending_count("v1"), 2u);
    EXPECT_EQ(store.state(ids[1]).versions, "");
    EXPECT_FALSE(store.read(ids[0]));
    EXPECT_EQ(told(*store.read(ids[1])), told(everything())) << "until it is read again";
}

TEST_F(MetadataStoreTest, KeepsWhatWasReadWhenItCannotBeReadAgain)
{
    const std::int64_t id = fill.add({});
    store.put(id, everything(), "v1");
    store.put_failed(id, "It takes too long.", "v2");
    EXPECT_EQ(told(*store.read(id)), told(everything()));
    EXPECT_EQ(store.facts(id)->content_id, "A-B");
    EXPECT_EQ(store.state(id).state, ParseState::failed);
    EXPECT_EQ(store.state(id).reason, "It takes too long.");
    EXPECT_EQ(store.counts().failed, 1u);
    EXPECT_EQ(store.pending_count("v2"), 0u);
    EXPECT_EQ(store.pending_count("v3"), 1u);
    store.put(id, Metadata{}, "v3");
    EXPECT_EQ(told(*store.read(id)), told(Metadata{}));
    EXPECT_EQ(store.state(id).reason, "");
}

TEST_F(MetadataStoreTest, TellsWhatIsPendingPageByPage)
{
    std::vector<test::NewAsset> assets;
    for (int i = 0; i < 7; ++i)
        assets.push_back({.path = std::to_string(i) + ".HEIC",
                          .local = "20" + std::to_string(10 + i) + "-01-01T00:00:00"});
    const std::vector<std::int64_t> ids = fill.add_all(assets);
    for (const std::size_t failed : {1u, 2u, 4u}) store.put_failed(ids[failed], "It is torn.", "v1");
    for (const std::size_t page : {1u, 2u, 3u, 10u}) {
        std::vector<std::int64_t> told;
        PendingPlace after;
        for (;;) {
            const std::vector<PendingAsset> next = store.pending("v2", page, after);
            if (next.empty()) break;
            EXPECT_LE(next.size(), page);
            for (const PendingAsset& one : next) told.push_back(one.id);
            after = next.back().place;
        }
        EXPECT_EQ(told, (std::vector{ids[6], ids[5], ids[3], ids[0], ids[4], ids[2], ids[1]})) << page;
    }
}

TEST_F(MetadataStoreTest, RefusesAnAssetThatIsNotThere)
{
    try {
        store.put(77, Metadata{}, "v");
        FAIL();
    } catch (const ArchiveError& e) {
        EXPECT_EQ(e.code(), ErrorCode::not_found);
    }
}

TEST_F(MetadataStoreTest, TakesWhatCameInWithinTheSameTransaction)
{
    fill.add({.path = "1.HEIC"});
    std::int64_t id = 0;
    {
        Catalog::Batch batch{catalog, "m device:a"};
        Stored stored{};
        stored.path = "originals/2.HEIC";
        stored.group = "2";
        stored.name = "2.HEIC";
        stored.taken_local = "2024-01-01T00:00:00";
        batch.add(stored);
        id = catalog.find(Digest{})->id;
        store.put(id, everything(), "v");
        batch.commit({2, 3});
    }
    EXPECT_EQ(told(*store.read(id)), told(everything()));
    EXPECT_EQ(catalog.database().number("SELECT count(*) FROM due"), 0);
}

TEST_F(MetadataStoreTest, CutsWhatIsTooLongAndSaysSo)
{
    const std::int64_t id = fill.add({});
    Metadata m;
    m.caption = std::string(5000, 'x');
    m.raw.assign(200, {"key", std::string(4000, 'y')});
    store.put(id, m, "v");
    const Metadata kept = *store.read(id);
    EXPECT_EQ(kept.caption.size(), 4096u);
    EXPECT_LT(kept.raw.size(), 70u);
    EXPECT_EQ(kept.troubles.size(), 1u);
}

} // namespace
} // namespace photosafe
