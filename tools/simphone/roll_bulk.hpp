// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"

#include <cstdint>
#include <filesystem>

namespace simphone {

enum class Spread { folders, one_folder };

struct BulkOptions {
    std::uint64_t seed = 1;
    std::size_t files = 0;
    std::uint64_t bytes_each = 20'000;
    Spread spread = Spread::folders;
    std::size_t only_in_icloud = 0, vanished = 0; ///< more shots, without files
};

/// Many small JPEGs, each begun by a real tiny picture and filled up with noise of its own, written at once.
Roll make_bulk(const BulkOptions& options, const std::filesystem::path& root);

} // namespace simphone
