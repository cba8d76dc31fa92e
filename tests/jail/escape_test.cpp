// SPDX-License-Identifier: LGPL-2.1-or-later
// Whatever a decoder that was taken over tries, it is killed for it.
#include <algorithm>
#include <cctype>

#include <sys/wait.h>

#include "jail/escapes.hpp"
#include "jail/jail_help.hpp"
#include "worker/jail.hpp"

namespace photosafe::test {
namespace {

using testing::HasSubstr;
using testing::Optional;

class Escapes : public testing::TestWithParam<Escape> {};

TEST_P(Escapes, Kill)
{
    static WorkerPool pool{misbehaving()};
    if (!has(pool, "seccomp")) GTEST_SKIP() << "this kernel has no seccomp";

    const Outcome outcome = read(pool, "try " + std::string{GetParam().name});

    EXPECT_THAT(outcome.code, Optional(ErrorCode::crashed)) << outcome.text;
    EXPECT_THAT(outcome.text, HasSubstr("what it may not do"));
    EXPECT_EQ(read(pool, "ok").code, std::nullopt);
}

std::string words(const testing::TestParamInfo<Escape>& info)
{
    std::string name{info.param.name};
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Jail, Escapes, testing::ValuesIn(escapes().begin(), escapes().end()), words);

/// What a child process that has gone through `part` finds when it opens a file: an errno, or 0.
template <class Part>
int error_of_opening(Part part)
{
    const pid_t child = ::fork();
    if (child == 0) {
        if (!part()) ::_exit(255);
        const int fd = ::open("/etc/passwd", O_RDONLY);
        ::_exit(fd >= 0 ? 0 : errno);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Jail, HasNoFileSystemWithoutSeccompToo)
{
    const int error =
        error_of_opening([] { return worker::drop_privileges().held && worker::close_file_system().held; });

    if (error == 255) GTEST_SKIP() << "this kernel has no Landlock";
    EXPECT_EQ(error, EACCES);
}

TEST(Jail, TakesNoDescriptorsBeyondTheJob)
{
    EXPECT_EQ(error_of_opening([] {
                  for (int fd = 3; fd < 5; ++fd) (void)::dup2(STDERR_FILENO, fd);
                  return worker::limit_resources(std::uint64_t{1} << 30).held;
              }),
              EMFILE);
}

} // namespace
} // namespace photosafe::test
