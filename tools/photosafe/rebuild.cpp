// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/archive.hpp>
#include <photosafe/read_metadata.hpp>

#include "human.hpp"
#include "metadata_report.hpp"
#include "progress.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "dry-run", .letter = 'n', .help = "Read and report, and change nothing."},
};

constexpr Example examples[] = {
    {"photosafe rebuild -n", "Say what a new catalog would hold."},
    {"photosafe rebuild", "Make it; the old one is set aside."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,      ExitCode::failed,     ExitCode::usage, ExitCode::damage,
    ExitCode::refused, ExitCode::no_archive, ExitCode::busy,  ExitCode::interrupted,
};

Json facts_of(const RebuildReport& report, bool dry_run)
{
    Json facts{{"manifests", report.manifests},
               {"originals", report.originals},
               {"missing", report.missing},
               {"unrecorded", report.unrecorded},
               {"torn_lines", report.torn_lines}};
    if (!report.set_aside.empty()) facts["set_aside"] = json_name(report.set_aside.native());
    if (dry_run) facts["dry_run"] = true;
    return facts;
}

RebuildReport rebuild(const Run& run, bool dry_run)
{
    Progress progress{run.terminal, "Rebuilding"};
    RebuildOptions options{.dry_run = dry_run, .stop = run.stop};
    options.on_progress = [&](const RebuildProgress& at) { // in files of manifests
        progress.update({at.manifests_done, at.manifests_total, at.bytes_done, at.bytes_total, {}});
    };
    RebuildReport report = photosafe::rebuild(run.settings.archive(), options);
    progress.finish();
    return report;
}

ExitCode run_rebuild(const Run& run)
{
    const bool dry_run = run.settings.flag("dry-run");
    const RebuildReport report = rebuild(run, dry_run);
    for (const auto& note : report.notes) {
        Json told = object_of("notice");
        told["message"] = json_sentence(note);
        run.terminal.object(told);
        run.terminal.line(note);
    }
    run.terminal.lines(table_lines({
        {{"manifests read"}, {count_text(report.manifests), true}},
        {{dry_run ? "originals to record" : "originals recorded"}, {count_text(report.originals), true}},
        {{"missing on disk"}, {count_text(report.missing), true}},
        {{"told by no manifest"}, {count_text(report.unrecorded), true}},
        {{"torn lines"}, {count_text(report.torn_lines), true}},
    }));
    if (!report.set_aside.empty())
        run.terminal.line("The old catalog is kept as " + report.set_aside.string() + ".");
    Json facts = facts_of(report, dry_run);
    if (!dry_run) {
        Archive archive = Archive::open(run.settings.archive(), Access::write);
        const MetadataReport metadata = read_metadata(archive, run, false);
        run.terminal.lines(lines_of(metadata));
        facts["metadata"] = json_of(metadata);
    }
    run.terminal.summary("rebuild", facts);
    if (report.missing > 0) return ExitCode::damage;
    return run.stop.stop_requested() ? ExitCode::interrupted : ExitCode::ok;
}

} // namespace

const Command rebuild_command = {
    .name = "rebuild",
    .purpose = "make the catalog again from the originals and the manifests",
    .description =
        "The catalog is only an index. When it is damaged, lost, or made by a later version, this makes it "
        "again, every field, from the plain files beside it, and reads from the originals what they say of "
        "themselves. The old one is set aside, not deleted. Originals and manifests are only read.\n\n"
        "Interrupted while it reads the manifests, it leaves the old catalog in place; later, `photosafe "
        "metadata` reads what is left of the originals.\n\n"
        "Ends with status 5 when originals that a manifest tells of are not on the disk.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "verify status metadata",
    .run = run_rebuild,
};

} // namespace photosafe::cli
