// SPDX-License-Identifier: LGPL-2.1-or-later
// Connections that break, stall or talk nonsense while a file is read.
#include <csignal>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>

#include "core/descriptor.hpp"
#include "phone_help.hpp"

namespace photosafe::test {
namespace {

constexpr const char* path = "DCIM/100APPLE/IMG_0001.HEIC";
const std::string content = picture(1'300'000);

struct Wire {
    const char* tls;
    const char* how;
};

class DeviceResume : public ::testing::TestWithParam<Wire> {
protected:
    DeviceResume() { roll_.write(path, content); }
    TempFolder roll_;
};

DeviceOptions small_chunks()
{
    DeviceOptions options;
    options.chunk_bytes = 256 * 1024;
    return options;
}

TEST_P(DeviceResume, GoesOnBehindTheLastCompleteReplyWhereverItIsCut)
{
    SimPhone phone{roll_, {"--service-tls", GetParam().tls}};
    const auto source = open_phone(phone, small_chunks());
    const auto file = listed(*source, path);
    for (const std::uint64_t offset : {0u, 1u, 4096u, 262'143u, 262'144u, 700'000u, 1'299'999u}) {
        for (const int at : {0, 20, 39, 40, 41, 100'000}) {
            const auto spec = "fault cut:op=FileRead,offset=" + std::to_string(offset) +
                              ",at=" + std::to_string(at) + ",how=" + GetParam().how;
            phone.control(spec);
            EXPECT_EQ(read_all(*source->open(file)), content) << spec;
        }
    }
}

TEST_P(DeviceResume, ReadsNoCompleteReplyTwice)
{
    SimPhone phone{roll_,
                   {"--service-tls", GetParam().tls, "--fault",
                    std::string{"cut:op=FileRead,offset=600000,at=1000,how="} + GetParam().how}};
    DeviceOptions options = small_chunks();
    options.connections = 1;
    const auto source = open_phone(phone, options);
    EXPECT_EQ(read_all(*source->open(listed(*source, path))), content);
    int first = 0;
    for (const auto& request : phone.requests("FileRead")) first += request.at("offset") == 0;
    EXPECT_EQ(first, 1);
}

TEST_P(DeviceResume, ProvesAgainWhenTheProofIsCut)
{
    for (const char* op : {"FileClose", "GetFileInfo"}) {
        SimPhone phone{roll_, {"--service-tls", GetParam().tls}};
        const auto source = open_phone(phone);
        const auto file = listed(*source, path);
        phone.control(std::string{"fault cut:op="} + op + ",at=10,how=" + GetParam().how);
        EXPECT_EQ(read_all(*source->open(file)), content) << op;
    }
}

TEST_P(DeviceResume, ResumesTwoReadersAtOnce)
{
    roll_.write("DCIM/2", picture(2'000'000, 2));
    SimPhone phone{roll_, {"--service-tls", GetParam().tls}};
    const auto source = open_phone(phone, small_chunks());
    const auto listing = source->list();
    const auto one = source->open(*find(listing, path));
    const auto two = source->open(*find(listing, "DCIM/2"));
    phone.control("fault cut:op=FileRead,path=/DCIM/2,offset=1000000,at=5000");
    std::string other;
    std::jthread reading{[&] { other = read_all(*two); }};
    const auto first = one->next();
    EXPECT_FALSE(first.empty());
    phone.control("drop");
    std::string mine(content.substr(0, first.size()));
    mine += read_all(*one);
    reading.join();
    EXPECT_EQ(mine, content);
    EXPECT_EQ(other, picture(2'000'000, 2));
}

TEST_P(DeviceResume, StallIsATimeoutAndNeverAnEnd)
{
    SimPhone phone{roll_, {"--service-tls", GetParam().tls}};
    DeviceOptions options = small_chunks();
    options.deadline = 1s;
    const auto source = open_phone(phone, options);
    const auto file = listed(*source, path);
    phone.control("fault stall:op=FileRead,offset=600000,at=1000,for=30s,times=always");
    EXPECT_EQ(error_of([&] { (void)read_all(*source->open(file)); }), "timeout");
    phone.control("clear-faults");
    EXPECT_EQ(read_all(*source->open(file)), content) << "and the source is of use still";
}

TEST_P(DeviceResume, StopsWithinASecondWhileThePhoneIsSilent)
{
    SimPhone phone{roll_, {"--service-tls", GetParam().tls}};
    const auto source = open_phone(phone, small_chunks());
    const auto file = listed(*source, path);
    phone.control("fault stall:op=FileRead,at=1000,for=60s,times=always");
    std::stop_source stop;
    const auto reader = source->open(file, 0, stop.get_token());
    std::jthread stopper{[&] { stop.request_stop(); }};
    EXPECT_EQ(error_of([&] { (void)read_all(*reader); }), "cancelled");
}

INSTANTIATE_TEST_SUITE_P(Wires, DeviceResume,
                         ::testing::Values(Wire{"on", "fin"}, Wire{"on", "rst"}, Wire{"off", "fin"},
                                           Wire{"off", "rst"}),
                         [](const auto& wire) {
                             return std::string{wire.param.tls} == "on"
                                        ? std::string{"Tls_"} + wire.param.how
                                        : std::string{"Plain_"} + wire.param.how;
                         });

class DeviceNonsense : public ::testing::TestWithParam<const char*> {};

TEST_P(DeviceNonsense, OnceIsRetriedAndAlwaysIsAProtocolError)
{
    TempFolder roll;
    roll.write(path, content);
    SimPhone phone{roll};
    const auto source = open_phone(phone, small_chunks());
    const auto file = listed(*source, path);
    phone.control(std::string{"fault "} + GetParam());
    EXPECT_EQ(read_all(*source->open(file)), content);
    phone.control(std::string{"fault "} + GetParam() + ",times=always");
    EXPECT_EQ(error_of([&] { (void)read_all(*source->open(file)); }), "protocol");
}

INSTANTIATE_TEST_SUITE_P(Replies, DeviceNonsense,
                         ::testing::Values("packet-number:op=FileRead,value=+100",
                                           "packet-number:op=FileOpen,value=0",
                                           "bad-header:op=FileRead,field=magic",
                                           "bad-header:op=FileRead,field=entire,value=39",
                                           "bad-header:op=FileRead,field=entire,value=18446744073709551615",
                                           "bad-header:op=FileRead,field=this,value=0",
                                           "bad-header:op=FileRead,field=this,value=4294967295",
                                           "bad-header:op=FileRead,field=operation,value=15",
                                           "bad-header:op=FileOpen,field=operation,value=2"));

TEST(DeviceReading, TakesShortReadsForWhatTheyAre)
{
    TempFolder roll;
    roll.write(path, content);
    SimPhone phone{roll, {"--max-read", "70000"}};
    const auto source = open_phone(phone);
    EXPECT_EQ(read_all(*source->open(listed(*source, path))), content);
}

TEST(DeviceReading, BeginsAnywhere)
{
    TempFolder roll;
    roll.write(path, content);
    roll.write("DCIM/empty", "");
    SimPhone phone{roll};
    const auto source = open_phone(phone);
    const auto file = listed(*source, path);
    for (const std::size_t offset :
         {std::size_t{1}, std::size_t{1'048'576}, content.size() - 1, content.size()})
        EXPECT_EQ(read_all(*source->open(file, offset)), content.substr(offset)) << offset;
    EXPECT_EQ(error_of([&] { (void)source->open(file, content.size() + 1); }), "invalid");
    EXPECT_EQ(read_all(*source->open(listed(*source, "DCIM/empty"))), "");
}

TEST(DeviceReading, NeedsFourRoundTripsAnItemBesidesItsChunks)
{
    TempFolder roll;
    roll.write(path, content);
    SimPhone phone{roll};
    const auto source = open_phone(phone);
    const auto file = listed(*source, path);
    const auto before = phone.requests().size();
    EXPECT_EQ(read_all(*source->open(file)), content);
    EXPECT_EQ(phone.requests("FileRead").size(), 2u);
    EXPECT_EQ(phone.requests().size() - before, 5u) << "open, two chunks, close, stat";
}

TEST(DeviceReading, UsesAPhoneThatComesBackUnderAnotherId)
{
    TempFolder roll;
    roll.write(path, content);
    SimPhone phone{roll};
    std::vector<std::string> notices;
    DeviceOptions options = small_chunks();
    options.on_notice = [&](const std::string& text) {
        notices.push_back(text);
        phone.control("replug");
    };
    const auto source = open_phone(phone, options);
    const auto reader = source->open(listed(*source, path));
    const auto first = reader->next();
    std::string got = content.substr(0, first.size());
    phone.control("unplug");
    got += read_all(*reader);
    EXPECT_EQ(got, content);
    EXPECT_EQ(notices.size(), 1u);
}

TEST(DeviceReading, GivesUpOnAPhoneThatStaysAway)
{
    TempFolder roll;
    roll.write(path, content);
    SimPhone phone{roll};
    DeviceOptions options = small_chunks();
    options.reconnect = 300ms;
    const auto source = open_phone(phone, options);
    const auto file = listed(*source, path);
    phone.control("unplug");
    EXPECT_EQ(error_of([&] { (void)read_all(*source->open(file)); }), "device_gone");
    EXPECT_EQ(error_of([&] { (void)source->list(); }), "device_gone");
}

class DeviceChange : public ::testing::TestWithParam<const char*> {};

TEST_P(DeviceChange, WhileAFileIsReadIsNoticed)
{
    TempFolder roll;
    roll.write(path, content);
    SimPhone phone{roll};
    const auto source = open_phone(phone, small_chunks());
    const auto file = listed(*source, path);
    phone.control(std::string{"fault "} + GetParam());
    EXPECT_EQ(error_of([&] { (void)read_all(*source->open(file)); }), "changed");
}

INSTANTIATE_TEST_SUITE_P(Faults, DeviceChange,
                         ::testing::Values("grow:op=FileRead,bytes=1", "grow:op=FileRead,bytes=100000,nth=3",
                                           "grow:op=FileClose,bytes=5,keep-time=on",
                                           "shrink:op=FileRead,bytes=1",
                                           "shrink:op=FileRead,bytes=900000,nth=2",
                                           "replace:op=FileRead,nth=2", "change:op=FileRead,at=5",
                                           "lie:op=GetFileInfo,size=+1", "lie:op=GetFileInfo,mtime=+1"));

TEST(DeviceReading, AFileThatChangedWhileThePhoneWasAwayIsNotMixed)
{
    TempFolder roll;
    const auto stored = roll.write(path, content);
    SimPhone phone{roll};
    const auto source = open_phone(phone, small_chunks());
    const auto file = listed(*source, path);
    const auto reader = source->open(file);
    EXPECT_FALSE(reader->next().empty());
    std::filesystem::last_write_time(stored, std::filesystem::file_time_type::clock::now() + 1h);
    phone.control("drop");
    EXPECT_EQ(error_of([&] { (void)read_all(*reader); }), "changed");
}

TEST(DeviceReading, AFileThatIsGoneIsNotFound)
{
    TempFolder roll;
    const auto stored = roll.write(path, content);
    SimPhone phone{roll};
    const auto source = open_phone(phone);
    const auto file = listed(*source, path);
    std::filesystem::remove(stored);
    EXPECT_EQ(error_of([&] { (void)read_all(*source->open(file)); }), "not_found");
}

TEST(DeviceProcess, ABrokenConnectionRaisesNoSignal)
{
    std::signal(SIGPIPE, SIG_DFL);
    TempFolder roll;
    roll.write(path, content);
    for (const char* tls : {"on", "off"}) {
        SimPhone phone{roll, {"--service-tls", tls}};
        DeviceOptions options = small_chunks();
        options.reconnect = 200ms;
        const auto source = open_phone(phone, options);
        const auto file = listed(*source, path);
        const auto reader = source->open(file);
        phone.stop();
        EXPECT_NE(error_of([&] { (void)read_all(*reader); }), "no error");
        EXPECT_NE(error_of([&] { (void)source->list(); }), "no error");
    }
    struct sigaction now {};
    ::sigaction(SIGPIPE, nullptr, &now);
    EXPECT_EQ(now.sa_handler, SIG_DFL) << "and the process's own choice stays";
}

TEST(DeviceProcess, WorksWithTwoThousandDescriptorsOpen)
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < 4096) GTEST_SKIP() << "only " << limit.rlim_max << " descriptors are allowed here";
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    TempFolder roll;
    roll.write(path, content);
    SimPhone phone{roll, {"--trust", "auto"}};
    std::vector<Descriptor> many;
    while (many.size() < 2000) many.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(wait_for_device("", Patience::none).state, DeviceState::ready);
    const auto source = open_phone(phone);
    EXPECT_EQ(read_all(*source->open(listed(*source, path))), content);
    EXPECT_EQ(list_devices().size(), 1u);
}

} // namespace
} // namespace photosafe::test
