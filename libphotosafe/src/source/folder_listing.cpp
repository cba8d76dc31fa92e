// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/folder_listing.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/handle.hpp"
#include "core/text.hpp"
#include "source/folder_facts.hpp"

namespace photosafe {

namespace {

using DirHandle = std::unique_ptr<DIR, FreeWith<closedir>>;

constexpr std::size_t deepest = 64;        // folders within folders
constexpr std::size_t longest_path = 4000; // what the kernel takes at once is 4095 bytes
constexpr std::size_t progress_every = 1000;

/// What systems leave on cards and disks for themselves, none of it anybody's picture. Keys of `fold_key`.
constexpr std::array<std::string_view, 21> litter{
    "$recycle.bin",    ".apdisk",     ".appledb",   ".appledesktop",
    ".appledouble",    ".directory",  ".ds_store",  ".documentrevisions-v100",
    ".fseventsd",      ".localized",  ".nomedia",   ".spotlight-v100",
    ".temporaryitems", ".thumbnails", ".trashes",   "@eadir",
    "desktop.ini",     "ehthumbs.db", "lost+found", "system volume information",
    "thumbs.db"};

bool is_litter(std::string_view name)
{
    if (name.starts_with("._") || name.starts_with(".Trash-")) return true;
    return std::find(litter.begin(), litter.end(), fold_key(name)) != litter.end();
}

class Walk {
public:
    Walk(const Folder& root, const ListOptions& options) : root_{root}, options_{options} {}

    Listing run()
    {
        folders_.push_back({});
        while (!folders_.empty()) {
            const std::string folder = std::move(folders_.back());
            folders_.pop_back();
            list(folder);
        }
        if (options_.on_progress) options_.on_progress(listing_.files.size());
        return std::move(listing_);
    }

private:
    void list(const std::string& folder)
    {
        try {
            // Kept open only while it is read, so that depth costs no descriptors.
            const DirHandle dir = open(folder);
            errno = 0;
            while (const dirent* entry = ::readdir(dir.get())) {
                if (options_.stop.stop_requested()) throw stopped(root_.path());
                const std::string name{entry->d_name};
                if (name != "." && name != "..") look_at(::dirfd(dir.get()), folder, name);
                errno = 0;
            }
            if (errno != 0) throw disk_error(errno, "Listing the folder", root_.path() / folder);
        } catch (const ArchiveError& e) {
            if (folder.empty() || e.code() == ErrorCode::cancelled) throw source_error(e);
            failed(folder, std::string{e.what()} + '.');
        }
    }

    DirHandle open(const std::string& folder) const
    {
        const File opened = root_.open_file(folder, O_RDONLY | O_DIRECTORY);
        const int fd = ::fcntl(opened.fd(), F_DUPFD_CLOEXEC, 0); // for the DIR to own
        DirHandle dir{fd < 0 ? nullptr : ::fdopendir(fd)};
        if (!dir) {
            const int error = errno;
            if (fd >= 0) ::close(fd);
            throw disk_error(error, "Opening the folder", root_.path() / folder);
        }
        return dir;
    }

    void look_at(int fd, const std::string& folder, const std::string& name)
    {
        std::string path;
        path.reserve(folder.size() + 1 + name.size()); // exactly: a roll has a hundred thousand of them
        path += folder;
        if (!folder.empty()) path += '/';
        path += name;
        if (is_litter(name)) return excluded(std::move(path), "Left there by the system, no original.");
        const auto facts = folder_facts(fd, name);
        if (!facts)
            return failed(std::move(path),
                          std::string{"It can't be looked at: "} + std::strerror(errno) + '.');
        if (path.size() > longest_path) return failed(std::move(path), "Its path is too long to be opened.");
        if (S_ISREG(facts->mode)) {
            listing_.files.push_back({std::move(path), facts->bytes, facts->modified, facts->born});
            if (options_.on_progress && listing_.files.size() % progress_every == 0) {
                options_.on_progress(listing_.files.size());
            }
        } else if (S_ISDIR(facts->mode)) {
            enter(std::move(path));
        } else if (S_ISLNK(facts->mode)) {
            excluded(std::move(path), "A link; what it points to is not followed.");
        } else {
            excluded(std::move(path), "No regular file.");
        }
    }

    void enter(std::string path)
    {
        if (static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1 > deepest) {
            return failed(std::move(path), "More than 64 folders deep.");
        }
        if (holds_archive(root_, path)) {
            return excluded(std::move(path),
                            "An archive of PhotoSafe; to import from it, name its folder originals.");
        }
        folders_.push_back(std::move(path));
    }

    void excluded(std::string path, std::string reason)
    {
        listing_.skipped.push_back({std::move(path), true, std::move(reason)});
    }
    void failed(std::string path, std::string reason)
    {
        listing_.skipped.push_back({std::move(path), false, std::move(reason)});
    }

    const Folder& root_;
    const ListOptions& options_;
    std::vector<std::string> folders_; ///< still to be listed
    Listing listing_;
};

} // namespace

bool holds_archive(const Folder& folder, const std::string& path)
{
    try {
        const File opened = folder.open_file(path, O_PATH | O_DIRECTORY);
        const auto catalog = folder_facts(opened.fd(), "catalog.sqlite");
        const auto manifests = folder_facts(opened.fd(), "manifests");
        const auto inner = folder_facts(opened.fd(), ".photosafe");
        return (catalog && S_ISREG(catalog->mode) && manifests && S_ISDIR(manifests->mode)) ||
               (inner && S_ISDIR(inner->mode));
    } catch (const ArchiveError&) {
        return false; // it can't be entered; listing it will say so
    }
}

Listing list_folder(const Folder& root, const ListOptions& options) { return Walk{root, options}.run(); }

SourceFile look_in_folder(const Folder& root, const std::string& path)
try {
    const File parent = root.open_file(parent_of(path), O_PATH | O_DIRECTORY);
    const auto facts = folder_facts(parent.fd(), std::string{name_of(path)});
    if (!facts) throw disk_error(errno, "Looking at", root.path() / path);
    if (!S_ISREG(facts->mode)) throw disk_error(ENOENT, "Looking at", root.path() / path);
    return {path, facts->bytes, facts->modified, facts->born};
} catch (const ArchiveError& e) {
    throw source_error(e);
}

} // namespace photosafe
