// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "crash/laboratory.hpp"

// What must be true of an archive, whatever happened to the process that wrote it. Each of these looks at the
// disk with eyes of its own where it can, and reports through EXPECT.

namespace photosafe::test {

/// Path below the archive's root, to SHA-256, size and modification time.
using Tree = std::map<std::string, std::string>;
Tree tree_of(const std::filesystem::path& archive);

/// It opens to read; each row names a file with the row's bytes; all that was told is there.
void expect_true(const std::filesystem::path& archive, const Attempt& run);

/// It opens to write; then there is no litter and no torn line, the sums name what is there and all that is
/// recorded, and no file was damaged.
void expect_opens(const std::filesystem::path& archive);

/// An undisturbed import of the roll succeeds, and leaves exactly `expected`: nothing twice, nothing missing,
/// nothing left in incoming, and a catalog that a rebuild makes again.
void expect_completes(const Laboratory& laboratory, const Tree& expected);

/// The last part of the above.
void expect_whole(const std::filesystem::path& archive, const Tree& expected);

/// What an import that nobody disturbed makes of the roll; every content of the roll once.
Tree undisturbed_tree(const Laboratory& laboratory);

/// What `cat manifests/*.sha256 | sha256sum -c` says, by the real program.
bool sha256sum_agrees(const std::filesystem::path& archive);

} // namespace photosafe::test
