// SPDX-License-Identifier: LGPL-2.1-or-later
// Words of the command line: quantities with units, lists of key=value, hex.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simphone {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// "250ms", "2s", "1.5min", "20us"; a bare number is seconds. Throws std::invalid_argument.
std::chrono::nanoseconds parse_duration(std::string_view text);

/// "64KiB", "38MB", "5GiB", "38MB/s"; a bare number is bytes, also as 0x… Throws std::invalid_argument.
std::uint64_t parse_bytes(std::string_view text);

/// "yes/no", "on/off", "true/false", "1/0". Throws std::invalid_argument.
bool parse_switch(std::string_view text);

/// Splits "a=1,b=x\,y" into pairs; a backslash keeps the next character. Throws std::invalid_argument.
Pairs parse_pairs(std::string_view text);

/// Bytes of a hex string. Throws std::invalid_argument.
std::string from_hex(std::string_view hex);
std::string to_hex(std::string_view bytes);

/// Is this well-formed UTF-8 (no surrogates, no overlong forms)?
bool is_utf8(std::string_view bytes);

} // namespace simphone
