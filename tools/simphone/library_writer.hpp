// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library.hpp"
#include "library_schema.hpp"
#include "roll_random.hpp"

namespace simphone {

/// The rows of a library. An asset, its attributes and its description have the same key: its number and one.
class LibraryWriter {
public:
    LibraryWriter(const Library& library, const Generation& generation, Database& database);

    void people_and_keywords();
    /// All rows of one asset.
    void asset(std::size_t number);
    /// Folders of Photos' own, which hold the rest.
    void roots();
    void album(std::size_t number);
    /// Those of its members that are late, or those that aren't.
    void members(std::size_t album, bool late);

    static std::int64_t key(std::size_t number) { return static_cast<std::int64_t>(number) + 1; }
    static std::int64_t album_key(std::size_t number);

private:
    Rows rows(TableKind kind);
    void attributes(std::int64_t key, const LibraryAsset& asset);
    void resource(std::int64_t key, const LibraryAsset& asset, const LibraryResource& resource);
    void faces(std::int64_t key, const LibraryAsset& asset);
    void shared_album(std::size_t number);
    std::string numbered(const char* before, int number, const char* after) const;

    const Library& library_;
    const Generation& generation_;
    Database& database_;
    Rows assets_, attributes_, descriptions_, adjustments_, resources_, faces_, asset_keywords_, albums_,
        album_assets_, album_lists_;
    std::vector<std::optional<std::size_t>> shared_in_; ///< of each asset, the shared album it is in
    std::int64_t resource_count_ = 0, face_count_ = 0, description_count_ = 0, adjustment_count_ = 0;
};

} // namespace simphone
