// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <photosafe/asset.hpp>
#include <photosafe/metadata.hpp>

#include "archive/phone_store.hpp"
#include "archive/trait_names.hpp"
#include "core/sqlite.hpp"

namespace photosafe {

/// Where content was seen, as far as a query may ask for it.
struct SeenDevice {
    std::int64_t source = 0; ///< its row
    std::vector<std::string> labels;
};

/// What is known of one part of a shot, and what the index has of it.
struct SearchPart {
    Asset asset;
    bool new_facts = false;           ///< its time, words and position may be others than the index has
    std::optional<std::int64_t> slot; ///< none: it isn't in the index yet
    std::vector<std::int64_t> traits; ///< that the index has, sorted
    bool outdated = false;            ///< a sidecar that is another now where it was seen
    ParseState state = ParseState::pending;
    Metadata metadata; ///< without raw tags; only what phones say of it unless `state` is done
    std::vector<SeenDevice> devices;
    bool favorite = false, hidden = false; ///< on a phone
    std::vector<std::string> albums;       ///< of phones, that it is in
};

/// The words that an asset is found by.
struct SearchText {
    std::string name, title, caption, location;
    bool operator==(const SearchText&) const = default;
};

/// Reads parts of shots.
class SearchParts {
public:
    SearchParts(Statements& sql, PhoneStore& phones) : sql_{&sql}, phones_{&phones} {}
    std::vector<SearchPart> of_shot(std::int64_t shot);

private:
    void read_row(SearchPart& part);
    bool is_outdated(const Asset& asset);
    void read_devices(SearchPart& part);
    void read_phones(SearchPart& part);
    Statements* sql_;
    PhoneStore* phones_;
};

/// By the wall clock where it was taken, in milliseconds since 1970. A movie that knows its instant only
/// counts by the clock of this computer, as the file's own time does, which is taken where there is nothing
/// better.
std::int64_t capture_time(const SearchPart& part);

/// Of a movie, to the millisecond; none for anything else.
std::optional<std::uint64_t> duration_ms(const Metadata& metadata) noexcept;

/// The traits of each part of a shot, sorted. The part that stands for the shot has what its sidecars say of
/// it, and is live, raw or edited when there is such a part.
std::vector<std::vector<std::int64_t>> traits_of_shot(const std::vector<SearchPart>& parts,
                                                      TraitNames& names);
/// Their words, likewise.
std::vector<SearchText> text_of_shot(const std::vector<SearchPart>& parts);

/// The traits as `metadata.traits` has them.
std::vector<std::byte> encoded_traits(const std::vector<std::int64_t>& traits);
/// What `encoded_traits` wrote. Codes: damaged.
std::vector<std::int64_t> decoded_traits(std::span<const std::byte> bytes);

} // namespace photosafe
