// SPDX-License-Identifier: LGPL-2.1-or-later
// Files that change while they are read: what is recorded is wholly the old or wholly the new one, never a
// mix.
#include <random>

#include "wire_help.hpp"

namespace photosafe::test {
namespace {

constexpr std::uint32_t chunk = 64 * 1024;
constexpr std::array sizes{90'000u, 200'000u, 330'000u, 65'536u};

std::string path_of(std::size_t i) { return "DCIM/100APPLE/IMG_" + std::to_string(3000 + i) + ".HEIC"; }

/// One change of one file at one moment, all by chance: faults that act on the same request.
std::vector<std::string> any_swap(std::mt19937& random, std::size_t file)
{
    const auto one_of = [&](std::initializer_list<const char*> all) {
        return std::string{all.begin()[random() % all.size()]};
    };
    auto when = "path=IMG_" + std::to_string(3000 + file) + "*,when=" + one_of({"before", "after"});
    switch (random() % 5) {
    case 0: when += ",op=GetFileInfo,nth=" + std::to_string(1 + random() % 2); break;
    case 1: when += ",op=FileOpen"; break;
    case 2: when += ",op=FileClose"; break;
    default: when += ",op=FileRead,nth=" + std::to_string(1 + random() % (sizes[file] / chunk + 1)); break;
    }
    // A new version differs at its beginning and at its end: half of each would be a mix.
    if (random() % 3 == 0)
        return {"change:at=3," + when, "change:at=" + std::to_string(sizes[file] - 2) + "," + when};
    // With size and time kept nothing but a second reading can tell; a file that is replaced stays whole even
    // then.
    const auto kind = one_of(
        {"grow:bytes=1,", "grow:bytes=100000,keep-time=yes,", "shrink:bytes=1,keep-time=yes,",
         "shrink:", "replace:", "replace:keep-time=yes,", "replace:bytes=120000,keep-time=yes,", "remove:"});
    return {kind + when};
}

class ChangedUnderOurHands : public ::testing::TestWithParam<const char*> {
protected:
    MemoryFolders memory_;
    TempFolder roll_;
};

TEST_P(ChangedUnderOurHands, IsTheOldOrTheNewOneAndNeverAMix)
{
    constexpr unsigned swaps = 110;
    SimPhone phone{roll_, {"--service-tls", GetParam()}};
    std::uint64_t wrong = 0, met = 0, failed = 0;
    for (unsigned seed = 0; seed < swaps; ++seed) {
        std::mt19937 random{seed + (GetParam() == std::string_view{"on"} ? 0 : 1000)};
        std::set<std::string> right;
        for (std::size_t i = 0; i < sizes.size(); ++i)
            right.insert(hash_of(content_of(
                roll_.write(path_of(i), picture(sizes[i], seed * 10 + static_cast<unsigned>(i))))));
        const auto swap = any_swap(random, random() % sizes.size());
        SCOPED_TRACE("seed " + std::to_string(seed) + ": " + swap.front());
        auto options = impatient();
        options.chunk_bytes = chunk;
        TempArchive archive;
        for (const auto& fault : swap) (void)phone.control("fault " + fault);
        const auto first =
            attempt(*open_phone(phone, options), archive, few_tries(static_cast<unsigned>(random() % 3)));
        met += acted(phone, swap.front()) > 0;
        (void)phone.control("clear-faults");
        failed += first.report.failed;
        EXPECT_EQ(first.error, "");
        for (const auto& hash : hashes(tree_below(roll_))) right.insert(hash);
        wrong += wrong_bytes(archive, right);

        const auto second = attempt(*open_phone(phone, options), archive);
        EXPECT_TRUE(second.complete);
        wrong += wrong_bytes(archive, right);
        if (swap.front().starts_with("replace:keep-time")) continue; // to be told from the old one by nothing
        const auto stored = hashes(originals(archive));
        for (const auto& [path, hash] : tree_below(roll_)) EXPECT_TRUE(stored.contains(hash)) << path;
    }
    EXPECT_EQ(wrong, 0u);
    EXPECT_GT(met, swaps * 9 / 10);
    figures(met, " swaps, ", failed, " reported as failed by the first import, ", wrong,
            " bytes of a mix recorded");
}

/// A wrong bit on the way, in memory or in a cable, has no trace that a single reading could see: the archive
/// holds, proves and keeps what it was given. That is the limit of reading once, and what reading twice is
/// for.
TEST_P(ChangedUnderOurHands, AWrongBitOnTheWayIsFoundByReadingTwiceOnly)
{
    roll_.write(path_of(0), picture(300'000, 1));
    const auto right = hashes(tree_below(roll_));
    SimPhone phone{roll_, {"--service-tls", GetParam()}};
    for (const auto proof : {Proof::once, Proof::reread}) {
        TempArchive archive;
        (void)phone.control("fault flip:op=FileRead,offset=70000,xor=0x10");
        auto options = few_tries(1);
        options.proof = proof;
        const auto import = attempt(*open_phone(phone), archive, options);
        EXPECT_EQ(acted(phone, "flip"), 1u);
        EXPECT_TRUE(import.complete);
        if (proof == Proof::reread) {
            EXPECT_EQ(wrong_bytes(archive, right), 0u);
            EXPECT_EQ(hashes(originals(archive)), right);
            EXPECT_EQ(phone.requests("FileOpen").size(), 1u + 4u)
                << "read twice, found, and read twice again";
        } else {
            EXPECT_EQ(wrong_bytes(archive, right), 300'000u);
            EXPECT_EQ(wrong_bytes(archive, hashes(originals(archive))), 0u) << "what came is what is kept";
        }
        (void)phone.control("clear-faults");
    }
}

TEST_P(ChangedUnderOurHands, AWrongBitIsAFailureWhereThereIsNoOtherTry)
{
    roll_.write(path_of(0), picture(300'000, 1));
    SimPhone phone{roll_, {"--service-tls", GetParam(), "--fault", "flip:op=FileRead,offset=70000"}};
    TempArchive archive;
    auto options = few_tries();
    options.proof = Proof::reread;
    std::string code;
    options.on_file = [&](const IngestedFile& file) { code = file.code; };
    EXPECT_EQ(attempt(*open_phone(phone), archive, options).report.failed, 1u);
    EXPECT_EQ(code, "mismatch");
    EXPECT_TRUE(originals(archive).empty());
}

INSTANTIATE_TEST_SUITE_P(Wires, ChangedUnderOurHands, ::testing::Values("on", "off"),
                         [](const auto& tls) { return std::string{tls.param} == "on" ? "Tls" : "Plain"; });

} // namespace
} // namespace photosafe::test
