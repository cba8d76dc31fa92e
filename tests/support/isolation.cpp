// SPDX-License-Identifier: LGPL-2.1-or-later
// No test reaches a real phone, archive or setting: where the environment points to one, it is turned into a
// folder of the test's own before the first test runs.
#include <cstdlib>
#include <optional>

#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace photosafe::test {
namespace {

class Isolation : public ::testing::Environment {
public:
    void SetUp() override
    {
        home_.emplace();
        set("HOME", home_->path());
        set("XDG_CONFIG_HOME", *home_ / ".config");
        set("XDG_CACHE_HOME", *home_ / ".cache");
        set("XDG_DATA_HOME", *home_ / ".local/share");
        set("XDG_STATE_HOME", *home_ / ".local/state");
        set("USBMUXD_SOCKET_ADDRESS", "UNIX:" + (*home_ / "no-usbmuxd").string());
        ::unsetenv("PHOTOSAFE_ARCHIVE");
    }
    void TearDown() override { home_.reset(); }

private:
    static void set(const char* name, const std::string& value)
    {
        ASSERT_EQ(::setenv(name, value.c_str(), 1), 0);
    }
    std::optional<TempFolder> home_;
};

[[maybe_unused]] const auto* const isolation = ::testing::AddGlobalTestEnvironment(new Isolation);

} // namespace
} // namespace photosafe::test
