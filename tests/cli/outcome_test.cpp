// SPDX-License-Identifier: LGPL-2.1-or-later
// From what the library says to what a person or a script gets: exit codes, JSON, tables, findings.
#include <gmock/gmock.h>

#include <photosafe/error.hpp>
#include <photosafe/ingest.hpp>

#include "cli.hpp"
#include "findings.hpp"
#include "import_report.hpp"
#include "json.hpp"

namespace photosafe::cli {
namespace {

using ::testing::ElementsAre;

TEST(ExitStatus, FollowsTheError)
{
    EXPECT_EQ(exit_code(DeviceError(ErrorCode::device_absent, "")), ExitCode::no_phone);
    EXPECT_EQ(exit_code(DeviceError(ErrorCode::not_trusted, "")), ExitCode::no_phone);
    EXPECT_EQ(exit_code(DeviceError(ErrorCode::timeout, "")), ExitCode::no_phone);
    EXPECT_EQ(exit_code(DeviceError(ErrorCode::cancelled, "")), ExitCode::interrupted);
    EXPECT_EQ(exit_code(ArchiveError(ErrorCode::not_found, "")), ExitCode::no_archive);
    EXPECT_EQ(exit_code(ArchiveError(ErrorCode::busy, "")), ExitCode::busy);
    EXPECT_EQ(exit_code(ArchiveError(ErrorCode::unsafe, "")), ExitCode::refused);
    EXPECT_EQ(exit_code(ArchiveError(ErrorCode::damaged, "")), ExitCode::damage);
    EXPECT_EQ(exit_code(ArchiveError(ErrorCode::invalid, "")), ExitCode::usage);
    EXPECT_EQ(exit_code(ArchiveError(ErrorCode::no_space, "")), ExitCode::failed);
    EXPECT_EQ(exit_code(ArchiveError(ErrorCode::newer_version, "")), ExitCode::failed);
    EXPECT_EQ(exit_code(FixityError(ErrorCode::mismatch, "")), ExitCode::damage);
}

TEST(ExitStatus, OfAnInterruptedImportFollowsItsCause)
{
    const auto cut = [](const Error& cause) { return exit_code(IngestInterrupted(cause, {})); };
    EXPECT_EQ(cut(DeviceError(ErrorCode::device_gone, "")), ExitCode::no_phone);
    EXPECT_EQ(cut(DeviceError(ErrorCode::cancelled, "")), ExitCode::interrupted);
    EXPECT_EQ(cut(ArchiveError(ErrorCode::cancelled, "")), ExitCode::interrupted);
    EXPECT_EQ(cut(ArchiveError(ErrorCode::no_space, "")), ExitCode::failed);
}

TEST(JsonName, KeepsTextAndSpellsOutOtherBytes)
{
    EXPECT_EQ(json_name("é\n"), Json("é\n"));
    EXPECT_EQ(json_name("a\xff").dump(), R"({"bytes_hex":"61ff"})");
}

TEST(JsonObjects, HaveTypeAndSchemaFirst)
{
    IngestedFile file;
    file.file.path = "DCIM/100APPLE/IMG_0001.HEIC";
    file.file.bytes = 5;
    file.outcome = Outcome::known;
    file.asset_path = "originals/x.heic";
    EXPECT_EQ(json_of(file, "device:1").dump(),
              R"({"type":"file","schema":1,"source":"device:1","path":"DCIM/100APPLE/IMG_0001.HEIC",)"
              R"("outcome":"known","asset":"originals/x.heic","bytes":5})");
}

TEST(JsonObjects, OfAnErrorHaveCodeMessageAndSubject)
{
    EXPECT_EQ(json_of(ArchiveError(ErrorCode::not_found, "None \x1b there", "/x\xff")).dump(),
              R"({"type":"error","schema":1,"code":"not_found","message":"None \\x1b there",)"
              R"("subject":{"bytes_hex":"2f78ff"}})");
}

TEST(ImportTable, ClosesItsSums)
{
    const ImportTally tally{1204, 311, 880, 3, 10, 4'200'000'000, 0};
    EXPECT_THAT(tally.lines(false), ElementsAre("  seen      1,204", //
                                                "  new         311  4.2 GB, copied and proven",
                                                "  known       880  in the archive already", //
                                                "  failed        3",                         //
                                                "  excluded     10"));
}

TEST(Reasons, AreGroupedAndNamesAreFew)
{
    Reasons reasons{3};
    for (int i = 0; i < 4; ++i) reasons.add("it was locked", "a" + std::to_string(i));
    reasons.add("it is gone", "b");
    EXPECT_THAT(reasons.lines("failed", "; look there."),
                ElementsAre("5 failed:", "  1  it is gone", "  4  it was locked", "      a0", "      a1",
                            "      a2", "  and 2 more; look there."));
    EXPECT_THAT(reasons.lines("failed"), ElementsAre("5 failed:", "  1  it is gone", "  4  it was locked"));
    EXPECT_TRUE(Reasons{3}.lines("failed", "").empty());
}

TEST(Reasons, OfAnyNumberTakeLittleMemory)
{
    Reasons reasons{20};
    for (int i = 0; i < 10'000; ++i) reasons.add("reason " + std::to_string(i), "x");
    EXPECT_LE(reasons.lines("failed", "").size(), 75u);
}

ArchiveSummary well()
{
    ArchiveSummary summary;
    summary.originals = 10;
    summary.oldest_verified = Instant{std::chrono::days{1000}};
    summary.last_import.emplace().finished = Instant{std::chrono::days{1000}};
    return summary;
}
const Instant now{std::chrono::days{1001}};

std::vector<std::string> codes(const ArchiveSummary& summary, const std::vector<std::string>& warnings = {})
{
    std::vector<std::string> found;
    for (const auto& finding : findings_of(summary, warnings, "/photos", now)) {
        found.push_back(finding.code);
        EXPECT_FALSE(finding.message.empty());
        EXPECT_EQ(finding.next.empty(), finding.code == "archive") << "each finding has a next step";
    }
    return found;
}

TEST(Findings, AreNoneWhenAllIsWell) { EXPECT_THAT(codes(well()), ElementsAre()); }

TEST(Findings, NameEachThingThatIsWrongTheGravestFirst)
{
    ArchiveSummary summary = well();
    summary.damaged = 1;
    summary.missing = 2;
    summary.failures = 3;
    summary.unfinished = 1;
    summary.last_import->finished.reset();
    summary.oldest_verified = Instant{std::chrono::days{900}};
    EXPECT_THAT(
        codes(summary, {"It is on a network share."}),
        ElementsAre("damaged", "missing", "archive", "failed", "unfinished", "cut_off", "verify_due"));
}

TEST(Findings, TellOfAnImportThatEndedEarly)
{
    ArchiveSummary summary = well();
    summary.last_import->failed = 77; // not reached, so no item of it failed
    EXPECT_THAT(codes(summary), ElementsAre("incomplete"));
}

TEST(Findings, OfAnEmptyArchiveSayHowToBegin)
{
    EXPECT_THAT(codes(ArchiveSummary{}), ElementsAre("never_imported"));
}

} // namespace
} // namespace photosafe::cli
