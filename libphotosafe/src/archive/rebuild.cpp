// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/archive.hpp>

#include <algorithm>
#include <array>

#include "archive/impl.hpp"
#include "archive/manifest.hpp"
#include "archive/sidecar_mark.hpp"
#include "core/progress_pace.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

constexpr const char* name = "catalog.sqlite";
constexpr const char* fresh = ".photosafe/catalog.sqlite.new";
constexpr std::array endings{"", "-wal", "-shm", "-journal"};

/// Tells the caller how far it is, and hears when to stop.
class Watch {
public:
    Watch(const Folder& root, std::span<const std::string> manifests, const RebuildOptions& options)
        : options_{&options}
    {
        progress_.manifests_total = manifests.size();
        for (const std::string& manifest : manifests)
            if (const auto facts = root.stat("manifests/" + manifest + ".ndjson"))
                progress_.bytes_total += static_cast<std::uint64_t>(facts->st_size);
    }

    /// Within a manifest, of which `bytes` are read.
    void at(std::uint64_t bytes)
    {
        if (options_->stop.stop_requested())
            throw ArchiveError{ErrorCode::cancelled,
                               "Stopped as asked; the catalog is the one that was there."};
        const bool end = progress_.manifests_done == progress_.manifests_total;
        if (!options_->on_progress || !pace_.due(end)) return;
        RebuildProgress progress = progress_;
        progress.bytes_done += bytes;
        options_->on_progress(progress);
    }

    void done(std::uint64_t bytes)
    {
        ++progress_.manifests_done;
        progress_.bytes_done += bytes;
        at(0);
    }

private:
    const RebuildOptions* options_;
    RebuildProgress progress_;
    ProgressPace pace_;
};

/// Adds events one by one, those that can be added.
void add_singly(const std::string& manifest, std::span<const Event> events, Stretch stretch, Catalog& catalog,
                RebuildReport& report)
{
    for (const Event& event : events) {
        try {
            catalog.apply(manifest, std::span{&event, 1}, {stretch.from, stretch.from});
        } catch (const ArchiveError& e) {
            if (e.code() != ErrorCode::damaged) throw;
            report.notes.push_back("manifests/" + manifest + ".ndjson: " + printable(to_line(event)) + ": " +
                                   e.what());
        }
    }
    catalog.apply(manifest, {}, stretch);
}

/// Adds one manifest; where a batch can't be taken as a whole, what can of it. Lines without sense count as
/// taken too: they are told here, and the archive can be opened again.
ManifestReading add_manifest(const Folder& root, const std::string& manifest, Catalog& catalog,
                             RebuildReport& report, Watch& watch)
{
    const ManifestReading reading =
        read_manifest(root, manifest, 0, [&](std::span<const Event> events, Stretch stretch) {
            watch.at(stretch.from);
            if (stretch.from == 0 && (events.empty() || !std::holds_alternative<Begun>(events.front()))) {
                report.notes.push_back(
                    "manifests/" + manifest +
                    ".ndjson has lost its beginning: from where its originals came is not known");
                const Event begun =
                    Begun{.work = "unknown", .sequence = 0, .at = {}, .version = {}, .source = {}};
                catalog.apply(manifest, std::span{&begun, 1}, {0, 0});
            }
            try {
                return catalog.apply(manifest, events, stretch);
            } catch (const ArchiveError& e) {
                if (e.code() != ErrorCode::damaged) throw;
            }
            add_singly(manifest, events, stretch, catalog, report);
        });
    watch.done(reading.length + reading.torn_bytes);
    ++report.manifests;
    report.torn_lines += reading.torn_bytes != 0 ? 1 : 0;
    report.notes.insert(report.notes.end(), reading.problems.begin(), reading.problems.end());
    return reading;
}

void compare_with_disk(const Folder& root, Catalog& catalog, RebuildReport& report)
{
    catalog.for_each_asset("ORDER BY path", [&](const Asset& asset) {
        ++report.originals;
        if (const auto facts = root.stat(asset.path); !facts || !S_ISREG(facts->st_mode)) {
            ++report.missing;
            report.notes.push_back(printable(asset.path) + " is told by a manifest and not on disk");
        }
        return true;
    });
    root.walk("originals", [&](const std::string& path, const struct stat&) {
        if (catalog.find_path(path) || is_sidecar_beside(catalog, path)) return;
        ++report.unrecorded;
        report.notes.push_back(printable(path) +
                               " is on disk and told by no manifest; importing its content again adopts it");
    });
}

/// Puts the new catalog in the place of the old one, which is set aside.
void exchange(const Folder& root, RebuildReport& report)
{
    std::string stamp = to_rfc3339(wall_now()).substr(0, 19);
    std::erase(stamp, ':');
    const std::string wanted = ".photosafe/catalog.sqlite.before-" + stamp + "Z";
    std::string aside = wanted; // never in the place of another one, whatever the clock says
    const auto taken = [&](const char* ending) { return root.stat(aside + ending).has_value(); };
    for (unsigned i = 2; std::any_of(endings.begin(), endings.end(), taken); ++i)
        aside = wanted + '-' + std::to_string(i);
    for (const char* ending : endings) {
        if (!root.stat(std::string{name} + ending)) continue;
        root.rename(std::string{name} + ending, aside + ending);
        if (*ending == '\0') report.set_aside = root.path() / aside;
    }
    root.rename(fresh, name);
    root.sync(".photosafe");
    root.sync();
}

} // namespace

RebuildReport rebuild(const std::filesystem::path& path, const RebuildOptions& options)
{
    RebuildReport report;
    std::error_code error;
    if (!std::filesystem::is_directory(path / "manifests", error)) {
        throw ArchiveError{ErrorCode::not_found,
                           "There is no archive at " + printable(path.native()) + ": it has no manifests",
                           path};
    }
    const Folder root = Folder::open(path);
    std::optional<Identity> identity;
    try {
        identity = read_identity(root);
        if (identity) (void)Layout::parse(identity->layout);
    } catch (const ArchiveError& e) {
        if (e.code() != ErrorCode::damaged && e.code() != ErrorCode::invalid) throw;
        identity.reset();
    }
    if (!identity) {
        report.notes.emplace_back(".photosafe/archive.json was lost or damaged; the default layout takes the "
                                  "place of the one it told");
    }
    Lock lock;
    const FileSystem disk = file_system_of(path);
    if (!options.dry_run) {
        root.make_folders(".photosafe/incoming");
        lock = Lock{root};
        for (const char* ending : endings) root.remove(std::string{fresh} + ending);
    }
    {
        // SQLite's own temporary database serves a dry run. The real one needs no syncs until it is whole.
        Catalog catalog =
            options.dry_run ? Catalog::create("", true) : Catalog::create(root.path() / fresh, true);
        const std::vector<std::string> manifests = manifest_names(root);
        Watch watch{root, manifests, options};
        for (const std::string& manifest : manifests) {
            const ManifestReading reading = add_manifest(root, manifest, catalog, report, watch);
            if (!options.dry_run && reading.length != 0) complete(root, manifest, reading);
        }
        compare_with_disk(root, catalog, report);
    }
    if (options.dry_run) return report;
    root.open_file(fresh, O_RDWR).sync();
    if (!identity) write_identity(root, {.layout = CreateOptions{}.layout});
    exchange(root, report);
    lock = Lock{}; // opening takes it again
    Archive::open(path,
                  Access::write); // with the journal that its disk wants, and torn ends of manifests cut
    return report;
}

} // namespace photosafe
