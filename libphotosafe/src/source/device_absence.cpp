// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/device_absence.hpp"

#include "source/device_folder.hpp"

namespace photosafe {

bool Absence::is_proven(const std::string& path)
{
    const auto slash = path.rfind('/');
    const std::string above = slash == path.npos ? "" : path.substr(0, slash);
    const std::string name = path.substr(slash + 1); // npos + 1 is 0
    auto known = names_.find(above);
    if (known == names_.end()) known = names_.emplace(above, list(above)).first;
    if (known->second) return !known->second->contains(name);
    return !above.empty() && is_proven(above);
}

std::optional<Absence::Names> Absence::list(const std::string& folder)
{
    FolderNames listed;
    for (;;) {
        auto outcome = session_.ask(afc::read_folder("/" + folder), stop_);
        if (outcome.status != afc::status::ok) return std::nullopt;
        const auto verdict = listed.add(std::move(outcome.list));
        if (verdict == FolderNames::Verdict::list_again) continue;
        if (verdict == FolderNames::Verdict::kept_changing) return std::nullopt;
        Names names;
        while (const auto name = listed.next()) names.emplace(*name);
        return names;
    }
}

} // namespace photosafe
