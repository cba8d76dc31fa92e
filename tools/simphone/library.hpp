// SPDX-License-Identifier: LGPL-2.1-or-later
// What Photos knows of a roll: the facts behind a Photos.sqlite, whatever generation it is written in.
#pragma once

#include "roll.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace simphone {

/// One file of an asset, as ZINTERNALRESOURCE has it.
struct LibraryResource {
    std::string role; ///< original, live_video, raw, edited, edited_video, sidecar, thumbnail
    std::string path; ///< on the phone, or where it would be
    bool movie = false;
    std::uint64_t bytes = 0;
    bool local = true;      ///< whether the database says that it is on the phone
    bool in_icloud = false; ///< whether the database says that iCloud has it
};

struct LibraryAsset {
    std::string uuid;
    std::size_t shot = 0;
    std::string folder, name; ///< ZDIRECTORY and ZFILENAME
    std::string original_name, uti;
    bool movie = false;
    std::string subtype;    ///< still, panorama, live, screenshot, video, slow_motion, …
    std::string provenance; ///< camera, app, imported, icloud, shared_album, synced
    std::string app;        ///< bundle identifier of the app that saved it
    std::int64_t created_ns = 0, added_ns = 0, modified_ns = 0;
    std::optional<std::int64_t> trashed_ns, edited_ns;
    std::optional<int> offset_minutes; ///< of the time zone; none where nobody knows
    std::optional<Place> place;
    unsigned width = 0, height = 0;
    int orientation = 1;
    double seconds = 0;
    bool favourite = false, hidden = false, trashed = false;
    bool late = false; ///< its rows are in the write-ahead log only
    std::string caption, title;
    std::vector<std::size_t> keywords, people; ///< numbers in Library
    std::string burst_uuid;
    int burst_pick = 0;     ///< ZAVALANCHEPICKTYPE
    std::string group_uuid; ///< ZMEDIAGROUPUUID: the content identifier of a Live Photo's halves
    std::vector<LibraryResource> resources;
};

struct LibraryAlbum {
    enum class Kind { album, folder, shared, import_session };
    Kind kind = Kind::album;
    std::string uuid, title;
    std::optional<std::size_t> parent; ///< a folder's number in Library; none: top level
    std::vector<std::size_t> members;  ///< numbers of assets, in the order that Photos shows
    std::optional<std::size_t> key;    ///< number of the key picture's asset
    std::int64_t created_ns = 0;
    std::int64_t position = 0; ///< within its folder: Z_FOK_PARENTFOLDER
    int sort_key = 0;          ///< ZCUSTOMSORTKEY: 0 as a person laid it, 1 by date
    bool ascending = true;
    std::string owner; ///< of a shared album
    bool trashed = false, late = false;
};

/// All of it. What is named by number is named by its place in these lists.
struct Library {
    std::vector<LibraryAsset> assets;
    std::vector<LibraryAlbum> albums; ///< folders come before what is in them
    std::vector<std::string> people;  ///< names; an empty one is a person nobody named
    std::vector<std::string> keywords;
    std::int64_t written_ns = 0;              ///< when Photos wrote the database last
    std::vector<std::size_t> unlisted;        ///< shots of the roll that the database doesn't know
    std::vector<std::size_t> late_favourites; ///< assets whose heart is in the write-ahead log only
};

struct LibraryOptions {
    std::string generation;            ///< "ios18"; "none": no database
    std::size_t trashed = 0;           ///< so many assets, of the camera's
    std::optional<std::size_t> hidden; ///< usual: one in forty
    std::size_t unlisted = 0;          ///< shots left out
    std::vector<std::string> oddities; ///< `library_oddities.hpp` has their names
};

/// Decides what Photos knows of each shot. The same roll, seed and options make the same library. Throws
/// std::invalid_argument.
Library plan_library(const Roll& roll, std::uint64_t seed, const LibraryOptions& options);

} // namespace simphone
