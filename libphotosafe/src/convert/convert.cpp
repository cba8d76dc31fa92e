// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/convert.hpp>

#include <chrono>
#include <set>

#include "convert/plan.hpp"
#include "convert/renderers.hpp"
#include "core/progress_pace.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

using Clock = std::chrono::steady_clock;

// Renditions share the sync of their folders and the commit of their rows. What a crash takes away before is
// only rows: the files tell the next run what they are.
constexpr std::size_t batch_items = 64;
constexpr std::chrono::seconds batch_age{2};

/// One original still to be drawn.
struct Todo {
    std::int64_t asset = 0;
    bool kind_known = true;
};

class Conversion {
public:
    Conversion(Archive& archive, const ConvertOptions& options)
        : archive_{&archive.impl()}, options_{&options}, pool_{options.media},
          planner_{archive.impl(), options, pool_.facts().versions}, store_{archive.impl().catalog.database()}
    {
    }

    ConvertReport run();

private:
    void select();
    void draw();
    void take(Rendered rendered);
    void settle(ConvertedItem item);
    void put_in_place(Rendered& rendered);
    void forget_old(const Rendition& rendition);
    void commit();
    void progress(const std::string& path, bool now);

    Archive::Impl* archive_;
    const ConvertOptions* options_;
    WorkerPool pool_;
    ConvertPlanner planner_;
    RenditionStore store_;
    std::vector<Todo> todo_;
    ConvertReport report_;
    ConvertProgress progress_;
    ProgressPace pace_;
    Clock::time_point batch_begun_{};
    std::vector<ConvertedItem> batch_; ///< in their places, and not in the catalog yet
    std::set<std::string> folders_;    ///< whose entries are not durable yet
};

ConvertReport Conversion::run()
{
    select();
    progress_.items_total = todo_.size();
    progress({}, true);
    try {
        draw();
    } catch (...) {
        commit(); // what was made stays
        throw;
    }
    commit();
    progress({}, true);
    return report_;
}

void Conversion::select()
{
    for (const std::int64_t id : planner_.candidates()) {
        if (options_->stop.stop_requested()) {
            report_.complete = false;
            break;
        }
        auto asset = archive_->catalog.find(id);
        if (!asset) continue; // asked for, and not there
        ConvertDecision decision = planner_.decide(*asset);
        switch (decision.outcome) {
        case ConvertOutcome::made:
            todo_.push_back({id, decision.kind_known});
            progress_.bytes_total += asset->bytes;
            continue;
        case ConvertOutcome::current: ++report_.current; break;
        case ConvertOutcome::failed_before: ++report_.failed_before; break;
        default: ++report_.left_out; continue;
        }
        ConvertedItem item{std::move(*asset), decision.outcome, std::move(*decision.rendition), {}, {}};
        if (decision.adopted) {
            settle(std::move(item));
        } else if (options_->on_item) {
            options_->on_item(item);
        }
    }
}

void Conversion::draw()
{
    Renderers renderers{archive_->root, pool_, options_->rendition, planner_.folder(), planner_.text()};
    std::size_t asked = 0, taken = 0;
    for (; taken < todo_.size(); ++taken) {
        while (asked < todo_.size() && asked - taken < renderers.depth() &&
               !options_->stop.stop_requested()) {
            const Todo& next = todo_[asked++];
            auto asset = archive_->catalog.find(next.asset);
            if (!asset) {
                throw ArchiveError{ErrorCode::damaged,
                                   "The catalog contradicts itself; run photosafe rebuild",
                                   archive_->root.path()};
            }
            const bool live = planner_.is_live(*asset);
            renderers.ask({std::move(*asset), next.kind_known, live});
        }
        if (asked == taken) break; // stopped
        take(renderers.take());
    }
    if (taken < todo_.size()) report_.complete = false;
}

void Conversion::take(Rendered rendered)
{
    ++progress_.items_done;
    progress_.bytes_done += rendered.asset.bytes;
    progress(rendered.asset.path, false);
    ConvertedItem item{
        .asset = rendered.asset, .outcome = rendered.outcome, .rendition = {}, .code = {}, .reason = {}};
    switch (rendered.outcome) {
    case ConvertOutcome::made:
        if (std::string odd =
                in_the_way(archive_->root, rendition_path(rendered.rendition.folder, rendered.asset));
            !odd.empty()) {
            archive_->root.remove(rendered.staged);
            ++report_.failed;
            item.outcome = ConvertOutcome::failed;
            item.code = name(ErrorCode::unsafe);
            item.reason = "Something else stands where the picture belongs: " + printable(odd) +
                          ". Move it away, and run this again.";
            if (options_->on_item) options_->on_item(item);
            return;
        }
        put_in_place(rendered);
        ++report_.made;
        report_.from_preview += rendered.rendition.from_preview ? 1 : 0;
        if (!rendered.rendition.from_preview && !rendered.rendition.trouble.empty()) ++report_.broken;
        report_.bytes += rendered.rendition.bytes;
        for (const std::string& what : rendered.rendition.lost) ++report_.lost[what];
        break;
    case ConvertOutcome::failed:
        ++report_.failed;
        item.code = name(rendered.code);
        item.reason = rendered.reason;
        if (!rendered.by_drawing) {
            if (options_->on_item) options_->on_item(item);
            return;
        }
        forget_old(rendered.rendition); // it was made otherwise than asked for
        break;
    default: ++report_.left_out; return;
    }
    item.rendition = std::move(rendered.rendition);
    settle(std::move(item));
}

void Conversion::put_in_place(Rendered& rendered)
{
    Rendition& rendition = rendered.rendition;
    rendition.path = rendition_path(rendition.folder, rendered.asset);
    const std::string folder = parent_of(rendition.path);
    (void)archive_->root.make_folders(folder);
    archive_->root.rename(rendered.staged, rendition.path);
    folders_.insert(folder);
    forget_old(rendition); // its original may have come to another place since
}

/// Removes what lies in the place that the catalog tells, unless this is its place.
void Conversion::forget_old(const Rendition& rendition)
{
    const auto known = store_.find(rendition.asset, rendition.folder);
    if (known && !known->path.empty() && known->path != rendition.path &&
        in_the_way(archive_->root, known->path).empty() && archive_->root.stat(known->path).has_value()) {
        archive_->root.remove(known->path);
    }
}

void Conversion::settle(ConvertedItem item)
{
    if (batch_.empty()) batch_begun_ = Clock::now();
    batch_.push_back(std::move(item));
    if (batch_.size() >= batch_items || Clock::now() - batch_begun_ >= batch_age) commit();
}

void Conversion::commit()
{
    for (const std::string& folder : folders_) archive_->root.sync(folder);
    folders_.clear();
    if (batch_.empty()) return;
    Transaction transaction{archive_->catalog.database()};
    for (const ConvertedItem& item : batch_) store_.put(item.rendition);
    transaction.commit();
    for (const ConvertedItem& item : std::exchange(batch_, {})) {
        if (options_->on_item) options_->on_item(item);
    }
}

void Conversion::progress(const std::string& path, bool now)
{
    if (!options_->on_progress || !pace_.due(now)) return;
    progress_.current = path;
    options_->on_progress(progress_);
}

} // namespace

std::string_view name(RenditionKind kind) noexcept
{
    return kind == RenditionKind::jpeg ? "jpeg" : "thumbnail";
}

std::string_view name(HevcDecoder decoder) noexcept
{
    switch (decoder) {
    case HevcDecoder::any: return "any";
    case HevcDecoder::libavcodec: return "libavcodec";
    case HevcDecoder::libde265: return "libde265";
    }
    return "any";
}

std::string_view name(ConvertOutcome outcome) noexcept
{
    switch (outcome) {
    case ConvertOutcome::made: return "made";
    case ConvertOutcome::current: return "current";
    case ConvertOutcome::failed: return "failed";
    case ConvertOutcome::failed_before: return "failed_before";
    case ConvertOutcome::left_out: return "left_out";
    }
    return "failed";
}

ConvertReport convert(Archive& archive, const ConvertOptions& options)
{
    check_rendition(options.rendition);
    require_write(archive);
    return Conversion{archive, options}.run();
}

std::vector<Rendition> renditions(const Archive& archive, const Asset& asset)
{
    return RenditionStore{archive.impl().catalog.database()}.of(asset.id);
}

} // namespace photosafe
