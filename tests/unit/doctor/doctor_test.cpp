// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/doctor.hpp>

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "core/time.hpp"
#include "doctor/checks.hpp"
#include "support/temp_archive.hpp"

namespace photosafe {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;

const Finding* finding(const std::vector<Finding>& findings, std::string_view code)
{
    const auto found =
        std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.code == code; });
    return found == findings.end() ? nullptr : &*found;
}

DeviceInfo phone(DeviceState state, std::string version = "18.1")
{
    DeviceInfo info;
    info.udid = "00008130-000A1B2C3D4E5F60";
    info.name = "Anna's iPhone";
    info.model = "iPhone16,1";
    info.version = std::move(version);
    info.connection = "usb";
    info.state = state;
    return info;
}

/// Without the two files that SQLite keeps beside a database for its readers.
std::set<std::string> files_below(const std::filesystem::path& root)
{
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
        if (!entry.path().filename().string().starts_with("catalog.sqlite-")) files.insert(entry.path());
    }
    return files;
}

TEST(Doctor, SaysThatUsbmuxdIsMissing)
{
    const auto findings = diagnose({});
    const Finding* usbmuxd = finding(findings, "usbmuxd");
    ASSERT_NE(usbmuxd, nullptr);
    EXPECT_EQ(usbmuxd->severity, Severity::problem);
    EXPECT_THAT(usbmuxd->next, HasSubstr("usbmuxd"));
}

TEST(Doctor, AsksForAnArchiveWhereNoneWasNamed)
{
    const auto findings = diagnose({});
    ASSERT_NE(finding(findings, "archive"), nullptr);
    EXPECT_THAT(finding(findings, "archive")->next, HasSubstr("init"));
}

TEST(Doctor, FindsAGoodArchiveGoodAndLeavesItAsItIs)
{
    test::TempArchive archive;
    archive.close();
    const auto before = files_below(archive.root());

    const auto findings = diagnose(archive.root());

    ASSERT_NE(finding(findings, "archive"), nullptr);
    EXPECT_EQ(finding(findings, "archive")->severity, Severity::ok) << finding(findings, "archive")->message;
    EXPECT_NE(finding(findings, "file_system"), nullptr);
    EXPECT_NE(finding(findings, "free_space"), nullptr);
    EXPECT_EQ(finding(findings, "clock")->severity, Severity::ok);
    EXPECT_EQ(files_below(archive.root()), before);
}

TEST(Doctor, SaysThatAnArchiveIsNotThere)
{
    const test::TempFolder folder;
    const auto findings = diagnose(folder / "nowhere");
    ASSERT_NE(finding(findings, "archive"), nullptr);
    EXPECT_EQ(finding(findings, "archive")->severity, Severity::problem);
    EXPECT_THAT(finding(findings, "archive")->next, Not(IsEmpty()));
}

TEST(Doctor, SaysThatNothingCanReadPictures)
{
    const test::TempFolder folder;
    const auto findings = diagnose({}, {}, {.worker = folder / "gone"});
    ASSERT_NE(finding(findings, "media"), nullptr);
    EXPECT_EQ(finding(findings, "media")->severity, Severity::problem);
    EXPECT_THAT(finding(findings, "media")->message, HasSubstr((folder / "gone").string()));
    EXPECT_THAT(finding(findings, "media")->next, HasSubstr("Install"));
}

TEST(Doctor, SaysThatPicturesAreReadInAJail)
{
    const auto findings = diagnose({}, {}, {.worker = MEDIA_WORKER});
    ASSERT_NE(finding(findings, "media"), nullptr);
    EXPECT_LT(finding(findings, "media")->severity, Severity::problem) << finding(findings, "media")->message;
}

WorkerFacts worker()
{
    return {.versions = "photosafe 0.1.0",
            .libheif = "1.19.7",
            .hevc_decoders = {"libavcodec", "libde265"},
            .jail = {{"limits", true, {}}, {"landlock", true, {}}, {"seccomp", true, {}}}};
}

TEST(DoctorChecks, NameEachMissingPartOfTheJail)
{
    EXPECT_THAT(doctor::about_media(worker()), Each(Field(&Finding::severity, Severity::ok)));
    WorkerFacts open = worker();
    open.jail[1] = {"landlock", false, "This kernel has no Landlock."};
    open.jail[2] = {"seccomp", false, "It is switched off."};

    const auto findings = doctor::about_media(open);

    ASSERT_EQ(findings.size(), 4u);
    for (std::size_t i : {0u, 1u}) {
        EXPECT_EQ(findings[i].severity, Severity::warning);
        EXPECT_EQ(findings[i].subject, open.jail[i + 1].name);
        EXPECT_THAT(findings[i].message, HasSubstr(open.jail[i + 1].reason));
        EXPECT_THAT(findings[i].next, Not(IsEmpty()));
    }
    EXPECT_THAT(findings, Not(Contains(Field(&Finding::message, "Pictures are read in a jail."))));
}

TEST(DoctorChecks, SayWhichPicturesTheDecodersRefuse)
{
    const auto about = [](const char* libheif, std::vector<std::string> decoders) {
        WorkerFacts facts = worker();
        facts.libheif = libheif;
        facts.hevc_decoders = std::move(decoders);
        return doctor::about_media(facts);
    };
    for (const char* old : {"1.15.1", "1.17.6", "0.9", ""}) {
        const Finding finding = about(old, {"libde265"})[1];
        EXPECT_EQ(finding.severity, Severity::warning) << old;
        EXPECT_THAT(finding.message, HasSubstr("iOS 18"));
        EXPECT_THAT(finding.next, HasSubstr("1.18"));
    }
    for (const char* good : {"1.18.0", "1.20", "2.0.1"})
        EXPECT_EQ(about(good, {"libavcodec"})[1].severity, Severity::ok) << good;
    EXPECT_EQ(about("1.19.7", {})[2].severity, Severity::warning);
    EXPECT_EQ(about("1.19.7", {"libde265"})[2].severity, Severity::note);
    EXPECT_THAT(about("1.19.7", {"libavcodec", "libde265"})[2].message,
                HasSubstr("libavcodec, else by libde265"));
}

TEST(DoctorChecks, GiveEveryStateOfAPhoneItsNextStep)
{
    for (const DeviceState state :
         {DeviceState::locked, DeviceState::trust_needed, DeviceState::trust_pending, DeviceState::refused,
          DeviceState::unreachable}) {
        const auto findings = doctor::about_phone(phone(state));
        ASSERT_EQ(findings.size(), 1u);
        EXPECT_GE(findings[0].severity, Severity::warning) << name(state);
        EXPECT_THAT(findings[0].next, Not(IsEmpty())) << name(state);
        EXPECT_THAT(findings[0].message, HasSubstr("Anna's iPhone (iPhone16,1, iOS 18.1)"));
    }
    const auto ready = doctor::about_phone(phone(DeviceState::ready));
    EXPECT_EQ(ready[0].severity, Severity::ok);
    EXPECT_THAT(ready[0].next, IsEmpty());
}

TEST(DoctorChecks, ShowNoControlCharacterOfAPhone)
{
    DeviceInfo info = phone(DeviceState::ready, "\x1b[2J");
    info.name = "\x1b]0;x\x07";
    info.model = "\n";
    EXPECT_THAT(doctor::about_phone(info)[0].message, Not(HasSubstr("\x1b")));
    EXPECT_THAT(doctor::about_phone(info)[0].message, Not(HasSubstr("\n")));
}

TEST(DoctorChecks, NoteANetworkPhone)
{
    DeviceInfo info = phone(DeviceState::ready);
    info.connection = "network";
    const auto findings = doctor::about_phone(info);
    ASSERT_EQ(findings.size(), 2u);
    EXPECT_EQ(findings[1].severity, Severity::note);
    EXPECT_THAT(findings[1].next, HasSubstr("cable"));
}

TEST(DoctorChecks, WarnOfAnOldLibraryOnlyWhereItMatters)
{
    using doctor::about_library;
    EXPECT_EQ(about_library("1.4.0", {phone(DeviceState::trust_needed, "26.1")}).severity, Severity::ok);
    EXPECT_EQ(about_library("", {}).severity, Severity::ok);
    EXPECT_EQ(about_library("", {phone(DeviceState::trust_needed)}).severity, Severity::ok);
    EXPECT_EQ(about_library("", {phone(DeviceState::ready, "26.1")}).severity, Severity::ok);
    for (const char* version : {"26", "26.3.1", "27.0", ""}) {
        const Finding old = about_library("", {phone(DeviceState::trust_needed, version)});
        EXPECT_EQ(old.severity, Severity::warning) << version;
        EXPECT_THAT(old.message, HasSubstr("may"));
        EXPECT_THAT(old.next, HasSubstr("1.4.0"));
    }
}

TEST(DoctorChecks, WarnOfDisksThatCanNotKeepAnArchive)
{
    using doctor::about_file_system;
    EXPECT_EQ(about_file_system("/a", {.type = "ext4"}).severity, Severity::ok);
    EXPECT_EQ(about_file_system("/a", {.type = "nfs", .shared = true}).severity, Severity::warning);
    EXPECT_EQ(about_file_system("/a", {.type = "fuse", .shared = true}).severity, Severity::warning);
    EXPECT_EQ(about_file_system("/a", {.type = "fat"}).severity, Severity::warning);
    EXPECT_EQ(about_file_system("/a", {.type = "tmpfs"}).severity, Severity::problem);
}

TEST(DoctorChecks, CompareTheRoomWithWhatThePhoneHolds)
{
    DeviceInfo full = phone(DeviceState::ready);
    full.total_bytes = 128'000'000'000;
    full.free_bytes = 8'000'000'000;
    const auto with = [&](std::uint64_t free) {
        return doctor::about_free_space("/a", {.type = "ext4", .free_bytes = free}, {full});
    };
    EXPECT_EQ(with(500'000'000).severity, Severity::warning);
    EXPECT_EQ(with(100'000'000'000).severity, Severity::note);
    EXPECT_THAT(with(100'000'000'000).message, HasSubstr("120.0 GB"));
    EXPECT_EQ(with(121'000'000'000).severity, Severity::ok);
    full.free_bytes = 200'000'000'000; // a phone that makes no sense
    EXPECT_EQ(with(100'000'000'000).severity, Severity::ok);
}

TEST(DoctorChecks, DoubtASyncThatIsTooFastOrTooSlow)
{
    const FileSystem disk{.type = "ext4"};
    EXPECT_EQ(doctor::about_sync("/a", disk, 2us).severity, Severity::note);
    EXPECT_EQ(doctor::about_sync("/a", disk, 5ms).severity, Severity::ok);
    EXPECT_EQ(doctor::about_sync("/a", disk, 2s).severity, Severity::warning);
}

TEST(DoctorChecks, DoubtAClockThatCanNotBeRight)
{
    const auto at = [](const char* time) { return *from_rfc3339(time); };
    const auto clock = [&](const char* now, std::optional<Instant> newest) {
        return doctor::about_clock(at(now), 2025, newest).severity;
    };
    EXPECT_EQ(clock("1970-01-01T00:00:01Z", {}), Severity::warning);
    EXPECT_EQ(clock("2025-01-01T00:00:00Z", {}), Severity::ok);
    EXPECT_EQ(clock("2026-01-01T00:00:00Z", at("2026-01-02T00:00:00Z")), Severity::warning);
    EXPECT_EQ(clock("2026-01-01T00:00:00Z", at("2026-01-01T00:30:00Z")), Severity::ok);
    EXPECT_EQ(clock("2026-01-01T00:00:00Z", at("2025-12-31T00:00:00Z")), Severity::ok);
    EXPECT_EQ(clock("2040-01-01T00:00:00Z", at("2026-01-02T00:00:00Z")), Severity::warning);
}

} // namespace
} // namespace photosafe
