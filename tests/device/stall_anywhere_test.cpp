// SPDX-License-Identifier: LGPL-2.1-or-later
// A phone that falls silent, before or inside any reply: never taken for the end of a file, never a hang, and
// the next import, or the same one where the phone can be reached again, completes the archive.
#include <thread>

#include "wire_help.hpp"

namespace photosafe::test {
namespace {

constexpr std::size_t header = 40;
constexpr std::uint32_t chunk = 64 * 1024;
constexpr std::size_t bytes = 200'000;
constexpr auto picture_path = "DCIM/100APPLE/IMG_0002.HEIC";
// How long a phone may be silent in these tests: longer where an import is expected to succeed, on a busy
// machine too.
constexpr auto short_deadline = 1200ms;
constexpr auto fair_deadline = 1500ms;

/// Requests of an import and places in their replies; no place is before the reply.
std::vector<std::string> silences()
{
    std::vector<std::string> all;
    const auto add = [&](const std::string& request, std::initializer_list<std::size_t> places) {
        all.push_back(request);
        for (const auto place : places) all.push_back(request + ",at=" + std::to_string(place));
    };
    add("op=ReadDir,path=/DCIM", {1, header - 1, header, header + 3});
    add("op=ReadDir,path=/DCIM/100APPLE,nth=2", {header + 20});
    add("op=GetFileInfo,path=IMG_0002*", {20, header, header + 50});
    add("op=GetFileInfo,path=IMG_0002*,nth=2", {1, header, header + 50}); // the proof
    add("op=FileOpen,path=IMG_0002*", {20, header, header + 7});
    add("op=FileRead,path=IMG_0002*", {1, header, header + 1, header + chunk / 2, header + chunk - 1});
    add("op=FileRead,path=IMG_0002*,offset=100000", {header - 1, header, header + 4096});
    const std::size_t last = bytes % chunk;
    add("op=FileRead,path=IMG_0002*,offset=199999", {20, header, header + last / 2, header + last - 1});
    add("op=FileClose,path=IMG_0002*", {20, header, header + 7});
    return all;
}

class StalledAnywhere : public ::testing::TestWithParam<const char*> {
protected:
    StalledAnywhere()
    {
        roll_.write("DCIM/100APPLE/IMG_0001.JPG", picture(5'000, 1));
        roll_.write(picture_path, picture(bytes, 2));
        roll_.write("DCIM/100APPLE/IMG_0003.MOV", picture(150'000, 3));
        right_ = hashes(tree_below(roll_));
    }

    static DeviceOptions with_deadline(std::chrono::milliseconds deadline)
    {
        auto options = impatient();
        options.chunk_bytes = chunk;
        options.deadline = deadline;
        return options;
    }

    void expect_whole(TempArchive& archive)
    {
        EXPECT_EQ(wrong_bytes(archive, right_), 0u);
        EXPECT_EQ(originals(archive).size(), 3u);
        EXPECT_EQ(hashes(originals(archive)), right_);
        EXPECT_EQ(archive->summary().unfinished, 0u);
    }

    MemoryFolders memory_;
    TempFolder roll_;
    std::set<std::string> right_;
};

TEST_P(StalledAnywhere, EndsTheImportAndTheNextCompletesIt)
{
    SimPhone phone{roll_, {"--service-tls", GetParam()}};
    for (const auto& silence : silences()) {
        SCOPED_TRACE(silence);
        TempArchive archive;
        {
            const auto source = open_phone(phone, with_deadline(short_deadline));
            (void)phone.control("fault stall:" + silence + ",for=20s"); // as if it never ended
            refuse_connections(phone);
            const auto first = attempt(*source, archive);
            EXPECT_FALSE(first.complete) << "silence isn't the end of a file";
            EXPECT_EQ(acted(phone, "stall"), 1u);
            (void)phone.control("release");
            (void)phone.control("clear-faults");
        }
        archive.reopen();
        EXPECT_EQ(wrong_bytes(archive, right_), 0u);
        const auto source = open_phone(phone, with_deadline(30s));
        EXPECT_TRUE(attempt(*source, archive).complete);
        expect_whole(archive);
    }
    figures(silences().size(), " silences that ended an import");
}

TEST_P(StalledAnywhere, IsGotOverWhereThePhoneCanBeReachedAgain)
{
    SimPhone phone{roll_, {"--service-tls", GetParam()}};
    auto options = with_deadline(fair_deadline);
    options.reconnect = 30s;
    for (const auto& silence : silences()) {
        SCOPED_TRACE(silence);
        TempArchive archive;
        const auto source = open_phone(phone, options);
        (void)phone.control("fault stall:" + silence);
        const auto only = attempt(*source, archive, few_tries(3));
        EXPECT_TRUE(only.complete) << only.error;
        EXPECT_EQ(acted(phone, "stall"), 1u);
        (void)phone.control("release");
        (void)phone.control("clear-faults");
        expect_whole(archive);
    }
    figures(silences().size(), " silences got over");
}

/// The deadline is far away: if the import returns, it does so because of the stop. That it does is seen by
/// this test ending at all.
TEST_P(StalledAnywhere, EndsWhenAskedToStop)
{
    SimPhone phone{roll_, {"--service-tls", GetParam()}};
    for (const auto& silence : silences()) {
        SCOPED_TRACE(silence);
        TempArchive archive;
        std::stop_source stop;
        const auto source = open_phone(phone, with_deadline(1h));
        (void)phone.control("fault stall:" + silence);
        std::jthread stopper{[&] {
            while (acted(phone, "stall") == 0)
                std::this_thread::sleep_for(5ms); // the phone tells when it is asked
            stop.request_stop();
        }};
        auto options = few_tries(3);
        options.stop = stop.get_token();
        const auto stopped = attempt(*source, archive, options);
        stopper.join();
        EXPECT_FALSE(stopped.complete);
        EXPECT_EQ(stopped.error, "cancelled");
        EXPECT_EQ(wrong_bytes(archive, right_), 0u);
        (void)phone.control("release");
        (void)phone.control("clear-faults");
        const auto again = open_phone(phone, with_deadline(30s));
        EXPECT_TRUE(attempt(*again, archive).complete);
        expect_whole(archive);
    }
}

INSTANTIATE_TEST_SUITE_P(Wires, StalledAnywhere, ::testing::Values("on", "off"),
                         [](const auto& tls) { return std::string{tls.param} == "on" ? "Tls" : "Plain"; });

} // namespace
} // namespace photosafe::test
