// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/fixity.hpp>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/without_root.hpp"
#include "unit/ingest/ingest_help.hpp"

namespace photosafe {
namespace {

namespace fs = std::filesystem;
using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FixityTest : public ::testing::Test {
protected:
    void import(int files, std::size_t bytes = 10'000)
    {
        for (int i = 0; i < files; ++i)
            phone_.add({"DCIM/IMG_" + std::to_string(1000 + i) + ".HEIC", content(i, bytes)});
        run(phone_, archive_);
    }
    static std::string content(int i, std::size_t bytes = 10'000)
    {
        return std::string(bytes, static_cast<char>('a' + i % 26)) + std::to_string(i);
    }
    std::string relative(int i) { return archive_->find(digest(content(i)))->path; }
    fs::path original(int i) { return archive_.root() / relative(i); }
    std::vector<std::string> findings(FixityOptions options = {})
    {
        std::vector<std::string> found;
        options.on_finding = [&](const FixityFinding& finding) {
            found.push_back(std::string{name(finding.outcome)} + ' ' + finding.path);
            EXPECT_FALSE(finding.message.empty());
        };
        report_ = check_fixity(*archive_, options);
        EXPECT_EQ(report_.checked, report_.matched + report_.altered + report_.missing + report_.unreadable);
        std::sort(found.begin(), found.end());
        return found;
    }
    TempArchive archive_;
    MemorySource phone_;
    FixityReport report_;
};

TEST_F(FixityTest, FindsNothingWhereNothingIsWrong)
{
    import(20);
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_EQ(report_.matched, 20u);
    EXPECT_TRUE(report_.complete);
    EXPECT_EQ(archive_->summary().never_verified, 0u);
    EXPECT_TRUE(archive_->summary().oldest_verified);
}

TEST_F(FixityTest, FindsEachFlippedBit)
{
    import(1);
    const std::uint64_t size = fs::file_size(original(0));
    for (std::uint64_t at = 0; at < size; at += at < 64 || at > size - 64 ? 1 : 397) {
        const auto flip = [&] {
            std::fstream file{original(0), std::ios::in | std::ios::out | std::ios::binary};
            file.seekg(static_cast<std::streamoff>(at));
            const int was = file.get();
            file.seekp(static_cast<std::streamoff>(at));
            file.put(static_cast<char>(was ^ (1 << at % 8)));
        };
        flip();
        EXPECT_EQ(findings().size(), 1u) << at;
        EXPECT_EQ(report_.altered, 1u);
        flip();
    }
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_EQ(archive_->summary().damaged, 0u); // what was bad and is good is good
}

TEST_F(FixityTest, TellsAllKindsOfDamageApart)
{
    import(6);
    fs::resize_file(original(0), 9'999);
    fs::resize_file(original(1), 10'005);
    fs::remove(original(2));
    fs::remove(original(3));
    fs::create_directory(original(3));
    fs::remove(original(4));
    fs::create_symlink("/etc/passwd", original(4));
    archive_.folder().write("Photos/originals/stray", "x");
    const std::string damaged0 = "altered " + relative(0), damaged1 = "altered " + relative(1);
    EXPECT_THAT(findings(),
                ElementsAre(damaged0, damaged1, "missing " + relative(2), "missing " + relative(3),
                            "missing " + relative(4), "unrecorded originals/stray"));
    EXPECT_EQ(report_.unrecorded, 1u);
    EXPECT_EQ(archive_->summary().missing, 3u);
    EXPECT_EQ(archive_->summary().damaged, 2u);
    EXPECT_TRUE(fs::exists(archive_.root() / "originals/stray"));
    archive_.close();
    const auto rows = catalog_rows(archive_.root());
    rebuild(archive_.root());
    EXPECT_EQ(catalog_rows(archive_.root()), rows);
}

TEST_F(FixityTest, RemembersNothingInAnArchiveOpenedToRead)
{
    import(3);
    fs::remove(original(0));
    archive_.reopen(Access::read);
    const auto before = files_below(archive_.root() / "manifests");
    EXPECT_EQ(findings().size(), 1u);
    EXPECT_EQ(archive_->summary().missing, 0u);
    EXPECT_EQ(files_below(archive_.root() / "manifests"), before);
}

TEST_F(FixityTest, ChecksInPartsUntilAllIsChecked)
{
    import(10);
    fs::remove(original(0)); // what is bad must not be in the way of the rest, for ever
    fs::resize_file(original(1), 5);
    for (int round = 0; round < 12; ++round) {
        (void)findings({.subset = {.share = 0.1}});
        EXPECT_LE(report_.checked, 2u);
        EXPECT_GE(report_.checked, 1u);
        EXPECT_EQ(report_.unrecorded, 0u);
    }
    EXPECT_EQ(archive_->summary().never_verified, 2u);
    (void)findings({.subset = {.bytes = 1}});
    EXPECT_EQ(report_.checked, 1u);
    (void)findings({.subset = {.share = std::nan("")}});
    EXPECT_EQ(report_.checked, 1u);
    (void)findings({.subset = {.share = 1e300}});
    EXPECT_EQ(report_.checked, 10u);
    (void)findings({.subset = {.share = -1}});
    EXPECT_EQ(report_.checked, 1u);
}

TEST_F(FixityTest, BeginsWithTheOldest)
{
    import(4);
    (void)findings({.subset = {.bytes = 20'100}}); // the first two by path
    std::vector<std::string> order;
    (void)findings({.on_progress = [&](const FixityProgress& p) { order.push_back(p.current); },
                    .oldest_first = true,
                    .threads = 1});
    EXPECT_EQ(report_.checked, 4u);
    EXPECT_EQ(archive_->summary().never_verified, 0u);
}

TEST_F(FixityTest, StopsSoonAndKeepsWhatItFound)
{
    import(64);
    std::stop_source stop;
    unsigned taken = 0;
    const FixityReport report = check_fixity(*archive_, {.on_progress =
                                                             [&](const FixityProgress& p) {
                                                                 taken = static_cast<unsigned>(p.items_done);
                                                                 stop.request_stop();
                                                             },
                                                         .threads = 2,
                                                         .stop = stop.get_token()});
    EXPECT_FALSE(report.complete);
    EXPECT_LT(report.checked, 64u);
    EXPECT_EQ(archive_->summary().never_verified, 64 - report.matched);
}

TEST_F(FixityTest, EndsInOrderWhenACallbackThrows)
{
    import(40);
    fs::remove(original(3));
    const auto burst = [](const FixityFinding&) { throw std::runtime_error{"the caller's own"}; };
    EXPECT_THROW(check_fixity(*archive_, {.on_finding = burst, .threads = 4}), std::runtime_error);
    EXPECT_EQ(findings().size(), 1u);
}

TEST_F(FixityTest, GivesTheSameAnswerWithAnyNumberOfThreads)
{
    import(30);
    fs::resize_file(original(7), 3);
    for (const unsigned threads : {1u, 2u, 7u, 1000u}) {
        EXPECT_EQ(findings({.threads = threads}).size(), 1u);
        EXPECT_EQ(report_.matched, 29u);
    }
}

TEST_F(FixityTest, SaysWhatCannotBeRead)
{
    import(2);
    ASSERT_EQ(::chmod(original(0).c_str(), 0), 0);
    const test::WithoutRoot nobody;
    EXPECT_THAT(findings(), ElementsAre("unreadable " + relative(0)));
}

} // namespace
} // namespace photosafe
