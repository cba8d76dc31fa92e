// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/error.hpp>
#include <photosafe/fixity.hpp>

#include "human.hpp"
#include "parse_value.hpp"
#include "progress.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "subset",
     .kind = Kind::value,
     .metavar = "PART",
     .help = "Read only a part: 2.5%, 1/30, or 50G. Those not verified for longest come first."},
    {.name = "oldest-first", .help = "Read those not verified for longest first."},
    {.name = "threads",
     .kind = Kind::value,
     .metavar = "N",
     .fallback = "0",
     .help = "How many threads compute digests; 0: one a processor."},
    {.name = "dry-run", .letter = 'n', .help = "Read and report, and remember nothing of it."},
};

constexpr Example examples[] = {
    {"photosafe verify", "Read every original and compare it."},
    {"photosafe verify --subset 1/30", "Run daily, this has read everything once a month."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,         ExitCode::failed, ExitCode::usage,       ExitCode::damage,
    ExitCode::no_archive, ExitCode::busy,   ExitCode::interrupted,
};

/// To write, so that what is found is remembered; from a disk that can only be read, a look is worth it too.
Archive open_archive(const Run& run)
{
    const auto root = run.settings.archive();
    if (run.settings.flag("dry-run")) return Archive::open(root, Access::read);
    try {
        return Archive::open(root, Access::write);
    } catch (const ArchiveError& error) {
        if (error.code() != ErrorCode::read_only) throw;
    }
    run.terminal.note("The archive can't be written: what is found is not remembered.");
    return Archive::open(root, Access::read);
}

void show(const FixityFinding& finding, Terminal& terminal)
{
    const bool damage = finding.outcome != FixityOutcome::unrecorded;
    Json object = object_of("finding");
    object["severity"] = damage ? "problem" : "note";
    object["code"] = name(finding.outcome);
    object["subject"] = json_name(finding.path);
    object["message"] = json_sentence(finding.message);
    object["bytes"] = finding.bytes;
    terminal.object(object);
    terminal.line(finding.message);
}

FixityOptions read_options(const Run& run, Progress& progress)
{
    FixityOptions options;
    if (run.settings.given("subset")) options.subset = run.settings.parsed("subset", parse_subset);
    options.oldest_first = run.settings.flag("oldest-first");
    options.threads = run.settings.parsed("threads", parse_number);
    options.stop = run.stop;
    options.on_finding = [&run](const FixityFinding& finding) { show(finding, run.terminal); };
    options.on_progress = [&progress](const FixityProgress& at) {
        progress.update({at.items_done, at.items_total, at.bytes_done, at.bytes_total, at.current});
    };
    return options;
}

void conclude(const FixityReport& report, Terminal& terminal)
{
    terminal.lines(table_lines({
        count_row("checked", report.checked, bytes_text(report.bytes)),
        count_row("matched", report.matched),
        count_row("altered", report.altered),
        count_row("missing", report.missing),
        count_row("unreadable", report.unreadable),
    }));
    if (report.unrecorded > 0)
        terminal.line("  " + count_text(report.unrecorded, "file") +
                      " beside them that the catalog doesn't know.");
    terminal.summary("verify", {{"checked", report.checked},
                                {"matched", report.matched},
                                {"altered", report.altered},
                                {"missing", report.missing},
                                {"unreadable", report.unreadable},
                                {"unrecorded", report.unrecorded},
                                {"bytes", report.bytes},
                                {"complete", report.complete}});
}

ExitCode run_verify(const Run& run)
{
    Progress progress{run.terminal, "Verifying"};
    const FixityOptions options = read_options(run, progress);
    Archive archive = open_archive(run);
    const FixityReport report = check_fixity(archive, options);
    progress.finish();
    conclude(report, run.terminal);
    if (report.altered + report.missing + report.unreadable > 0) return ExitCode::damage;
    return report.complete ? ExitCode::ok : ExitCode::interrupted;
}

} // namespace

const Command verify_command = {
    .name = "verify",
    .purpose = "re-read stored originals and compare them with what was imported",
    .description =
        "Reads originals from the disk, past its cache, and compares both digests with those taken while "
        "they "
        "were imported. What it finds is remembered: status tells of damage, and of how long ago the oldest "
        "look is. No original is ever changed.\n\n"
        "A file can be altered (it holds other bytes), missing, or unreadable (the disk reports an error); "
        "each is named with the one thing to do, and the exit status is 5. A file that the catalog doesn't "
        "know is named too, and is no damage: the next import of the same content adopts it.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "status import rebuild",
    .run = run_verify,
};

} // namespace photosafe::cli
