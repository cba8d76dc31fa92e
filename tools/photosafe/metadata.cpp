// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/archive.hpp>
#include <photosafe/read_metadata.hpp>

#include "human.hpp"
#include "metadata_report.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "again", .help = "Read every original, also those that were read before."},
    {.name = "dry-run", .letter = 'n', .help = "Say how many would be read, and change nothing."},
};

constexpr Example examples[] = {
    {"photosafe metadata", "Read what an import could not, and what failed with older libraries."},
    {"photosafe metadata --again", "Read everything anew, after an update that understands more."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,         ExitCode::failed, ExitCode::usage,       ExitCode::incomplete,
    ExitCode::no_archive, ExitCode::busy,   ExitCode::interrupted,
};

ExitCode plan(const Run& run, bool again)
{
    const Archive archive = Archive::open(run.settings.archive(), Access::read);
    const ReadMetadataPlan plan = plan_read_metadata(archive, {.again = again});
    run.terminal.lines(table_lines({
        {{"not read yet"}, {count_text(plan.pending), true}},
        {{"failed, tried when the libraries change"}, {count_text(plan.failed), true}},
        {{"to be read again"}, {count_text(plan.again), true}},
    }));
    run.terminal.summary(
        "metadata",
        {{"pending", plan.pending}, {"failed", plan.failed}, {"again", plan.again}, {"dry_run", true}});
    return ExitCode::ok;
}

ExitCode run_metadata(const Run& run)
{
    const bool again = run.settings.flag("again");
    if (run.settings.flag("dry-run")) return plan(run, again);
    Archive archive = Archive::open(run.settings.archive(), Access::write);
    const MetadataReport report = read_metadata(archive, run, again);
    run.terminal.lines(table_lines({
        {{"read"}, {count_text(report.read), true}},
        {{"failed"}, {count_text(report.failed), true}},
        {{"filed under another shot or time"}, {count_text(report.regrouped), true}},
        {{"not read yet"}, {count_text(report.pending), true}},
    }));
    run.terminal.lines(lines_of(report));
    run.terminal.summary("metadata", json_of(report));
    if (run.stop.stop_requested()) return ExitCode::interrupted;
    if (!report.trouble.empty()) return ExitCode::failed;
    return report.failed + report.pending == 0 ? ExitCode::ok : ExitCode::incomplete;
}

} // namespace

const Command metadata_command = {
    .name = "metadata",
    .purpose = "read from the stored originals what they say of themselves",
    .description =
        "Imports read when, where and by what each picture was taken, and which files are one shot. This "
        "does the same for what they had to leave: because the program that reads pictures was not there, "
        "was interrupted, or could not read a file that a newer one can.\n\n"
        "A file that can't be read is an original all the same, and keeps what it said before, if anything. "
        "It is tried again only when the libraries that read it have changed, or with --again.\n\n"
        "No file is moved or changed. What is found to belong to another shot, or to another time, is noted "
        "in the catalog and in a manifest.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "import rebuild status doctor",
    .run = run_metadata,
};

} // namespace photosafe::cli
