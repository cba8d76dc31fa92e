// SPDX-License-Identifier: LGPL-2.1-or-later
#include "convert_report.hpp"

#include "human.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

/// `12 hdr_gain_map, 3 depth`
std::string lost_text(const std::map<std::string, std::uint64_t>& lost)
{
    std::string text;
    for (const auto& [what, count] : lost)
        text += (text.empty() ? "" : ", ") + count_text(count) + ' ' + what;
    return text;
}

constexpr std::string_view there = "made in the same way before";
constexpr std::string_view not_tried = "failed before; --again tries them once more";

} // namespace

void ConvertView::watch(ConvertOptions& options)
{
    options.on_item = [this](const ConvertedItem& item) { take(item); };
    options.on_progress = [this](const ConvertProgress& at) {
        progress_.update({at.items_done, at.items_total, at.bytes_done, at.bytes_total, at.current});
    };
}

ConvertReport ConvertView::run(Archive& archive, ConvertOptions options)
{
    watch(options);
    try {
        ConvertReport report = convert(archive, options);
        finish(report);
        return report;
    } catch (...) {
        progress_.finish();
        throw;
    }
}

void ConvertView::take(const ConvertedItem& item)
{
    if (terminal_.json()) terminal_.object(json_of(item));
    if (item.outcome == ConvertOutcome::failed) failed_.add(item.reason, item.asset.path);
    const bool fresh = item.outcome == ConvertOutcome::made || item.outcome == ConvertOutcome::failed;
    if (terminal_.loudness() < (fresh ? Loudness::files : Loudness::all_files)) return;
    terminal_.line(std::string{name(item.outcome)} + "  " + item.asset.path +
                   (item.rendition.path.empty() ? "" : "  " + item.rendition.path));
}

void ConvertView::finish(const ConvertReport& report)
{
    progress_.finish();
    std::string note = bytes_text(report.bytes);
    if (report.from_preview > 0)
        note +=
            ", " + count_text(report.from_preview) + " of the embedded preview only, for want of a decoder";
    if (report.broken > 0)
        note += ", " + count_text(report.broken) + " with a part that is broken in the original";
    terminal_.lines(table_lines({
        count_row("made", report.made, note),
        count_row("current", report.current, there),
        count_row("failed", report.failed),
        count_row("not tried", report.failed_before, not_tried),
        count_row("left out", report.left_out, "nothing to make of them"),
    }));
    if (!report.lost.empty())
        terminal_.line("  What a JPEG can't hold, and only the originals have: " + lost_text(report.lost) +
                       '.');
    terminal_.lines(failed_.lines("could not be drawn", "; --json tells them all."));
}

void ConvertView::finish(const ConvertPlan& plan)
{
    terminal_.lines(table_lines({
        count_row("to be made", plan.to_make, bytes_text(plan.bytes_to_read) + " of originals"),
        count_row("current", plan.current, there),
        count_row("not tried", plan.failed_before, not_tried),
        count_row("left out", plan.left_out, "nothing to make of them"),
    }));
}

Json ConvertView::json(const ConvertReport& report)
{
    return {{"made", report.made},         {"current", report.current},
            {"failed", report.failed},     {"failed_before", report.failed_before},
            {"left_out", report.left_out}, {"from_preview", report.from_preview},
            {"broken", report.broken},     {"lost", report.lost},
            {"bytes", report.bytes},       {"complete", report.complete}};
}

Json ConvertView::json(const ConvertPlan& plan)
{
    return {{"made", plan.to_make},
            {"current", plan.current},
            {"failed_before", plan.failed_before},
            {"left_out", plan.left_out},
            {"bytes_to_read", plan.bytes_to_read},
            {"dry_run", true}};
}

} // namespace photosafe::cli
