// SPDX-License-Identifier: LGPL-2.1-or-later
// Every real file, and every broken one, ends as facts or as a reason, in time.
#include <map>
#include <vector>

#include "jail/jail_help.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

std::vector<fs::path> files_below(const fs::path& root)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{root})
        if (entry.is_regular_file()) files.push_back(entry.path());
    return files;
}

TEST(Corpus, EndsAsFactsOrAReason)
{
    const fs::path corpus = PHOTOSAFE_CORPUS;
    if (!fs::is_directory(corpus)) GTEST_SKIP() << "there is no ../shared/corpus";
    WorkerPool pool{MediaOptions{.worker = MEDIA_WORKER}};
    std::map<std::string, int> outcomes;
    const std::vector<fs::path> files = files_below(corpus);
    for (const fs::path& path : files) {
        const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        ASSERT_TRUE(file) << path;
        const bool broken = path.native().find("/broken/") != std::string::npos;
        const auto work = [&](const char* what, const auto& job) {
            const auto begin = steady_clock::now();
            std::string outcome = "done";
            try {
                job();
            } catch (const MediaError& error) {
                outcome = name(error.code());
                EXPECT_STRNE(error.what(), "");
                // A library's flaw may show in a broken file, where it costs that file only.
                EXPECT_TRUE(broken || error.code() == ErrorCode::unreadable) << path << ": " << error.what();
                EXPECT_NE(error.code(), ErrorCode::protocol) << path << ": " << error.what();
            }
            EXPECT_LE(steady_clock::now() - begin, std::chrono::seconds{30}) << path;
            ++outcomes[what + (": " + outcome)];
        };
        work("facts", [&] { (void)pool.read_metadata(file.get()); });
        work("picture", [&] { (void)pool.render(file.get(), {}); });
        work("thumbnail", [&] { (void)pool.render(file.get(), {.max_edge = 256, .thumbnail = true}); });
    }
    for (const auto& [what, count] : outcomes) std::cout << what << ' ' << count << '\n';
    EXPECT_GT(outcomes["facts: done"], static_cast<int>(files.size() / 2));
}

} // namespace
} // namespace photosafe::test
