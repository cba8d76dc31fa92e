// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <photosafe/ingest.hpp>

#include "archive/impl.hpp"
#include "archive/staged_file.hpp"
#include "ingest/shot.hpp"

namespace photosafe {

/// A shot on its way in: where its parts go, chosen when the first of them is published.
struct Shot {
    ShotFacts facts;
    std::optional<Instant> taken;
    std::string taken_local;
    std::string taken_source;
    std::vector<std::pair<SourceFile, Role>> siblings; ///< its parts that the archive holds already
    std::string path; ///< folder and stem below originals/; empty until chosen
};

/// A file whose bytes are durable and proven, waiting for its place.
struct Proven {
    SourceFile file;
    std::shared_ptr<Shot> shot;
    Part part;
    StagedFile staged;
};

/// Where a file ended up, and what the manifest has to say of it.
struct Published {
    Outcome outcome = Outcome::stored;
    std::string path;
    std::vector<Event> events;
};

/// Gives proven files their names. One bad file is an error of its own; the others go on.
class Publisher {
public:
    Publisher(Archive::Impl& archive, std::string source) : archive_{&archive}, source_{std::move(source)} {}

    /// Publishes the file, or finds that its content is there already. Adds nothing to the catalog. The names
    /// it made are durable after `sync`.
    Published publish(Proven& proven);
    /// Makes durable all names that were made since the last call.
    void sync();

private:
    bool speaks_for_shot(const Asset& asset, Role role, const std::string& path);
    std::string place(Proven& proven, const Digest& digest);
    void anchor(const std::string& folder);
    bool put(Proven& proven, const Digest& digest, const std::string& path);
    void choose_shot(Shot& shot, const Digest& digest, unsigned digits);

    Archive::Impl* archive_;
    std::string source_;
    std::set<std::string> folders_;  ///< with names that are not durable yet
    std::set<std::string> anchored_; ///< whose own names are durable, or in `folders_`
};

} // namespace photosafe
