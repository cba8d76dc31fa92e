// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>
#include <malloc.h>

#include "core/file.hpp"
#include "ingest_help.hpp"

namespace photosafe {
namespace {

using namespace test;

/// A phone with `count` files that are made while they are read, so that the phone itself takes no memory.
class EndlessPhone : public Source {
public:
    EndlessPhone(std::size_t count, std::uint64_t bytes) : count_{count}, bytes_{bytes} {}
    SourceInfo info() const override { return {"device:endless", "device", "endless", "iPhone16,1", "18.1"}; }
    Listing list(const ListOptions&) override
    {
        Listing listing;
        listing.files.reserve(count_);
        for (std::size_t i = 0; i < count_; ++i) listing.files.push_back({path(i), bytes_, picture_time, {}});
        return listing;
    }
    std::unique_ptr<Reader> open(const SourceFile& file, std::uint64_t offset, std::stop_token) override
    {
        ++opened;
        return std::make_unique<Zeros>(file, offset);
    }
    std::size_t opened = 0;

private:
    class Zeros : public Reader {
    public:
        Zeros(const SourceFile& file, std::uint64_t at)
            : file_{file}, at_{at}, chunk_(std::min<std::uint64_t>(file.bytes, 8u << 20))
        {
            const std::string& path = file.path; // so that each is another
            std::copy_n(path.end() - static_cast<std::ptrdiff_t>(std::min(path.size(), chunk_.size())),
                        std::min(path.size(), chunk_.size()), reinterpret_cast<char*>(chunk_.data()));
        }
        std::span<const std::byte> next() override
        {
            const auto n =
                static_cast<std::size_t>(std::min<std::uint64_t>(chunk_.size(), file_.bytes - at_));
            at_ += n;
            return std::span{chunk_}.first(n);
        }
        void finish() override {}

    private:
        SourceFile file_;
        std::uint64_t at_;
        std::vector<std::byte> chunk_;
    };
    static std::string path(std::size_t i)
    {
        return "DCIM/" + std::to_string(100 + i / 1000) + "APPLE/IMG_" + std::to_string(10'000'000 + i) +
               ".HEIC";
    }
    std::size_t count_;
    std::uint64_t bytes_;
};

TEST(Large, FileOverFourGibibytesIsKeptAndKnown)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "takes minutes under a sanitizer, and shows nothing more there";
#endif
    const TempArchive archive_space;
    if (file_system_of(archive_space.root()).free_bytes < (std::uint64_t{12} << 30))
        GTEST_SKIP() << "not enough room";
    TempArchive archive;
    const std::uint64_t bytes = (std::uint64_t{4} << 30) + 5;
    EndlessPhone phone{1, bytes};
    const IngestReport report = run(phone, archive);
    EXPECT_EQ(report.stored_bytes, bytes);
    EXPECT_EQ(archive->summary().original_bytes, bytes);
    archive->for_each_asset([&](const Asset& asset) {
        EXPECT_EQ(asset.bytes, bytes);
        EXPECT_EQ(std::filesystem::file_size(archive.root() / asset.path), bytes);
        return true;
    });
    EXPECT_EQ(run(phone, archive).known, 1u);
}

/// Gives back what is free, and lets the kernel begin anew with the peak (proc(5), clear_refs).
void forget_peak()
{
    ::malloc_trim(0);
    std::ofstream{"/proc/self/clear_refs"} << 5;
}

long peak_kib()
{
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    }
    return 0;
}

long growth_per_item(std::size_t small, std::size_t large, bool again)
{
    const auto import = [&](std::size_t files) {
        TempArchive archive;
        EndlessPhone phone{files, 12};
        EXPECT_EQ(run(phone, archive).stored, files);
        if (again) {
            archive.reopen();
            forget_peak();
            EXPECT_EQ(run(phone, archive).known, files);
        }
        return peak_kib();
    };
    forget_peak();
    const long before = import(small);
    forget_peak();
    return (import(large) - before) * 1024 / static_cast<long>(large - small);
}

class Memory : public ::testing::TestWithParam<bool> {};

TEST_P(Memory, GrowsLittleWithTheNumberOfFiles)
{
    // PHOTOSAFE_MANY=100000 measures what is claimed; the usual run only sees that nothing is far off.
    const FoldersInMemory quickly;
    const char* const many = std::getenv("PHOTOSAFE_MANY");
    const std::size_t files = many != nullptr ? std::stoul(many) : 6000;
    const long growth = growth_per_item(files / 10, files, GetParam());
    std::printf("%s: %ld bytes an item\n", GetParam() ? "import again" : "first import", growth);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_LE(growth, many != nullptr ? 200 : 1000); // few files: the caches of SQLite weigh more
#endif
}

INSTANTIATE_TEST_SUITE_P(Large, Memory, ::testing::Bool());

} // namespace
} // namespace photosafe
