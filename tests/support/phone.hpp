// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include <nlohmann/json.hpp>

#include "support/temp_folder.hpp"

namespace photosafe::test {

/// A simulated iPhone: a `simphone serve` of its own, as long as this lives, with its socket, its control
/// socket and its request log in a temporary folder. USBMUXD_SOCKET_ADDRESS of this process points to it; one
/// at a time.
///
///     TempFolder roll;
///     roll.write("DCIM/100APPLE/IMG_0001.HEIC", "…");
///     SimPhone phone{roll, {"--trust", "trusted", "--fault", "cut:op=FileRead,at=4096"}};
///     phone.control("unplug");
///     EXPECT_EQ(phone.requests("FileRead").size(), 0u);
///
/// What can be asked for is in tools/simphone/README.md. Everything throws std::runtime_error.
class SimPhone {
public:
    /// Serves `root` as the phone's media folder. Trusts this computer unless the arguments say otherwise.
    explicit SimPhone(const std::filesystem::path& root, std::vector<std::string> arguments = {});
    ~SimPhone();
    SimPhone(const SimPhone&) = delete;
    SimPhone& operator=(const SimPhone&) = delete;

    const std::string& udid() const noexcept { return udid_; }
    pid_t pid() const noexcept { return pid_; }
    /// What USBMUXD_SOCKET_ADDRESS is set to; for child processes with an environment of their own.
    std::string address() const { return "UNIX:" + (folder_ / "mux").string(); }
    std::filesystem::path control_socket() const { return folder_ / "control"; }

    /// Sends one command (`trust`, `unplug`, `fault SPEC`…) and returns the answer. Throws when it is
    /// refused.
    nlohmann::json control(std::string_view command) const;

    /// The request log until now.
    std::vector<nlohmann::json> log() const;
    /// The AFC requests with this operation; all AFC requests when it is empty.
    std::vector<nlohmann::json> requests(std::string_view op = {}) const;

    /// Ends it, as a phone and its usbmuxd that are both gone.
    void stop();

private:
    TempFolder folder_;
    std::string udid_;
    pid_t pid_ = -1;
};

} // namespace photosafe::test
