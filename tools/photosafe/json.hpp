// SPDX-License-Identifier: LGPL-2.1-or-later
// The objects of --json. Names are stable: scripts rely on them.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include <photosafe/asset.hpp>

namespace photosafe {
class Error;
struct ConvertedItem;
struct DeviceInfo;
struct FailureRecord;
struct Finding;
struct IngestedFile;
struct SidecarItem;
} // namespace photosafe

namespace photosafe::cli {

/// Keeps the order in which fields were set, so that `type` comes first.
using Json = nlohmann::ordered_json;

/// An object of this type, with the schema's version.
Json object_of(std::string_view type);

/// A name as it is: text, or `{"bytes_hex": "…"}` where it is no UTF-8.
Json json_name(std::string_view bytes);
/// A sentence for people that may hold such a name.
Json json_sentence(std::string_view sentence);
Json json_instant(Instant instant);

Json json_of(const DeviceInfo& device);
Json json_of(const Finding& finding);
Json json_of(const IngestedFile& file, std::string_view source);
Json json_of(const FailureRecord& failure);
Json json_of(const ConvertedItem& item);
Json json_of(const SidecarItem& item);
Json json_of(const Error& error);

} // namespace photosafe::cli
