// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace simphone {

/// How an iOS writes its library. The numbers are Core Data's entity numbers, and name tables and columns:
/// where Album is entity 30 and Asset is 3, the table Z_30ASSETS has columns Z_30ALBUMS, Z_3ASSETS and
/// Z_FOK_3ASSETS.
struct Generation {
    std::string_view name; ///< "ios17.6"
    int age;               ///< 176: the newer, the larger
    int model_version;     ///< PLModelVersion
    int asset;             ///< number of the entity that albums and faces refer to
    int album, keyword;

    /// Until iOS 13 an asset was a GenericAsset.
    bool generic_asset() const { return age < 140; }
    std::string asset_name() const { return generic_asset() ? "GenericAsset" : "Asset"; }
    std::string asset_table() const { return generic_asset() ? "ZGENERICASSET" : "ZASSET"; }
    std::string album_assets() const { return "Z_" + std::to_string(album) + "ASSETS"; }
    std::string key_assets() const { return "Z_" + std::to_string(generic_album()) + "KEYASSETS"; }
    std::string album_lists() const { return "Z_" + std::to_string(generic_album()) + "ALBUMLISTS"; }
    int generic_album() const { return album - 1; }
    int shared_album() const { return album + 1; }
    int folder() const { return album + (age < 130 ? 5 : age < 150 ? 6 : 8); }
    int import_session() const { return folder() + 1; }
    int album_list() const { return generic_asset() ? 3 : 2; }
    /// Since iOS 26 a shared album is a share of its own, no album.
    bool shares_albums() const { return age >= 260; }
    int asset_description() const { return age < 150 ? 5 : 6; }
    int face() const { return generic_album() - 9; }
    int resource() const { return keyword - 1; }
    int person() const { return keyword + (generic_asset() ? 8 : 7); }
    int share() const { return keyword + 14; }
    int adjustment() const { return keyword + 19; }
};

std::span<const Generation> generations();
/// Throws std::invalid_argument.
const Generation& find_generation(std::string_view name);

} // namespace simphone
