// SPDX-License-Identifier: LGPL-2.1-or-later
// Sidecars as the archive has them: beside their originals, whole, once, and never taken for originals.
#include <photosafe/sidecars.hpp>

#include <map>

#include <gmock/gmock.h>

#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>

#include "archive/impl.hpp"
#include "archive/sidecar_mark.hpp"
#include "sidecars/beside.hpp"
#include "support/archive_facts.hpp"
#include "support/memory_source.hpp"
#include "support/temp_archive.hpp"

namespace photosafe::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class Sidecars : public testing::Test {
protected:
    void import(std::initializer_list<MemoryFile> files)
    {
        MemorySource source{files};
        told.clear();
        IngestOptions options;
        options.metadata = false; // the facts of these tests are given, not read
        options.on_file = [this](const IngestedFile& file) { told[file.file.path] = file; };
        (void)ingest(source, archive, options);
    }
    Asset asset(const std::string& name) { return archive.asset(name); }
    void say(const std::string& name, const Metadata& metadata)
    {
        archive->impl().catalog.metadata().put(asset(name).id, metadata, "test 1");
    }
    fs::path sidecar(const std::string& name) { return archive.root() / (asset(name).path + ".xmp"); }
    static void write(const fs::path& path, std::string_view text)
    {
        std::ofstream{path, std::ios::binary} << text;
    }
    SidecarOptions options()
    {
        items.clear();
        SidecarOptions result;
        result.media = {.worker = MEDIA_WORKER};
        result.on_item = [this](const SidecarItem& item) { items[item.asset.name] = item; };
        return result;
    }
    SidecarReport run()
    {
        const SidecarReport report = write_sidecars(archive, options());
        EXPECT_EQ(report.originals, report.written + report.unchanged + report.nothing_to_say +
                                        report.unread + report.held + report.failed);
        return report;
    }

    TempArchive archive;
    std::map<std::string, SidecarItem> items; ///< told in the last run
    std::map<std::string, IngestedFile> told; ///< in the last import
};

Metadata rated(int stars)
{
    Metadata m;
    m.kind = MediaKind::photo;
    m.rating = stars;
    return m;
}

TEST_F(Sidecars, LieBesideTheirOriginalsAndAreWrittenOnce)
{
    import({{"DCIM/IMG_1.HEIC", "one"}, {"DCIM/IMG_2.JPG", "two"}, {"DCIM/IMG_3.JPG", "three"}, {
                "DCIM/IMG_1.AAE",
                "recipe"
            }});
    say("IMG_1.HEIC", rated(4));
    say("IMG_2.JPG", {});

    const SidecarReport first = run();
    EXPECT_EQ(first.originals, 3u);
    EXPECT_EQ(first.written, 1u);
    EXPECT_EQ(first.nothing_to_say, 1u);
    EXPECT_EQ(first.unread, 1u);
    EXPECT_THAT(content_of(sidecar("IMG_1.HEIC")), HasSubstr("xmp:Rating=\"4\""));
    EXPECT_FALSE(fs::exists(sidecar("IMG_2.JPG")));
    EXPECT_THAT(files_below(archive.root() / ".photosafe/incoming"), IsEmpty());

    const auto written = fs::last_write_time(sidecar("IMG_1.HEIC"));
    EXPECT_EQ(run().unchanged, 1u);
    EXPECT_EQ(fs::last_write_time(sidecar("IMG_1.HEIC")), written);
    say("IMG_1.HEIC", rated(5));
    EXPECT_EQ(run().written, 1u);
    EXPECT_THAT(content_of(sidecar("IMG_1.HEIC")), HasSubstr("xmp:Rating=\"5\""));
    say("IMG_1.HEIC", {});
    EXPECT_EQ(run().written, 1u) << "nothing is left to say, which has to be said";
    EXPECT_EQ(run().nothing_to_say, 2u);
}

TEST_F(Sidecars, APlanTellsTheSameAndWritesNothing)
{
    import({{ "DCIM/IMG_1.HEIC", "one" }});
    say("IMG_1.HEIC", rated(4));
    const auto before = files_below(archive.root() / "originals");
    EXPECT_EQ(plan_sidecars(archive, options()).written, 1u);
    EXPECT_EQ(items.at("IMG_1.HEIC").outcome, SidecarOutcome::written);
    EXPECT_EQ(files_below(archive.root() / "originals"), before);
    run();
    EXPECT_EQ(plan_sidecars(archive, options()).written, 0u);
}

TEST_F(Sidecars, OnlyThoseAskedFor)
{
    import({{"DCIM/IMG_1.HEIC", "one"}, { "DCIM/IMG_2.JPG", "two" }});
    say("IMG_1.HEIC", rated(4));
    say("IMG_2.JPG", rated(4));
    SidecarOptions some = options();
    some.assets = {{asset("IMG_2.JPG").id, 999}};
    EXPECT_EQ(write_sidecars(archive, some).originals, 1u);
    EXPECT_FALSE(fs::exists(sidecar("IMG_1.HEIC")));
    EXPECT_TRUE(fs::exists(sidecar("IMG_2.JPG")));
}

TEST_F(Sidecars, WhatAnotherProgramWroteIsKept)
{
    import({{ "DCIM/IMG_1.HEIC", "one" }});
    say("IMG_1.HEIC", rated(4));
    write(sidecar("IMG_1.HEIC"), "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                                 "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                                 "<rdf:Description rdf:about=\"\" "
                                 "xmlns:darktable=\"http://darktable.sf.net/\" darktable:history_end=\"7\"/>"
                                 "</rdf:RDF></x:xmpmeta>");
    EXPECT_EQ(run().written, 1u);
    EXPECT_THAT(content_of(sidecar("IMG_1.HEIC")), HasSubstr("history_end=\"7\""));
    EXPECT_THAT(content_of(sidecar("IMG_1.HEIC")), HasSubstr("xmp:Rating=\"4\""));
    EXPECT_EQ(run().unchanged, 1u);
}

TEST_F(Sidecars, WhatCantBeReadStaysAndCostsItselfOnly)
{
    import({{"DCIM/IMG_1.HEIC", "one"}, {"DCIM/IMG_2.JPG", "two"}, {"DCIM/IMG_3.JPG", "three"}, {
                "DCIM/IMG_4.JPG",
                "four"
            }});
    for (const char* name : {"IMG_1.HEIC", "IMG_2.JPG", "IMG_3.JPG", "IMG_4.JPG"}) say(name, rated(4));
    write(sidecar("IMG_1.HEIC"), "my notes");
    fs::create_directory(sidecar("IMG_2.JPG"));
    fs::create_symlink("/etc/passwd", sidecar("IMG_3.JPG"));
    const SidecarReport report = run();
    EXPECT_EQ(report.failed, 3u);
    EXPECT_EQ(report.written, 1u);
    EXPECT_EQ(content_of(sidecar("IMG_1.HEIC")), "my notes");
    EXPECT_TRUE(fs::is_symlink(sidecar("IMG_3.JPG")));
    EXPECT_EQ(items.at("IMG_1.HEIC").code, "unreadable");
    EXPECT_THAT(items.at("IMG_1.HEIC").reason, HasSubstr("stays as it is"));
    EXPECT_EQ(items.at("IMG_2.JPG").code, "unsafe");
}

TEST_F(Sidecars, WhatAnotherProgramWritesMeanwhileStays)
{
    const TempFolder folder;
    fs::create_directories(folder / ".photosafe/incoming");
    const Folder root = Folder::open(folder / "");
    const auto code_of = [](const SidecarBeside& beside) {
        try {
            beside.replace("ours");
        } catch (const ArchiveError& error) {
            return error.code();
        }
        return ErrorCode::io;
    };
    const SidecarBeside none{root, "a.xmp"};
    write(folder / "a.xmp", "theirs");
    EXPECT_EQ(code_of(none), ErrorCode::busy);
    EXPECT_EQ(content_of(folder / "a.xmp"), "theirs");

    const SidecarBeside old{root, "a.xmp"};
    write(folder / "a.xmp", "newer");
    EXPECT_EQ(code_of(old), ErrorCode::busy);
    fs::remove(folder / "a.xmp");
    EXPECT_EQ(code_of(old), ErrorCode::busy) << "somebody took it away";
    EXPECT_FALSE(fs::exists(folder / "a.xmp"));
    EXPECT_THAT(files_below(folder / ".photosafe/incoming"), IsEmpty());

    write(folder / "a.xmp", "newest");
    SidecarBeside{root, "a.xmp"}.replace("ours");
    EXPECT_EQ(content_of(folder / "a.xmp"), "ours");
}

TEST_F(Sidecars, ALargeOneIsNotRead)
{
    import({{ "DCIM/IMG_1.HEIC", "one" }});
    say("IMG_1.HEIC", rated(4));
    write(sidecar("IMG_1.HEIC"), "");
    fs::resize_file(sidecar("IMG_1.HEIC"), (16u << 20) + 1);
    EXPECT_EQ(run().failed, 1u);
    EXPECT_EQ(fs::file_size(sidecar("IMG_1.HEIC")), (16u << 20) + 1);
}

TEST_F(Sidecars, AnImportedSidecarIsAnOriginal)
{
    const std::string theirs = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>";
    import({{"DCIM/IMG_1.HEIC", "one"}, { "DCIM/IMG_1.HEIC.xmp", theirs }});
    say("IMG_1.HEIC", rated(4));
    const Asset original = asset("IMG_1.HEIC.xmp");
    ASSERT_EQ(archive.root() / original.path, sidecar("IMG_1.HEIC"));
    EXPECT_EQ(run().held, 1u);
    EXPECT_EQ(content_of(archive.root() / original.path), theirs);
    EXPECT_EQ(check_fixity(archive).matched, 2u);
}

TEST_F(Sidecars, DontDisturbWhatIsCheckedAndRebuilt)
{
    import({{ "DCIM/IMG_1.HEIC", "one" }});
    say("IMG_1.HEIC", rated(4));
    run();
    write(archive.root() / "originals/stray.xmp", "stray");
    FixityReport report = check_fixity(archive);
    EXPECT_EQ(report.matched, 1u);
    EXPECT_EQ(report.unrecorded, 1u) << "the stray one, which is of no original";
    EXPECT_EQ(archive->summary().originals, 1u);
    EXPECT_EQ(check_sums(archive.root()).first, 0);
    archive.close();
    const RebuildReport rebuilt = rebuild(archive.root());
    EXPECT_EQ(rebuilt.originals, 1u);
    EXPECT_EQ(rebuilt.unrecorded, 1u);
    archive.reopen();
}

TEST_F(Sidecars, AreNeverImportedAsOriginals)
{
    import({{ "DCIM/IMG_1.HEIC", "one" }});
    say("IMG_1.HEIC", rated(4));
    run();
    const std::string ours = content_of(sidecar("IMG_1.HEIC"));
    const auto before = files_below(archive.root() / "originals");

    import({{"DCIM/IMG_1.HEIC", "one"}, { "DCIM/IMG_1.HEIC.xmp", ours }});
    EXPECT_EQ(told.at("DCIM/IMG_1.HEIC.xmp").outcome, Outcome::excluded);
    EXPECT_THAT(told.at("DCIM/IMG_1.HEIC.xmp").reason, HasSubstr("sidecar"));
    EXPECT_EQ(files_below(archive.root() / "originals"), before);

    // Once somebody has worked on it, it is a file like any other, and ours is not in its way.
    std::string theirs = ours;
    theirs.replace(theirs.find("Rating=\"4\""), 10, "Rating=\"1\"");
    import({{ "DCIM/IMG_1.HEIC.xmp", theirs }});
    EXPECT_EQ(told.at("DCIM/IMG_1.HEIC.xmp").outcome, Outcome::stored);
    EXPECT_EQ(content_of(sidecar("IMG_1.HEIC")), ours);
}

TEST_F(Sidecars, OfAMissingOriginalAreNotWritten)
{
    import({{ "DCIM/IMG_1.HEIC", "one" }});
    say("IMG_1.HEIC", rated(4));
    fs::remove(archive.root() / asset("IMG_1.HEIC").path);
    (void)check_fixity(archive);
    EXPECT_EQ(run().failed, 1u);
    EXPECT_THAT(items.at("IMG_1.HEIC").reason, HasSubstr("missing"));
}

TEST_F(Sidecars, StopsWhenAsked)
{
    import({{"DCIM/IMG_1.HEIC", "one"}, { "DCIM/IMG_2.JPG", "two" }});
    say("IMG_1.HEIC", rated(4));
    say("IMG_2.JPG", rated(4));
    std::stop_source stop;
    SidecarOptions stopped = options();
    stopped.stop = stop.get_token();
    stopped.on_progress = [&](const SidecarProgress&) { stop.request_stop(); };
    const SidecarReport report = write_sidecars(archive, stopped);
    EXPECT_FALSE(report.complete);
    EXPECT_EQ(report.written, 0u);
    EXPECT_EQ(run().written, 2u);
}

TEST_F(Sidecars, NeedTheRightToWrite)
{
    archive.reopen(Access::read);
    EXPECT_THROW((void)write_sidecars(archive, options()), ArchiveError);
}

} // namespace
} // namespace photosafe::test
