// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures and movies of real phones, where they are at hand: what is in the archive has the SHA-256 that was
// written down when they were collected.
#include <fstream>

#include "wire_help.hpp"

namespace photosafe::test {
namespace {

/// SHA-256 of all files that the collection's list names.
std::set<std::string> listed_hashes(const std::filesystem::path& list)
{
    std::set<std::string> all;
    std::ifstream in{list};
    std::string line;
    for (std::getline(in, line);
         std::getline(in, line);) { // the first names the columns: path, bytes, sha256…
        const auto bytes = line.find('\t');
        const auto hash = line.find('\t', bytes + 1);
        if (hash != line.npos) all.insert(line.substr(hash + 1, line.find('\t', hash + 1) - hash - 1));
    }
    return all;
}

TEST(RealPhotos, ArriveAsTheyWereCollected)
{
    const std::filesystem::path corpus{PHOTOSAFE_CORPUS};
    if (!std::filesystem::exists(corpus / "MANIFEST.tsv"))
        GTEST_SKIP() << "no collection of real pictures beside the project (shared/corpus): nothing to try";
    TempFolder folder;
    const auto roll = folder / "roll";
    const auto command = std::string{SIMPHONE_BINARY} + " make-roll '" + roll.string() + "' --from '" +
                         corpus.string() + "' > '" + (folder / "said").string() + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const auto on_phone = tree_below(roll);
    ASSERT_FALSE(on_phone.empty());

    SimPhone phone{roll, {"--service-tls", "on"}};
    TempArchive archive;
    const auto import = attempt(*open_phone(phone), archive);
    EXPECT_TRUE(import.complete);
    EXPECT_EQ(import.report.seen, on_phone.size());

    const auto listed = listed_hashes(corpus / "MANIFEST.tsv");
    std::map<std::string, std::string> recorded; // by the place on the phone
    std::uint64_t as_listed = 0;
    archive->for_each_asset([&](const Asset& asset) {
        const auto hash = sha256_hex(asset.digest);
        EXPECT_EQ(hash_of(content_of(archive.root() / asset.path)), hash) << asset.path;
        for (const auto& place : archive->places(asset)) {
            recorded[place.path] = hash;
            as_listed += listed.contains(hash);
        }
        return true;
    });
    EXPECT_EQ(recorded, on_phone);
    EXPECT_EQ(as_listed, on_phone.size()) << "the list names every file that went onto the phone";
    figures(recorded.size(), " real files, ", as_listed, " with the SHA-256 of the list");
}

} // namespace
} // namespace photosafe::test
