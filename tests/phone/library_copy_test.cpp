// SPDX-License-Identifier: LGPL-2.1-or-later
// The copy of the phone's library: what changes, or can't be read, while it is taken, and a very large one.
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/sqlite.hpp"
#include "phone/roll.hpp"

namespace photosafe::test {

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string roll_options = std::string{small_roll} + "--items 12 --seed 5 --library ios18";

/// A phone that does something each time its database is opened, and before it is looked at.
class BusyPhone final : public Source {
public:
    BusyPhone(
        const Roll& roll, std::function<void()> on_open, std::function<void()> on_look = [] {})
        : inner_{roll.phone()}, on_open_{std::move(on_open)}, on_look_{std::move(on_look)}
    {
    }

    SourceInfo info() const override { return inner_->info(); }
    Listing list(const ListOptions& options) override { return inner_->list(options); }
    SourceFile look(const std::string& path) override
    {
        if (path == inner_->library()->database) on_look_();
        return inner_->look(path);
    }
    std::optional<LibraryPlace> library() const override { return inner_->library(); }
    std::unique_ptr<Reader> open(const SourceFile& file, std::uint64_t offset, std::stop_token stop) override
    {
        auto reader = inner_->open(file, offset, std::move(stop));
        if (file.path == inner_->library()->database) on_open_();
        return reader;
    }

private:
    std::unique_ptr<Source> inner_;
    std::function<void()> on_open_, on_look_;
};

IngestReport import_from(Source& phone, Archive& archive)
{
    IngestOptions options;
    options.media = {.worker = MEDIA_WORKER};
    return ingest(phone, archive, options);
}

std::optional<bool> verdict(Source& phone, Archive& archive)
{
    AssessOptions options;
    options.media = {.worker = MEDIA_WORKER};
    return assess(phone, archive, options).safe_to_wipe;
}

std::size_t favorites(const Archive& archive)
{
    std::size_t count = 0;
    archive.for_each_phone_item([&](const PhoneItemRecord& one) {
        count += one.item.favorite;
        return true;
    });
    return count;
}

TEST(LibraryCopy, IsTakenAgainWhenTheLibraryChangesMeanwhile)
{
    const Roll roll{roll_options};
    roll.change("UPDATE ZASSET SET ZFAVORITE = 0");
    unsigned opened = 0;
    BusyPhone phone{roll, [&] {
                        if (++opened == 1) roll.change("UPDATE ZASSET SET ZFAVORITE = 1");
                    }};
    TempArchive archive;
    const IngestReport report = import_from(phone, archive);
    EXPECT_TRUE(report.library.read) << report.library.trouble;
    EXPECT_EQ(opened, 2u);
    EXPECT_EQ(favorites(*archive), roll.library().at("assets").size()) << "nothing of the first copy";
}

TEST(LibraryCopy, IsTakenAgainWhenALogHasAppearedMeanwhile)
{
    const Roll roll{roll_options};
    roll.change("UPDATE ZASSET SET ZFAVORITE = 0");
    ASSERT_FALSE(std::filesystem::exists(roll.database().native() + "-wal"));
    unsigned opened = 0;
    std::optional<Database> photos; // stays open, as Photos does: what it writes is in the log alone
    BusyPhone phone{roll, [&] { ++opened; },
                    [&] {
                        if (opened != 1 || photos) return; // it was copied, and is looked at once more
                        photos = Database::open(roll.database(), Database::Mode::write);
                        photos->run("PRAGMA trusted_schema=ON; UPDATE ZASSET SET ZFAVORITE = 1");
                    }};
    TempArchive archive;
    const IngestReport report = import_from(phone, archive);
    EXPECT_TRUE(photos && std::filesystem::exists(roll.database().native() + "-wal"));
    EXPECT_TRUE(report.library.read) << report.library.trouble;
    EXPECT_EQ(opened, 2u);
    EXPECT_EQ(favorites(*archive), roll.library().at("assets").size());
}

TEST(LibraryCopy, OfOneThatNeverStandsStillIsGivenUpAndTheImportGoesOn)
{
    const Roll roll{roll_options};
    int name = 0;
    BusyPhone phone{
        roll,
        [&] { roll.change("UPDATE ZGENERICALBUM SET ZTITLE = 'Title " + std::to_string(++name) + "'"); }};
    TempArchive archive;
    const IngestReport report = import_from(phone, archive);
    EXPECT_GT(report.stored, 0u);
    EXPECT_EQ(report.failed, 0u);
    EXPECT_FALSE(report.library.read);
    EXPECT_THAT(report.library.trouble, HasSubstr("changed each time"));
    EXPECT_EQ(verdict(phone, *archive), std::nullopt);
}

TEST(LibraryCopy, OfOneThatCannotBeReadIsGivenUpAndTheImportGoesOn)
{
    const Roll roll{roll_options};
    BusyPhone phone{roll, [&] { throw DeviceError{ErrorCode::unreadable, "The phone can't read it", "it"}; }};
    TempArchive archive;
    const IngestReport report = import_from(phone, archive);
    EXPECT_GT(report.stored, 0u);
    EXPECT_EQ(report.failed, 0u);
    EXPECT_FALSE(report.library.read);
    EXPECT_THAT(report.library.trouble, HasSubstr("can't read it"));
    EXPECT_EQ(verdict(phone, *archive), std::nullopt);
    // The next one reads it, and is whole.
    EXPECT_TRUE(import(roll, *archive).library.read);
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, true);
}

TEST(LargeLibrary, OfTwoGiBIsReadLikeAnyOther)
{
    const Roll roll{roll_options};
    roll.change("PRAGMA journal_mode=OFF; CREATE TABLE ZLARGE(Z_PK INTEGER PRIMARY KEY, ZDATA BLOB); "
                "INSERT INTO ZLARGE(ZDATA) VALUES(zeroblob(720000000)), (zeroblob(720000000)), "
                "(zeroblob(720000000)); PRAGMA journal_mode=WAL");
    ASSERT_GT(std::filesystem::file_size(roll.database()), std::uintmax_t{2} << 30);
    TempArchive archive;
    const IngestReport report = import(roll, *archive);
    EXPECT_TRUE(report.library.read) << report.library.trouble;
    EXPECT_THAT(report.library.trouble, IsEmpty());
    EXPECT_EQ(judge(roll, *archive).assessment.safe_to_wipe, true);
}

} // namespace

} // namespace photosafe::test
