// SPDX-License-Identifier: LGPL-2.1-or-later
#include "crash/archive_checks.hpp"

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <photosafe/photosafe.hpp>

#include "core/digest.hpp"
#include "support/catalog_rows.hpp"

namespace photosafe::test {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

namespace {

std::string sha256_of(const fs::path& file)
{
    const std::string content = content_of(file);
    return sha256_hex(digest_of(std::as_bytes(std::span{content})));
}

std::vector<std::string> incoming(const fs::path& archive)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{archive / ".photosafe/incoming"})
        names.push_back(entry.path().filename());
    return names;
}

/// SHA-256 to path, of all lines of all sums.
std::map<std::string, std::string> sums_of(const fs::path& archive)
{
    std::map<std::string, std::string> sums;
    for (const auto& entry : fs::directory_iterator{archive / "manifests"}) {
        if (entry.path().extension() != ".sha256") continue;
        std::ifstream lines{entry.path()};
        for (std::string line; std::getline(lines, line);) {
            EXPECT_FALSE(lines.eof()) << entry.path() << " has a torn line";
            EXPECT_GT(line.size(), 66u) << line;
            if (line.size() <= 66) continue;
            EXPECT_TRUE(sums.emplace(line.substr(0, 64), line.substr(66)).second)
                << "twice in the sums: " << line;
        }
    }
    return sums;
}

/// Of what is on its way in, only what the next import can go on from; of the manifests, only whole lines.
void expect_tidy(const fs::path& archive)
{
    const std::vector<std::string> names = incoming(archive);
    for (const std::string& name : names) {
        const std::string key = name.substr(0, name.rfind('.'));
        EXPECT_THAT(names, ::testing::IsSupersetOf({key + ".part", key + ".json"})) << "litter";
    }
    for (const auto& entry : fs::directory_iterator{archive / "manifests"})
        EXPECT_TRUE(fs::is_empty(entry.path()) || content_of(entry.path()).ends_with('\n'))
            << entry.path() << " has a torn line";
}

void expect_undamaged(Archive& archive, bool complete)
{
    FixityOptions options;
    options.threads = 1;
    const FixityReport report = check_fixity(archive, options);
    EXPECT_EQ(report.matched, report.checked);
    EXPECT_TRUE(report.complete);
    if (complete) {
        EXPECT_EQ(report.unrecorded, 0u);
    }
}

} // namespace

Tree tree_of(const fs::path& archive)
{
    Tree tree;
    for (const auto& entry : fs::recursive_directory_iterator{archive / "originals"}) {
        if (entry.is_directory()) continue;
        struct stat facts {};
        EXPECT_EQ(::lstat(entry.path().c_str(), &facts), 0);
        tree[fs::relative(entry.path(), archive)] =
            sha256_of(entry.path()) + ' ' + std::to_string(facts.st_size) + ' ' +
            std::to_string(facts.st_mtim.tv_sec) + '.' + std::to_string(facts.st_mtim.tv_nsec);
    }
    return tree;
}

void expect_true(const fs::path& root, const Attempt& run)
{
    const Archive archive = Archive::open(root, Access::read);
    std::map<std::string, std::string> recorded;
    archive.for_each_asset([&](const Asset& asset) {
        const fs::path file = root / asset.path;
        EXPECT_TRUE(fs::is_regular_file(file)) << "a row without a file: " << asset.path;
        if (fs::is_regular_file(file)) {
            EXPECT_EQ(sha256_of(file), sha256_hex(asset.digest)) << asset.path;
        }
        recorded[asset.path] = sha256_hex(asset.digest);
        return true;
    });
    for (const auto& [path, digest] : run.told("stored"))
        EXPECT_EQ(recorded[path], digest) << "told to be stored, and not recorded: " << path;
    for (const auto& [path, digest] : run.told("known")) {
        if (path.empty()) continue; // known by its place on the source, and not looked at
        EXPECT_TRUE(recorded.contains(path)) << "told to be known, and not recorded: " << path;
        if (digest != "-") {
            EXPECT_EQ(recorded[path], digest);
        }
    }
}

void expect_opens(const fs::path& root)
{
    Archive archive = Archive::open(root, Access::write);
    expect_tidy(root);
    const auto sums = sums_of(root);
    for (const auto& [digest, path] : sums) {
        EXPECT_TRUE(fs::is_regular_file(root / path)) << "in the sums, and not on disk: " << path;
        if (fs::is_regular_file(root / path)) {
            EXPECT_EQ(sha256_of(root / path), digest) << path;
        }
    }
    std::size_t assets = 0;
    std::vector<std::string> not_in_sums;
    archive.for_each_asset([&](const Asset& asset) {
        ++assets;
        if (!sums.contains(sha256_hex(asset.digest))) not_in_sums.push_back(asset.path);
        return true;
    });
    EXPECT_THAT(not_in_sums, IsEmpty());
    EXPECT_EQ(assets, sums.size()) << "in the sums, and not recorded";
    archive = Archive::open(root, Access::read);
    expect_undamaged(archive, false);
}

void expect_whole(const fs::path& root, const Tree& expected)
{
    EXPECT_EQ(tree_of(root), expected);
    EXPECT_THAT(incoming(root), IsEmpty());
    {
        Archive archive = Archive::open(root, Access::read);
        expect_undamaged(archive, true);
        EXPECT_EQ(archive.summary().originals, expected.size());
    }
    const auto before = catalog_rows(root);
    const RebuildReport report = rebuild(root);
    EXPECT_THAT(report.notes, IsEmpty());
    EXPECT_EQ(catalog_rows(root), before) << "a rebuild makes another catalog";
}

void expect_completes(const Laboratory& laboratory, const Tree& expected)
{
    {
        Archive archive = Archive::open(laboratory.archive(), Access::write);
        const auto source = open_folder(laboratory.roll());
        IngestOptions options;
        options.on_file = [](const IngestedFile& file) {
            EXPECT_NE(file.outcome, Outcome::failed) << file.file.path << ": " << file.reason;
        };
        const IngestReport report = ingest(*source, archive, options);
        EXPECT_EQ(report.seen, roll_files);
        EXPECT_EQ(report.stored + report.known, roll_files);
    }
    expect_whole(laboratory.archive(), expected);
}

Tree undisturbed_tree(const Laboratory& laboratory)
{
    laboratory.renew();
    const Attempt run = run_once(laboratory, "import", {});
    EXPECT_EQ(run.exit, 0) << run.output;
    Tree tree = tree_of(laboratory.archive());
    std::set<std::string> contents;
    for (const auto& [path, facts] : tree) contents.insert(facts.substr(0, 64));
    EXPECT_EQ(contents.size(), tree.size()) << "something was stored twice";
    for (const auto& entry : fs::recursive_directory_iterator{laboratory.roll()}) {
        if (entry.is_regular_file()) {
            EXPECT_TRUE(contents.contains(sha256_of(entry.path()))) << entry.path();
        }
    }
    expect_completes(laboratory, tree);
    return tree;
}

bool sha256sum_agrees(const fs::path& archive)
{
    const std::string command =
        "cd '" + archive.native() + "' && cat manifests/*.sha256 | sha256sum --strict --quiet -c >/dev/null";
    return std::system(command.c_str()) == 0; // NOLINT(cert-env33-c): the promise is about this very line
}

} // namespace photosafe::test
