// SPDX-License-Identifier: LGPL-2.1-or-later
// Random phones, random faults: whatever happens on the way, the archive ends as one to which nothing
// happened.
#include <random>

#include <gmock/gmock.h>

#include "ingest_help.hpp"

namespace photosafe {
namespace {

using namespace test;

class Weather {
public:
    explicit Weather(unsigned seed) : random_{seed} {}

    std::size_t below(std::size_t n) { return random_() % n; }

    void add_files(MemorySource& phone)
    {
        for (std::size_t n = below(40); n > 0; --n) {
            const std::string stem = "IMG_" + std::to_string(1000 + below(12));
            static constexpr std::array forms{".HEIC", ".heic", ".MOV", ".AAE",
                                              ".DNG",  ".JPG",  "",     ".e\xcc\x81"};
            static constexpr std::array folders{"DCIM/100APPLE/", "DCIM/101APPLE/", "DCIM/",
                                                "PhotoData/CPLAssets/g/"};
            const std::string path = folders[below(folders.size())] + stem + forms[below(forms.size())];
            truth[path] = content();
            phone.add({path, truth[path], picture_time + std::chrono::hours{below(60)}});
        }
    }

    std::string content()
    {
        if (below(5) == 0) return std::string(below(3), 'x'); // often the same, sometimes empty
        std::string text(below(4) == 0 ? below(3u << 20) : below(2000), static_cast<char>('a' + below(26)));
        return text + std::to_string(random_());
    }

    void add_faults(MemorySource& phone)
    {
        const Listing listing = phone.list();
        if (listing.files.empty()) return;
        static constexpr std::array codes{
            ErrorCode::unreadable, ErrorCode::protocol, ErrorCode::timeout,     ErrorCode::changed,
            ErrorCode::mismatch,   ErrorCode::io,       ErrorCode::device_gone, ErrorCode::device_locked,
            ErrorCode::cancelled,  ErrorCode::not_found};
        for (std::size_t n = below(6); n > 0; --n) {
            const SourceFile& file = listing.files[below(listing.files.size())];
            const std::uint64_t at = below(3) == 0 ? file.bytes : below(file.bytes + 1);
            if (below(4) == 0)
                phone.at(file.path, at, [&phone](const std::stop_token&) { phone.unplug(); });
            else
                phone.fail_at(file.path, at, codes[below(codes.size())], 1 + static_cast<unsigned>(below(5)));
        }
    }

    void change_files(MemorySource& phone)
    {
        const Listing listing = phone.list();
        for (const SourceFile& file : listing.files) {
            if (below(12) != 0) continue;
            truth[file.path] = content();
            phone.change(file.path, truth[file.path], file.modified + std::chrono::seconds{1 + below(9)});
        }
    }

    std::map<std::string, std::string> truth; ///< what is on the phone

private:
    std::mt19937 random_;
};

class Property : public ::testing::TestWithParam<unsigned> {
    const FoldersInMemory quickly_;
};

TEST_P(Property, InterruptedAndRunAgainIsAsUndisturbed)
{
    for (unsigned seed = GetParam() * 25; seed < (GetParam() + 1) * 25; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Weather weather{seed};
        MemorySource phone;
        TempArchive archive;
        std::set<std::string>
            ever; // the oracle: all contents that were fully there when an import ran undisturbed
        for (int generation = 0; generation < 2; ++generation) {
            weather.add_files(phone);
            if (generation > 0) weather.change_files(phone);
            phone.set_chunk(1 + weather.below(300'000));
            weather.add_faults(phone);
            IngestOptions options = quick();
            options.retries = static_cast<unsigned>(weather.below(4));
            options.proof = weather.below(3) == 0 ? Proof::reread : Proof::once;
            for (int tries = 0; tries < 50; ++tries) {
                std::uint64_t told = 0;
                std::set<std::string> told_stored;
                options.on_file = [&](const IngestedFile& file) {
                    ++told;
                    if (file.outcome != Outcome::stored) return;
                    ASSERT_TRUE(file.digest);
                    EXPECT_TRUE(told_stored.insert(sha256_hex(*file.digest)).second)
                        << "stored twice: " << file.file.path;
                    EXPECT_EQ(digest(content_of(archive.root() / file.asset_path)), *file.digest);
                };
                IngestReport report;
                try {
                    report = ingest(phone, archive, options);
                } catch (const IngestInterrupted& e) {
                    report = e.report();
                }
                EXPECT_EQ(report.seen, report.stored + report.known + report.failed + report.excluded);
                EXPECT_EQ(told, report.seen);
                EXPECT_EQ(told_stored.size(), report.stored);
                phone.plug_in();
                if (weather.below(3) == 0) archive.reopen();
                if (report.failed == 0) break;
                ASSERT_LT(tries, 49) << "it never comes to an end";
            }
            for (const auto& [path, content] : weather.truth) ever.insert(content);
            const auto stored = original_contents(archive.root());
            for (const std::string& content : ever)
                EXPECT_TRUE(std::binary_search(stored.begin(), stored.end(), content));
            EXPECT_EQ(stored.size(), archive->summary().originals);
            EXPECT_EQ(std::set<std::string>(stored.begin(), stored.end()).size(), stored.size())
                << "something twice";
            EXPECT_TRUE(files_below(archive.root() / ".photosafe/incoming").empty());
            phone.forget_calls();
            EXPECT_EQ(run(phone, archive).known, phone.list().files.size());
            EXPECT_TRUE(phone.opened().empty());
        }
        EXPECT_EQ(check_fixity(*archive).matched, archive->summary().originals);
        archive.close();
        const auto rows = catalog_rows(archive.root());
        EXPECT_TRUE(rebuild(archive.root()).notes.empty());
        EXPECT_EQ(catalog_rows(archive.root()), rows);
        if (!ever.empty()) {
            EXPECT_EQ(check_sums(archive.root()).first, 0);
        }
        if (HasFailure()) return;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Property, ::testing::Range(0u, 12u));

} // namespace
} // namespace photosafe
