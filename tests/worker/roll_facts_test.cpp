// SPDX-License-Identifier: LGPL-2.1-or-later
// The readers on files as a phone writes them, against what simphone says that it wrote.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <nlohmann/json.hpp>

#include "core/file.hpp"
#include "support/temp_folder.hpp"
#include "worker/av_input.hpp"
#include "worker/heif_facts.hpp"
#include "worker/video.hpp"

namespace photosafe::worker {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

class RollFacts : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        quieten_libavcodec();
        folder = std::make_unique<test::TempFolder>();
        const fs::path root = *folder / "roll";
        const std::string command = std::string{SIMPHONE_BINARY} + " make-roll '" + root.string() +
                                    "' --items 40 --picture-size 300x200 --tile 128 --pictures 2 >/dev/null";
        ASSERT_EQ(std::system(command.c_str()), 0);
        truth = nlohmann::json::parse(test::content_of(root.string() + ".truth.json"));
    }
    static void TearDownTestSuite() { folder.reset(); }

    static std::vector<nlohmann::json> files_of(std::initializer_list<std::string_view> kinds,
                                                std::string_view extension)
    {
        std::vector<nlohmann::json> found;
        for (const auto& file : truth.at("files")) {
            const std::string kind = file.at("kind");
            if (!file.at("path").is_string()) continue;
            const std::string path = file.at("path");
            const bool wanted = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
            if (wanted && fs::path{path}.extension() == extension) found.push_back(file);
        }
        EXPECT_THAT(found, testing::Not(IsEmpty()));
        return found;
    }
    static fs::path path_of(const nlohmann::json& file)
    {
        return *folder / "roll" / file.at("path").get<std::string>();
    }

    static std::unique_ptr<test::TempFolder> folder;
    static nlohmann::json truth;
};
std::unique_ptr<test::TempFolder> RollFacts::folder;
nlohmann::json RollFacts::truth;

TEST_F(RollFacts, OfPicturesAreThoseThatWereWritten)
{
    for (const auto& file : files_of({"heic", "heic_live", "burst"}, ".HEIC")) {
        const std::string bytes = test::content_of(path_of(file));
        Metadata facts;
        const Beside beside =
            read_heif_facts({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, facts);
        EXPECT_THAT(facts.troubles, IsEmpty());
        EXPECT_EQ(facts.width, file.at("width"));
        EXPECT_EQ(facts.height, file.at("height"));
        EXPECT_EQ(facts.orientation, file.at("orientation"));
        EXPECT_EQ(facts.codec, "hevc");
        EXPECT_EQ(facts.bit_depth, 8);
        EXPECT_EQ(facts.colour_profile, "nclx");
        std::vector<std::string> aux;
        for (std::string name : file.value("aux", nlohmann::json::array()))
            aux.push_back(name == "portrait_effects_matte" ? "matte:portraiteffectsmatte" : std::move(name));
        ASSERT_THAT(facts.aux, testing::SizeIs(aux.size() + 1));
        EXPECT_TRUE(facts.aux.back().starts_with("thumbnail ")) << facts.aux.back();
        facts.aux.pop_back();
        EXPECT_EQ(facts.aux, aux);
        EXPECT_FALSE(beside.exif.empty());
        EXPECT_FALSE(beside.xmp.empty());
    }
}

TEST_F(RollFacts, OfMoviesAreThoseThatWereWritten)
{
    for (const auto& file : files_of({"live_video", "movie", "slow_motion"}, ".MOV")) {
        const fs::path path = path_of(file);
        const File open{::open(path.c_str(), O_RDONLY | O_CLOEXEC), path};
        Metadata facts;
        (void)read_video(open.fd(), facts);
        const std::string kind = file.at("kind");
        EXPECT_THAT(facts.troubles, IsEmpty());
        EXPECT_EQ(facts.orientation, file.at("orientation"));
        EXPECT_EQ(facts.codec, "hevc");
        EXPECT_EQ(facts.bit_depth, 8);
        EXPECT_EQ(facts.duration_s, file.at("seconds"));
        EXPECT_EQ(facts.frame_rate, file.at("fps"));
        EXPECT_EQ(facts.slow_motion, kind == "slow_motion");
        EXPECT_EQ(facts.make, file.value("make", ""));
        EXPECT_EQ(facts.model, file.value("model", ""));
        EXPECT_EQ(facts.lens, file.value("lens", ""));
        EXPECT_EQ(facts.software, file.value("software", ""));
        EXPECT_EQ(facts.content_id, file.value("content_identifier", ""));
        EXPECT_EQ(facts.hdr, false);
        const std::string captured = file.at("captured");
        EXPECT_EQ(facts.taken.source, TimeSource::quicktime_zone);
        EXPECT_EQ(facts.taken.local, captured.substr(0, 19));
        ASSERT_EQ(facts.position.has_value(), file.contains("gps"));
        if (facts.position) {
            EXPECT_NEAR(facts.position->latitude, file.at("gps").at("latitude").get<double>(), 1e-4);
            EXPECT_NEAR(facts.position->longitude, file.at("gps").at("longitude").get<double>(), 1e-4);
        }
        const bool still_time = std::any_of(facts.raw.begin(), facts.raw.end(), [](const RawTag& tag) {
            return tag.key == "QuickTime.com.apple.quicktime.still-image-time" && tag.value == "timed";
        });
        EXPECT_EQ(still_time, kind == "live_video");
    }
}

} // namespace
} // namespace photosafe::worker
