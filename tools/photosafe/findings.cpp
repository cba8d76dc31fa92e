// SPDX-License-Identifier: LGPL-2.1-or-later
#include "findings.hpp"

#include <algorithm>

#include "human.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

/// A look at every original once in so many days is what archives aim at; later, status says so.
constexpr std::chrono::days look_again_after{90};

} // namespace

std::vector<Finding> findings_of(const ArchiveSummary& summary, const std::vector<std::string>& warnings,
                                 const std::string& root, Instant now)
{
    std::vector<Finding> found;
    const auto add = [&](Severity severity, const char* code, std::string message, std::string next) {
        found.push_back({severity, code, root, std::move(message), std::move(next)});
    };
    if (summary.damaged > 0)
        add(Severity::problem, "damaged",
            count_text(summary.damaged, "original") + " with other bytes than were imported.",
            "Run `photosafe verify` to see which; bring them back from a backup of the archive, or import "
            "again.");
    if (summary.missing > 0)
        add(Severity::problem, "missing", count_text(summary.missing, "original") + " gone from the disk.",
            "Run `photosafe verify` to see which; bring them back from a backup of the archive, or import "
            "again.");
    for (const auto& warning : warnings) add(Severity::warning, "archive", warning, "");
    if (summary.failures > 0)
        add(Severity::warning, "failed", count_text(summary.failures, "item") + " could not be imported.",
            "Run `photosafe import` again with the same source.");
    if (summary.unfinished > 0)
        add(Severity::note, "unfinished", count_text(summary.unfinished, "file") + " came only in part.",
            "Run `photosafe import`; it goes on where it ended.");
    if (summary.metadata_failed > 0)
        add(Severity::note, "metadata_failed",
            count_text(summary.metadata_failed, "original") +
                " without readable metadata; the bytes are safe.",
            "`photosafe find parse:failed` says why; newer libraries may read them.");
    const std::uint64_t lost = summary.metadata_pending_lost;
    if (summary.metadata_pending > lost)
        add(Severity::note, "metadata_pending",
            count_text(summary.metadata_pending - lost, "original") + " whose metadata is not read yet.",
            "Run `photosafe metadata`.");
    if (lost > 0)
        add(Severity::note, "metadata_pending_lost",
            count_text(lost, "original") + " whose metadata can't be read while they are gone or damaged.",
            "Once they are back, run `photosafe verify`, then `photosafe metadata`.");
    if (!summary.last_import)
        add(Severity::note, "never_imported", "Nothing was imported yet.",
            "Plug in a phone, unlock it, and run `photosafe import`.");
    else if (!summary.last_import->finished)
        add(Severity::note, "cut_off", "The last import was cut off.",
            "Run `photosafe import`; it goes on where it ended.");
    else if (summary.last_import->failed > 0 && summary.failures == 0)
        add(Severity::warning, "incomplete",
            "The last import ended early: " + count_text(summary.last_import->failed, "file") +
                " of its source not reached.",
            "Run `photosafe import`; it goes on where it ended.");
    if (summary.oldest_verified && now - *summary.oldest_verified > look_again_after)
        add(Severity::note, "verify_due",
            "Some originals were last verified " + age_text(*summary.oldest_verified, now) + ".",
            "Run `photosafe verify --subset 1/30` now and then.");
    return found;
}

void show(const std::vector<Finding>& findings, bool all, Terminal& terminal)
{
    for (const Finding& finding : findings) {
        if (finding.severity == Severity::ok && !all) continue;
        terminal.object(json_of(finding));
        std::string mark{name(finding.severity)};
        mark.resize(std::max<std::size_t>(mark.size(), 7), ' ');
        terminal.line(mark + "  " + finding.message);
        if (!finding.next.empty()) terminal.line("         " + finding.next);
    }
}

} // namespace photosafe::cli
