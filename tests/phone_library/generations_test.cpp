// SPDX-License-Identifier: LGPL-2.1-or-later
// Every generation of Photos' database that simphone writes, against the truth of its roll.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "phone_library/read_library.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {

namespace {

using Json = nlohmann::json;
using testing::UnorderedElementsAreArray;

std::string text(const Json& row, const char* key) { return row.value(key, std::string{}); }

std::optional<Instant> instant(const Json& row, const char* key)
{
    if (!row.contains(key)) return std::nullopt;
    // Seconds since 2001 as a number of 53 bits: microseconds are what is left.
    return std::chrono::round<std::chrono::microseconds>(
        Instant{std::chrono::nanoseconds{row[key].get<std::int64_t>()}});
}

Provenance provenance(const Json& row)
{
    const std::string word = text(row, "provenance");
    if (word == "icloud") return Provenance::icloud;
    if (word == "shared_album") return Provenance::shared_album;
    return word == "synced" ? Provenance::unknown : Provenance::local;
}

std::string role(const Json& resource) { return resource["role"].get<std::string>(); }

/// One roll and what is read of it, for all tests of a generation.
class Generations : public testing::TestWithParam<std::string> {
protected:
    struct Read {
        TempFolder folder;
        Json truth;
        PhoneLibrary library;
    };
    static const Read& read()
    {
        static std::map<std::string, Read> all;
        Read& one = all[GetParam()];
        if (one.truth.is_null()) {
            one.truth = make_roll(one.folder / "roll",
                                  "--library " + GetParam() +
                                      " --items 60 --pictures 1 --seed 5 --only-in-icloud 6 --vanished 2 "
                                      "--trashed 3 --hidden 4 --unlisted 2");
            one.library = read_library(one.folder / "roll/PhotoData/Photos.sqlite");
        }
        return one;
    }
    const PhoneLibrary& library = read().library;
    const Json& truth = read().truth["library"];
};

} // namespace

TEST_P(Generations, SayWhatTheyAre)
{
    EXPECT_EQ(library.model_version, truth["model_version"].get<std::int64_t>());
    EXPECT_EQ(library.asset_table, text(truth, "asset_table"));
    EXPECT_EQ(library.album_table, text(truth, "album_assets"));
    EXPECT_EQ(library.uuid.size(), 36u);
    EXPECT_THAT(library.troubles, testing::IsEmpty());
    EXPECT_THAT(library.lost_facts, testing::IsEmpty());
}

TEST_P(Generations, TellOfEachItemWhatIsTrue)
{
    ASSERT_EQ(library.assets.size(), truth["assets"].size());
    for (const Json& row : truth["assets"]) {
        const PhoneAsset& asset = asset_of(library, text(row, "uuid"));
        SCOPED_TRACE(row.dump());
        EXPECT_EQ(asset.path, text(row, "path"));
        EXPECT_EQ(asset.original_name, text(row, "original_name"));
        EXPECT_EQ(name(asset.kind), text(row, "kind"));
        EXPECT_EQ(name(asset.subtype), text(row, "subtype"));
        EXPECT_EQ(asset.provenance, provenance(row));
        EXPECT_EQ(asset.app, text(row, "app"));
        EXPECT_EQ(asset.created, instant(row, "created_ns"));
        EXPECT_EQ(asset.added, instant(row, "added_ns"));
        EXPECT_EQ(asset.modified, instant(row, "modified_ns"));
        EXPECT_EQ(asset.trashed_at, instant(row, "trashed_ns"));
        EXPECT_EQ(asset.edited_at, instant(row, "edited_ns"));
        EXPECT_EQ(asset.edited, row["edited"].get<bool>());
        EXPECT_EQ(asset.offset_minutes.has_value(), row.contains("offset_minutes"));
        EXPECT_EQ(asset.offset_minutes.value_or(0), row.value("offset_minutes", 0));
        EXPECT_EQ(asset.time_zone.empty(), !row.contains("offset_minutes"));
        ASSERT_EQ(asset.position.has_value(), row.contains("gps"));
        if (asset.position) {
            EXPECT_DOUBLE_EQ(asset.position->latitude, row["gps"]["latitude"].get<double>());
            EXPECT_DOUBLE_EQ(asset.position->longitude, row["gps"]["longitude"].get<double>());
        }
        EXPECT_EQ(asset.favorite, row["favourite"].get<bool>());
        EXPECT_EQ(asset.hidden, row["hidden"].get<bool>());
        EXPECT_EQ(asset.trashed, row["trashed"].get<bool>());
        EXPECT_EQ(asset.title, text(row, "title"));
        EXPECT_EQ(asset.caption, text(row, "caption"));
        EXPECT_THAT(asset.keywords,
                    UnorderedElementsAreArray(row.value("keywords", std::vector<std::string>{})));
        EXPECT_THAT(asset.people, UnorderedElementsAreArray(row.value("people", std::vector<std::string>{})));
        EXPECT_EQ(asset.burst_uuid, text(row, "burst_uuid"));
        const int pick = row.value("burst_pick", 0);
        EXPECT_EQ(asset.burst_picked, (pick & 8) != 0);
        EXPECT_EQ(asset.burst_key, (pick & 16) != 0);
        EXPECT_EQ(asset.shown, pick != 2);
        EXPECT_EQ(asset.live_uuid, text(row, "group_uuid"));
        EXPECT_EQ(name(asset.locality), text(row, "locality"));
    }
}

TEST_P(Generations, TellWhichFilesOfAnItemAreOnThePhone)
{
    std::size_t lost = 0;
    for (const Json& row : truth["assets"]) {
        const PhoneAsset& asset = asset_of(library, text(row, "uuid"));
        std::vector<std::string> expected, found;
        for (const Json& resource : row["resources"]) {
            if (role(resource) == "thumbnail") continue; // Photos makes it again
            const bool local = resource["local"].get<bool>();
            lost += local ? 0u : 1u;
            expected.push_back(role(resource) + (resource["movie"].get<bool>() ? " movie " : " ") +
                               std::to_string(resource["bytes"].get<std::uint64_t>()) +
                               (local ? "" : " away"));
        }
        for (const PhoneResource& resource : asset.resources)
            found.push_back(std::string{name(resource.role)} + (resource.video ? " movie " : " ") +
                            std::to_string(resource.bytes.value()) +
                            (resource.locality == Locality::on_phone ? "" : " away"));
        EXPECT_THAT(found, UnorderedElementsAreArray(expected)) << row.dump();
    }
    EXPECT_EQ(lost, 7u); // of six shots: one has both halves away
}

TEST_P(Generations, KeepAlbumsFoldersAndTheirOrder)
{
    ASSERT_EQ(library.albums.size(), truth["albums"].size());
    for (const Json& row : truth["albums"]) {
        const PhoneAlbum& album = album_of(library, text(row, "uuid"));
        SCOPED_TRACE(row["title"].get<std::string>());
        EXPECT_EQ(name(album.kind), text(row, "kind"));
        EXPECT_EQ(album.title, text(row, "title"));
        EXPECT_EQ(album.created, instant(row, "created_ns"));
        EXPECT_EQ(album.trashed, row["trashed"].get<bool>());
        EXPECT_EQ(album.parent ? library.albums[*album.parent].uuid : "", text(row, "parent"));
        EXPECT_EQ(album.key ? library.assets[*album.key].uuid : "", text(row, "key"));
        std::vector<std::string> members;
        for (const std::uint32_t member : album.members) members.push_back(library.assets[member].uuid);
        EXPECT_EQ(members, row["members"].get<std::vector<std::string>>());
        const bool is_share = GetParam() == "ios26" && text(row, "kind") == "shared";
        if (is_share) continue; // whose order and owner are elsewhere
        EXPECT_EQ(name(album.order), text(row, "order"));
        EXPECT_EQ(album.owner, text(row, "owner"));
    }
    std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>> siblings;
    for (const Json& row : truth["albums"])
        if (text(row, "kind") == "album" || text(row, "kind") == "folder")
            siblings[text(row, "parent")].emplace_back(row["position"].get<std::int64_t>(),
                                                       text(row, "uuid"));
    for (auto& [parent, rows] : siblings) {
        std::sort(rows.begin(), rows.end());
        std::vector<std::string> expected, found;
        for (const auto& [position, uuid] : rows) expected.push_back(uuid);
        for (const PhoneAlbum& album : library.albums)
            if ((album.parent ? library.albums[*album.parent].uuid : "") == parent &&
                (album.kind == PhoneAlbum::Kind::album || album.kind == PhoneAlbum::Kind::folder))
                found.push_back(album.uuid);
        EXPECT_EQ(found, expected);
    }
}

TEST_P(Generations, AreReadWithTheirLogApplied)
{
    const PhoneLibrary before = read_library(read().folder / "roll/PhotoData/Photos.sqlite", Log::without);
    std::size_t late = 0;
    for (const Json& row : truth["assets"]) late += row["only_in_log"].get<bool>() ? 1u : 0u;
    EXPECT_GT(late, 0u);
    EXPECT_EQ(before.assets.size(), library.assets.size() - late + 1); // and one that the log deletes
}

INSTANTIATE_TEST_SUITE_P(OfIos, Generations,
                         testing::Values("ios11", "ios12", "ios13", "ios14", "ios15", "ios16", "ios17",
                                         "ios17.6", "ios18", "ios26"),
                         [](const auto& instance) {
                             std::string name = instance.param;
                             std::replace(name.begin(), name.end(), '.', '_');
                             return name;
                         });

} // namespace photosafe::test
