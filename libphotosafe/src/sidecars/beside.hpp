// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include <sys/stat.h>

#include "archive/sidecar_mark.hpp"
#include "core/file.hpp"

namespace photosafe {

/// The sidecar that lies in its place, as it was when it was read, and how another one comes there.
class SidecarBeside {
public:
    /// Looks, and changes nothing. `root` must outlive it. Errors: ArchiveError; unsafe: what is there is no
    /// file, or larger than any sidecar.
    SidecarBeside(const Folder& root, std::string path);

    /// Its mark, where nobody else has written into it.
    const std::optional<SidecarMark>& mark() const noexcept { return mark_; }
    const std::string& text() const noexcept { return text_; }

    /// Puts `text` in its place, whole, and its bytes durable; the folder's entry is the caller's to sync.
    /// Errors: ArchiveError; busy: another program wrote it meanwhile, and that stays.
    void replace(const std::string& text) const;

private:
    const Folder* root_;
    std::string path_;
    std::optional<struct stat> was_;
    std::optional<SidecarMark> mark_;
    std::string text_;
};

} // namespace photosafe
