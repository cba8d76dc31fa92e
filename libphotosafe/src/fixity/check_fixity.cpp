// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/fixity.hpp>

#include <algorithm>

#include <photosafe/version.hpp>

#include "archive/impl.hpp"
#include "archive/manifest.hpp"
#include "archive/sidecar_mark.hpp"
#include "core/progress_pace.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "fixity/readers.hpp"

namespace photosafe {

namespace {

constexpr std::size_t record_batch = 512; ///< results that share a line of the manifest and a commit

/// The assets to look at, and their bytes.
struct Selection {
    std::vector<std::int64_t> assets;
    std::uint64_t bytes = 0;
};

Selection select(Catalog& catalog, const FixityOptions& options)
{
    const bool partly = options.subset.share || options.subset.bytes;
    std::uint64_t limit = options.subset.bytes.value_or(UINT64_MAX);
    if (options.subset.share) {
        const double all = static_cast<double>(catalog.summary().original_bytes);
        const double share =
            *options.subset.share > 0 ? std::min(*options.subset.share, 1.0) : 0.0; // NaN too
        limit = std::min(limit, static_cast<std::uint64_t>(share * all));
    }
    Selection result;
    // What is known to be bad comes last: it can't become verified, and would take the place of all others in
    // every part that is asked for.
    catalog.for_each_asset(partly || options.oldest_first ? "ORDER BY state<>'present', verified, path"
                                                          : "ORDER BY path",
                           [&](const Asset& asset) {
                               if (partly && !result.assets.empty() && result.bytes + asset.bytes > limit)
                                   return false;
                               result.assets.push_back(asset.id);
                               result.bytes += asset.bytes;
                               return true;
                           });
    return result;
}

std::string message_of(FixityOutcome outcome, const std::string& path, const std::string& detail)
{
    const std::string again =
        " Bring it back from another copy of the archive, or import it again while the phone still has it.";
    switch (outcome) {
    case FixityOutcome::matched: return path + " is what was imported.";
    case FixityOutcome::altered: return path + " holds other bytes than were imported." + again;
    case FixityOutcome::missing: return path + " is gone." + again;
    case FixityOutcome::unreadable: return path + " can't be read (" + detail + "). Check the disk." + again;
    case FixityOutcome::unrecorded:
        return path + " is in the archive's folder and in none of its records. If PhotoSafe was cut off, "
                      "importing again adopts it.";
    }
    return path;
}

/// One check: what is done with the results of the readers.
class Check {
public:
    Check(Archive& archive, const FixityOptions& options) : archive_{&archive.impl()}, options_{&options} {}
    FixityReport run();

private:
    void take(const FixityResult& result);
    void find(FixityOutcome outcome, const std::string& path, std::uint64_t bytes, const std::string& detail);
    void record(bool all);
    void find_unrecorded();
    void progress(const std::string& path, bool now);

    Archive::Impl* archive_;
    const FixityOptions* options_;
    FixityReport report_;
    FixityProgress progress_;
    ProgressPace pace_;
    Verified verified_;
    std::vector<Event> found_;
    std::optional<ManifestWriter> manifest_;
};

FixityReport Check::run()
{
    const Selection selection = select(archive_->catalog, *options_);
    progress_.items_total = selection.assets.size();
    progress_.bytes_total = selection.bytes;
    progress({}, true);
    FixityReaders readers{archive_->root, options_->threads, options_->stop};
    std::size_t asked = 0;
    for (std::size_t taken = 0; taken < selection.assets.size();) {
        while (asked < selection.assets.size() && asked - taken < readers.depth() &&
               !options_->stop.stop_requested()) {
            const auto asset = archive_->catalog.find(selection.assets[asked++]);
            if (!asset)
                throw ArchiveError{ErrorCode::damaged,
                                   "The catalog contradicts itself; run photosafe rebuild",
                                   archive_->root.path()};
            readers.ask(*asset);
        }
        if (asked == taken) break; // stopped
        const FixityResult result = readers.take();
        ++taken;
        if (result.stopped) continue;
        take(result);
        record(false);
    }
    report_.complete = report_.checked == selection.assets.size();
    const bool whole = !options_->subset.share && !options_->subset.bytes;
    record(true); // before anything else can go wrong
    if (whole && report_.complete) find_unrecorded();
    progress({}, true);
    return report_;
}

void Check::take(const FixityResult& result)
{
    ++report_.checked;
    report_.bytes += result.bytes_read;
    ++progress_.items_done;
    progress_.bytes_done += result.asset.bytes;
    switch (result.outcome) {
    case FixityOutcome::matched:
        ++report_.matched;
        verified_.sha256.push_back(result.asset.digest.sha256);
        break;
    case FixityOutcome::altered: ++report_.altered; break;
    case FixityOutcome::missing: ++report_.missing; break;
    case FixityOutcome::unreadable: ++report_.unreadable; break;
    case FixityOutcome::unrecorded: break;
    }
    if (result.outcome != FixityOutcome::matched) {
        const bool gone = result.outcome == FixityOutcome::missing;
        found_.emplace_back(FoundBad{wall_now(), result.asset.digest.sha256,
                                     gone ? AssetState::missing : AssetState::damaged});
        find(result.outcome, result.asset.path, result.asset.bytes, result.detail);
    }
    progress(result.asset.path, false);
}

void Check::find(FixityOutcome outcome, const std::string& path, std::uint64_t bytes,
                 const std::string& detail)
{
    if (options_->on_finding)
        options_->on_finding({outcome, path, bytes, message_of(outcome, printable(path), detail)});
}

/// Remembers what was found, in the manifest first, as everything.
void Check::record(bool all)
{
    if (archive_->access != Access::write) return;
    const std::size_t due = verified_.sha256.size() + found_.size();
    if (due == 0 || (!all && due < record_batch)) return;
    if (!manifest_) {
        const Begun begun{.work = "verify",
                          .sequence = archive_->catalog.last_sequence() + 1,
                          .at = wall_now(),
                          .version = std::string{version()},
                          .source = {}};
        manifest_.emplace(archive_->root, begun);
        const Event first = begun;
        archive_->catalog.apply(manifest_->name(), std::span{&first, 1}, manifest_->beginning());
    }
    std::vector<Event> events = std::exchange(found_, {});
    if (!verified_.sha256.empty()) {
        verified_.at = wall_now();
        events.emplace_back(std::exchange(verified_, {}));
    }
    const Stretch stretch = manifest_->append(events);
    archive_->catalog.apply(manifest_->name(), events, stretch);
}

void Check::find_unrecorded()
{
    archive_->root.walk("originals", [&](const std::string& path, const struct stat& facts) {
        if (archive_->catalog.find_path(path) || is_sidecar_beside(archive_->catalog, path)) return;
        ++report_.unrecorded;
        find(FixityOutcome::unrecorded, path, static_cast<std::uint64_t>(facts.st_size), {});
    });
}

void Check::progress(const std::string& path, bool now)
{
    if (!options_->on_progress || !pace_.due(now)) return;
    progress_.current = path;
    options_->on_progress(progress_);
}

} // namespace

FixityReport check_fixity(Archive& archive, const FixityOptions& options)
{
    return Check{archive, options}.run();
}

} // namespace photosafe
