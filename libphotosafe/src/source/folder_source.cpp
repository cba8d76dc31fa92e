// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/source.hpp>

#include "core/file.hpp"
#include "core/text.hpp"
#include "source/folder_facts.hpp"
#include "source/folder_listing.hpp"
#include "source/folder_reader.hpp"

namespace photosafe {

namespace {

class FolderSource final : public Source {
public:
    explicit FolderSource(Folder root) : root_{std::move(root)} {}

    SourceInfo info() const override
    {
        const std::string& path = root_.path().native();
        return {.id = "folder:" + path, .kind = "folder", .name = path, .model = {}, .version = {}};
    }

    Listing list(const ListOptions& options) override { return list_folder(root_, options); }

    SourceFile look(const std::string& path) override { return look_in_folder(root_, path); }

    /// Of a copy of a phone's media folder, or a Mac's library.
    std::optional<LibraryPlace> library() const override
    {
        for (const LibraryPlace& place : {LibraryPlace{"PhotoData/Photos.sqlite", ""},
                                          LibraryPlace{"database/Photos.sqlite", "originals/"}})
            if (root_.stat(place.database)) return place;
        return std::nullopt;
    }

    std::unique_ptr<Reader> open(const SourceFile& file, std::uint64_t offset, std::stop_token stop) override
    {
        return open_folder_reader(root_, file, offset, std::move(stop));
    }

private:
    const Folder root_; // held open: nothing that is moved or linked later leads out of it
};

/// Whether the folder is one of those where an archive keeps what it made of its originals.
bool is_of_renditions(const std::filesystem::path& folder)
{
    for (auto at = folder; at.has_relative_path(); at = at.parent_path()) {
        if (at.filename() != "renditions") continue;
        try {
            if (holds_archive(Folder::open(at.parent_path()), {})) return true;
        } catch (const ArchiveError&) {
            continue; // a folder that can't be entered is no archive of this user's
        }
    }
    return false;
}

Folder open_root(const std::filesystem::path& folder)
try {
    std::error_code failure;
    const std::filesystem::path canonical = std::filesystem::canonical(folder, failure);
    if (failure) throw disk_error(failure.value(), "Opening the folder", folder);
    return Folder::open(canonical);
} catch (const ArchiveError& e) {
    throw source_error(e);
}

} // namespace

std::unique_ptr<Source> open_folder(const std::filesystem::path& folder)
{
    Folder root = open_root(folder);
    if (holds_archive(root, {})) {
        throw ArchiveError{ErrorCode::unsafe,
                           printable(folder.native()) +
                               " is an archive of PhotoSafe. To import from it, name its folder originals.",
                           folder};
    }
    if (is_of_renditions(root.path())) {
        throw ArchiveError{ErrorCode::unsafe,
                           printable(folder.native()) +
                               " holds what PhotoSafe made of an archive's originals, and no originals.",
                           folder};
    }
    return std::make_unique<FolderSource>(std::move(root));
}

} // namespace photosafe
