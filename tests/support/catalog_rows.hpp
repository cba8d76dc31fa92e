// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace photosafe::test {

/// Every field of every table of a catalog that nobody writes, a line a row, so that two catalogs which say
/// the same are equal. Numbers that only tie tables together, and are given out in the order in which files
/// were read, stand for what they point to: slots for their asset and millisecond, cameras, lenses and
/// keywords for their names.
std::vector<std::string> catalog_rows(const std::filesystem::path& root);

} // namespace photosafe::test
