// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/naming.hpp"

#include <algorithm>
#include <array>

#include "core/digest.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

constexpr std::string_view unknown = "unknown";

/// What no file system in question, or no shell on it, takes in a name. Windows names nine of them.
bool is_forbidden(char32_t code) noexcept
{
    const bool noncharacter = (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
    const bool reserved = code < 0x80 && std::string_view{"<>:\"/\\|?*"}.find(static_cast<char>(code)) !=
                                             std::string_view::npos;
    return is_control(code) || noncharacter || reserved;
}

/// Whether Windows takes this name for a device: it looks at what is before the first dot only, in any case.
bool is_dos_device(std::string_view name)
{
    std::string base{name.substr(0, name.find('.'))};
    while (base.ends_with(' ')) base.pop_back();
    std::transform(base.begin(), base.end(), base.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });

    static constexpr std::array<std::string_view, 6> words{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"};
    if (std::find(words.begin(), words.end(), base) != words.end()) return true;
    if (!base.starts_with("COM") && !base.starts_with("LPT")) return false;
    const std::string_view number = std::string_view{base}.substr(3);
    const bool digit = number.size() == 1 && number[0] >= '0' && number[0] <= '9';
    return digit || number == "¹" || number == "²" || number == "³";
}

std::string with_forbidden_replaced(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size());
    while (!bytes.empty()) {
        const Character next = first_character(bytes);
        if (next.code && !is_forbidden(*next.code)) {
            result += bytes.substr(0, next.bytes);
        } else {
            result += '_';
        }
        bytes.remove_prefix(next.bytes);
    }
    return result;
}

/// At most `max_bytes`, with an end that every file system keeps.
void shorten(std::string& name, std::size_t max_bytes)
{
    name.resize(cut_at_character(name, max_bytes).size());
    while (name.ends_with(' ')) name.pop_back();
    if (name.ends_with('.')) name.back() = '_';
}

} // namespace

std::string safe_component(std::string_view bytes, std::size_t max_bytes)
{
    std::string name = with_forbidden_replaced(to_nfc(bytes));
    name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
    if (name.starts_with('.') || name.starts_with('-')) name.front() = '_';
    shorten(name, max_bytes);
    if (name.empty()) return std::string{unknown};
    if (is_dos_device(name)) {
        name.insert(name.begin(), '_');
        shorten(name, max_bytes);
    }
    return name;
}

std::pair<std::string, std::string> split_name(std::string_view name)
{
    static constexpr std::size_t longest = 16;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return {std::string{name}, {}};
    const std::string_view extension = name.substr(dot);
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (extension.size() < 2 || extension.size() > longest ||
        !std::all_of(extension.begin() + 1, extension.end(), plain)) {
        return {std::string{name}, {}};
    }
    return {std::string{name.substr(0, dot)}, std::string{extension}};
}

std::string with_digest(std::string_view stem, const Digest& digest, unsigned digits)
{
    return std::string{stem} + " (" + sha256_hex(digest).substr(0, std::clamp(digits, 8u, 64u)) + ')';
}

std::string part_name(std::string_view stem, std::string_view qualifier, std::string_view extension)
{
    std::string name{stem};
    if (!qualifier.empty()) (name += '.') += qualifier;
    return name += extension;
}

} // namespace photosafe
