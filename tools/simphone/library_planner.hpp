// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library.hpp"
#include "roll_random.hpp"

#include <string>
#include <vector>

namespace simphone {

/// Fills a Library from a roll. One object makes one library.
class LibraryPlanner {
public:
    LibraryPlanner(const Roll& roll, std::uint64_t seed, const LibraryOptions& options);

    Library plan();

private:
    void choose_unlisted();
    std::vector<std::size_t> some_of(std::vector<std::size_t>& from, std::size_t count,
                                     const std::string& what);
    void add_shot(const Shot& shot);
    void add_asset(const Shot& shot, const RollFile& file, bool here);
    void add_resource(LibraryAsset& asset, const std::string& role, const RollFile& file, bool here);
    void mark();
    void describe(LibraryAsset& asset);

    void add_albums();
    std::size_t add_album(LibraryAlbum::Kind kind, const std::string& title,
                          std::optional<std::size_t> parent);
    void fill(std::size_t album, std::size_t count);

    const Roll& roll_;
    const LibraryOptions& options_;
    Random random_;
    Library library_;
};

} // namespace simphone
