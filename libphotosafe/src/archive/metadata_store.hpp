// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/metadata.hpp>

#include "archive/search_index.hpp"
#include "core/sqlite.hpp"

namespace photosafe {

/// Where in the order of `MetadataStore::pending` an asset stands.
struct PendingPlace {
    bool failed = false; ///< behind all that are pending
    std::int64_t slot = std::numeric_limits<std::int64_t>::max();
};

/// An asset whose file is to be read for its metadata.
struct PendingAsset {
    PendingPlace place;
    std::int64_t id = 0;
    std::string path; ///< below the archive's root
    std::string name; ///< on the phone, byte for byte
    std::uint64_t bytes = 0;
    Role role = Role::other;
};

/// What a file says of itself as far as it tells to which shot it belongs, and how that is filed.
struct FileFacts {
    MediaKind kind = MediaKind::unknown;
    std::string content_id;
    CaptureTime taken;
    std::string make, model;
    bool screenshot = false;
};

/// How many assets there are of each ParseState.
struct MetadataCounts {
    std::uint64_t done = 0, failed = 0, pending = 0;
    std::uint64_t pending_lost = 0; ///< of the pending: known to be missing or damaged
};

/// What the originals say of themselves, kept in the catalog beside what the manifests say: written and read
/// here, asked for in query.hpp. It can be had from the originals again, so no manifest tells it, and after
/// `rebuild` every asset is pending.
///
/// `versions` names the libraries that read a file (`photosafe 0.2, libexif 0.6.24, …`); what failed is
/// pending again under other ones only. It may be any text and is compared as a whole.
///
/// Errors: ArchiveError. Threads: one at a time, and the catalog's other users with it.
/// Ownership: the database (`catalog.database()`) must outlive it; it may live as long as one likes.
/// Transactions are the caller's: `auto batch = store.begin(); … put …; batch.commit();`, some hundred `put`
/// each. One `put` alone is a transaction of its own; one within a Catalog::Batch ends with that.
class MetadataStore {
public:
    explicit MetadataStore(Database& db) : db_{&db}, sql_{db}, index_{db} {}

    /// Undone unless it comes to `commit`, by which queries know of it.
    class Batch {
    public:
        explicit Batch(MetadataStore& store) : store_{&store}, transaction_{*store.db_} {}
        void commit();

    private:
        MetadataStore* store_;
        Transaction transaction_;
    };
    [[nodiscard]] Batch begin() { return Batch{*this}; }

    /// Keeps what was read of this asset, in the place of what was known. An asset that is not there is
    /// `not_found`. Strings that are too long, and raw tags above 256 KiB together, are cut; a trouble says
    /// so.
    void put(std::int64_t asset, const Metadata& metadata, std::string_view versions);
    /// Keeps that this asset could not be read: a sentence for people. What an earlier reading said of it
    /// stands: its bytes are the same, so it is as true as it was.
    void put_failed(std::int64_t asset, std::string_view reason, std::string_view versions);
    /// All assets are to be read once more; what was read of them stands until they are. Not those that are
    /// known to be missing or damaged: nobody could read them.
    void expect_all();

    /// What the last reading that went well said, whatever its state is now; none where there was none. What
    /// it doesn't say itself, its shot's sidecars say: sidecar_words.hpp.
    std::optional<Metadata> read(std::int64_t asset);
    /// The same without the raw tags.
    std::optional<Metadata> read_facts(std::int64_t asset);
    ParseRecord state(std::int64_t asset);
    /// The same of what tells its shot, without the sidecars.
    std::optional<FileFacts> facts(std::int64_t asset);
    /// Whether nobody has tried to read it yet, or since `expect_all`.
    bool is_pending(std::int64_t asset);
    /// The assets that carry this content identifier; at most `limit`.
    std::vector<std::int64_t> with_content_id(const std::string& content_id, std::size_t limit);
    /// Assets taken at most so many milliseconds from a wall time, and what they were called where they were
    /// seen first; at most `limit`.
    struct Named {
        std::int64_t asset;
        std::string name;
    };
    std::vector<Named> taken_near(Instant wall, std::chrono::milliseconds apart, std::size_t limit);
    MetadataCounts counts();

    /// At most `limit` assets to be read, the newest first, to twelve days: those pending, then those that
    /// failed under other versions. Sidecars are among them. It goes on behind `after`, the place of the last
    /// one told; what is learnt of a shot's time meanwhile may bring others of it to an earlier place.
    std::vector<PendingAsset> pending(std::string_view versions, std::size_t limit, PendingPlace after = {});
    /// How many `pending` would tell without a limit.
    std::uint64_t pending_count(std::string_view versions);

private:
    void write(std::int64_t asset, const Metadata* metadata, const ParseRecord& record);
    void write_row(std::int64_t asset, const Metadata* metadata, const ParseRecord& record);
    void write_facts(std::int64_t asset, const Metadata& metadata);
    std::int64_t reader(std::string_view versions);
    void add_sidecars(std::int64_t asset, Metadata& metadata);
    std::int64_t known_reader(std::string_view versions);

    Database* db_;
    Statements sql_;
    SearchIndex index_;
};

} // namespace photosafe
