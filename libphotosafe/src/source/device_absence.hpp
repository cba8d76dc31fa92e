// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "device/session.hpp"

namespace photosafe {

/// What a phone doesn't have: only a folder that it lists, twice alike, and that doesn't name it, says so.
/// Phones answer for a folder that they can't read, too, that it isn't there.
///
/// Errors:  those of Session::ask.
/// Threads: one.
class Absence {
public:
    Absence(Session& session, std::stop_token stop) : session_{session}, stop_{std::move(stop)} {}

    bool is_proven(const std::string& path);

private:
    using Names = std::set<std::string, std::less<>>;

    /// None where the phone doesn't list it, or not twice alike.
    std::optional<Names> list(const std::string& folder);

    Session& session_;
    std::stop_token stop_;
    std::map<std::string, std::optional<Names>> names_; ///< of each folder that was asked for
};

} // namespace photosafe
