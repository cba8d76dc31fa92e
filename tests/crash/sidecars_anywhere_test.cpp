// SPDX-License-Identifier: LGPL-2.1-or-later
// Sidecars being written while the process is killed, or the disk fails, at any call that changes the disk:
// each is the old one or the new one as a whole, originals are as they were, and the next run completes it.
#include <cerrno>
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include <photosafe/photosafe.hpp>

#include "archive/impl.hpp"
#include "archive/sidecar_mark.hpp"
#include "crash/archive_checks.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* theirs = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                               "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                               "<rdf:Description rdf:about=\"\" xmlns:darktable=\"http://darktable.sf.net/\" "
                               "darktable:history_end=\"7\"/>"
                               "</rdf:RDF></x:xmpmeta>";

class SidecarsAnywhere : public ::testing::TestWithParam<Fault> {
protected:
    /// An archive that knows something of each original; beside one of them another program has been.
    void SetUp() override
    {
        laboratory_.renew();
        {
            Archive archive = Archive::open(laboratory_.archive(), Access::write);
            const auto roll = open_folder(laboratory_.roll());
            IngestOptions options;
            options.metadata = false;
            (void)ingest(*roll, archive, options);
            archive.for_each_asset([&](const Asset& asset) {
                if (asset.role != Role::sidecar && sidecars_.size() < 5)
                    sidecars_.emplace(asset.path + ".xmp", asset.id);
                return true;
            });
            Metadata facts;
            facts.kind = MediaKind::photo;
            facts.rating = 4;
            for (const auto& [path, asset] : sidecars_)
                archive.impl().catalog.metadata().put(asset, facts, "test 1");
            std::ofstream{laboratory_.archive() / sidecars_.begin()->first} << theirs;
        }
        laboratory_.keep(laboratory_ / "ready");
        originals_ = originals();
        ASSERT_EQ(run_once(laboratory_, "sidecars",
                           {.mode = "kill_before", .at = 1'000'000, .error = 0, .trace = {}, .about = {}})
                      .exit,
                  0);
        for (const auto& [path, asset] : sidecars_) {
            expected_[path] = content_of(laboratory_.archive() / path);
            EXPECT_NE(expected_[path].find("xmp:Rating=\"4\""), std::string::npos) << path;
        }
        EXPECT_NE(expected_.begin()->second.find("history_end=\"7\""), std::string::npos);
    }

    Tree originals() const
    {
        Tree tree = tree_of(laboratory_.archive());
        std::erase_if(tree, [&](const auto& one) { return sidecars_.contains(one.first); });
        std::erase_if(tree, [](const auto& one) { return !one.first.starts_with("originals/"); });
        return tree;
    }

    /// Each is the old one or the new one.
    void expect_whole_ones()
    {
        for (const auto& [path, asset] : sidecars_) {
            const fs::path file = laboratory_.archive() / path;
            const bool first = path == sidecars_.begin()->first;
            if (!first && !fs::exists(file)) continue;
            const std::string content = content_of(file);
            EXPECT_TRUE(content == expected_[path] || (first && content == theirs)) << path << '\n'
                                                                                    << content;
        }
        EXPECT_EQ(originals(), originals_);
    }

    Laboratory laboratory_;
    std::map<std::string, std::int64_t> sidecars_; ///< by their paths
    Tree originals_;
    std::map<std::string, std::string> expected_; ///< contents by paths
};

TEST_P(SidecarsAnywhere, AreWholeAndCompletedByTheNext)
{
    const long points = each_point(stride_of(1), [&](long k) {
        laboratory_.renew(laboratory_ / "ready");
        Fault fault = GetParam();
        fault.at = k;
        const Attempt attempt = run_once(laboratory_, "sidecars", fault);
        EXPECT_TRUE(attempt.signal == 0 || attempt.signal == SIGKILL) << attempt.output;
        expect_whole_ones();
        for (const auto& [path, content] : expected_) {
            if (attempt.exit == 0) {
                EXPECT_EQ(content_of(laboratory_.archive() / path), content) << "it said that all went well";
            }
        }
        if (attempt.exit == 1) {
            EXPECT_TRUE(attempt.says("error\t")) << attempt.output;
        }

        Archive archive = Archive::open(laboratory_.archive(), Access::write);
        EXPECT_TRUE(fs::is_empty(laboratory_.archive() / ".photosafe/incoming"));
        const SidecarReport report = write_sidecars(archive, {.media = {.worker = MEDIA_WORKER}});
        EXPECT_EQ(report.written + report.unchanged, sidecars_.size());
        for (const auto& [path, content] : expected_)
            EXPECT_EQ(content_of(laboratory_.archive() / path), content);
        EXPECT_EQ(originals(), originals_);
        EXPECT_EQ(check_fixity(archive).unrecorded, 0u);
        return attempt.hit(fault);
    });
    EXPECT_GT(points * stride_of(1), 20);
    report_points(points);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SidecarsAnywhere,
    ::testing::Values(Fault{"kill_before", 0, 0, {}, {}}, Fault{"kill_after", 0, 0, {}, {}},
                      Fault{"kill_middle", 0, 0, {}, {}}, Fault{"fail_once", 0, EIO, {}, {}},
                      Fault{"fail_forever", 0, ENOSPC, {}, {}}),
    [](const auto& one) {
        return one.param.mode + (one.param.error == 0 ? "" : one.param.error == EIO ? "_eio" : "_full");
    });

} // namespace
} // namespace photosafe::test
