// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/phone_record.hpp>

#include "archive/phone_event.hpp"
#include "core/sqlite.hpp"

namespace photosafe {

/// Whose events are being added.
struct PhoneRun {
    std::int64_t run = 0, source = 0;
    std::int64_t library = 0; ///< 0: none yet
};

/// What the catalog has of an item, for comparing.
struct PhoneItemRow {
    std::int64_t id = 0;
    std::optional<std::int64_t> asset;
    std::string facts; ///< as JSON
    bool gone = false;
};

/// What phones' own libraries say, as the catalog keeps it: the sum of the events of phone_event.hpp. It is
/// the Catalog that adds them.
///
/// Errors: ArchiveError; `damaged` for an event that fits nothing before it. Threads: one at a time, and the
/// catalog's other users with it. Ownership: the database must outlive it.
class PhoneStore {
public:
    explicit PhoneStore(Database& db) : sql_{db} {}

    /// Also makes the library the run's.
    std::int64_t add(const PhoneRun& to, const LibraryFound& event);
    void add(const PhoneRun& to, const ItemTold& event);
    void add(const PhoneRun& to, const ItemsGone& event);
    /// Members whose items are gone or trashed stay: a person takes a picture out of an album by leaving it
    /// on the phone.
    void add(const PhoneRun& to, const AlbumTold& event);
    void add(const PhoneRun& to, const AlbumsGone& event);
    void add(const PhoneRun& to, const Looked& event);

    /// The library of this source (SourceInfo::id); 0: it isn't known.
    std::int64_t library(const std::string& source, const std::string& uuid);
    std::optional<PhoneItemRow> item(std::int64_t library, const std::string& key);
    /// The keys of all items that are not gone, in their order.
    std::vector<std::string> item_keys(std::int64_t library);
    /// The albums that are not gone, as they were told.
    std::vector<AlbumTold> albums(std::int64_t library);

    /// What phones say of this asset: of what is on a phone still, all; else what the last one said.
    std::vector<PhoneItemRecord> items_of(std::int64_t asset);
    /// All items ever seen, the newest first; false from `visit` ends it.
    void for_each_item(const std::function<bool(const PhoneItemRecord&)>& visit);
    /// All albums ever seen, in the order that each phone shows them.
    std::vector<PhoneAlbumRecord> album_records();
    /// Titles of the albums that the items of this asset are in now.
    std::vector<std::string> album_titles(std::int64_t asset);
    /// The members of an album, in its order.
    std::vector<PhoneItemRecord> members(std::int64_t album);
    /// The latest first.
    std::vector<PhoneLook> looks(std::size_t limit);
    /// Whether any library was ever read.
    bool any();

private:
    std::vector<std::pair<Instant, Instant>> absences(std::int64_t item);
    std::int64_t item_id(std::int64_t library, std::string_view key);
    void set_members(std::int64_t album, std::int64_t library, const std::vector<std::string>& keys);

    Statements sql_;
};

} // namespace photosafe
