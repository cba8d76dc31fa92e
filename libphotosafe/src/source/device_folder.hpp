// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace photosafe {

/// The names in one folder of a phone: what its listings say, until two in a row agree.
class FolderNames {
public:
    enum class Verdict { list_again, agreed, kept_changing };

    /// Takes one more listing (names, each ended by a NUL, with `.` and `..`).
    Verdict add(std::vector<std::byte>&& listing);
    /// The next name, valid as long as this; none after the last. `.` and `..` are left out.
    std::optional<std::string_view> next();
    bool empty() const noexcept { return rest_.empty(); }

private:
    static constexpr int most_listings = 5;

    std::vector<std::byte> names_;
    std::string_view rest_;
    int listings_ = 0;
};

/// Why a name can't be asked for, or nothing when it can.
std::optional<std::string_view> unusable(std::string_view name);

} // namespace photosafe
