// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "archive/catalog.hpp"
#include "ingest/evidence.hpp"
#include "ingest/link.hpp"

namespace photosafe {

/// The shots that some contents make, and what each of them is called.
class Grouping {
public:
    Grouping(Catalog& catalog, std::vector<Evidence> contents);

    const std::vector<Evidence>& contents() const noexcept { return contents_; }
    const Link& link(std::size_t content) const noexcept { return links_[content]; }
    ShotTime time(std::size_t content) const { return shot_time(contents_, links_, links_[content].leader); }
    /// Contents in the order in which they are published: leaders first.
    std::vector<std::size_t> order() const;

    /// Folder and stem of the content's shot; empty for a new one, until `call` names it.
    const std::string& name(std::size_t content) const { return names_[links_[content].leader]; }
    void call(std::size_t content, std::string name) { names_[links_[content].leader] = std::move(name); }

    /// What is to be noted of assets of which the catalog knows something else. Nothing while one of them
    /// waits to be read: what it says may change all.
    std::vector<Regrouped> changes() const;

private:
    void name_shots();
    bool is_free(const std::string& group, std::size_t leader) const;
    std::string own_name(const Evidence& content) const;

    Catalog* catalog_;
    std::vector<Evidence> contents_;
    std::vector<Link> links_;
    std::vector<std::string> names_; ///< of the shots, by their leaders
    std::set<std::string> given_;    ///< names that a shot has
    bool pending_ = false;
};

} // namespace photosafe
