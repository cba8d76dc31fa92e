// SPDX-License-Identifier: LGPL-2.1-or-later
// How PhotoSafe knows again what it has made: such a file ends with a text about itself, and with the digest
// of all before it. `NAME TEXT proof SHA256` holds only while the file is, to the last bit, what was written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/file.hpp"

namespace photosafe {

constexpr std::string_view before_proof = " proof ";
constexpr std::size_t proof_bytes = 64; ///< a SHA-256 in hexadecimal

/// The text between `name` and the proof, of a file that ends so, and then with `ending`; none where it
/// doesn't, or has changed since. Text, name and proof have at most `most_bytes`. Reads the end of the file,
/// and all of it where that looks like one. Errors: ArchiveError.
std::optional<std::string> proven_end(const File& file, std::string_view name, std::string_view ending,
                                      std::size_t most_bytes);

} // namespace photosafe
