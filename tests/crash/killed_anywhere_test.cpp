// SPDX-License-Identifier: LGPL-2.1-or-later
// kill -9 at every call that changes the disk: the archive opens, says nothing untrue, and the next run
// completes it. PHOTOSAFE_CRASH_FULL=1 also tries every point where a share of them is the default.
#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>

#include <photosafe/photosafe.hpp>

#include "crash/archive_checks.hpp"
#include "crash/large_source.hpp"
#include "support/catalog_rows.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;

class KilledAnywhere : public ::testing::Test {
protected:
    void SetUp() override { expected_ = undisturbed_tree(laboratory_); }
    void TearDown() override { report_points(points_); }

    /// Runs `verb` up to call `k`. False when it came to its end undisturbed.
    bool kill_at(const std::string& verb, const std::string& mode, long k)
    {
        attempt_ = run_once(laboratory_, verb, {.mode = mode, .at = k, .error = 0, .trace = {}, .about = {}});
        if (attempt_.signal == SIGKILL) return true;
        EXPECT_EQ(attempt_.signal, 0) << "it hung, or crashed";
        EXPECT_EQ(attempt_.exit, 0) << attempt_.output;
        EXPECT_LT(attempt_.calls, k);
        return false;
    }

    void expect_recovers()
    {
        expect_true(laboratory_.archive(), attempt_);
        expect_opens(laboratory_.archive());
        expect_true(laboratory_.archive(), attempt_);
        expect_completes(laboratory_, expected_);
    }

    /// Every call of an import that concerns a file or folder with `part` in its path.
    std::vector<long> calls_about(std::initializer_list<const char*> parts)
    {
        laboratory_.renew();
        const fs::path trace = laboratory_ / "trace";
        EXPECT_EQ(run_once(laboratory_, "flaky",
                           {.mode = "trace", .at = 0, .error = 0, .trace = trace, .about = {}})
                      .exit,
                  0);
        std::vector<long> calls;
        for (const Call& call : read_trace(trace)) {
            const bool about =
                std::any_of(parts.begin(), parts.end(), [&](const char* part) { return call.in(part); });
            if (about) calls.push_back(call.number);
        }
        return calls;
    }

    Laboratory laboratory_;
    Tree expected_;
    Attempt attempt_;
    long points_ = 0;
};

class ImportKilledAnywhere : public KilledAnywhere, public ::testing::WithParamInterface<const char*> {};

TEST_P(ImportKilledAnywhere, IsCompletedByTheNext)
{
    points_ = each_point(stride_of(1), [&](long k) {
        laboratory_.renew();
        const bool killed = kill_at("flaky", GetParam(), k);
        expect_recovers();
        if (k % 16 == 0) {
            EXPECT_TRUE(sha256sum_agrees(laboratory_.archive()));
        }
        return killed;
    });
    EXPECT_GT(points_ * stride_of(1), 200);
}

std::string mode_name(const ::testing::TestParamInfo<const char*>& mode) { return mode.param; }
INSTANTIATE_TEST_SUITE_P(Modes, ImportKilledAnywhere,
                         ::testing::Values("kill_before", "kill_after", "kill_middle"), mode_name);

TEST_F(KilledAnywhere, TwiceWhileCatchingUp)
{
    const std::vector<long> firsts = calls_about({"/manifests/"});
    const fs::path killed_once = laboratory_ / "killed_once";
    for (std::size_t i = 0; i < firsts.size() && !HasFailure(); i += static_cast<std::size_t>(stride_of(1))) {
        SCOPED_TRACE("first call " + std::to_string(firsts[i]));
        laboratory_.renew();
        kill_at("flaky", "kill_before", firsts[i]);
        const Attempt first = attempt_;
        laboratory_.keep(killed_once);
        points_ += each_point(stride_of(2), [&](long k) {
            laboratory_.renew(killed_once);
            const bool killed = kill_at("open", "kill_before", k);
            expect_true(laboratory_.archive(), first);
            expect_opens(laboratory_.archive());
            if (k % 8 == 0) expect_completes(laboratory_, expected_);
            return killed;
        });
    }
}

TEST_F(KilledAnywhere, ARebuildCompletesItToo)
{
    const std::vector<long> calls = calls_about({"/manifests/", "/catalog.sqlite"});
    for (std::size_t i = 0; i < calls.size() && !HasFailure(); i += static_cast<std::size_t>(stride_of(1))) {
        SCOPED_TRACE("call " + std::to_string(calls[i]));
        laboratory_.renew();
        kill_at("flaky", "kill_before", calls[i]);
        rebuild(laboratory_.archive());
        expect_true(laboratory_.archive(), attempt_);
        expect_opens(laboratory_.archive());
        if (++points_ % 8 == 0) expect_completes(laboratory_, expected_);
    }
}

TEST_F(KilledAnywhere, TwiceWhileImporting)
{
    const fs::path killed_once = laboratory_ / "killed_once";
    each_point(stride_of(37), [&](long first) {
        laboratory_.renew();
        const bool killed_first = kill_at("flaky", "kill_before", first);
        laboratory_.keep(killed_once);
        points_ += each_point(stride_of(13), [&](long k) {
            laboratory_.renew(killed_once);
            const bool killed = kill_at("import", "kill_before", k);
            expect_recovers();
            return killed;
        });
        return killed_first;
    });
}

TEST_F(KilledAnywhere, ACreationIsBegunAgain)
{
    points_ = each_point(stride_of(1), [&](long k) {
        fs::remove_all(laboratory_.archive());
        const bool killed = kill_at("create", "kill_before", k);
        try {
            Archive::open(laboratory_.archive(), Access::write);
        } catch (const ArchiveError& e) {
            EXPECT_NE(e.code(), ErrorCode::damaged) << e.what();
            Archive::create(laboratory_.archive());
        }
        if (k % 4 == 0 || !killed) expect_completes(laboratory_, expected_);
        return killed;
    });
}

TEST_F(KilledAnywhere, ARebuildIsDoneAgain)
{
    laboratory_.renew();
    kill_at("flaky", "kill_before", 1'000'000);
    const auto catalog = catalog_rows(laboratory_.archive());
    const fs::path complete = laboratory_ / "complete";
    laboratory_.keep(complete);
    points_ = each_point(stride_of(1), [&](long k) {
        laboratory_.renew(complete);
        const bool killed = kill_at("rebuild", "kill_before", k);
        try {
            Archive::open(laboratory_.archive(), Access::write);
        } catch (const ArchiveError& e) { // between the old catalog and the new one it says what to do
            EXPECT_EQ(e.code(), ErrorCode::damaged);
            EXPECT_NE(std::string{e.what()}.find("rebuild"), std::string::npos) << e.what();
            rebuild(laboratory_.archive());
        }
        EXPECT_EQ(catalog_rows(laboratory_.archive()), catalog);
        expect_whole(laboratory_.archive(), expected_);
        return killed;
    });
}

TEST_F(KilledAnywhere, ACheckOfFixityHarmsNothing)
{
    laboratory_.renew();
    kill_at("flaky", "kill_before", 1'000'000);
    const fs::path complete = laboratory_ / "complete";
    laboratory_.keep(complete);
    points_ = each_point(stride_of(1), [&](long k) {
        laboratory_.renew(complete);
        const bool killed = kill_at("verify", "kill_before", k);
        expect_opens(laboratory_.archive());
        expect_whole(laboratory_.archive(), expected_);
        return killed;
    });
}

TEST_F(KilledAnywhere, ALargeFileGoesOnFromItsCheckpoint)
{
    // The note of the checkpoint: opened, written, synced, renamed. What is read back beside it is of another
    // thread, so only the calls about the note are numbered.
    struct Point {
        std::string mode;
        long at;
        bool resumable;
    };
    const std::vector<Point> points{{"kill_before", 1, false}, {"kill_before", 2, false},
                                    {"kill_middle", 2, false}, {"kill_before", 3, false},
                                    {"kill_before", 4, false}, {"kill_after", 4, true}};
    for (const auto& [mode, at, resumable] : points) {
        SCOPED_TRACE(mode + ' ' + std::to_string(at));
        laboratory_.renew();
        const Attempt killed = run_once(
            laboratory_, "large", {.mode = mode, .at = at, .error = 0, .trace = {}, .about = ".json.new"});
        ASSERT_EQ(killed.signal, SIGKILL) << killed.output;
        ++points_;
        Archive archive = Archive::open(laboratory_.archive(), Access::write);
        EXPECT_EQ(archive.summary().unfinished == 1, resumable);
        LargeSource source;
        const IngestReport report = ingest(source, archive);
        EXPECT_EQ(report.stored, 1u);
        EXPECT_EQ(report.read_bytes, resumable ? LargeSource::size - (256u << 20) : LargeSource::size);
        EXPECT_EQ(check_fixity(archive).matched, 1u);
        EXPECT_EQ(archive.summary().unfinished, 0u);
    }
}

} // namespace
} // namespace photosafe::test
