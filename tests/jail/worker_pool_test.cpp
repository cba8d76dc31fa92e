// SPDX-License-Identifier: LGPL-2.1-or-later
// The pool with the real worker.
#include "media/worker_pool.hpp"

#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>

#include <gmock/gmock.h>

#include "core/descriptor.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {
namespace {

constexpr std::string_view png = "\x89PNG\r\n\x1a\n";

MediaOptions options() { return {.worker = MEDIA_WORKER, .workers = 2}; }

Descriptor open(const std::filesystem::path& file, int flags = O_RDONLY)
{
    return Descriptor{::open(file.c_str(), flags | O_CLOEXEC)};
}

ErrorCode code_of(const auto& work)
{
    try {
        work();
    } catch (const MediaError& error) {
        return error.code();
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorCode::io;
}

TEST(WorkerPool, SaysWhatAFileIs)
{
    const TempFolder folder;
    const Descriptor file = open(folder.write("a", png));
    WorkerPool pool{options()};

    const Metadata facts = pool.read_metadata(file.get());

    EXPECT_EQ(facts.kind, MediaKind::photo);
    EXPECT_EQ(facts.mime, "image/png");
}

TEST(WorkerPool, SaysWithWhatItReads)
{
    WorkerPool pool{options()};

    EXPECT_THAT(pool.facts().versions,
                testing::AllOf(testing::StartsWith("photosafe "), testing::HasSubstr("libexif "),
                               testing::HasSubstr("Exiv2 "), testing::HasSubstr("libheif ")));
    EXPECT_EQ(pool.size(), 2U);
    EXPECT_EQ(pool.facts().jail.size(), 4U);
}

TEST(WorkerPool, HasAsManyWorkersAsAreAskedForWithinReason)
{
    EXPECT_EQ(most_workers({.worker = {}, .workers = 3}), 3U);
    EXPECT_EQ(most_workers({.worker = {}, .workers = 4'000'000'000}), 1024U);
    EXPECT_GE(most_workers({}), 1U);
}

TEST(WorkerPool, HandsAWritableFileOverForReadingOnly)
{
    const TempFolder folder;
    const Descriptor file = open(folder.write("a", png), O_RDWR);
    WorkerPool pool{options()};

    EXPECT_EQ(pool.read_metadata(file.get()).mime, "image/png");
    EXPECT_EQ(::lseek(file.get(), 0, SEEK_CUR), 0) << "the caller's offset is where it was";
}

TEST(WorkerPool, TellsWhyAPictureCannotBeDrawn)
{
    const TempFolder folder;
    const Descriptor file = open(folder.write("a", "no picture"));
    WorkerPool pool{options()};

    EXPECT_EQ(code_of([&] { (void)pool.render(file.get(), {}); }), ErrorCode::unreadable);
}

TEST(WorkerPool, SaysWhenItsProgramIsMissing)
{
    const TempFolder folder;

    EXPECT_EQ(code_of([&] { WorkerPool{MediaOptions{.worker = folder / "none"}}; }), ErrorCode::not_found);
}

TEST(WorkerPool, AnswersManyThreadsAtOnce)
{
    const TempFolder folder;
    const Descriptor file = open(folder.write("a", png));
    WorkerPool pool{options()};
    std::vector<std::jthread> threads;

    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 50; ++n) EXPECT_EQ(pool.read_metadata(file.get()).mime, "image/png");
        });
    }
}

} // namespace
} // namespace photosafe::test
