// SPDX-License-Identifier: LGPL-2.1-or-later
// Every file of the broken corpus through every reader that could be asked, whatever its name: it ends within
// thirty seconds and a gigabyte with facts or with a reason.
#include <gtest/gtest.h>

#include <cstdlib>
#include <exception>
#include <filesystem>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.hpp"
#include "worker/heif_facts.hpp"
#include "worker/mapped.hpp"
#include "worker/read_metadata.hpp"
#include "worker/video.hpp"

namespace photosafe::worker {
namespace {

namespace fs = std::filesystem;

enum Ending { facts_or_reason = 0, neither = 1 };

bool says_something(const Metadata& facts)
{
    return !facts.troubles.empty() || facts.width > 0 || !facts.raw.empty();
}

Ending read_with(int reader, int fd)
{
    Metadata facts;
    if (reader == 0) {
        facts = read_metadata(fd);
        if (facts.kind != MediaKind::unknown) return facts_or_reason;
    } else if (reader == 1) {
        (void)read_heif_facts(Mapped{fd}.bytes(), facts);
    } else {
        (void)read_video(fd, facts);
    }
    return says_something(facts) ? facts_or_reason : neither;
}

/// How a process of its own ends that reads the file, as waitpid has it.
int status_of_reading(const fs::path& file, int reader)
{
    const pid_t child = ::fork();
    if (child == 0) {
        constexpr rlim_t memory = rlim_t{1} << 30, seconds = 30;
        const rlimit processor{seconds, seconds};
        ::setrlimit(RLIMIT_CPU, &processor);
        ::alarm(static_cast<unsigned>(seconds));
#ifndef __SANITIZE_ADDRESS__ // whose shadow alone takes more
        const rlimit space{memory, memory};
        ::setrlimit(RLIMIT_AS, &space);
#else
        (void)memory;
#endif
        int ending = neither;
        try {
            const File open{::open(file.c_str(), O_RDONLY | O_CLOEXEC), file};
            ending = read_with(reader, open.fd());
        } catch (const std::exception& reason) {
            ending = *reason.what() ? facts_or_reason : neither;
        }
        ::_exit(ending);
    }
    int status = -1;
    if (::waitpid(child, &status, 0) != child) std::abort();
    return status;
}

TEST(BrokenFiles, EndWithFactsOrAReason)
{
    const fs::path root = fs::path{PHOTOSAFE_CORPUS} / "broken";
    if (!fs::exists(root)) GTEST_SKIP() << "the shared corpus is not here";
    prepare_readers();
    int files = 0;
    for (const auto& entry : fs::directory_iterator{root}) {
        ++files;
        for (int reader = 0; reader < 3; ++reader) {
            const int status = status_of_reading(entry.path(), reader);
            EXPECT_TRUE(WIFEXITED(status))
                << entry.path() << " with reader " << reader << ": signal " << WTERMSIG(status);
            if (WIFEXITED(status)) {
                EXPECT_EQ(WEXITSTATUS(status), facts_or_reason) << entry.path() << " with reader " << reader;
            }
        }
    }
    EXPECT_GT(files, 80);
}

} // namespace
} // namespace photosafe::worker
