// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include <photosafe/archive.hpp>

#include "support/temp_folder.hpp"

namespace photosafe::test {

/// An archive in a folder of its own, open to write, gone at the end of the scope.
class TempArchive {
public:
    explicit TempArchive(const CreateOptions& options = {}) : archive_{Archive::create(root(), options)} {}

    std::filesystem::path root() const { return folder_ / "Photos"; }
    /// The folder around the archive, to see that nothing was written outside of it.
    const TempFolder& folder() const noexcept { return folder_; }

    operator Archive&() { return *archive_; }
    Archive& operator*() { return *archive_; }
    Archive* operator->() { return &*archive_; }

    /// What was called `name` on its source. Throws where there is no such.
    Asset asset(const std::string& name) const
    {
        std::optional<Asset> found;
        archive_->for_each_asset([&](const Asset& one) {
            if (one.name == name) found = one;
            return !found;
        });
        if (!found) throw std::runtime_error("no asset " + name);
        return *found;
    }

    /// Lets the archive go, for tests that look at its files or open it elsewhere.
    void close() { archive_.reset(); }
    void reopen(Access access = Access::write)
    {
        close();
        archive_.emplace(Archive::open(root(), access));
    }

private:
    TempFolder folder_;
    std::optional<Archive> archive_;
};

} // namespace photosafe::test
