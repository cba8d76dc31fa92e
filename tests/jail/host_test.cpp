// SPDX-License-Identifier: LGPL-2.1-or-later
// The pool in host programs that have ideas of their own about signals, children and descriptors.
#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>

#include "jail/jail_help.hpp"

namespace photosafe::test {
namespace {

using testing::Optional;

/// Something that is put back at the end of the scope.
class Restored {
public:
    explicit Restored(std::function<void()> restore) : restore_{std::move(restore)} {}
    Restored(const Restored&) = delete;
    Restored& operator=(const Restored&) = delete;
    ~Restored() { restore_(); }

private:
    std::function<void()> restore_;
};

TEST(Host, MayIgnoreItsChildren)
{
    const auto before = std::signal(SIGCHLD, SIG_IGN);
    const Restored restored{[&] { std::signal(SIGCHLD, before); }};
    WorkerPool pool{misbehaving()};

    EXPECT_THAT(read(pool, "crash").code, Optional(ErrorCode::crashed));
    EXPECT_EQ(read(pool, "ok").code, std::nullopt);
}

TEST(Host, MayWaitForAllChildrenItself)
{
    std::jthread waiting{[](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            if (::waitpid(-1, nullptr, WNOHANG) <= 0) std::this_thread::yield();
        }
    }};
    WorkerPool pool{misbehaving()};

    for (int i = 0; i < 20; ++i) EXPECT_THAT(read(pool, "crash").code, Optional(ErrorCode::crashed));
    EXPECT_EQ(read(pool, "ok").code, std::nullopt);
}

TEST(Host, KeepsItsOtherChildren)
{
    const pid_t other = ::fork();
    if (other == 0) ::_exit(42);
    {
        WorkerPool pool{misbehaving()};
        EXPECT_THAT(read(pool, "crash").code, Optional(ErrorCode::crashed));
    }
    int status = 0;
    ASSERT_EQ(::waitpid(other, &status, 0), other) << "nobody but this test has waited for it";
    EXPECT_EQ(WEXITSTATUS(status), 42);
}

TEST(Host, LeavesNoProcessBehind)
{
    {
        WorkerPool pool{misbehaving()};
        EXPECT_THAT(read(pool, "crash").code, Optional(ErrorCode::crashed));
        EXPECT_EQ(read(pool, "ok").code, std::nullopt);
    }
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

TEST(Host, MayHaveThousandsOfFilesOpen)
{
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const Restored restored{[&] { (void)::setrlimit(RLIMIT_NOFILE, &before); }};
    rlimit more = before;
    more.rlim_cur = std::max<rlim_t>(before.rlim_cur, std::min<rlim_t>(4096, before.rlim_max));
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &more), 0);
    if (more.rlim_cur < 2500) GTEST_SKIP() << "no more than " << more.rlim_cur << " files may be open here";
    std::vector<Descriptor> many;
    for (int i = 0; i < 2000; ++i) many.emplace_back(::dup(STDERR_FILENO)); // inherited by programs, too

    WorkerPool pool{misbehaving()};
    const Order order{"ok"};

    ASSERT_GT(order.fd(), 1024);
    EXPECT_EQ(read(pool, order.fd()).code, std::nullopt);
    EXPECT_THAT(read(pool, "crash").code, Optional(ErrorCode::crashed));
    EXPECT_EQ(read(pool, "ok").code, std::nullopt);
}

TEST(Host, MayRunOutOfDescriptorsForAWhile)
{
    WorkerPool pool{misbehaving()};
    const Order crash{"crash"}, ok{"ok"};
    EXPECT_THAT(read(pool, crash.fd()).code, Optional(ErrorCode::crashed)); // now there is no worker
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    {
        const Restored restored{[&] { (void)::setrlimit(RLIMIT_NOFILE, &before); }};
        rlimit none = before;
        none.rlim_cur = 1;
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
        EXPECT_THAT(read(pool, ok.fd()).code, Optional(ErrorCode::not_found))
            << "which isn't the picture's fault";
    }
    EXPECT_EQ(read(pool, ok.fd()).code, std::nullopt);
}

TEST(Host, MayAskFromThreadsThatEnd)
{
    WorkerPool pool{misbehaving()};
    std::string first;
    for (int i = 0; i < 5; ++i) {
        std::string answered;
        std::jthread{[&] { answered = read(pool, "ok").text; }}.join();
        if (first.empty()) first = answered;
        EXPECT_EQ(answered, first) << "the worker doesn't end with the thread that used it first";
    }
}

TEST(Host, MayAskFromManyThreadsWhatevertheyMeet)
{
    WorkerPool pool{misbehaving(std::chrono::seconds{30}, 3)};
    std::atomic<int> good = 0, bad = 0;
    std::vector<std::jthread> threads;

    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            const Order ok{"ok"}, crash{"crash"};
            for (int n = 0; n < 20; ++n) {
                const bool crashes = (n + i) % 4 == 0;
                const Outcome outcome = read(pool, crashes ? crash.fd() : ok.fd());
                EXPECT_EQ(outcome.code.has_value(), crashes) << outcome.text;
                ++(outcome.code ? bad : good);
            }
        });
    }
    threads.clear();

    EXPECT_EQ(good, 120);
    EXPECT_EQ(bad, 40);
}

/// 'R', 'S', 'Z' …, or 0 where there is no such process.
char state(pid_t process)
{
    std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
    std::string number, name;
    char letter = 0;
    file >> number >> name >> letter;
    return file ? letter : '\0';
}

TEST(Host, TakesItsWorkersAlongWhenItIsKilled)
{
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const Order spin{"spin"};
    const pid_t host = ::fork();
    if (host == 0) {
        WorkerPool pool{misbehaving()};
        const pid_t worker = worker_of(pool);
        (void)!::write(ends[1], &worker, sizeof worker);
        (void)read(pool, spin.fd());
        ::_exit(0);
    }
    pid_t worker = 0;
    ASSERT_EQ(::read(ends[0], &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
    while (state(worker) != 'R') std::this_thread::yield();

    ASSERT_EQ(::kill(host, SIGKILL), 0);
    ASSERT_EQ(::waitpid(host, nullptr, 0), host);

    for (char now = state(worker); now != '\0' && now != 'Z'; now = state(worker)) std::this_thread::yield();
    ::close(ends[0]);
    ::close(ends[1]);
}

} // namespace
} // namespace photosafe::test
