// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <photosafe/ingest.hpp>

#include "archive/impl.hpp"
#include "archive/staged_file.hpp"
#include "ingest/recorder.hpp"

namespace photosafe {

/// A file whose bytes are durable and proven, on its way to its place.
struct Arrival {
    std::size_t index = 0; ///< in the scan
    SourceFile file;
    StagedFile staged;
    Reading reading{}; ///< what it says of itself

    // What became of it.
    Outcome outcome = Outcome::failed;
    std::string path{}; ///< below the archive's root
    Digest digest{};
    std::optional<ArchiveError> error{}; ///< of a failure
    std::string reason{};                ///< why it was left out
};

/// What shots were called when they were taken, of those that the phone has renamed since: the stem, by
/// folder and stem on the source.
using OriginalNames = std::unordered_map<std::string, std::string>;

/// Gives proven files their names, shot by shot. One bad file is an error of its own; the others go on.
class Publisher {
public:
    Publisher(Archive::Impl& archive, SourceInfo source, OriginalNames names = {})
        : archive_{&archive}, source_{std::move(source)}, names_{std::move(names)}
    {
    }

    /// Publishes these files, or finds that their content is there already, or that one is a rendition of an
    /// original that is there or comes with it (`excluded`), and gives `recorder` what there is to note. The
    /// names that it makes are durable after `sync`: the recorder may commit only then. `versions` are those
    /// of what read them.
    void publish(std::vector<Arrival>& batch, const std::string& versions, Recorder& recorder);
    /// Makes durable all names that were made since the last call.
    void sync();

private:
    /// The files of each content that the archive doesn't have.
    using Fresh = std::map<Digest, std::vector<Arrival*>>;

    bool left_out_as_rendition(Arrival& arrival, const RenditionMark& mark) const;
    void expect(Arrival& arrival, Fresh& fresh, EvidenceFinder& finder) const;
    void publish_fresh(const std::vector<Arrival>& batch, Fresh& fresh, EvidenceFinder& finder,
                       Recorder& recorder);
    bool is_intact(const Asset& asset) const;
    void add_known(Arrival& arrival, const Asset& asset, Recorder& recorder);
    void restore(Arrival& arrival, const Asset& asset, Recorder& recorder);
    void publish_shots(Grouping shots, Fresh& fresh, EvidenceFinder& finder, Recorder& recorder);
    void add_fresh(const Grouping& shots, std::size_t content, std::uint64_t bytes,
                   const std::vector<Arrival*>& files, Recorder& recorder);
    Event seen(const Arrival& arrival) const;
    Evidence evidence_of(const Arrival& arrival) const;
    ShotFacts facts_of(const Grouping& shots, std::size_t content) const;
    std::string stem_of(const std::string& path) const;
    std::string place(Arrival& arrival, Grouping& shots, std::size_t content);
    std::string place_beside(Arrival& arrival, const std::string& group);
    bool put(Arrival& arrival, const std::string& path);
    void anchor(const std::string& folder);

    Archive::Impl* archive_;
    SourceInfo source_;
    OriginalNames names_;
    std::string versions_;
    std::set<std::string> folders_;  ///< with names that are not durable yet
    std::set<std::string> anchored_; ///< whose own names are durable, or in `folders_`
};

} // namespace photosafe
