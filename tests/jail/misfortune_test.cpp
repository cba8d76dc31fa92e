// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that crash, hang or swallow memory cost one file each its facts, and nothing else.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>

#include "jail/jail_help.hpp"

namespace photosafe::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Optional;

TEST(Misfortune, MemoryIsCountedFromWhatAWorkerStartsWith)
{
    if (sanitized) GTEST_SKIP() << "a sanitizer takes address space as it likes";
    MediaOptions options = misbehaving();
    options.memory_limit = 128 << 20;
    WorkerPool pool{options};

    EXPECT_EQ(read(pool, "allocate 100").code, std::nullopt);
    EXPECT_THAT(read(pool, "allocate 150").code, Optional(ErrorCode::out_of_memory));
}

TEST(Misfortune, ReasonsAreSentences)
{
    WorkerPool pool{misbehaving()}, hasty{misbehaving(100ms)};

    EXPECT_THAT(read(pool, "crash").text, HasSubstr("signal 11"));
    EXPECT_THAT(read(hasty, "spin").text, HasSubstr("longer than 0.100 s"));
    EXPECT_THAT(read(pool, "exit").text, HasSubstr("status 0"));
    EXPECT_THAT(read(pool, "nothing known").text, HasSubstr("what is nothing known?"));
}

TEST(Misfortune, AnInnocentPictureIsNotBlamedForTheOneBefore)
{
    WorkerPool pool{misbehaving()};

    EXPECT_EQ(read(pool, "leave").code, std::nullopt);
    EXPECT_EQ(read(pool, "ok").code, std::nullopt);
}

TEST(Misfortune, AWorkerIsReplacedAfterManyJobs)
{
    const Order ok{"ok"};
    WorkerPool pool{misbehaving()};
    const std::string first = read(pool, ok.fd()).text;
    int same = 1;

    while (read(pool, ok.fd()).text == first && same < 10'000) ++same;

    EXPECT_GE(same, 1000) << "starting one costs as much as many jobs";
    EXPECT_LT(same, 10'000);
}

TEST(Misfortune, AWorkerKilledBetweenJobsIsReplaced)
{
    WorkerPool pool{misbehaving()};
    const pid_t worker = worker_of(pool);

    ASSERT_EQ(::kill(worker, SIGKILL), 0);
    const Outcome next = read(pool, "ok");

    EXPECT_EQ(next.code, std::nullopt) << next.text;
    EXPECT_NE(next.text, std::to_string(worker));
}

/// Ticks of processor time that a process has used.
unsigned long ticks(pid_t process)
{
    std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
    std::string word;
    for (int i = 0; i < 13; ++i) file >> word;
    unsigned long user = 0;
    file >> user;
    return user;
}

TEST(Misfortune, APictureWhoseWorkerWasKilledIsReadAgain)
{
    WorkerPool pool{misbehaving()};
    const pid_t worker = worker_of(pool);
    const Order order{"wait"};
    Outcome outcome;
    std::jthread reading{[&] { outcome = read(pool, order.fd()); }};
    for (const unsigned long before = ticks(worker); ticks(worker) == before;) std::this_thread::yield();

    order.change("ok");
    ASSERT_EQ(::kill(worker, SIGKILL), 0);
    reading.join();

    EXPECT_EQ(outcome.code, std::nullopt) << outcome.text;
    EXPECT_NE(outcome.text, std::to_string(worker));
}

/// The children of this process that have computed for half a second: they are at a job.
std::vector<pid_t> busy_children()
{
    std::vector<pid_t> result;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const int pid = std::atoi(entry.path().filename().c_str());
        std::ifstream file{entry.path() / "stat"};
        std::string word, parent;
        for (int i = 0; i < 3; ++i) file >> word;
        if (pid > 0 && file >> parent && parent == std::to_string(::getpid()) && ticks(pid) >= 50)
            result.push_back(pid);
    }
    return result;
}

TEST(Misfortune, APictureWhoseWorkersAreAllKilledIsNotToBlame)
{
    WorkerPool pool{misbehaving(5min)};
    const Order order{"wait"};
    std::atomic<bool> done = false;
    Outcome outcome;
    std::jthread reading{[&] {
        outcome = read(pool, order.fd());
        done = true;
    }};
    int killed = 0;
    while (!done) {
        for (const pid_t worker : busy_children()) killed += ::kill(worker, SIGKILL) == 0 ? 1 : 0;
        std::this_thread::sleep_for(1ms);
    }
    reading.join();

    EXPECT_GE(killed, 2);
    EXPECT_THAT(outcome.code, Optional(ErrorCode::killed)) << outcome.text;
    EXPECT_EQ(read(pool, "ok").code, std::nullopt);
}

TEST(Misfortune, WhatTakesAllTheTimeThatTheHostHasIsToBlame)
{
    // Beyond its own limit the system kills as anybody would.
    const pid_t host = ::fork();
    if (host == 0) {
        const rlimit two{.rlim_cur = 2, .rlim_max = 2}; // seconds
        if (::setrlimit(RLIMIT_CPU, &two) != 0) ::_exit(1);
        WorkerPool pool{misbehaving(5min)};
        const Outcome outcome = read(pool, "spin");
        ::_exit(outcome.code == ErrorCode::timeout && outcome.text == "Reading it takes too long." ? 0 : 2);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(host, &status, 0), host);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Misfortune, WhatSwallowsItsOwnMemoryIsToBlame)
{
    if (sanitized) GTEST_SKIP() << "a sanitizer takes address space as it likes";
    MediaOptions options = misbehaving();
    options.memory_limit = 64 << 20;
    WorkerPool pool{options};

    EXPECT_THAT(read(pool, "swallow").code, Optional(ErrorCode::crashed));
}

TEST(Misfortune, AStoppedWorkerIsLeftBehind)
{
    WorkerPool pool{misbehaving(1s)};
    const pid_t worker = worker_of(pool);

    ASSERT_EQ(::kill(worker, SIGSTOP), 0);
    const Outcome next = read(pool, "ok");

    EXPECT_EQ(next.code, std::nullopt) << next.text; // half of its time was left for another worker
    EXPECT_NE(next.text, std::to_string(worker));
    EXPECT_EQ(::kill(worker, 0), -1) << "and it is no more";
}

TEST(Misfortune, AWorkerThatSaysNoHelloIsNone)
{
    const TempFolder folder;
    for (const char* name : {"silent", "foreign"}) {
        std::filesystem::create_symlink(MISBEHAVING_WORKER, folder / name);
        try {
            WorkerPool{MediaOptions{.worker = folder / name}};
            ADD_FAILURE() << name;
        } catch (const MediaError& error) {
            EXPECT_EQ(error.code(), ErrorCode::not_found) << error.what();
            EXPECT_THAT(error.what(), HasSubstr((folder / name).string()));
        }
    }
}

TEST(Misfortune, AProgramThatCannotBeStartedIsNamed)
{
    const TempFolder folder;
    const std::filesystem::path text = folder.write("plain text", "I am no program");
    for (const std::filesystem::path& program : {folder / "none", text, folder.path()}) {
        try {
            WorkerPool{MediaOptions{.worker = program}};
            ADD_FAILURE() << program;
        } catch (const MediaError& error) {
            EXPECT_EQ(error.code(), ErrorCode::not_found) << error.what();
            EXPECT_THAT(error.what(), HasSubstr(program.string()));
        }
    }
}

TEST(Misfortune, AnotherProgramIsNoWorker)
{
    EXPECT_THROW((WorkerPool{MediaOptions{.worker = "/bin/true"}}), MediaError);
    EXPECT_THROW((WorkerPool{MediaOptions{.worker = "/bin/cat"}}), MediaError);
}

} // namespace
} // namespace photosafe::test
