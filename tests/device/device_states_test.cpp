// SPDX-License-Identifier: LGPL-2.1-or-later
// Finding, pairing and waiting for phones.
#include <algorithm>
#include <csignal>
#include <mutex>
#include <thread>

#include "phone_help.hpp"

namespace photosafe::test {
namespace {

class DeviceStates : public ::testing::Test {
protected:
    DeviceStates() { roll_.write("DCIM/100APPLE/IMG_0001.HEIC", "first light"); }

    DeviceState state()
    {
        const auto phones = list_devices();
        return phones.size() == 1 ? phones.front().state : throw std::runtime_error{"not one phone"};
    }

    /// Options whose notices run `act`, once.
    DeviceOptions on_first_notice(std::function<void()> act)
    {
        DeviceOptions options;
        options.on_notice = [this, act = std::move(act)](const std::string& text) {
            notices_.push_back(text);
            if (notices_.size() == 1) act();
        };
        return options;
    }

    static std::size_t lockdown_requests(const SimPhone& phone, std::string_view op)
    {
        const auto log = phone.log();
        return static_cast<std::size_t>(std::ranges::count_if(log, [&](const auto& line) {
            return line.value("type", "") == "lockdown" && line.value("op", "") == op;
        }));
    }

    TempFolder roll_;
    std::vector<std::string> notices_;
};

TEST_F(DeviceStates, WithoutUsbmuxdThereIsNoPhoneToBeHad)
{
    ::setenv("USBMUXD_SOCKET_ADDRESS", "UNIX:/nonexistent/socket", 1);
    EXPECT_EQ(error_of([] { (void)list_devices(); }), "device_absent");
    EXPECT_EQ(error_of([] { (void)find_device(""); }), "device_absent");
}

TEST_F(DeviceStates, NoPhonesIsAnAnswer)
{
    SimPhone phone{roll_, {"--attached", "no"}};
    EXPECT_TRUE(list_devices().empty());
    EXPECT_EQ(error_of([] { (void)find_device(""); }), "device_absent");
    EXPECT_EQ(error_of([&] { (void)wait_for_device(phone.udid(), Patience::none); }), "device_absent");
}

TEST_F(DeviceStates, AReadyPhoneTellsItsFacts)
{
    SimPhone phone{
        roll_, {"--name", "Sofia's iPhone", "--model", "iPhone16,1", "--ios", "18.1", "--capacity", "64GB"}};
    const auto info = find_device("");
    EXPECT_EQ(info.udid, phone.udid());
    EXPECT_EQ(info.name, "Sofia's iPhone");
    EXPECT_EQ(info.model, "iPhone16,1");
    EXPECT_EQ(info.version, "18.1");
    EXPECT_FALSE(info.build.empty());
    EXPECT_EQ(info.connection, "usb");
    EXPECT_EQ(info.state, DeviceState::ready);
    EXPECT_TRUE(info.problem.empty()) << info.problem;
    EXPECT_EQ(info.total_bytes, 64'000'000'000u);
    EXPECT_TRUE(info.free_bytes);
}

TEST_F(DeviceStates, LookingOpensNoTrustDialog)
{
    SimPhone phone{roll_, {"--trust", "ask"}};
    EXPECT_EQ(state(), DeviceState::trust_needed);
    EXPECT_FALSE(list_devices().front().name.empty()) << "it tells its name to strangers";
    EXPECT_EQ(lockdown_requests(phone, "Pair"), 0u);
}

TEST_F(DeviceStates, ALockedPhoneSaysSo)
{
    SimPhone phone{roll_, {"--locked", "yes"}};
    EXPECT_EQ(state(), DeviceState::locked);
    EXPECT_EQ(error_of([] { (void)wait_for_device("", Patience::none); }), "device_locked");
    EXPECT_EQ(error_of([&] { (void)open_phone(phone); }), "device_locked");
}

TEST_F(DeviceStates, WaitsForTheUnlocking)
{
    SimPhone phone{roll_, {"--locked", "yes"}};
    const auto info =
        wait_for_device("", Patience::until_stopped, on_first_notice([&] { phone.control("unlock"); }));
    EXPECT_EQ(info.state, DeviceState::ready);
    ASSERT_EQ(notices_.size(), 1u);
    EXPECT_EQ(notices_[0], "The phone is locked: unlock it.");
}

TEST_F(DeviceStates, PairsWithAPhoneThatTrustsAtOnce)
{
    SimPhone phone{roll_, {"--trust", "auto"}};
    EXPECT_EQ(wait_for_device("", Patience::none).state, DeviceState::ready);
    EXPECT_EQ(lockdown_requests(phone, "Pair"), 1u);
}

TEST_F(DeviceStates, ATrustDialogIsAnErrorWithoutPatience)
{
    SimPhone phone{roll_, {"--trust", "ask"}};
    EXPECT_EQ(error_of([] { (void)wait_for_device("", Patience::none); }), "trust_pending");
}

TEST_F(DeviceStates, WaitsForTheAnswerToTheTrustDialog)
{
    SimPhone phone{roll_, {"--trust", "ask"}};
    const auto info =
        wait_for_device("", Patience::until_stopped, on_first_notice([&] { phone.control("trust"); }));
    EXPECT_EQ(info.state, DeviceState::ready);
    EXPECT_EQ(notices_.size(), 1u) << "each thing to do is told once";
}

TEST_F(DeviceStates, ARefusalEndsTheWaiting)
{
    SimPhone phone{roll_, {"--trust", "ask"}};
    const auto options = on_first_notice([&] { phone.control("deny"); });
    EXPECT_EQ(error_of([&] { (void)pair_device("", options); }), "not_trusted");
}

TEST_F(DeviceStates, APhoneThatForgotThisComputerIsPairedAgainOnlyWhenAskedTo)
{
    SimPhone phone{roll_};
    phone.control("forget");
    EXPECT_EQ(state(), DeviceState::trust_needed);
    EXPECT_EQ(error_of([] { (void)wait_for_device("", Patience::none); }), "not_trusted");
    EXPECT_EQ(lockdown_requests(phone, "Pair"), 0u);
    EXPECT_EQ(pair_device("").state, DeviceState::ready);
    EXPECT_EQ(state(), DeviceState::ready);
}

TEST_F(DeviceStates, AServiceThatManagementForbidsIsNotWaitedFor)
{
    SimPhone phone{roll_, {"--fault", "refuse:service=com.apple.afc,error=ServiceProhibited,times=always"}};
    EXPECT_EQ(state(), DeviceState::refused);
    EXPECT_EQ(error_of([] { (void)wait_for_device("", Patience::until_stopped); }), "refused");
}

TEST_F(DeviceStates, FewerConnectionsThanWantedWillDo)
{
    SimPhone phone{roll_, {"--fault", "refuse:service=com.apple.afc,error=ServiceLimit,nth=2,times=always"}};
    const auto source = open_phone(phone);
    EXPECT_EQ(source->list().files.size(), 1u);
}

TEST_F(DeviceStates, TwoPhonesMustBeNamed)
{
    SimPhone phone{
        roll_, {"--phone", "udid=00008130-000000000000000A", "--phone", "udid=00008130-000000000000000B"}};
    EXPECT_EQ(list_devices().size(), 2u);
    EXPECT_EQ(error_of([] { (void)find_device(""); }), "device_ambiguous");
    EXPECT_EQ(find_device("00008130-000000000000000B").udid, "00008130-000000000000000B");
}

TEST_F(DeviceStates, APhoneReachedBothWaysIsOneAndUsedOverUsb)
{
    SimPhone phone{roll_, {"--conn", "both"}};
    const auto phones = list_devices();
    ASSERT_EQ(phones.size(), 1u);
    EXPECT_EQ(phones[0].connection, "usb");
}

TEST_F(DeviceStates, StopsWaitingWithinASecond)
{
    SimPhone phone{roll_, {"--trust", "ask"}};
    std::stop_source stop;
    auto options = on_first_notice([&] { stop.request_stop(); });
    options.stop = stop.get_token();
    EXPECT_EQ(error_of([&] { (void)pair_device("", options); }), "cancelled");
}

TEST_F(DeviceStates, StopsAskingAPhoneThatIsSilent)
{
    SimPhone phone{roll_, {"--latency", "20s"}};
    std::stop_source stop;
    DeviceOptions options;
    options.stop = stop.get_token();
    std::jthread stopper{[&] {
        std::this_thread::sleep_for(200ms); // nothing else happens that could be waited for
        stop.request_stop();
    }};
    EXPECT_EQ(error_of([&] { (void)find_device("", options); }), "cancelled");
}

TEST_F(DeviceStates, ASilentPhoneIsUnreachableAfterTheDeadline)
{
    SimPhone phone{roll_, {"--latency", "20s"}};
    DeviceOptions options;
    options.deadline = 300ms;
    const auto phones = list_devices(options);
    ASSERT_EQ(phones.size(), 1u);
    EXPECT_EQ(phones[0].udid, phone.udid());
    EXPECT_EQ(phones[0].state, DeviceState::unreachable);
    EXPECT_FALSE(phones[0].problem.empty());
}

/// libimobiledevice writes into a conversation that the phone has ended, and libusbmuxd's sockets raise
/// SIGPIPE then: a program that links us must live through it, whatever it does with that signal.
TEST_F(DeviceStates, ASessionThatThePhoneCutsIsAnErrorAndNoSignal)
{
    const auto before = std::signal(SIGPIPE, SIG_DFL);
    SimPhone phone{roll_};
    for (const char* op : {"QueryType", "GetValue", "StartSession", "StartService", "StopSession"}) {
        for (const char* how : {"fin", "rst"}) {
            for (const int at : {0, 3, 100}) {
                phone.control("clear-faults");
                phone.control(std::string{"fault cut:service=lockdown,op="} + op +
                              ",times=always,how=" + how + ",at=" + std::to_string(at));
                const std::string what = error_of([&] { (void)open_phone(phone)->list(); });
                EXPECT_TRUE(what == "no error" || what == "device_gone" || what == "timeout" ||
                            what == "protocol")
                    << op << ' ' << how << ' ' << at << ": " << what;
            }
        }
    }
    phone.control("clear-faults");
    EXPECT_EQ(open_phone(phone)->list().files.size(), 1u);
    (void)std::signal(SIGPIPE, before);
}

} // namespace
} // namespace photosafe::test
