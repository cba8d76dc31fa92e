// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sidecar_report.hpp"

#include "human.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
SidecarReport SidecarView::run(Archive& archive, SidecarOptions options, bool dry_run)
{
    options.on_item = [this](const SidecarItem& item) { take(item); };
    options.on_progress = [this](const SidecarProgress& at) {
        progress_.update({at.items_done, at.items_total, 0, 0, at.current});
    };
    try {
        SidecarReport report = dry_run ? plan_sidecars(archive, options) : write_sidecars(archive, options);
        finish(report, dry_run);
        return report;
    } catch (...) {
        progress_.finish();
        throw;
    }
}

void SidecarView::take(const SidecarItem& item)
{
    if (terminal_.json()) terminal_.object(json_of(item));
    if (item.outcome == SidecarOutcome::failed) failed_.add(item.reason, item.path);
    const bool fresh = item.outcome == SidecarOutcome::written || item.outcome == SidecarOutcome::failed;
    if (terminal_.loudness() >= (fresh ? Loudness::files : Loudness::all_files))
        terminal_.line(std::string{name(item.outcome)} + "  " + item.path);
}

void SidecarView::finish(const SidecarReport& report, bool dry_run)
{
    progress_.finish();
    terminal_.lines(table_lines({
        count_row("originals", report.originals),
        count_row(dry_run ? "to be written" : "written", report.written),
        count_row("unchanged", report.unchanged, "say all of it already"),
        count_row("nothing to say", report.nothing_to_say),
        count_row("unread", report.unread, "`photosafe metadata` reads them, and says why it can't"),
        count_row("held", report.held, "by a sidecar that came with them and stays as it is"),
        count_row("failed", report.failed),
    }));
    terminal_.lines(failed_.lines("could not be written", "; --json tells them all."));
}

Json SidecarView::json(const SidecarReport& report)
{
    return {{"originals", report.originals}, {"written", report.written},
            {"unchanged", report.unchanged}, {"nothing_to_say", report.nothing_to_say},
            {"unread", report.unread},       {"held", report.held},
            {"failed", report.failed},       {"complete", report.complete}};
}

} // namespace photosafe::cli
