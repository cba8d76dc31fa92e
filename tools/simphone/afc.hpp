// SPDX-License-Identifier: LGPL-2.1-or-later
// The AFC service: com.apple.afc, and what follows house_arrest.
#pragma once

#include "services.hpp"

#include <string>

namespace simphone {

/// What an AFC connection shows of a folder.
struct AfcRoot {
    enum class View { all, documents }; ///< documents: nothing but /Documents
    explicit AfcRoot(std::string f, View v = View::all) : folder(std::move(f)), view(v) {}
    std::string folder;
    View view;
};

/// Answers AFC requests, one after the other, until the connection ends.
void serve_afc(Session& session, const AfcRoot& root, const std::string& service);

} // namespace simphone
