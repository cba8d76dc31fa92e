// SPDX-License-Identifier: LGPL-2.1-or-later
// Safety from power cuts, without cutting any: the order of writes and syncs. See write_order.hpp.
#include <algorithm>
#include <cerrno>

#include <gmock/gmock.h>

#include "crash/archive_checks.hpp"
#include "crash/write_order.hpp"

namespace photosafe::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WriteOrder : public ::testing::Test {
protected:
    Attempt traced(const std::string& verb, const Fault& fault = {})
    {
        Fault with_trace = fault;
        with_trace.trace = laboratory_ / "trace";
        Attempt attempt = run_once(laboratory_, verb, with_trace);
        calls_ = read_trace(with_trace.trace);
        all_.insert(all_.end(), calls_.begin(), calls_.end());
        return attempt;
    }
    std::vector<std::string> problems(const std::vector<Call>& trace) const
    {
        return order_problems(trace, laboratory_.disk());
    }

    Laboratory laboratory_;
    std::vector<Call> calls_; ///< of the last run
    std::vector<Call> all_;   ///< of all runs
};

TEST_F(WriteOrder, EachFactIsDurableBeforeTheNextRestsOnIt)
{
    std::filesystem::remove_all(laboratory_.archive());
    ASSERT_EQ(traced("create").exit, 0);
    const Attempt attempt = traced("flaky");
    ASSERT_EQ(attempt.exit, 0);
    EXPECT_EQ(attempt.told("stored").size(), undisturbed_tree(laboratory_).size());
    EXPECT_THAT(problems(all_), IsEmpty());
}

TEST_F(WriteOrder, HoldsForWhatAKilledProcessHasLeft)
{
    report_points(each_point(stride_of(2), [&](long k) {
        laboratory_.renew();
        all_.clear();
        const bool killed =
            traced("flaky", {.mode = "kill_before", .at = k, .error = 0, .trace = {}, .about = {}}).signal !=
            0;
        EXPECT_EQ(traced("import").exit, 0);
        EXPECT_THAT(problems(all_), IsEmpty());
        return killed;
    }));
}

TEST_F(WriteOrder, AFailedSyncIsNeverTrusted)
{
    laboratory_.renew();
    ASSERT_EQ(traced("flaky").exit, 0);
    const std::vector<Call> undisturbed = calls_;
    const Tree expected = undisturbed_tree(laboratory_);
    long points = 0;
    for (std::size_t i = 0; i < undisturbed.size() && !HasFailure();
         i += static_cast<std::size_t>(stride_of(1))) {
        const Call& planned = undisturbed[i];
        if (planned.call != "fsync" && planned.call != "fdatasync") continue;
        SCOPED_TRACE(planned.call + ' ' + planned.path);
        laboratory_.renew();
        const Attempt attempt = traced(
            "flaky", {.mode = "fail_once", .at = planned.number, .error = EIO, .trace = {}, .about = {}});
        const auto hit =
            std::find_if(calls_.begin(), calls_.end(), [](const Call& call) { return call.error == EIO; });
        ASSERT_NE(hit, calls_.end());
        if (hit->call != "fsync" && hit->call != "fdatasync")
            continue; // the two threads came in another order
        ++points;
        EXPECT_THAT(trusted_failures(calls_), IsEmpty());
        EXPECT_THAT(problems(calls_), IsEmpty());
        if (!is_of_sqlite(*hit)) {
            EXPECT_EQ(attempt.exit, 1);
            EXPECT_TRUE(attempt.says("error\tio\t")) << attempt.output;
        }
        expect_true(laboratory_.archive(), attempt);
        expect_opens(laboratory_.archive());
        expect_completes(laboratory_, expected);
    }
    report_points(points);
}

// ---- the judge is judged: it must see what would be wrong ----

class WriteOrderSees : public WriteOrder {
protected:
    void SetUp() override
    {
        laboratory_.renew();
        ASSERT_EQ(traced("flaky").exit, 0);
        ASSERT_THAT(problems(calls_), IsEmpty());
    }
    template <class Is>
    std::vector<Call> without(Is is) const
    {
        std::vector<Call> left;
        std::remove_copy_if(calls_.begin(), calls_.end(), std::back_inserter(left), is);
        return left;
    }
    /// The calls that `is` says, moved to the end or to the beginning of the trace.
    template <class Is>
    std::vector<Call> moved(Is is, bool to_end) const
    {
        std::vector<Call> trace = calls_;
        std::stable_partition(trace.begin(), trace.end(),
                              [&](const Call& call) { return is(call) != to_end; });
        return trace;
    }
};

bool is_sync_of(const Call& call, std::string_view what)
{
    return (call.call == "fsync" || call.call == "fdatasync") && call.in(what);
}

TEST_F(WriteOrderSees, AFolderThatIsNotSynced)
{
    EXPECT_THAT(problems(without([](const Call& call) { return is_sync_of(call, "/originals/"); })),
                Contains(HasSubstr("before the sync of its folder")));
}

TEST_F(WriteOrderSees, AnOriginalRenamedBeforeItsSync)
{
    EXPECT_THAT(problems(moved([](const Call& call) { return is_sync_of(call, ".part"); }, true)),
                Contains(HasSubstr("published before its sync")));
}

TEST_F(WriteOrderSees, AWordGivenBeforeTheCommit)
{
    EXPECT_THAT(problems(moved([](const Call& call) { return call.call == "tell"; }, false)),
                Contains(HasSubstr("told before its row was durable")));
}

TEST_F(WriteOrderSees, ACatalogWrittenBeforeTheManifest)
{
    EXPECT_THAT(problems(moved([](const Call& call) { return call.in("/catalog.sqlite-wal"); }, false)),
                Contains(HasSubstr("told before its row was durable")));
}

TEST_F(WriteOrderSees, AManifestThatIsNotSynced)
{
    EXPECT_THAT(problems(without([](const Call& call) { return is_sync_of(call, ".ndjson"); })),
                Contains(HasSubstr("taken into the catalog before its sync")));
    EXPECT_THAT(problems(without([](const Call& call) { return is_sync_of(call, ".sha256"); })),
                Contains(HasSubstr("taken into the catalog before its sync")));
}

TEST_F(WriteOrderSees, ACheckpointNotedBeforeItsSync)
{
    EXPECT_THAT(
        problems(without([](const Call& call) { return call.call == "fdatasync" && call.in(".part"); })),
        Contains(HasSubstr("noted before its sync")));
}

} // namespace
} // namespace photosafe::test
