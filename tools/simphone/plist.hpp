// SPDX-License-Identifier: LGPL-2.1-or-later
// Property lists, owned. The only file that includes libplist.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simphone {

/// One property list node and all below it. Move-only.
class Plist {
public:
    static Plist dict();
    static Plist array();
    static Plist text(std::string_view value);
    static Plist data(std::string_view value);
    static Plist number(std::uint64_t value);
    static Plist real(double value);
    static Plist boolean(bool value);
    /// XML or binary; nothing if it is neither, or no dictionary.
    static std::optional<Plist> parse_dict(std::string_view bytes);

    Plist& set(const std::string& key, Plist value);
    Plist& set(const std::string& key, std::string_view value) { return set(key, text(value)); }
    Plist& set(const std::string& key, const char* value) { return set(key, text(value)); }
    Plist& set(const std::string& key, const std::string& value) { return set(key, text(value)); }
    Plist& set(const std::string& key, std::uint64_t value) { return set(key, number(value)); }
    Plist& set(const std::string& key, bool value) { return set(key, boolean(value)); }
    Plist& append(Plist value);

    std::optional<std::string> text_at(const std::string& key) const;
    std::optional<std::uint64_t> number_at(const std::string& key) const;
    std::optional<bool> boolean_at(const std::string& key) const;
    /// Bytes of a data node; of a text node too, for some hosts send certificates as text.
    std::optional<std::string> data_at(const std::string& key) const;
    std::optional<Plist> dict_at(const std::string& key) const;
    std::optional<Plist> copy_at(const std::string& key) const;
    void remove(const std::string& key);
    bool has(const std::string& key) const;
    Plist copy() const;
    /// The text, if this is a text node.
    std::optional<std::string> as_text() const;

    std::string xml() const;
    std::string binary() const;

    Plist(Plist&&) noexcept;
    Plist& operator=(Plist&&) noexcept;
    ~Plist();

private:
    explicit Plist(void* node) noexcept : node_(node) {}
    void* item(const std::string& key) const;
    void* node_;
};

} // namespace simphone
