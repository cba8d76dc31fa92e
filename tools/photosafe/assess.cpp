// SPDX-License-Identifier: LGPL-2.1-or-later
#include "assess.hpp"

#include <map>
#include <optional>
#include <set>

#include <photosafe/assess.hpp>

#include "assess_report.hpp"
#include "human.hpp"
#include "import_report.hpp"
#include "open_source.hpp"
#include "progress.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

Json json_of(const AssessedItem& item)
{
    Json object = object_of("item");
    object["path"] = json_name(item.path);
    if (!item.uuid.empty()) object["uuid"] = item.uuid;
    if (!item.name.empty()) object["name"] = json_name(item.name);
    object["state"] = name(item.state);
    if (!item.reason.empty()) object["reason"] = json_sentence(item.reason);
    if (!item.part.empty()) object["part"] = json_name(item.part);
    if (item.remedy != Remedy::none) object["remedy"] = name(item.remedy);
    object["in_library"] = item.in_library;
    object["on_source"] = item.on_source;
    object["would_be_lost"] = item.would_be_lost;
    if (item.asset) object["asset"] = *item.asset;
    return object;
}

/// What came of it, as a person sees it.
class AssessView {
public:
    AssessView(Terminal& terminal, AssessFile* file)
        : terminal_{terminal}, progress_{terminal, "Re-reading"}, file_{file}
    {
    }

    void watch(AssessOptions& options)
    {
        options.on_scan = [this](std::uint64_t files) {
            terminal_.show("Looking: " + count_text(files, "file"));
        };
        options.on_reread = [this](const FixityProgress& at) {
            progress_.update({at.items_done, at.items_total, at.bytes_done, at.bytes_total, at.current});
        };
        options.on_item = [this](const AssessedItem& item) { take(item); };
    }

    void finish(const Assessment& assessment)
    {
        progress_.finish();
        const std::string verdict = verdict_of(assessment, left_out_at_no_loss_);
        if (file_ != nullptr) file_->finish(assessment, verdict);
        terminal_.line(verdict);
        for (const std::string& unknown : assessment.unknowns) terminal_.line(unknown);
        terminal_.line();
        terminal_.lines(table(assessment));
        for (const auto& [of, reasons] : reasons_)
            terminal_.lines(reasons.lines(std::string{name(of.first)} + (of.second ? "" : ", and no loss"),
                                          "; --json or --report lists them."));
        terminal_.line();
        terminal_.line(next_step(assessment));
        terminal_.summary("status", facts(assessment, verdict));
    }

private:
    void take(const AssessedItem& item)
    {
        terminal_.object(json_of(item));
        if (file_ != nullptr) file_->add(item);
        if (item.state == ItemState::excluded && !item.would_be_lost) ++left_out_at_no_loss_;
        if (item.state == ItemState::safe) return;
        if (item.would_be_lost) remedies_.insert(item.remedy);
        reasons_.try_emplace({item.state, item.would_be_lost}, item.would_be_lost ? 10 : 0)
            .first->second.add(item.reason, item.part.empty() ? item.path : item.part);
    }

    static std::vector<std::string> table(const Assessment& a)
    {
        std::string proof;
        if (a.oldest_proof && a.safe != 0)
            proof = a.reread ? "each re-read now" : "each proven since " + local_time_text(*a.oldest_proof);
        return table_lines({
            count_row("items", a.items, source_title(a.source)),
            count_row("safe", a.safe, proof),
            count_row("changed since", a.changed),
            count_row("not yet imported", a.not_imported),
            count_row("only in iCloud", a.only_in_icloud),
            count_row("failed", a.failed),
            count_row("excluded", a.excluded),
        });
    }

    /// The one thing that helps most; asked again, the verdict names the next.
    std::string next_step(const Assessment& a) const
    {
        const auto helps = [&](Remedy remedy) { return remedies_.contains(remedy); };
        if (helps(Remedy::import)) return "Next: `photosafe import`, then ask again.";
        if (helps(Remedy::download))
            return "Next: on the phone, choose Download and Keep Originals in Settings, Photos, and wait; "
                   "then `photosafe import`.";
        if (helps(Remedy::include))
            return "Next: `photosafe import` without what left them out (`--include trashed` for what is in "
                   "Recently Deleted), or leave the phone as it is.";
        if (helps(Remedy::none))
            return "No import brings what is named above: look for it in Photos on the phone, and keep the "
                   "phone as it is until then.";
        if (!a.safe_to_wipe.has_value())
            return a.source.kind == "device"
                       ? "Next: keep the phone as it is; unlock it, close Photos on it, and ask again."
                       : "Next: see that the copy of the phone is whole, and ask again.";
        return a.reread ? "Nothing is left to do."
                        : "`photosafe status --device --full` reads every stored original again before it "
                          "says so.";
    }

    static Json facts(const Assessment& a, const std::string& verdict)
    {
        Json facts{{"verdict", json_sentence(verdict)},
                   {"safe_to_wipe", a.safe_to_wipe ? Json(*a.safe_to_wipe) : Json(nullptr)},
                   {"source", json_name(a.source.id)},
                   {"name", json_name(a.source.name)},
                   {"items", a.items}};
        for (const ItemState state : {ItemState::safe, ItemState::changed, ItemState::not_imported,
                                      ItemState::only_in_icloud, ItemState::failed, ItemState::excluded})
            facts[std::string{name(state)}] = a.count(state);
        facts["would_be_lost"] = a.would_be_lost;
        facts["not_on_source"] = a.not_on_source;
        facts["not_in_library"] = a.not_in_library;
        facts["library"] = cli::json_of(a.library);
        for (const std::string& unknown : a.unknowns) facts["unknowns"].push_back(json_sentence(unknown));
        if (a.oldest_proof) facts["oldest_proof"] = json_instant(*a.oldest_proof);
        facts["full"] = a.reread.has_value();
        return facts;
    }

    Terminal& terminal_;
    Progress progress_;
    AssessFile* file_;
    std::map<std::pair<ItemState, bool>, Reasons> reasons_; ///< by state, and whether it would be lost
    std::set<Remedy> remedies_;                             ///< of items that would be lost
    std::uint64_t left_out_at_no_loss_ = 0;
};

} // namespace

ExitCode run_assess(const Run& run)
{
    const Settings& settings = run.settings;
    const bool full = settings.flag("full");
    std::optional<AssessFile> file;
    if (settings.given("report")) file.emplace(settings.text("report"));
    Archive archive = Archive::open(settings.archive(), full ? Access::write : Access::read);
    for (const auto& warning : archive.warnings()) run.terminal.note(warning);
    const bool wait = settings.text("wait") == "auto" ? run.terminal.interactive() : settings.flag("wait");
    const auto source = open_source(settings.given("from") ? settings.text("from") : "device",
                                    wait ? Patience::until_stopped : Patience::none, device_options(run));
    AssessView view{run.terminal, file ? &*file : nullptr};
    AssessOptions options;
    options.full = full;
    options.stop = run.stop;
    view.watch(options);
    const Assessment assessment = assess(*source, archive, options);
    view.finish(assessment);
    if (assessment.safe_to_wipe == true) return ExitCode::ok;
    return ExitCode::promise_not_kept;
}

} // namespace photosafe::cli
