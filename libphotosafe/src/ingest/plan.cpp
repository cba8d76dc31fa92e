// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ingest/plan.hpp"

#include <algorithm>
#include <limits>

#include "archive/impl.hpp"
#include "ingest/selection.hpp"
#include "ingest/shot.hpp"

namespace photosafe {

namespace {

/// Takes out what the source listed more than once: two transfers of one file would be in each other's way.
void take_out_twins(Listing& listing)
{
    std::vector<SourceFile>& files = listing.files;
    const auto same = [](const SourceFile& a, const SourceFile& b) { return a.path == b.path; };
    for (auto at = std::adjacent_find(files.begin(), files.end(), same); at != files.end();
         at = std::adjacent_find(at, files.end(), same)) {
        listing.skipped.push_back({.path = at->path, .excluded = true, .reason = "listed more than once"});
        at = files.erase(at);
    }
}

std::uint64_t capped_sum(std::uint64_t a, std::uint64_t b)
{
    return b > std::numeric_limits<std::uint64_t>::max() - a ? std::numeric_limits<std::uint64_t>::max()
                                                             : a + b;
}

} // namespace

std::optional<std::int64_t> known_asset(Archive::Impl& archive, const std::string& source,
                                        const SourceFile& file)
{
    const auto place = archive.catalog.seen(source, file.path, file.bytes, file.modified);
    if (!place) return std::nullopt;
    const auto asset = archive.catalog.find(place->asset);
    if (!asset || asset->state != AssetState::present) return std::nullopt;
    const auto facts = archive.root.stat(asset->path);
    const bool there =
        facts && S_ISREG(facts->st_mode) && static_cast<std::uint64_t>(facts->st_size) == asset->bytes;
    return there ? std::optional{asset->id} : std::nullopt;
}

Scan scan(Source& source, const Archive& archive, const IngestOptions& options, const ReadLibrary& read)
{
    Scan result;
    result.figures.source = source.info();
    result.listing = source.list({.on_progress = options.on_scan,
                                  .shared_albums = options.filter.shared_albums,
                                  .stop = options.stop});
    if (read) result.library = read_library(source, archive, read, options.stop);
    const Selection selection{options.filter, result.library.library};
    std::vector<SourceFile>& files = result.listing.files;
    sort_by_shot(files);
    take_out_twins(result.listing);
    result.fates.reserve(files.size());
    IngestPlan& sum = result.figures;
    for (std::size_t i = 0; i < files.size();) {
        const std::span shot = std::span{files}.subspan(i, shot_size(std::span{files}.subspan(i)));
        const std::vector<Fate> wanted = selection.of(shot);
        for (std::size_t part = 0; part < shot.size(); ++part) {
            const SourceFile& file = shot[part];
            Fate fate = wanted[part];
            // What the phone says of a file makes no difference to what the archive has.
            if ((fate == Fate::copy || is_by_library(fate)) &&
                known_asset(archive.impl(), sum.source.id, file))
                fate = Fate::known;
            result.fates.push_back(fate);
            if (fate == Fate::copy) {
                ++sum.to_copy;
                sum.bytes_to_copy = capped_sum(sum.bytes_to_copy, file.bytes); // sizes are what a phone says
            } else if (fate == Fate::known) {
                ++sum.known;
            } else {
                ++sum.excluded;
            }
        }
        i += shot.size();
        if (options.stop.stop_requested())
            throw DeviceError{ErrorCode::cancelled, "Stopped before anything was copied"};
    }
    for (const SkippedEntry& entry : result.listing.skipped) ++(entry.excluded ? sum.excluded : sum.failed);
    sum.seen = sum.to_copy + sum.known + sum.failed + sum.excluded;
    sum.free_bytes = file_system_of(archive.root()).free_bytes;
    sum.fits = sum.bytes_to_copy <= sum.free_bytes;
    return result;
}

IngestedFile told(const Scan& scan, std::size_t i)
{
    IngestedFile result{.file = scan.listing.files[i],
                        .outcome = Outcome::excluded,
                        .asset_path = {},
                        .digest = {},
                        .code = {},
                        .reason = {}};
    switch (scan.fates[i]) {
    case Fate::copy: result.outcome = Outcome::stored; break;
    case Fate::known: result.outcome = Outcome::known; break;
    case Fate::failed: result.outcome = Outcome::failed; break;
    default: result.reason = reason_of(scan.fates[i]);
    }
    return result;
}

IngestedFile told(const SkippedEntry& entry)
{
    return {.file = {.path = entry.path, .bytes = 0, .modified = {}, .born = {}},
            .outcome = entry.excluded ? Outcome::excluded : Outcome::failed,
            .asset_path = {},
            .digest = {},
            .code = entry.excluded ? "" : std::string{name(ErrorCode::unreadable)},
            .reason = entry.reason};
}

LibraryReport told(const LibraryReading& reading)
{
    LibraryReport report{.source_has_one = reading.state != LibraryReading::State::none,
                         .read = reading.known(),
                         .items = reading.library.assets.size(),
                         .only_in_icloud = 0,
                         .trashed = 0,
                         .trouble = reading.trouble};
    for (const PhoneAsset& item : reading.library.assets) {
        if (item.trashed)
            ++report.trashed;
        else if (item.locality == Locality::only_in_icloud)
            ++report.only_in_icloud;
    }
    return report;
}

IngestPlan plan_ingest(Source& source, const Archive& archive, const IngestOptions& options)
{
    const Scan planned =
        scan(source, archive, options, options.phone_library ? library_reader(options.media) : ReadLibrary{});
    if (options.on_file) {
        for (const SkippedEntry& entry : planned.listing.skipped) options.on_file(told(entry));
        for (std::size_t i = 0; i < planned.fates.size(); ++i) options.on_file(told(planned, i));
    }
    IngestPlan result = planned.figures;
    result.library = told(planned.library);
    return result;
}

} // namespace photosafe
