// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include <array>
#include <filesystem>

#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "core/bounded.hpp"
#include "core/text.hpp"
#include "support/temp_folder.hpp"
#include "worker/heif.hpp"
#include "worker/heif_facts.hpp"
#include "worker/heif_maker.hpp"

namespace photosafe::worker {
namespace {

namespace fs = std::filesystem;
using test::HeifMaker;
using testing::ElementsAre;
using testing::IsEmpty;

struct Read {
    Metadata facts;
    Beside beside;
};

Read read(const std::string& file)
{
    Read result;
    result.beside =
        read_heif_facts({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()}, result.facts);
    return result;
}

/// One picture without tiles, with these properties besides its size and codec.
Metadata single(HeifMaker maker, std::vector<unsigned> properties, std::uint64_t width = 40,
                std::uint64_t height = 30)
{
    properties.insert(properties.begin(), {maker.hevc(), maker.size(width, height)});
    maker.item("hvc1", "picture", properties);
    return read(maker.file()).facts;
}

TEST(HeifFacts, TellTheSizeBeforeTheTurnAndTheTurn)
{
    // irot counts quarters anticlockwise; EXIF's 6 wants one clockwise.
    constexpr std::array<int, 4> orientations{1, 8, 3, 6};
    for (unsigned quarters = 0; quarters < 4; ++quarters) {
        HeifMaker maker;
        const unsigned rotation = maker.rotation(quarters);
        const Metadata facts = single(maker, {rotation});
        EXPECT_THAT(facts.troubles, IsEmpty());
        EXPECT_EQ(facts.width, 40u);
        EXPECT_EQ(facts.height, 30u);
        EXPECT_EQ(facts.orientation, orientations[quarters]);
    }
}

TEST(HeifFacts, TellAMirroredPictureApartFromATurnedOne)
{
    // 0 exchanges top and bottom, 1 left and right, as libheif and libavif have it.
    for (const auto& [axis, orientation] : {std::pair{0u, 4}, {1u, 2}}) {
        HeifMaker maker;
        const unsigned mirror = maker.mirror(axis);
        EXPECT_EQ(single(maker, {mirror}).orientation, orientation) << axis;
    }
    HeifMaker turned_first;
    const unsigned rotation = turned_first.rotation(3), mirror = turned_first.mirror(1);
    const Metadata facts = single(turned_first, {rotation, mirror});
    EXPECT_EQ(facts.orientation, 5);
    EXPECT_EQ(facts.width, 40u);
}

TEST(HeifFacts, FindWhatBelongsToThePicture)
{
    HeifMaker maker;
    const unsigned hevc = maker.hevc(10), size = maker.size(4032, 3024), small = maker.size(320, 240);
    const unsigned picture = maker.item("hvc1", "picture", {hevc, size, maker.nclx(12, 16)});
    for (const char* urn : {"urn:com:apple:photo:2020:aux:hdrgainmap", "urn:mpeg:hevc:2015:auxid:2",
                            "urn:com:apple:photo:2018:aux:portraiteffectsmatte",
                            "urn:com:apple:photo:2019:aux:semanticskinmatte",
                            "urn:com:apple:photo:2023:aux:styledeltamap", "urn:mpeg:hevc:2015:auxid:1"}) {
        maker.refer("auxl", maker.item("hvc1", "more", {hevc, small, maker.auxiliary(urn)}), {picture});
    }
    maker.refer("thmb", maker.item("hvc1", "thumbnail", {hevc, small}), {picture});
    maker.refer("cdsc", maker.item("Exif", test::u32(6) + std::string{"Exif\0\0", 6} + "MM-TIFF"), {picture});
    maker.refer("cdsc", maker.item("mime", "<x:xmpmeta/>", {}, std::string{"application/rdf+xml"} + '\0'),
                {picture});

    const Read result = read(maker.file());

    EXPECT_THAT(result.facts.troubles, IsEmpty());
    EXPECT_THAT(result.facts.aux,
                ElementsAre("hdr_gain_map", "depth", "matte:portraiteffectsmatte", "matte:semanticskinmatte",
                            "aux:styledeltamap", "alpha", "thumbnail 320x240"));
    EXPECT_EQ(result.facts.bit_depth, 10);
    EXPECT_EQ(result.facts.codec, "hevc");
    EXPECT_EQ(result.facts.colour_profile, "nclx");
    EXPECT_EQ(result.facts.hdr, true);
    EXPECT_EQ(std::string(result.beside.exif.begin(), result.beside.exif.end()), "MM-TIFF");
    EXPECT_EQ(result.beside.xmp, "<x:xmpmeta/>");
}

TEST(HeifFacts, CountTheTilesOfAGridAndTakeItsCodecFromThem)
{
    HeifMaker maker;
    const unsigned hevc = maker.hevc(), tile = maker.size(512, 512), whole = maker.size(1000, 600);
    std::vector<unsigned> tiles;
    for (int i = 0; i < 4; ++i) tiles.push_back(maker.item("hvc1", "tile", {hevc, tile}));
    maker.main = maker.item(
        "grid", test::u16(0) + test::u8(1) + test::u8(1) + test::u16(1000) + test::u16(600), {whole});
    maker.refer("dimg", maker.main, tiles);

    const Metadata facts = read(maker.file()).facts;

    EXPECT_THAT(facts.troubles, IsEmpty());
    EXPECT_EQ(facts.codec, "hevc");
    EXPECT_EQ(facts.width, 1000u);
#if LIBHEIF_HAVE_VERSION(1, 19, 0)
    EXPECT_EQ(facts.tiles, 4u);
#endif
}

TEST(HeifFacts, SeeTwoViewsOfOneScene)
{
#if LIBHEIF_HAVE_VERSION(1, 19, 0)
    for (const bool pair : {true, false}) {
        HeifMaker maker;
        const unsigned hevc = maker.hevc(), size = maker.size(40, 30);
        const unsigned left = maker.item("hvc1", "left", {hevc, size});
        const unsigned right = maker.item("hvc1", "right", {hevc, size});
        maker.group(pair ? "ster" : "altr", 100, {left, right});
        EXPECT_EQ(read(maker.file()).facts.spatial, pair);
    }
#else
    GTEST_SKIP() << "this libheif doesn't tell";
#endif
}

TEST(HeifFacts, TakeTheToneMapOfTheStandardForAGainMapToo)
{
    EXPECT_THAT(single(HeifMaker{"mif1heictmap"}, {}).aux, ElementsAre("hdr_gain_map"));
    EXPECT_THAT(single(HeifMaker{}, {}).aux, IsEmpty());
}

TEST(HeifFacts, BelieveNoClaimOfSize)
{
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    const Metadata facts = single(HeifMaker{}, {}, 60'000, 60'000);
    getrusage(RUSAGE_SELF, &after);
    EXPECT_EQ(facts.troubles.size(), 1u);
    EXPECT_EQ(facts.width, 0u);
    EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 << 10) << "kibibytes";
}

TEST(HeifFacts, SayWhyAFileCannotBeRead)
{
    const std::string whole = [] {
        HeifMaker maker;
        maker.item("hvc1", "picture", {maker.hevc(), maker.size(40, 30)});
        return maker.file();
    }();
    ASSERT_THAT(read(whole).facts.troubles, IsEmpty());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Metadata facts = read(whole.substr(0, size)).facts;
        // A file that ends within its media data has all its boxes.
        if (size + 16 < whole.size()) {
            EXPECT_EQ(facts.troubles.size(), 1u) << size;
        }
        for (const std::string& trouble : facts.troubles) EXPECT_EQ(trouble.back(), '.') << trouble;
    }
}

TEST(HeifFacts, TellReasonsAsText)
{
    HeifMaker maker;
    constexpr unsigned essential = 0x80;
    const unsigned strange = maker.property(test::box("\xd7\xcd\x1b[", ""));
    maker.item("hvc1", "picture", {maker.hevc(), maker.size(40, 30), essential | strange});
    const Metadata facts = read(maker.file()).facts;
    ASSERT_EQ(facts.troubles.size(), 1u) << "libheif's reason has the name of the box in it";
    EXPECT_TRUE(is_kept_text(facts.troubles[0])) << printable(facts.troubles[0]);
}

class Corpus : public testing::Test {
protected:
    void SetUp() override
    {
        if (!fs::exists(root / "expected-heif.json")) GTEST_SKIP() << "the shared corpus is not here";
    }
    nlohmann::json rows(const char* name) const
    {
        return nlohmann::json::parse(test::content_of(root / name));
    }
    const fs::path root{PHOTOSAFE_CORPUS};
};

TEST_F(Corpus, HasWhatOthersFoundInEachHeifFile)
{
    int compared = 0;
    for (const auto& row : rows("expected-heif.json")) {
        const std::string name = row.at("file");
        const Metadata facts = read(test::content_of(root / name)).facts;
        if (name.starts_with("broken/")) continue; // what another version sees in it is no measure
        const bool readable = row.contains("width") || row.at("libheif_1_19_8").contains("width");
        if (!readable) continue;
        EXPECT_THAT(facts.troubles, IsEmpty()) << name;
        const auto& size = row.contains("width") ? row : row.at("libheif_1_19_8");
        // The size there is upright. This file's grid claims another size than its only tile has.
        if (name != "heic/pillow_heif-invalid_id.heic") {
            const bool changed = facts.orientation >= 5;
            EXPECT_EQ(size.at("width"), changed ? facts.height : facts.width) << name;
            EXPECT_EQ(size.at("height"), changed ? facts.width : facts.height) << name;
        }
        const auto has = [&](std::string_view what) {
            return std::find(facts.aux.begin(), facts.aux.end(), what) != facts.aux.end();
        };
        bool gain_map = false;
        for (const std::string type : row.at("aux_types"))
            gain_map = gain_map || type.find("hdrgainmap") != std::string::npos;
        EXPECT_EQ(has("hdr_gain_map"), gain_map) << name;
        if (row.contains("depth")) {
            EXPECT_EQ(has("depth"), row.at("depth").get<bool>()) << name;
        }
        if (row.contains("alpha")) {
            EXPECT_EQ(has("alpha"), row.at("alpha").get<bool>()) << name;
        }
        const bool av1 = row.value("compatible_brands", "").find("avif") != std::string::npos;
        EXPECT_EQ(facts.codec, av1 ? "av1" : "hevc") << name;
        ++compared;
    }
    EXPECT_GT(compared, 35);
}

} // namespace
} // namespace photosafe::worker
