// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/archive.hpp>

#include <cerrno>

#include "archive/impl.hpp"
#include "archive/manifest.hpp"
#include "archive/metadata_store.hpp"
#include "archive/staged_file.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace fs = std::filesystem;

namespace {

constexpr const char* catalog_name = "catalog.sqlite";

std::vector<std::string> warnings_of(const FileSystem& disk)
{
    if (!disk.shared) return {};
    return {"The archive is on a file system (" + disk.type +
            ") that may be shared over a network. PhotoSafe uses its slower, "
            "safe way of writing the catalog there. Let only one computer at a time import into it."};
}

Layout known_layout(const std::string& text, const fs::path& root)
try {
    return Layout::parse(text);
} catch (const ArchiveError& e) {
    throw ArchiveError{ErrorCode::damaged,
                       "The .photosafe/archive.json of " + printable(root.native()) + " holds no layout (" +
                           e.what() + "); run photosafe rebuild",
                       root};
}

/// Makes the folder `root`, and those above it, durable too: what is safe in it must not go with it.
void make_folder(const fs::path& root)
{
    fs::path top = fs::absolute(root).lexically_normal();
    if (!top.has_filename()) top = top.parent_path();
    std::vector<fs::path> above{top.parent_path()}; // also when it is there: perhaps not for long
    std::error_code error;
    const bool there = fs::exists(top, error);
    for (; !fs::exists(above.back(), error) && !error;) above.push_back(above.back().parent_path());
    fs::create_directories(top, error);
    if (error) throw disk_error(error.value(), "Making the folder", root);
    try {
        for (const fs::path& folder : above) Folder::open(folder).sync();
    } catch (const ArchiveError&) {
        if (!there) throw; // its place may be one that this user can't even read
    }
}

void make_root(const fs::path& root)
{
    std::error_code error;
    make_folder(root);
    if (fs::is_empty(root, error) && !error) return;
    if (error) throw disk_error(error.value(), "Looking into", root);
    if (fs::exists(root / ".photosafe/archive.json")) {
        throw ArchiveError{
            ErrorCode::busy,
            "There is an archive in " + printable(root.native()) + " already; nothing was changed", root};
    }
    // What an interrupted creation left is nothing to be afraid of; anything else isn't ours.
    for (const auto& entry : fs::directory_iterator{root}) {
        const std::string name = entry.path().filename().string();
        const bool folder = name == "originals" || name == "manifests";
        if (folder && entry.is_directory() && !fs::is_empty(entry.path())) {
            throw ArchiveError{ErrorCode::unsafe,
                               printable(root.native()) +
                                   " looks like an archive that has lost its "
                                   ".photosafe/archive.json; run photosafe rebuild. Nothing was changed.",
                               root};
        }
        if (name != ".photosafe" && !name.starts_with(catalog_name) && !folder) {
            throw ArchiveError{ErrorCode::unsafe,
                               "The folder " + printable(root.native()) +
                                   " has other things in it. Name a new or empty one for the archive.",
                               root};
        }
    }
}

} // namespace

Archive Archive::create(const fs::path& root, const CreateOptions& options)
{
    Layout layout = Layout::parse(options.layout);
    make_root(root);
    Folder folder = Folder::open(root);
    for (const char* path : {".photosafe/incoming", "originals", "manifests"}) folder.make_folders(path);
    Lock lock{folder};
    const FileSystem disk = file_system_of(root);
    for (const char* ending : {"", "-wal", "-shm", "-journal"})
        folder.remove(std::string{catalog_name} + ending);
    Catalog catalog = Catalog::create(root / catalog_name, disk.shared);
    folder.sync();
    write_identity(folder, {.layout = options.layout}); // last: only now it is an archive
    folder.sync();
    return Archive{std::make_unique<Impl>(Impl{std::move(folder), Access::write, std::move(lock), disk,
                                               std::move(layout), std::move(catalog), warnings_of(disk)})};
}

Archive Archive::open(const fs::path& root, Access access)
{
    std::error_code error;
    if (!fs::is_directory(root, error)) {
        throw ArchiveError{ErrorCode::not_found,
                           "There is no archive at " + printable(root.native()) +
                               ". photosafe init makes one; if the disk with "
                               "it is not plugged in, plug it in.",
                           root};
    }
    Folder folder = Folder::open(root);
    const auto identity = read_identity(folder);
    if (!identity) {
        // Without any of these, a creation was cut off: nothing is lost.
        if (!folder.names("manifests").empty() || !folder.names("originals").empty()) {
            throw ArchiveError{ErrorCode::damaged,
                               "The archive at " + printable(root.native()) +
                                   " has lost its .photosafe/archive.json; run "
                                   "photosafe rebuild",
                               root};
        }
        throw ArchiveError{
            ErrorCode::not_found,
            "There is no archive at " + printable(root.native()) + ". photosafe init makes one.", root};
    }
    Layout layout = known_layout(identity->layout, root);
    const FileSystem disk = file_system_of(root);
    Lock lock;
    if (access == Access::write) lock = Lock{folder};
    if (!folder.stat(catalog_name)) {
        throw ArchiveError{ErrorCode::damaged,
                           "The catalog of " + printable(root.native()) +
                               " is gone. The originals are there; run photosafe "
                               "rebuild to make it again.",
                           root};
    }
    Catalog catalog = Catalog::open(root / catalog_name, access, disk.shared);
    if (access == Access::write) {
        folder.make_folders(".photosafe/incoming");
        folder.make_folders("originals");
        folder.make_folders("manifests");
        catch_up(folder, catalog);
        clean_incoming(folder);
    }
    return Archive{std::make_unique<Impl>(Impl{std::move(folder), access, std::move(lock), disk,
                                               std::move(layout), std::move(catalog), warnings_of(disk)})};
}

Archive::Archive(std::unique_ptr<Impl> impl) noexcept : impl_{std::move(impl)} {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

const fs::path& Archive::root() const noexcept { return impl_->root.path(); }
const std::string& Archive::layout() const noexcept { return impl_->layout.text(); }
const std::vector<std::string>& Archive::warnings() const noexcept { return impl_->warnings; }

std::optional<Asset> Archive::find(const Digest& content) const { return impl_->catalog.find(content); }

std::optional<std::string> Archive::path_of(std::int64_t asset) const
{
    const auto found = impl_->catalog.find(asset);
    return found ? std::optional{found->path} : std::nullopt;
}

void Archive::for_each_asset(const std::function<bool(const Asset&)>& visit) const
{
    impl_->catalog.for_each_asset("ORDER BY path", visit);
}

std::vector<Place> Archive::places(const Asset& asset) const { return impl_->catalog.places(asset.id); }

std::optional<Metadata> Archive::metadata(const Asset& asset) const
{
    return impl_->catalog.metadata().read(asset.id);
}

ParseRecord Archive::parse_record(const Asset& asset) const
{
    return impl_->catalog.metadata().state(asset.id);
}

void Archive::for_each_phone_item(const std::function<bool(const PhoneItemRecord&)>& visit) const
{
    impl_->catalog.phones().for_each_item(visit);
}

std::vector<PhoneAlbumRecord> Archive::phone_albums() const
{
    return impl_->catalog.phones().album_records();
}

std::vector<PhoneItemRecord> Archive::members(const PhoneAlbumRecord& album) const
{
    return impl_->catalog.phones().members(album.id);
}

std::vector<PhoneLook> Archive::phone_looks(std::size_t limit) const
{
    return impl_->catalog.phones().looks(limit);
}

ArchiveSummary Archive::summary() const
{
    ArchiveSummary result = impl_->catalog.summary();
    result.unfinished = count_incoming(impl_->root);
    const MetadataCounts metadata = impl_->catalog.metadata().counts();
    result.metadata_failed = metadata.failed;
    result.metadata_pending = metadata.pending;
    result.metadata_pending_lost = metadata.pending_lost;
    return result;
}

std::vector<ImportRecord> Archive::imports(std::size_t limit) const { return impl_->catalog.imports(limit); }
std::vector<FailureRecord> Archive::failures(std::size_t limit) const
{
    return impl_->catalog.failures(limit);
}

void require_write(const Archive& archive)
{
    if (archive.impl().access == Access::write) return;
    throw ArchiveError{ErrorCode::read_only, "The archive was opened to read", archive.root()};
}

} // namespace photosafe
