// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/assess.hpp>

#include <algorithm>
#include <array>
#include <list>
#include <unordered_map>
#include <unordered_set>

#include "assess/judge.hpp"
#include "core/text.hpp"
#include "ingest/shot.hpp"

namespace photosafe {

namespace {

class Assess {
public:
    Assess(Source& source, Archive& archive, const AssessOptions& options)
        : source_{source}, archive_{archive}, options_{options}, filter_{archive.impl().catalog.last_filter(
                                                                     source.info().id)}
    {
        result_.source = source.info();
    }

    Assessment run();

private:
    void reread();
    void judge_listed(Judge& judge, const Selection& selection, Listing& listing);
    void judge_shot(Judge& judge, const Selection& selection, std::span<const SourceFile> shot);
    void set_strays_aside(Judge& judge, const Selection& selection, std::vector<SourceFile>& files);
    void judge_skipped(const Selection& selection, const Listing& listing);
    void judge_absent(Judge& judge);
    void tell(const AssessedItem& item);
    void note_unknowns(bool any_file, std::uint64_t not_compared);
    void stop_if_asked() const;

    Source& source_;
    Archive& archive_;
    const AssessOptions& options_;
    IngestFilter filter_; ///< of the last import: what the person left out on purpose
    LibraryReading library_;
    std::unordered_set<const PhoneAsset*> seen_; ///< items of the library whose files are there
    std::unordered_map<const PhoneAsset*, std::list<SourceFile>> strays_; ///< files of theirs, by other names
    Assessment result_;
};

Assessment Assess::run()
{
    if (options_.full) reread();
    Listing listing = source_.list(
        {.on_progress = options_.on_scan, .shared_albums = filter_.shared_albums, .stop = options_.stop});
    library_ = read_library(source_, archive_, library_reader(options_.media), options_.stop);
    result_.library = told(library_);
    const Selection selection{filter_, library_.library};
    Judge judge{archive_.impl(), result_.source.id, selection, library_.library};
    judge_listed(judge, selection, listing);
    judge_skipped(selection, listing);
    judge_absent(judge);
    result_.oldest_proof = judge.oldest_proof();
    note_unknowns(!listing.files.empty(), judge.not_compared());
    if (result_.would_be_lost != 0)
        result_.safe_to_wipe = false;
    else if (result_.unknowns.empty())
        result_.safe_to_wipe = true;
    return std::move(result_);
}

void Assess::reread()
{
    require_write(archive_);
    result_.reread = check_fixity(archive_, {.on_progress = options_.on_reread, .stop = options_.stop});
    if (!result_.reread->complete)
        throw ArchiveError{ErrorCode::cancelled, "Stopped before every original was read", archive_.root()};
}

void Assess::judge_listed(Judge& judge, const Selection& selection, Listing& listing)
{
    std::vector<SourceFile>& files = listing.files;
    sort_by_shot(files);
    set_strays_aside(judge, selection, files);
    for (std::size_t i = 0; i < files.size();) {
        const std::span shot = std::span{files}.subspan(i, shot_size(std::span{files}.subspan(i)));
        judge_shot(judge, selection, shot);
        i += shot.size();
        stop_if_asked();
    }
    for (const auto& [item, strays] : strays_) // their items' own files are not there
        for (const SourceFile& file : strays)
            tell(judge.judge(std::array{Judge::Listed{file, Fate::copy}}, nullptr));
}

/// Of what iCloud brought, the halves of a shot have nothing in common but their contents.
void Assess::set_strays_aside(Judge& judge, const Selection& selection, std::vector<SourceFile>& files)
{
    std::unordered_set<std::string_view> paths;
    for (std::size_t i = 0, size = 1; i < files.size(); i += size, size = 1) {
        const SourceFile& file = files[i];
        if (!file.path.starts_with("PhotoData/CPLAssets/")) continue;
        size = shot_size(std::span{files}.subspan(i));
        if (size > 1 || selection.item(file.path) != nullptr) continue;
        if (const PhoneAsset* item = judge.item_of_shot(file))
            paths.insert(strays_[item].emplace_back(file).path);
        stop_if_asked();
    }
    std::erase_if(files, [&](const SourceFile& file) { return paths.contains(file.path); });
}

/// Names bring files together; the library says how many items that are. What it doesn't name goes with the
/// first of them.
void Assess::judge_shot(Judge& judge, const Selection& selection, std::span<const SourceFile> shot)
{
    struct Item {
        const PhoneAsset* item;
        std::vector<Judge::Listed> files;
    };
    std::vector<Item> items;
    std::vector<Judge::Listed> rest;
    const std::vector<Fate> wanted = selection.of(shot);
    for (std::size_t i = 0; i < shot.size(); ++i) {
        const Judge::Listed listed{shot[i], wanted[i]};
        if (const PhoneAsset* item = selection.item(shot[i].path))
            items.push_back({item, {listed}});
        else
            rest.push_back(listed);
    }
    if (items.empty()) items.push_back({nullptr, {}});
    // Of several, one that is wanted: the others may be in the bin.
    const auto kept = std::ranges::find_if(
        items, [](const Item& one) { return !one.files.empty() && one.files.front().wanted == Fate::copy; });
    auto& first = (kept == items.end() ? items.front() : *kept).files;
    first.insert(first.end(), rest.begin(), rest.end());
    for (auto& [item, files] : items) {
        if (item != nullptr) {
            seen_.insert(item);
            if (const auto strays = strays_.extract(item))
                for (const SourceFile& file : strays.mapped()) files.push_back({file, files.front().wanted});
        }
        tell(judge.judge(files, item));
    }
}

void Assess::judge_skipped(const Selection& selection, const Listing& listing)
{
    for (const SkippedEntry& entry : listing.skipped) {
        if (entry.excluded) continue; // a link, a counter file: no item
        AssessedItem item;
        item.path = entry.path;
        item.state = ItemState::failed;
        item.reason = entry.reason;
        item.remedy = Remedy::import; // which lists it anew
        item.on_source = true;
        item.would_be_lost = true;
        if (const PhoneAsset* named = selection.item(entry.path); named && seen_.insert(named).second) {
            item.in_library = true;
            item.uuid = named->uuid;
            item.name = named->original_name;
        }
        tell(item);
    }
}

void Assess::judge_absent(Judge& judge)
{
    for (const PhoneAsset& item : library_.library.assets) {
        if (seen_.contains(&item)) continue;
        tell(judge.judge_absent(item));
        stop_if_asked();
    }
}

void Assess::tell(const AssessedItem& item)
{
    ++result_.items;
    switch (item.state) {
    case ItemState::safe: ++result_.safe; break;
    case ItemState::changed: ++result_.changed; break;
    case ItemState::not_imported: ++result_.not_imported; break;
    case ItemState::only_in_icloud: ++result_.only_in_icloud; break;
    case ItemState::failed: ++result_.failed; break;
    case ItemState::excluded: ++result_.excluded; break;
    }
    if (item.would_be_lost) ++result_.would_be_lost;
    if (!item.on_source) ++result_.not_on_source;
    if (library_.known() && !item.in_library) ++result_.not_in_library;
    if (options_.on_item) options_.on_item(item);
}

void Assess::note_unknowns(bool any_file, std::uint64_t not_compared)
{
    const auto note = [&](std::string sentence) { result_.unknowns.push_back(std::move(sentence)); };
    const bool phone = result_.source.kind == "device";
    if (!library_.known()) {
        if (library_.state == LibraryReading::State::unread)
            note("The phone's own library could not be read (" + library_.trouble +
                 "), so whether originals are only in iCloud is not known.");
        else if (phone)
            note("The phone shows no library of its own, so whether originals are only in iCloud is not "
                 "known.");
        return;
    }
    const PhoneLibrary& library = library_.library;
    for (const std::string& trouble : library.troubles)
        note("A part of the phone's library could not be read: " + trouble);
    if (any_file && seen_.empty())
        note("The phone's library names none of the files that are there: it may be another one, or cut.");
    if (not_compared != 0)
        note("Of " + std::to_string(not_compared) + (not_compared == 1 ? " item" : " items") +
             " the phone's library knows more than the phone has shown, so whether all of it is safe is not "
             "known: it may have been cut, or changed just now.");
    const auto silent = [](const PhoneAsset& item) { return item.locality == Locality::unknown; };
    if (!library.assets.empty() && std::ranges::all_of(library.assets, silent))
        note("The phone's library doesn't say of any item whether its original is only in iCloud.");
}

void Assess::stop_if_asked() const
{
    if (options_.stop.stop_requested())
        throw DeviceError{ErrorCode::cancelled, "Stopped before all was compared"};
}

} // namespace

std::string_view name(ItemState state) noexcept
{
    switch (state) {
    case ItemState::safe: return "safe";
    case ItemState::changed: return "changed";
    case ItemState::not_imported: return "not_imported";
    case ItemState::only_in_icloud: return "only_in_icloud";
    case ItemState::failed: return "failed";
    case ItemState::excluded: return "excluded";
    }
    return "failed";
}

std::string_view name(Remedy remedy) noexcept
{
    switch (remedy) {
    case Remedy::none: return "none";
    case Remedy::import: return "import";
    case Remedy::include: return "include";
    case Remedy::download: return "download";
    }
    return "none";
}

std::uint64_t Assessment::count(ItemState state) const noexcept
{
    switch (state) {
    case ItemState::safe: return safe;
    case ItemState::changed: return changed;
    case ItemState::not_imported: return not_imported;
    case ItemState::only_in_icloud: return only_in_icloud;
    case ItemState::failed: return failed;
    case ItemState::excluded: return excluded;
    }
    return 0;
}

Assessment assess(Source& source, Archive& archive, const AssessOptions& options)
{
    return Assess{source, archive, options}.run();
}

} // namespace photosafe
