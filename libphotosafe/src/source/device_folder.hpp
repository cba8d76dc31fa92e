// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace photosafe {

/// The names in one folder of a phone: what its listings say, until two in a row agree. Phones have been seen
/// to leave out entries now and then.
class FolderNames {
public:
    enum class Verdict { list_again, agreed, kept_changing };

    /// Takes one more listing: names, each ended by a NUL. When they keep changing, all names that were seen
    /// count.
    Verdict add(std::vector<std::byte>&& listing);
    bool listed() const noexcept { return listings_ > 0; }

    /// After the verdict: how many names there are at most, and the next one, valid as long as this; none
    /// after the last. Sorted, each once, without `.` and `..`.
    std::size_t count() const noexcept { return count_; }
    std::optional<std::string_view> next();

private:
    void settle(const std::vector<std::string_view>& names);

    std::vector<std::byte> names_; // of the last listing, then the settled ones
    std::vector<std::byte> seen_;  // in any listing, where they differed
    std::string_view rest_;
    std::size_t count_ = 0;
    int listings_ = 0;
};

/// Why a phone's name can't be asked for; empty when it can.
std::string_view unusable(std::string_view name);

/// A folder's path and a name in it, which may be unusable: it then shows, but can't be taken for a path.
std::string path_to_show(std::string_view folder, std::string_view name);

} // namespace photosafe
