// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/convert.hpp>

#include "archive/impl.hpp"
#include "archive/rendition_store.hpp"

namespace photosafe {

/// The folder below renditions/ that holds what is made so: `jpeg`, `thumbnails/320`.
std::string rendition_folder(const RenditionOptions& options);
/// All else that decides what is made, in a fixed order: `quality=90 progressive`.
std::string rendition_text(const RenditionOptions& options);
/// Where the rendition of an original is, below the archive's root: what is safe as an original's path is
/// safe here.
std::string rendition_path(const std::string& folder, const Asset& asset);

/// What stands in the way of a file at `path`: something that is no folder where one of its folders belongs,
/// or a folder in its own place. Below the archive's root, as `path`; empty where nothing does. Errors:
/// ArchiveError.
std::string in_the_way(const Folder& root, const std::string& path);

/// Whether there is something to make of a file that is of this kind.
bool is_wanted(MediaKind kind, std::string_view mime, const RenditionOptions& options);

/// What is to become of one original.
struct ConvertDecision {
    ConvertOutcome outcome = ConvertOutcome::left_out; ///< `made`: to be made
    bool kind_known = true;             ///< of one to be made; else it may still come out as `left_out`
    std::optional<Rendition> rendition; ///< as it is there, or failed
    bool adopted = false; ///< a file in its place that the catalog didn't know: `rendition` is its mark
};

/// Decides, original by original, by the catalog and by what is in renditions/. Changes nothing.
class ConvertPlanner {
public:
    /// `versions` of what would draw. The archive must outlive it.
    ConvertPlanner(Archive::Impl& archive, const ConvertOptions& options, std::string versions);

    /// The originals to be looked at, by Asset::id.
    std::vector<std::int64_t> candidates() const;
    ConvertDecision decide(const Asset& asset);
    /// Whether a moving half belongs to it, which no picture shows.
    bool is_live(const Asset& asset);

    const std::string& folder() const noexcept { return folder_; }
    const std::string& text() const noexcept { return text_; }
    const std::string& versions() const noexcept { return versions_; }

private:
    bool may_be_wanted(const Asset& asset, bool& known);
    std::optional<Rendition> in_place(const Asset& asset);
    bool lacks_moving_half(const Asset& asset, const Rendition& rendition);

    Archive::Impl* archive_;
    const ConvertOptions* options_;
    std::string folder_, text_, versions_;
    RenditionStore store_;
    Statements sql_;
};

} // namespace photosafe
