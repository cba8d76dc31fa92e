// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/archive.hpp>

#include "archive/impl.hpp"
#include "archive/manifest.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

constexpr const char* name = "catalog.sqlite";
constexpr const char* fresh = ".photosafe/catalog.sqlite.new";
constexpr std::array endings{"", "-wal", "-shm", "-journal"};

/// Adds one manifest; where a batch can't be taken as a whole, what can of it.
void add_manifest(const Folder& root, const std::string& manifest, Catalog& catalog, RebuildReport& report)
{
    const ManifestReading reading =
        read_manifest(root, manifest, 0, [&](std::span<const Event> events, std::uint64_t length) {
            try {
                return catalog.apply(manifest, events, length);
            } catch (const ArchiveError& e) {
                if (e.code() != ErrorCode::damaged) throw;
            }
            for (const Event& event : events) {
                try {
                    catalog.apply(manifest, std::span{&event, 1}, length);
                } catch (const ArchiveError& e) {
                    if (e.code() != ErrorCode::damaged) throw;
                    report.notes.push_back("manifests/" + manifest + ".ndjson: " + to_line(event) + ": " + e.what());
                }
            }
        });
    ++report.manifests;
    report.torn_lines += reading.torn_bytes != 0 ? 1 : 0;
    report.notes.insert(report.notes.end(), reading.problems.begin(), reading.problems.end());
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
        if (catalog.find_path(path)) return;
        ++report.unrecorded;
        report.notes.push_back(printable(path) + " is on disk and told by no manifest; importing its content again adopts it");
    });
}

/// Puts the new catalog in the place of the old one, which is set aside.
void exchange(const Folder& root, RebuildReport& report)
{
    std::string stamp = to_rfc3339(wall_now()).substr(0, 19);
    std::erase(stamp, ':');
    const std::string aside = ".photosafe/catalog.sqlite.before-" + stamp + "Z";
    for (const char* ending : endings) {
        if (!root.stat(std::string{name} + ending)) continue;
        root.rename(std::string{name} + ending, aside + ending);
        report.set_aside = root.path() / aside;
    }
    root.rename(fresh, name);
    root.sync(".photosafe");
    root.sync();
}

} // namespace

RebuildReport rebuild(const std::filesystem::path& path, bool dry_run)
{
    RebuildReport report;
    std::error_code error;
    if (!std::filesystem::is_directory(path / "manifests", error)) {
        throw ArchiveError{ErrorCode::not_found, "There is no archive at " + printable(path.native()) + ": it has no manifests", path};
    }
    const Folder root = Folder::open(path);
    std::optional<Identity> identity;
    try {
        identity = read_identity(root);
    } catch (const ArchiveError& e) {
        if (e.code() != ErrorCode::damaged) throw;
    }
    if (!identity) {
        report.notes.emplace_back(".photosafe/archive.json was lost or damaged; the default layout takes the place of the one it told");
    }
    Lock lock;
    const FileSystem disk = file_system_of(path);
    if (!dry_run) {
        root.make_folders(".photosafe/incoming");
        lock = Lock{root};
        for (const char* ending : endings) root.remove(std::string{fresh} + ending);
    }
    {
        // SQLite's own temporary database serves a dry run. The real one needs no syncs until it is whole.
        Catalog catalog = dry_run ? Catalog::create("", true) : Catalog::create(root.path() / fresh, true);
        for (const std::string& manifest : manifest_names(root)) add_manifest(root, manifest, catalog, report);
        compare_with_disk(root, catalog, report);
    }
    if (dry_run) return report;
    root.open_file(fresh, O_RDWR).sync();
    if (!identity) write_identity(root, {.layout = CreateOptions{}.layout});
    exchange(root, report);
    Archive::open(path, Access::write); // with the journal that its disk wants, and torn ends of manifests cut
    return report;
}

} // namespace photosafe
