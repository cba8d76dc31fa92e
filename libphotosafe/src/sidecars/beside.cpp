// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sidecars/beside.hpp"

#include <span>

#include "core/text.hpp"
#include "media/sidecar_facts.hpp"

namespace photosafe {

namespace {

constexpr const char* staged = ".photosafe/incoming/sidecar.xmp"; // one at a time; litter is swept there

bool same(const struct stat& a, const struct stat& b)
{
    const auto equal = [](const timespec& one, const timespec& other) {
        return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
    };
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
           equal(a.st_mtim, b.st_mtim) && equal(a.st_ctim, b.st_ctim);
}

} // namespace

SidecarBeside::SidecarBeside(const Folder& root, std::string path)
    : root_{&root}, path_{std::move(path)}, was_{root.stat(path_)}
{
    if (!was_) return;
    if (!S_ISREG(was_->st_mode))
        throw ArchiveError{ErrorCode::unsafe, printable(path_) + " is no file. Take it away from there.",
                           path_};
    if (static_cast<std::uint64_t>(was_->st_size) > largest_sidecar)
        throw ArchiveError{ErrorCode::unsafe, printable(path_) + " is too large for a sidecar", path_};
    const File file = root.open_file(path_, O_RDONLY);
    was_ = file.stat();
    text_ = read_text(file, largest_sidecar);
    mark_ = read_sidecar_mark(file);
}

void SidecarBeside::replace(const std::string& text) const
{
    root_->remove(staged);
    {
        File file = root_->open_file(staged, O_WRONLY | O_CREAT | O_EXCL, 0666);
        file.write(std::as_bytes(std::span{text}));
        file.sync();
    }
    const auto now = root_->stat(path_);
    bool put = false;
    if (was_ && now && same(*was_, *now)) {
        root_->rename(staged, path_);
        put = true;
    } else if (!was_ && !now) {
        put = root_->rename_without_replacing(staged, path_);
    }
    if (put) return;
    root_->remove(staged);
    throw ArchiveError{ErrorCode::busy,
                       "Another program wrote " + printable(path_) + " meanwhile. Run it again.", path_};
}

} // namespace photosafe
