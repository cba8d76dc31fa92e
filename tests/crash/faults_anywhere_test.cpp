// SPDX-License-Identifier: LGPL-2.1-or-later
// A disk that fails at any call that changes it, once or from then on: nothing untrue is said, the trouble is
// told, nothing crashes or hangs, and when the disk is well again the next import completes the archive.
#include <cerrno>

#include <gtest/gtest.h>

#include "crash/archive_checks.hpp"

namespace photosafe::test {
namespace {

struct Kind {
    const char* name;
    const char* mode;
    int error;
    long stride;
};

class FaultsAnywhere : public ::testing::TestWithParam<Kind> {
protected:
    void expect_told(const Attempt& attempt)
    {
        EXPECT_EQ(attempt.signal, 0) << "it hung, or crashed";
        switch (attempt.exit) {
        case 0: EXPECT_EQ(tree_of(laboratory_.archive()), expected_) << "it said that all went well"; break;
        case 1: EXPECT_TRUE(attempt.says("error\t")) << attempt.output; break;
        case 3: EXPECT_FALSE(attempt.told("failed").empty()) << attempt.output; break;
        default: ADD_FAILURE() << "exit " << attempt.exit << '\n' << attempt.output;
        }
    }

    Laboratory laboratory_;
    Tree expected_ = undisturbed_tree(laboratory_);
};

TEST_P(FaultsAnywhere, AreToldAndHarmNothing)
{
    long harmless = 0;
    const long points = each_point(stride_of(GetParam().stride), [&](long k) {
        laboratory_.renew();
        const Fault fault{
            .mode = GetParam().mode, .at = k, .error = GetParam().error, .trace = {}, .about = {}};
        const Attempt attempt = run_once(laboratory_, "flaky", fault);
        expect_told(attempt);
        harmless += attempt.exit == 0 ? 1 : 0;
        expect_true(laboratory_.archive(), attempt);
        expect_opens(laboratory_.archive());
        expect_completes(laboratory_, expected_);
        return attempt.calls >= k;
    });
    report_points(points);
    std::printf("%ld of them harmless\n", harmless);
}

std::string kind_name(const ::testing::TestParamInfo<Kind>& kind) { return kind.param.name; }
INSTANTIATE_TEST_SUITE_P(Kinds, FaultsAnywhere,
                         ::testing::Values(Kind{"EioOnce", "fail_once", EIO, 1},
                                           Kind{"EioForever", "fail_forever", EIO, 2},
                                           Kind{"FullOnce", "fail_once", ENOSPC, 3},
                                           Kind{"FullForever", "fail_forever", ENOSPC, 1},
                                           Kind{"ReadOnlyForever", "fail_forever", EROFS, 3},
                                           Kind{"ReadOnlyOnce", "fail_once", EROFS, 5},
                                           Kind{"InterruptedOnce", "fail_once", EINTR, 3},
                                           Kind{"ShortWrite", "short", 0, 3}),
                         kind_name);

} // namespace
} // namespace photosafe::test
