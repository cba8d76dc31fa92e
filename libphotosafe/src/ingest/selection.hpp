// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <photosafe/ingest.hpp>
#include <photosafe/phone_library.hpp>

#include "ingest/plan.hpp"
#include "ingest/publish.hpp"

namespace photosafe {

/// Which files of a listing an ingest takes: by what the caller asked for, and by what the phone's own
/// library says of them. A view of the library, which must outlive it.
class Selection {
public:
    /// `library`: empty where it isn't known.
    Selection(const IngestFilter& filter, const PhoneLibrary& library);

    /// The fate of each file of a shot: to be copied, or why not.
    std::vector<Fate> of(std::span<const SourceFile> shot) const;

    /// The item whose original this file is; nullptr: the library names none.
    const PhoneAsset* item(std::string_view path) const;

    /// What is to become of an item by what the library says of it.
    Fate of(const PhoneAsset& item) const;

private:
    IngestFilter filter_;
    std::unordered_map<std::string_view, const PhoneAsset*> items_; ///< by path
};

OriginalNames original_names(const PhoneLibrary& library);

/// Whether it is left out for what the phone's own library says of it.
constexpr bool is_by_library(Fate fate) noexcept { return fate >= Fate::trashed; }

/// Why it is left out, a sentence without its end; empty for what isn't.
std::string_view reason_of(Fate fate) noexcept;

/// Whether this is where a phone keeps what is its owner's, whatever its library says of it.
bool in_camera_roll(std::string_view path) noexcept;

} // namespace photosafe
