// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/archive.hpp>

#include "human.hpp"
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

ExitCode run_rebuild(const Run& run)
{
    const bool dry_run = run.settings.flag("dry-run");
    const RebuildReport report = rebuild(run.settings.archive(), dry_run);
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
    run.terminal.summary("rebuild", facts_of(report, dry_run));
    return report.missing == 0 ? ExitCode::ok : ExitCode::damage;
}

} // namespace

const Command rebuild_command = {
    .name = "rebuild",
    .purpose = "make the catalog again from the originals and the manifests",
    .description =
        "The catalog is only an index. When it is damaged, lost, or made by a later version, this makes it "
        "again, every field, from the plain files beside it. The old one is set aside, not deleted. "
        "Originals "
        "and manifests are only read.\n\n"
        "Ends with status 5 when originals that a manifest tells of are not on the disk.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "verify status",
    .run = run_rebuild,
};

} // namespace photosafe::cli
