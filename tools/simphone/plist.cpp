// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plist.hpp"

#include <cstdlib>
#include <plist/plist.h>
#include <utility>

namespace simphone {
namespace {

std::optional<std::string> text_of(plist_t node)
{
    if (!node || plist_get_node_type(node) != PLIST_STRING) return std::nullopt;
    char* value = nullptr;
    plist_get_string_val(node, &value);
    if (!value) return std::nullopt;
    std::string copy = value;
    std::free(value);
    return copy;
}

} // namespace

Plist Plist::dict() { return Plist(plist_new_dict()); }
Plist Plist::array() { return Plist(plist_new_array()); }
Plist Plist::text(std::string_view value) { return Plist(plist_new_string(std::string(value).c_str())); }
Plist Plist::data(std::string_view value) { return Plist(plist_new_data(value.data(), value.size())); }
Plist Plist::number(std::uint64_t value) { return Plist(plist_new_uint(value)); }
Plist Plist::real(double value) { return Plist(plist_new_real(value)); }
Plist Plist::boolean(bool value) { return Plist(plist_new_bool(value ? 1 : 0)); }

std::optional<Plist> Plist::parse_dict(std::string_view bytes)
{
    plist_t node = nullptr;
    plist_from_memory(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &node);
    if (!node) return std::nullopt;
    Plist owned(node);
    if (plist_get_node_type(node) != PLIST_DICT) return std::nullopt;
    return owned;
}

Plist& Plist::set(const std::string& key, Plist value)
{
    plist_dict_set_item(node_, key.c_str(), std::exchange(value.node_, nullptr));
    return *this;
}

Plist& Plist::append(Plist value)
{
    plist_array_append_item(node_, std::exchange(value.node_, nullptr));
    return *this;
}

void* Plist::item(const std::string& key) const
{
    if (!node_ || plist_get_node_type(node_) != PLIST_DICT) return nullptr;
    return plist_dict_get_item(node_, key.c_str());
}

std::optional<std::string> Plist::text_at(const std::string& key) const { return text_of(item(key)); }
std::optional<std::string> Plist::as_text() const { return text_of(node_); }
bool Plist::has(const std::string& key) const { return item(key) != nullptr; }

std::optional<std::uint64_t> Plist::number_at(const std::string& key) const
{
    plist_t node = item(key);
    if (!node || plist_get_node_type(node) != PLIST_UINT) return std::nullopt;
    std::uint64_t value = 0;
    plist_get_uint_val(node, &value);
    return value;
}

std::optional<bool> Plist::boolean_at(const std::string& key) const
{
    plist_t node = item(key);
    if (!node || plist_get_node_type(node) != PLIST_BOOLEAN) return std::nullopt;
    std::uint8_t value = 0;
    plist_get_bool_val(node, &value);
    return value != 0;
}

std::optional<std::string> Plist::data_at(const std::string& key) const
{
    plist_t node = item(key);
    if (!node || plist_get_node_type(node) != PLIST_DATA) return text_of(node);
    char* bytes = nullptr;
    std::uint64_t length = 0;
    plist_get_data_val(node, &bytes, &length);
    std::string copy(bytes ? bytes : "", bytes ? length : 0);
    std::free(bytes);
    return copy;
}

std::optional<Plist> Plist::copy_at(const std::string& key) const
{
    plist_t node = item(key);
    if (!node) return std::nullopt;
    return Plist(plist_copy(node));
}

std::optional<Plist> Plist::dict_at(const std::string& key) const
{
    plist_t node = item(key);
    if (!node || plist_get_node_type(node) != PLIST_DICT) return std::nullopt;
    return Plist(plist_copy(node));
}

void Plist::remove(const std::string& key)
{
    if (item(key)) plist_dict_remove_item(node_, key.c_str());
}

Plist Plist::copy() const { return Plist(plist_copy(node_)); }

std::string Plist::xml() const
{
    char* bytes = nullptr;
    std::uint32_t length = 0;
    plist_to_xml(node_, &bytes, &length);
    std::string copy(bytes ? bytes : "", length);
    std::free(bytes);
    return copy;
}

std::string Plist::binary() const
{
    char* bytes = nullptr;
    std::uint32_t length = 0;
    plist_to_bin(node_, &bytes, &length);
    std::string copy(bytes ? bytes : "", length);
    std::free(bytes);
    return copy;
}

Plist::Plist(Plist&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}

Plist& Plist::operator=(Plist&& other) noexcept
{
    std::swap(node_, other.node_);
    return *this;
}

Plist::~Plist()
{
    if (node_) plist_free(node_);
}

} // namespace simphone
