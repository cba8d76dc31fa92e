// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <photosafe/asset.hpp>

#include "archive/catalog.hpp"

namespace photosafe {

/// What is known of one content, as far as it says to which shot it belongs.
struct Evidence {
    Digest digest;
    std::uint64_t bytes = 0;
    std::vector<Sighting> seen;     ///< where it was seen, the first of them first
    std::optional<FileFacts> facts; ///< what the file says; none where it was never read
    bool pending = false;           ///< it is still to be read, for the first time or again
    std::optional<Asset> asset;     ///< none for one that is not published yet
    std::string group;              ///< of the asset: what its shot is called
};

/// Whether a file says by which camera and, by that camera's clock, when it was taken.
bool is_of_camera(const FileFacts& facts);

/// Leaves of the sightings those that say something of the shot. A picture is of the same shot wherever it
/// was seen. A sidecar and an empty file may be equal in shots that have nothing to do with each other: they
/// belong to the one where they were seen first.
void keep_telling(Evidence& evidence);

/// Finds what may be of one shot: contents with a shared name, a shared content identifier or a shared group,
/// both those in the catalog and those about to be published; and those in the catalog that were taken with
/// it and share its stem, wherever they were seen.
///
/// However many of them a phone makes up, it looks at some of them only: at most 16 places of a content, 32
/// of a name, 100 of a moment, and 100 contents in all; an identifier that more than 16 contents carry says
/// nothing.
class EvidenceFinder {
public:
    explicit EvidenceFinder(Catalog& catalog) : catalog_{&catalog} {}

    /// Takes a content into account that is about to be published, until it is published or forgotten. One
    /// that is expected already was seen in one more place.
    void expect(Evidence evidence);
    void forget(const Digest& digest);

    /// All that may be of one shot with it, itself included.
    std::vector<Evidence> around(const Digest& expected);
    std::vector<Evidence> around(std::int64_t asset);

private:
    using Content = std::variant<Digest, std::int64_t>;
    struct Search {
        std::vector<Content> open;
        std::set<Content> met;
        std::set<std::string> names;
        std::vector<Evidence> found;
    };

    std::vector<Evidence> around(Content first);
    Evidence filed(std::int64_t asset);
    void meet(Search& search, const Content& content) const;
    void meet_named(Search& search, const Sighting& seen);
    void meet_identified(Search& search, Evidence& one);
    void meet_taken_then(Search& search, const Evidence& one);

    Catalog* catalog_;
    std::map<Digest, Evidence> expected_;
    std::multimap<std::string, Digest> expected_names_;
    std::multimap<std::string, Digest> expected_ids_;
};

} // namespace photosafe
