// SPDX-License-Identifier: LGPL-2.1-or-later
#include "convert/plan.hpp"

#include <algorithm>
#include <array>

#include "archive/rendition_mark.hpp"
#include "media/worker_pool.hpp"

namespace photosafe {

namespace {

constexpr std::uint32_t least_size = 16, most_size = 65'500; // edges of a JPEG; nobody sees less

/// What is known of a file in renditions/, where anybody may have put anything.
std::optional<struct stat> file_at(const Folder& root, const std::string& path)
{
    if (!in_the_way(root, path).empty()) return std::nullopt;
    const auto facts = root.stat(path);
    return facts && S_ISREG(facts->st_mode) ? facts : std::nullopt;
}

MediaKind kind_named(const std::string& word)
{
    constexpr std::array kinds{MediaKind::photo, MediaKind::video, MediaKind::raw, MediaKind::sidecar};
    const auto* const found =
        std::find_if(kinds.begin(), kinds.end(), [&](MediaKind kind) { return name(kind) == word; });
    return found == kinds.end() ? MediaKind::unknown : *found;
}

} // namespace

void check_rendition(const RenditionOptions& options)
{
    const auto refuse = [](const std::string& why) { throw ArchiveError{ErrorCode::invalid, why}; };
    if (options.quality < 1 || options.quality > 100)
        refuse("The quality of a JPEG is a number from 1 to 100");
    if (options.kind == RenditionKind::thumbnail && options.max_size == 0) refuse("A thumbnail needs a size");
    if (options.max_size != 0 && (options.max_size < least_size || options.max_size > most_size)) {
        refuse("A size is a number of pixels from " + std::to_string(least_size) + " to " +
               std::to_string(most_size));
    }
}

std::string rendition_folder(const RenditionOptions& options)
{
    return options.kind == RenditionKind::jpeg ? "jpeg" : "thumbnails/" + std::to_string(options.max_size);
}

std::string rendition_text(const RenditionOptions& options)
{
    std::string text = "quality=" + std::to_string(options.quality);
    if (options.max_size != 0) text += " max_size=" + std::to_string(options.max_size);
    if (options.progressive) text += " progressive";
    if (options.srgb) text += " srgb";
    if (options.keep_tag) text += " keep_tag";
    if (options.strip_location) text += " strip_location";
    if (options.decoder != HevcDecoder::any) text += " decoder=" + std::string{name(options.decoder)};
    return text;
}

std::string rendition_path(const std::string& folder, const Asset& asset)
{
    constexpr std::string_view originals = "originals/";
    std::string_view path = asset.path;
    if (path.starts_with(originals)) path.remove_prefix(originals.size());
    return "renditions/" + folder + '/' + std::string{path} + ".jpg";
}

std::string in_the_way(const Folder& root, const std::string& path)
{
    for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
        std::string folder = path.substr(0, end);
        const auto facts = root.stat(folder);
        if (!facts) return {};
        if (!S_ISDIR(facts->st_mode)) return folder;
    }
    const auto facts = root.stat(path);
    return facts && S_ISDIR(facts->st_mode) ? path : std::string{};
}

bool is_wanted(MediaKind kind, std::string_view mime, const RenditionOptions& options)
{
    if (kind == MediaKind::raw) return true;
    if (options.kind == RenditionKind::thumbnail) return kind == MediaKind::photo || kind == MediaKind::video;
    if (kind != MediaKind::photo) return false;
    // A JPEG made of a JPEG is worse and nothing else, unless something is to be changed.
    return mime != "image/jpeg" || options.max_size != 0 || options.srgb || options.strip_location;
}

ConvertPlanner::ConvertPlanner(Archive::Impl& archive, const ConvertOptions& options, std::string versions)
    : archive_{&archive}, options_{&options}, folder_{rendition_folder(options.rendition)},
      text_{rendition_text(options.rendition)}, versions_{std::move(versions)},
      store_{archive.catalog.database()}, sql_{archive.catalog.database()}
{
}

std::vector<std::int64_t> ConvertPlanner::candidates() const
{
    if (options_->assets) return *options_->assets;
    std::vector<std::int64_t> result;
    archive_->catalog.for_each_asset("ORDER BY path", [&](const Asset& asset) {
        result.push_back(asset.id);
        return true;
    });
    return result;
}

/// False where it is sure that there is nothing to make of it. `known`: what it is, is known.
bool ConvertPlanner::may_be_wanted(const Asset& asset, bool& known)
{
    const bool moving = asset.role == Role::live_video || asset.role == Role::edited_video;
    if (asset.role == Role::sidecar || asset.role == Role::live_video)
        return false; // the still stands for both
    if (moving && options_->rendition.kind == RenditionKind::jpeg) return false;
    Statement& row =
        sql_("SELECT kind, mime FROM metadata WHERE asset=? AND kind IS NOT NULL").bind(1, asset.id);
    known = row.step();
    const bool wanted = !known || is_wanted(kind_named(row.text(0)), row.text(1), options_->rendition);
    row.reset();
    return wanted;
}

/// The rendition that lies in its place, if it is this one's, made like this, and unchanged.
std::optional<Rendition> ConvertPlanner::in_place(const Asset& asset)
{
    const std::string path = rendition_path(folder_, asset);
    if (!file_at(archive_->root, path)) return std::nullopt;
    const File file = archive_->root.open_file(path, O_RDONLY);
    auto mark = read_mark(file);
    if (!mark || mark->original != asset.digest.sha256) return std::nullopt;
    Rendition& rendition = mark->rendition;
    if (rendition.folder != folder_ || rendition.options != text_) return std::nullopt;
    if (rendition.from_preview && rendition.versions != versions_)
        return std::nullopt; // perhaps it can be had whole now
    if (lacks_moving_half(asset, rendition)) return std::nullopt;
    rendition.asset = asset.id;
    rendition.path = path;
    rendition.bytes = static_cast<std::uint64_t>(file.stat().st_size);
    return std::move(rendition);
}

ConvertDecision ConvertPlanner::decide(const Asset& asset)
{
    ConvertDecision decision;
    if (!may_be_wanted(asset, decision.kind_known)) return decision;
    decision.outcome = ConvertOutcome::made;
    decision.rendition = store_.find(asset.id, folder_);
    const auto& known = decision.rendition;
    if (known && known->options == text_) {
        const bool same_versions = known->versions == versions_;
        if (known->path.empty()) {
            if (same_versions && !options_->again) decision.outcome = ConvertOutcome::failed_before;
            return decision;
        }
        const auto facts = file_at(archive_->root, known->path);
        const bool there = facts && static_cast<std::uint64_t>(facts->st_size) == known->bytes;
        const bool final = !known->from_preview || (same_versions && !options_->again);
        if (there && final && known->path == rendition_path(folder_, asset) &&
            !lacks_moving_half(asset, *known))
            decision.outcome = ConvertOutcome::current;
        return decision;
    }
    if (auto adopted = in_place(asset)) {
        decision.outcome = ConvertOutcome::current;
        decision.rendition = std::move(adopted);
        decision.adopted = true;
    }
    return decision;
}

/// Whether it doesn't say what is lost of a shot whose movie came in after it was made.
bool ConvertPlanner::lacks_moving_half(const Asset& asset, const Rendition& rendition)
{
    return std::ranges::find(rendition.lost, "live_video") == rendition.lost.end() && is_live(asset);
}

bool ConvertPlanner::is_live(const Asset& asset)
{
    if (asset.role != Role::original && asset.role != Role::edited) return false;
    const Role half = asset.role == Role::edited ? Role::edited_video : Role::live_video;
    Statement& row =
        sql_("SELECT 1 FROM asset WHERE shot=? AND role=?").bind(1, asset.group).bind(2, name(half));
    const bool found = row.step();
    row.reset();
    return found;
}

ConvertPlan plan_convert(const Archive& archive, const ConvertOptions& options)
{
    check_rendition(options.rendition);
    MediaOptions one = options.media;
    one.workers = 1;
    ConvertPlanner planner{archive.impl(), options, WorkerPool{one}.facts().versions};
    ConvertPlan plan;
    for (const std::int64_t id : planner.candidates()) {
        if (options.stop.stop_requested())
            throw ArchiveError{ErrorCode::cancelled, "Stopped before anything was made"};
        const auto asset = archive.impl().catalog.find(id);
        if (!asset) continue; // asked for, and not there
        const ConvertDecision decision = planner.decide(*asset);
        switch (decision.outcome) {
        case ConvertOutcome::made:
            ++plan.to_make;
            plan.bytes_to_read += asset->bytes;
            break;
        case ConvertOutcome::current: ++plan.current; break;
        case ConvertOutcome::failed_before: ++plan.failed_before; break;
        default: ++plan.left_out; continue;
        }
        if (options.on_item)
            options.on_item({*asset, decision.outcome, decision.rendition.value_or(Rendition{}), {}, {}});
    }
    return plan;
}

} // namespace photosafe
