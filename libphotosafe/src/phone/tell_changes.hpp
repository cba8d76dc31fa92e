// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>

#include "archive/catalog.hpp"
#include "phone/read_library.hpp"

namespace photosafe {

/// The asset that an item's file is now, by the item; none where it isn't in the archive.
using OriginalOf = std::function<std::optional<std::int64_t>(const PhoneAsset&)>;

/// Gives `put`, in batches, the events that bring what the catalog knows of this library to what it says now:
/// nothing where nothing changed, but that it was looked at, which comes last. An item whose original isn't
/// found now keeps the one that it had. `put` may add them to the catalog at once.
void tell_changes(Catalog& catalog, const std::string& source, const LibraryReading& reading,
                  const OriginalOf& original_of, const std::function<void(std::vector<Event>)>& put);

} // namespace photosafe
