// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/sidecars.hpp>

#include <set>
#include <utility>

#include "archive/impl.hpp"
#include "core/digest.hpp"
#include "core/progress_pace.hpp"
#include "core/text.hpp"
#include "media/sidecar_json.hpp"
#include "media/worker_pool.hpp"
#include "sidecars/beside.hpp"
#include "sidecars/facts.hpp"

namespace photosafe {

namespace {

constexpr std::size_t batch_items = 64; // they share the sync of their folders

/// Whether an error is about one sidecar, and says nothing of the next.
bool is_of_one_file(ErrorCode code)
{
    switch (code) {
    case ErrorCode::unreadable:
    case ErrorCode::unsafe:
    case ErrorCode::not_found:
    case ErrorCode::busy:
    case ErrorCode::crashed:
    case ErrorCode::killed:
    case ErrorCode::timeout:
    case ErrorCode::out_of_memory:
    case ErrorCode::protocol: return true;
    default: return false;
    }
}

class Sidecars {
public:
    enum class Mode { plan, write };

    Sidecars(Archive::Impl& archive, const SidecarOptions& options, Mode mode)
        : archive_{&archive}, options_{&options}, mode_{mode}, pool_{one_worker(options.media)}
    {
    }

    SidecarReport run();

private:
    /// A sidecar takes a millisecond; more workers would wait for each other's syncs.
    static MediaOptions one_worker(MediaOptions media)
    {
        media.workers = 1;
        return media;
    }

    std::vector<std::int64_t> candidates() const;
    SidecarItem look(const Asset& asset);
    SidecarOutcome bring(const Asset& asset, const std::string& path);
    void settle(SidecarItem item);
    void flush();
    void progress(const std::string& path, bool now);

    Archive::Impl* archive_;
    const SidecarOptions* options_;
    Mode mode_;
    WorkerPool pool_;
    SidecarReport report_;
    SidecarProgress progress_;
    ProgressPace pace_;
    std::vector<SidecarItem> batch_; ///< in their places, which may not be durable yet
    std::set<std::string> folders_;  ///< whose entries are not durable yet
};

SidecarReport Sidecars::run()
{
    const std::vector<std::int64_t> ids = candidates();
    progress_.items_total = ids.size();
    progress({}, true);
    try {
        for (const std::int64_t id : ids) {
            if (options_->stop.stop_requested()) {
                report_.complete = false;
                break;
            }
            const auto asset = archive_->catalog.find(id);
            if (asset && asset->role != Role::sidecar) settle(look(*asset));
            ++progress_.items_done;
            progress(asset ? asset->path : std::string{}, false);
        }
    } catch (...) {
        flush(); // what was written stays, and is told
        throw;
    }
    flush();
    progress({}, true);
    return report_;
}

std::vector<std::int64_t> Sidecars::candidates() const
{
    if (options_->assets) return *options_->assets;
    std::vector<std::int64_t> result;
    archive_->catalog.for_each_asset("ORDER BY path", [&](const Asset& asset) {
        if (asset.role != Role::sidecar) result.push_back(asset.id);
        return !options_->stop.stop_requested();
    });
    return result;
}

SidecarItem Sidecars::look(const Asset& asset)
{
    SidecarItem item{asset, SidecarOutcome::failed, sidecar_path(asset.path), {}, {}};
    const auto fail = [&](const Error& error) {
        if (!is_of_one_file(error.code())) throw;
        item.code = name(error.code());
        item.reason = error.what();
    };
    try {
        item.outcome = bring(asset, item.path);
    } catch (const MediaError& error) {
        if (error.code() == ErrorCode::not_found) throw; // of the worker
        fail(error);
        item.reason += " The sidecar that is there stays as it is.";
    } catch (const ArchiveError& error) {
        fail(error);
    }
    return item;
}

SidecarOutcome Sidecars::bring(const Asset& asset, const std::string& path)
{
    if (archive_->catalog.find_path(path)) return SidecarOutcome::held;
    const auto facts = sidecar_facts(archive_->catalog, asset);
    if (!facts) return SidecarOutcome::unread;
    const SidecarBeside beside{archive_->root, path};
    // One that we wrote, and that has nothing left to say, has to say so.
    const bool ours = beside.text().find(sidecar_namespace) != std::string::npos;
    if (!facts->says_something() && !ours) return SidecarOutcome::nothing_to_say;

    const std::string text = to_text(*facts);
    const SidecarMark mark{asset.digest.sha256, digest_of(std::as_bytes(std::span{text})).sha256};
    if (beside.mark() == mark) return SidecarOutcome::unchanged;
    if (asset.state == AssetState::missing)
        throw ArchiveError{ErrorCode::not_found,
                           printable(asset.path) + " is missing. Bring it back from another copy of the "
                                                   "archive, and run photosafe verify.",
                           asset.path};
    MergedSidecar merged = pool_.merge_sidecar(text, beside.text());
    if (!merged.changed) return SidecarOutcome::unchanged;
    if (mode_ == Mode::plan) return SidecarOutcome::written;
    add_mark(merged.text, mark);
    beside.replace(merged.text);
    folders_.insert(parent_of(path));
    return SidecarOutcome::written;
}

void Sidecars::settle(SidecarItem item)
{
    ++report_.originals;
    switch (item.outcome) {
    case SidecarOutcome::written: ++report_.written; break;
    case SidecarOutcome::unchanged: ++report_.unchanged; break;
    case SidecarOutcome::nothing_to_say: ++report_.nothing_to_say; return;
    case SidecarOutcome::unread: ++report_.unread; return;
    case SidecarOutcome::held: ++report_.held; break;
    case SidecarOutcome::failed: ++report_.failed; break;
    }
    batch_.push_back(std::move(item));
    if (batch_.size() >= batch_items) flush();
}

void Sidecars::flush()
{
    for (const std::string& folder : std::exchange(folders_, {})) archive_->root.sync(folder);
    for (const SidecarItem& item : std::exchange(batch_, {}))
        if (options_->on_item) options_->on_item(item);
}

void Sidecars::progress(const std::string& path, bool now)
{
    if (!options_->on_progress || !pace_.due(now)) return;
    progress_.current = path;
    options_->on_progress(progress_);
}

} // namespace

std::string_view name(SidecarOutcome outcome) noexcept
{
    switch (outcome) {
    case SidecarOutcome::written: return "written";
    case SidecarOutcome::unchanged: return "unchanged";
    case SidecarOutcome::nothing_to_say: return "nothing_to_say";
    case SidecarOutcome::unread: return "unread";
    case SidecarOutcome::held: return "held";
    case SidecarOutcome::failed: return "failed";
    }
    return "failed";
}

SidecarReport plan_sidecars(const Archive& archive, const SidecarOptions& options)
{
    return Sidecars{archive.impl(), options, Sidecars::Mode::plan}.run();
}

SidecarReport write_sidecars(Archive& archive, const SidecarOptions& options)
{
    require_write(archive);
    return Sidecars{archive.impl(), options, Sidecars::Mode::write}.run();
}

} // namespace photosafe
