// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <chrono>

#include <photosafe/archive.hpp>

#include "assess.hpp"
#include "findings.hpp"
#include "human.hpp"
#include "import_report.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "device",
     .help = "Compare with the phone that is plugged in, and say whether everything on it is safe."},
    {.name = "full", .help = "With --device: read every stored original again before saying yes."},
    {.name = "report",
     .kind = Kind::value,
     .metavar = "FILE",
     .help = "With --device: also write the list of all items to FILE.csv or FILE.html."},
    {.name = "from",
     .kind = Kind::value,
     .metavar = "SOURCE",
     .help = "With --device: which phone, device:UDID; or a folder, a card or a copy of a phone's files. "
             "Default: the "
             "phone that is plugged in."},
    {.name = "wait",
     .kind = Kind::toggle,
     .metavar = "yes|no",
     .fallback = "auto",
     .help = "Wait until the phone is unlocked and trusts this computer; auto: when a person is at the "
             "terminal."},
    {.name = "deadline",
     .kind = Kind::value,
     .metavar = "TIME",
     .fallback = "30s",
     .help = "How long a phone may be silent before the connection counts as lost."},
};

constexpr Example examples[] = {
    {"photosafe status", "What is safe, what is not, and what to do next."},
    {"photosafe status --device", "Is it safe to wipe this phone? If not, what is missing, and why."},
    {"photosafe status --device --full --report phone.html",
     "The same after reading all originals again, with a list to keep."},
    {"photosafe status -q || mail -s 'Photos need a look' anna", "Speak up only when damage is known."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,     ExitCode::failed,           ExitCode::usage,      ExitCode::no_phone,
    ExitCode::damage, ExitCode::promise_not_kept, ExitCode::no_archive, ExitCode::busy,
};

std::string last_import_text(const ArchiveSummary& summary, Instant now)
{
    if (!summary.last_import) return "never";
    const ImportRecord& last = *summary.last_import;
    const Instant when = last.finished.value_or(last.started);
    return age_text(when, now) + " from " + last.source_name + ", " + local_time_text(when) + ": " +
           count_text(last.stored) + " new, " + count_text(last.known) + " known, " +
           count_text(last.failed) + " failed, " + count_text(last.excluded) + " excluded";
}

std::string verified_text(const ArchiveSummary& summary, Instant now)
{
    if (summary.originals == 0) return "nothing to verify";
    std::string text;
    if (summary.oldest_verified) {
        const std::string age = age_text(*summary.oldest_verified, now);
        text = age.ends_with(" ago") ? "each within the last " + age.substr(0, age.size() - 4) : "all " + age;
    }
    if (summary.never_verified == 0) return text;
    const std::string never =
        count_text(summary.never_verified, "original") + " not re-read since their import";
    return text.empty() ? never : text + "; " + never;
}

Json json_of(const ImportRecord& record)
{
    Json object{{"manifest", record.manifest},
                {"source", json_name(record.source)},
                {"source_name", json_name(record.source_name)},
                {"started", json_instant(record.started)}};
    if (record.finished) object["finished"] = json_instant(*record.finished);
    object.update(Json{{"version", record.version},
                       {"seen", record.seen},
                       {"stored", record.stored},
                       {"known", record.known},
                       {"failed", record.failed},
                       {"excluded", record.excluded},
                       {"stored_bytes", record.stored_bytes}});
    return object;
}

Json facts_of(const Archive& archive, const ArchiveSummary& summary)
{
    Json facts{{"archive", json_name(archive.root().native())},
               {"originals", summary.originals},
               {"original_bytes", summary.original_bytes},
               {"groups", summary.groups},
               {"places", summary.places},
               {"missing", summary.missing},
               {"damaged", summary.damaged},
               {"never_verified", summary.never_verified},
               {"failures", summary.failures},
               {"unfinished", summary.unfinished},
               {"metadata_failed", summary.metadata_failed},
               {"metadata_pending", summary.metadata_pending},
               {"metadata_pending_lost", summary.metadata_pending_lost}};
    if (summary.oldest_verified) facts["oldest_verified"] = json_instant(*summary.oldest_verified);
    if (summary.last_import) facts["last_import"] = json_of(*summary.last_import);
    return facts;
}

void show_failures(const Archive& archive, const ArchiveSummary& summary, Terminal& terminal)
{
    if (summary.failures == 0) return;
    const auto failures = archive.failures(summary.failures);
    Reasons reasons{failures.size()};
    for (const FailureRecord& failure : failures) {
        terminal.object(cli::json_of(failure));
        reasons.add(failure.reason, failure.path);
    }
    terminal.line();
    terminal.lines(reasons.lines("could not be imported", "."));
}

ExitCode run_status(const Run& run)
{
    if (run.settings.flag("device")) return run_assess(run);
    for (const char* option : {"full", "report", "from"})
        if (run.settings.given(option))
            throw UsageError(std::string{"--"} + option + " goes with --device only.");
    const Archive archive = Archive::open(run.settings.archive(), Access::read);
    const ArchiveSummary summary = archive.summary();
    const Instant now = std::chrono::system_clock::now();
    run.terminal.lines(table_lines({
        {{"archive"}, {archive.root().string()}},
        {{"originals"}, {count_text(summary.originals) + ", " + bytes_text(summary.original_bytes)}},
        {{"shots"}, {count_text(summary.groups)}},
        {{"last import"}, {last_import_text(summary, now)}},
        {{"verified"}, {verified_text(summary, now)}},
    }));
    show_failures(archive, summary, run.terminal);
    const auto findings = findings_of(summary, archive.warnings(), archive.root().string(), now);
    run.terminal.line();
    if (findings.empty()) run.terminal.line("Nothing is wrong.");
    show(findings, false, run.terminal);
    run.terminal.summary("status", facts_of(archive, summary));
    return summary.missing + summary.damaged > 0 ? ExitCode::damage : ExitCode::ok;
}

} // namespace

const Command status_command = {
    .name = "status",
    .purpose = "what the archive holds, what is not safe, and what to do next",
    .description =
        "Tells how many originals the archive holds, when the last import was and what it left out, and when "
        "originals were last read back. Below stand the findings, each with the one thing to do. It reads "
        "the "
        "catalog only; whether the files are still right is what verify asks.\n\n"
        "Ends with status 5 while originals are known to be missing or damaged. Items that the last import "
        "could not bring are listed, and leave the status at 0: that import itself ended with 3.\n\n"
        "With --device it compares the archive with the phone, item by item, and with what the phone's "
        "own library says, and answers in one sentence whether the phone is safe to wipe. Each item is "
        "exactly one of: safe (every part of its shot is proven in the archive), changed (edited or "
        "replaced since the import), not yet imported, only in iCloud, failed, or excluded; what is not "
        "safe is named with the reason. Status 0 means yes. Status 6 means no, or that it can't be known: "
        "without the phone's library nobody can say what is only in iCloud. A stored original counts as "
        "it was when it was last read, which is told; --full reads all of them again first.\n\n"
        "With --json each item is an object of type item; the summary has safe_to_wipe: true, false, or "
        "null where it can't be known.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "import verify doctor",
    .run = run_status,
};

} // namespace photosafe::cli
