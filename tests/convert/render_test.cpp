// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include <fcntl.h>

#include "core/file.hpp"
#include "support/temp_folder.hpp"
#include "worker/decode.hpp"
#include "worker/jpeg.hpp"
#include "worker/render.hpp"

namespace photosafe::worker {
namespace {

namespace fs = std::filesystem;

Rendition rendered(const fs::path& file, const nlohmann::json& options = nlohmann::json::object())
{
    static const bool prepared = (prepare_decoders(), true);
    (void)prepared;
    const File open{::open(file.c_str(), O_RDONLY | O_CLOEXEC), file};
    return render(open.fd(), options);
}

Bytes content(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Mean difference of two pictures of the same shape, each made small: how far the colours are apart.
double difference(const Bytes& a, const Bytes& b)
{
    const Pixels one = scale_down(decode_jpeg(a, 0, default_pixel_limit).pixels, 256);
    const Pixels other = scale_down(decode_jpeg(b, 0, default_pixel_limit).pixels, 256);
    if (one.width != other.width || one.height != other.height) return 255;
    double sum = 0;
    for (std::uint32_t y = 0; y < one.height; ++y) {
        for (std::uint32_t i = 0; i < 3 * one.width; ++i) sum += std::abs(one.row(y)[i] - other.row(y)[i]);
    }
    return sum / (3.0 * one.width * one.height);
}

class Corpus : public testing::Test {
protected:
    void SetUp() override
    {
        std::ifstream in{root / "expected-heif.json"};
        if (!in) GTEST_SKIP() << "the shared corpus is not here";
        for (const auto& one : nlohmann::json::parse(in)) {
            if (!one.at("heif_convert_ok").get<bool>()) continue;
            // Two hundred megapixels want more memory than a worker may have.
            if (one.at("file") != "heic/pillow_heif-200MP.heic") files.push_back(one);
        }
        ASSERT_FALSE(files.empty());
    }
    const fs::path root{PHOTOSAFE_CORPUS};
    std::vector<nlohmann::json> files;
};

TEST_F(Corpus, LooksAsHeifConvertHasIt)
{
    if (std::system("command -v heif-convert >/dev/null") != 0) GTEST_SKIP() << "heif-convert is not here";
    int compared = 0;
    for (const auto& one : files) {
        if (one.at("pictures").get<int>() != 1) continue; // it doesn't say which of its files is the main one
        const test::TempFolder folder;
        const fs::path file = root / one.at("file").get<std::string>();
        const Rendition ours = rendered(file);
        EXPECT_FALSE(ours.from_preview) << file;
        // Its JPEG writer refuses more than 8 bits and leaves half a file; its PNG writer doesn't.
        const bool deep = std::find(ours.lost.begin(), ours.lost.end(), "bit_depth") != ours.lost.end();
        const fs::path peer = folder.path() / (deep ? "peer.png" : "peer.jpg");
        const std::string command =
            "heif-convert -q 95 '" + file.string() + "' '" + peer.string() + "' >/dev/null 2>&1";
        ASSERT_EQ(std::system(command.c_str()), 0) << file;
        const Bytes theirs = deep ? rendered(peer).payload : content(peer);
        EXPECT_LT(difference(ours.payload, theirs), 2.0) << file;
        ++compared;
    }
    EXPECT_GT(compared, 20);
}

TEST_F(Corpus, LooksTheSameByBothDecoders)
{
    int compared = 0;
    for (const auto& one : files) {
        const fs::path file = root / one.at("file").get<std::string>();
        try {
            const Rendition a = rendered(file, {{"decoder", "libavcodec"}, {"max_edge", 512}});
            const Rendition b = rendered(file, {{"decoder", "libde265"}, {"max_edge", 512}});
            if (a.decoder == b.decoder) continue;           // no HEVC
            if (a.from_preview || b.from_preview) continue; // one of them refuses it; then the other is taken
            EXPECT_LT(difference(a.payload, b.payload), 1.0) << file;
            ++compared;
        } catch (const CannotRender&) {
            continue; // as above, and no thumbnail is inside
        }
    }
    EXPECT_GT(compared, 10);
}

TEST(Render, RefusesWhatIsNoPicture)
{
    const test::TempFolder folder;
    const fs::path file = folder.path() / "a";
    for (const std::string& text :
         {std::string{}, std::string{"first light"}, std::string{"\xff\xd8\xff\xe0 no more"}}) {
        std::ofstream{file, std::ios::binary} << text;
        EXPECT_THROW((void)rendered(file), MediaError) << text;
    }
}

} // namespace
} // namespace photosafe::worker
