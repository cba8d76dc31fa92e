// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/plist.hpp"

#include <cstdlib>

namespace photosafe::worker {

PlistDictionary::PlistDictionary(ByteView bytes)
{
    plist_t raw = nullptr;
    plist_from_memory(reinterpret_cast<const char*>(bytes.data()), static_cast<std::uint32_t>(bytes.size()),
                      &raw);
    root_.reset(raw);
}

bool PlistDictionary::is_one() const { return root_ && plist_get_node_type(root_.get()) == PLIST_DICT; }

plist_t PlistDictionary::find(const char* key, plist_type type) const
{
    plist_t node = is_one() ? plist_dict_get_item(root_.get(), key) : nullptr;
    return node && plist_get_node_type(node) == type ? node : nullptr;
}

std::string PlistDictionary::text(const char* key) const
{
    plist_t node = find(key, PLIST_STRING);
    std::uint64_t size = 0;
    const char* text = node ? plist_get_string_ptr(node, &size) : nullptr;
    return text ? clean_text({text, static_cast<std::size_t>(size)}) : std::string{};
}

std::optional<std::uint64_t> PlistDictionary::number(const char* key) const
{
    plist_t node = find(key, PLIST_UINT);
    if (!node) return std::nullopt;
    std::uint64_t value = 0;
    plist_get_uint_val(node, &value);
    return value;
}

bool PlistDictionary::has(const char* key) const { return is_one() && plist_dict_get_item(root_.get(), key); }

std::optional<Instant> PlistDictionary::instant(const char* key) const
{
    constexpr std::chrono::seconds apple_epoch{978'307'200}; // 2001
    plist_t node = find(key, PLIST_DATE);
    if (!node) return std::nullopt;
    std::int32_t seconds = 0, microseconds = 0;
    plist_get_date_val(node, &seconds, &microseconds);
    constexpr std::int32_t first = INT32_MIN, last = INT32_MAX; // what a date beyond 32 bits is made to
    if (seconds == first || seconds == last) return std::nullopt;
    return Instant{apple_epoch + std::chrono::seconds{seconds} + std::chrono::microseconds{microseconds}};
}

} // namespace photosafe::worker
