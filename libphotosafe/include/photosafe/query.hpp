// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/asset.hpp>
#include <photosafe/error.hpp>
#include <photosafe/export.hpp>
#include <photosafe/metadata.hpp>

namespace photosafe {

/// What is wrong with a query: code `invalid`; the message has the column, the reason and often the fix.
class PHOTOSAFE_EXPORT QueryError : public Error {
public:
    QueryError(std::size_t offset, std::size_t column, std::string_view reason);
    /// Where it is wrong, in bytes from the beginning of the query.
    std::size_t offset() const noexcept { return offset_; }
    /// The same in characters, the first is 1.
    std::size_t column() const noexcept { return column_; }

private:
    std::size_t offset_, column_;
};

/// What is asked of an archive: `camera:"iPhone 15 Pro" taken:2024-07..2024-08 not kind:video`. The words are
/// those of docs/guide/query-language.md. A query is a value, knows no archive, and is the same in every one.
class PHOTOSAFE_EXPORT Query {
public:
    /// Finds everything.
    Query();
    /// Throws QueryError for what is no query, whatever it holds.
    static Query parse(std::string_view text);

    /// The query in words that `parse` takes, every one of them in the same form.
    std::string text() const;
    bool operator==(const Query& other) const;

    struct Node; // keeps the grammar out of callers' builds
    const Node& root() const noexcept { return *root_; }

private:
    explicit Query(std::shared_ptr<const Node> root) noexcept : root_{std::move(root)} {}
    std::shared_ptr<const Node> root_;
};

enum class FindOrder { newest_first, oldest_first };
/// Whether each shot is found once, as the original that stands for it, or each of its files.
enum class FindUnit { shots, files };

struct FindOptions {
    FindUnit unit = FindUnit::shots;
    FindOrder order = FindOrder::newest_first;
    std::optional<std::size_t> limit{}; ///< at most so many
    std::string after{};                ///< the `key` of what was found last; empty: from the beginning
    bool places = false;                ///< tell where each was seen, too
};

/// An asset, and all that the catalog tells of it but its raw tags.
struct Found {
    Asset asset;
    Metadata metadata; ///< with what phones say in its place; without raw tags: Archive::metadata has them
    ParseRecord parse;
    std::vector<std::string>
        kinds;                 ///< what its shot is: `photo`, `live`, `edited`; docs/guide/query-language.md
    std::vector<Place> places; ///< the oldest first; empty unless they were asked for
    std::vector<PhoneItemRecord>
        phone; ///< what phones say of it: of what is on one still, all; else the last word
    std::vector<std::string> albums; ///< titles of the albums of phones that it is in
    std::string key;                 ///< of its place in the order of capture, for FindOptions::after
};

/// Tells what a query finds, in the order of capture by the local wall clock; assets of the same millisecond
/// in the order of their numbers. Nothing is held back: `visit` gets each as it is found, and false from it
/// ends it. All are of one moment, whatever is imported meanwhile. `visit` must not change the archive.
///
/// Errors: QueryError where the query asks what no catalog knows yet; Error{invalid} for an `after` that is
/// no key; ArchiveError.
PHOTOSAFE_EXPORT void find(const Archive& archive, const Query& query, const FindOptions& options,
                           const std::function<bool(const Found&)>& visit);

/// How many `find` would tell without a limit.
PHOTOSAFE_EXPORT std::uint64_t count(const Archive& archive, const Query& query,
                                     FindUnit unit = FindUnit::shots);

/// The asset that is meant by its path in the archive, its number, its SHA-256, or the first eight digits or
/// more of that; with its places. None: there is no such, or the digits fit several.
PHOTOSAFE_EXPORT std::optional<Found> look_up(const Archive& archive, std::string_view name);
/// The shot that an asset belongs to, itself included, in the order of their numbers; with their places.
PHOTOSAFE_EXPORT std::vector<Found> parts_of_shot(const Archive& archive, const Asset& asset);

} // namespace photosafe
