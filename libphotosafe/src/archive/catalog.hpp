// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "archive/event.hpp"
#include "archive/metadata_store.hpp"
#include "archive/phone_store.hpp"
#include "archive/search_index.hpp"
#include "core/file.hpp"
#include "core/sqlite.hpp"

namespace photosafe {

/// What the catalog knows of a place on a source.
struct KnownPlace {
    std::int64_t asset = 0;
    std::uint64_t bytes = 0;
    Instant modified;
};

/// A place where an asset was seen, and the run that first saw it there.
struct Sighting {
    std::string source; ///< SourceInfo::id
    std::string path;   ///< on the source, byte for byte
    Instant modified;
    std::optional<Instant> born;
    std::int64_t run = 0;
};

/// Bytes of a manifest, from the first to behind the last.
struct Stretch {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
};

/// The index of an archive: the sum of its manifests. Nothing but `apply` changes it. Beside it, in the same
/// file, stands what the originals say of themselves: metadata_store.hpp.
///
/// Errors: ArchiveError. Threads: one at a time.
class Catalog {
public:
    /// The catalog in `file`. Where several computers may share the disk (`shared`), SQLite's WAL can't be
    /// used.
    static Catalog open(const std::filesystem::path& file, Access access, bool shared);
    static Catalog create(const std::filesystem::path& file, bool shared);

    /// Adds the events that stand in this stretch of the manifest, in one durable transaction. The stretch
    /// has to begin where the last one ended (`damaged` otherwise): none can be left out, or come in twice.
    void apply(const std::string& manifest, std::span<const Event> events, Stretch stretch);
    /// The same in steps: what `add` adds, and what is put into `metadata`, can be asked for at once, and is
    /// undone unless it comes to `commit`.
    class Batch {
    public:
        /// Without a manifest nothing can be added until one is entered.
        explicit Batch(Catalog& catalog, const std::string& manifest = {});
        void enter(const std::string& manifest);
        void add(const Event& event) { catalog_->apply_one(event, manifest_); }
        void commit(Stretch stretch);
        /// Of a batch without events.
        void commit();

    private:
        Catalog* catalog_;
        std::string manifest_;
        Transaction transaction_;
    };

    /// How much of each manifest is in.
    std::map<std::string, std::uint64_t> applied();
    std::int64_t last_sequence();

    std::optional<Asset> find(const Digest& digest);
    std::optional<Asset> find(std::int64_t id);
    std::optional<Asset> find_sha256(const std::array<std::byte, 32>& sha256);
    std::optional<Asset> find_path(const std::string& path);
    bool path_taken(const std::string& path);
    bool shot_taken(const std::string& path);
    /// Folder and stem of a shot, below originals/.
    std::string shot_path(std::int64_t shot);
    /// What was seen at a place: the asset whose size and time these are.
    std::optional<KnownPlace> seen(const std::string& source, const std::string& path, std::uint64_t bytes,
                                   Instant modified);

    /// Whether anything was ever seen at this place.
    bool seen_at(const std::string& source, const std::string& path);

    void for_each_asset(const std::string& order, const std::function<bool(const Asset&)>& visit);
    std::vector<Place> places(std::int64_t asset);

    // What may belong to one shot: catalog_shots.cpp.
    /// Where the asset was seen, the first at first; at most `limit`.
    std::vector<Sighting> sightings(std::int64_t asset, std::size_t limit);
    /// The assets that were seen at paths of this source from `from` on and before `to`, once for each place;
    /// of at most `limit` places.
    std::vector<std::int64_t> seen_between(const std::string& source, const std::string& from,
                                           const std::string& to, std::size_t limit);
    /// The assets of a shot; at most `limit`.
    std::vector<std::int64_t> parts(std::int64_t shot, std::size_t limit);
    /// The run whose events are being added.
    std::int64_t run() const noexcept { return run_; }

    ArchiveSummary summary();
    std::vector<ImportRecord> imports(std::size_t limit);
    std::vector<FailureRecord> failures(std::size_t limit);
    /// What the last import of this source was asked for.
    IngestFilter last_filter(const std::string& source);
    /// Folds the write-ahead log into the file.
    void checkpoint();
    /// Whether its pages make sense. Reads all of it.
    std::string check();
    /// The file that it is in, for what is kept beside the sum of the manifests.
    Database& database() noexcept { return *db_; }
    /// What the originals say of themselves.
    MetadataStore& metadata() noexcept { return metadata_; }
    /// What phones' own libraries say.
    PhoneStore& phones() noexcept { return phones_; }

private:
    explicit Catalog(Database db) : db_{std::make_unique<Database>(std::move(db))} {}
    Statement& statement(const char* sql) { return statements_(sql); }
    void apply_one(const Event& event, const std::string& manifest);
    void add(const Begun& event, const std::string& manifest);
    void add(const Stored& event);
    void add(const Regrouped& event);
    void add(const Seen& event);
    void add(const Failed& event);
    void add(const Ended& event);
    void add(const Verified& event);
    void add(const FoundBad& event);
    void add(const LibraryFound& event);
    template <class OfPhone>
    void add(const OfPhone& event)
    {
        phones_.add({run_, run_source_, run_library_}, event);
    }
    std::int64_t source_row(const SourceInfo& source);
    std::int64_t shot_row(const std::string& path);
    void select_run(const std::string& manifest);

    std::unique_ptr<Database> db_; ///< stays where it is when this moves
    Statements statements_{*db_};
    SearchIndex index_{*db_};
    MetadataStore metadata_{*db_};
    PhoneStore phones_{*db_};
    std::int64_t run_ = 0;         ///< whose events are being applied
    std::int64_t run_source_ = 0;  ///< its source; 0: it has none
    std::int64_t run_library_ = 0; ///< the phone's library that it tells of; 0: none yet
};

} // namespace photosafe
