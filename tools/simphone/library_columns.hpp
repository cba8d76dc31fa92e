// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library_generation.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace simphone {

/// The tables of a library, in Apple's names; of Apple's columns those that say something about a picture.
enum class TableKind {
    asset,
    attributes,
    description,
    adjustment,
    album,
    album_assets,
    key_assets,
    album_list,
    album_lists,
    resource,
    keyword,
    asset_keywords,
    person,
    face,
    share,
};

/// Its name in this generation; empty where the generation hasn't got it.
std::string table_name(TableKind kind, const Generation& generation);
/// Names of the columns that it has in any generation, and whether it has them in this one. Names that carry
/// entity numbers are those of this generation.
std::map<std::string, bool, std::less<>> columns_of(TableKind kind, const Generation& generation);

struct Column {
    std::string_view name; ///< `@A`, `@B` and `@G` stand for the numbers of Asset, Album and GenericAlbum
    std::string_view type = "INTEGER";
    int from = 0, until = 999; ///< ages of generations
};

/// Those of all generations.
std::span<const Column> all_columns(TableKind kind);
/// A column's name with the numbers of this generation.
std::string numbered(std::string_view name, const Generation& generation);

} // namespace simphone
