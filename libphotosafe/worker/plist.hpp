// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <plist/plist.h>

#include <photosafe/asset.hpp>

#include "core/handle.hpp"
#include "worker/byte_view.hpp"

namespace photosafe::worker {

/// A dictionary of a property list, XML or binary. Not one: nothing is in it.
class PlistDictionary {
public:
    explicit PlistDictionary(ByteView bytes);

    bool is_one() const;
    bool is_list() const { return root_ != nullptr; } ///< a property list of any form
    std::string text(const char* key) const;          ///< cleaned; empty where there is none
    std::optional<std::uint64_t> number(const char* key) const;
    /// None also for a time before 1933 or after 2068, which libplist cannot tell.
    std::optional<Instant> instant(const char* key) const;
    bool has(const char* key) const; ///< whatever it is

private:
    plist_t find(const char* key, plist_type type) const;
    std::unique_ptr<void, FreeWith<plist_free>> root_;
};

} // namespace photosafe::worker
