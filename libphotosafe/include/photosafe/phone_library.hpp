// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/asset.hpp>
#include <photosafe/export.hpp>
#include <photosafe/metadata.hpp>

namespace photosafe {

/// Where a file of an item is, as the phone's database says.
enum class Locality {
    unknown,        ///< it doesn't say, or says something that isn't understood
    on_phone,       ///< or on the Mac whose library it is
    only_in_icloud, ///< it has to be fetched before it can be imported
};
PHOTOSAFE_EXPORT std::string_view name(Locality locality) noexcept;

/// What Photos takes an item for.
enum class PhoneSubtype {
    unknown,
    still,
    panorama,
    live,
    screenshot,
    video,
    slow_motion,
    time_lapse,
    screen_recording,
};
PHOTOSAFE_EXPORT std::string_view name(PhoneSubtype subtype) noexcept;

/// How an item came into the library.
enum class Provenance {
    unknown,
    local,           ///< the camera, an app, a card, a computer
    icloud,          ///< iCloud Photos brought it
    shared_album,    ///< a copy in an album that somebody shares
    shared_link,     ///< behind a link
    shared_with_you, ///< in a conversation
    referenced,      ///< of a Mac's library: the file lies elsewhere
};
PHOTOSAFE_EXPORT std::string_view name(Provenance provenance) noexcept;

/// One file of an item. What Photos can make again (thumbnails, previews) is left out.
struct PhoneResource {
    Role role = Role::original; ///< original, live_video, raw, edited, edited_video, sidecar
    bool video = false;
    std::optional<std::uint64_t> bytes;
    Locality locality = Locality::unknown;
};

/// One item of the phone's library. Nothing of it is believed: texts are UTF-8 without control characters, at
/// most 4 KiB, but that a caption has its line ends; absent facts are empty.
struct PhoneAsset {
    std::string uuid; ///< Photos' own; no two items have the same
    /// Below the phone's media folder (`DCIM/100APPLE/IMG_0001.HEIC`), byte for byte; for comparing only. Of
    /// a Mac's library: below `originals`, or of a referenced file where it lies.
    std::string path;
    std::string original_name;           ///< when it was taken or imported: what CPLAssets have lost
    MediaKind kind = MediaKind::unknown; ///< photo, video or unknown
    PhoneSubtype subtype = PhoneSubtype::unknown;
    Provenance provenance = Provenance::unknown;
    std::string app; ///< identifier or name of the app that saved it
    std::optional<Instant> created, added, modified;
    std::string time_zone;             ///< of `created`: `Europe/Rome`, `GMT+0200`
    std::optional<int> offset_minutes; ///< the same, east of UTC
    std::optional<GeoPoint> position;
    bool favorite = false;
    bool hidden = false;
    bool trashed = false; ///< in Recently Deleted; its file may still lie there
    std::optional<Instant> trashed_at;
    bool edited = false;
    std::optional<Instant> edited_at;
    std::string edited_by; ///< identifier of the app
    std::string title, caption;
    std::vector<std::string> keywords, people; ///< by name, each once
    std::string burst_uuid;                    ///< equal for the frames of a burst
    bool burst_picked = false;                 ///< a person chose this frame
    bool burst_key = false;                    ///< it stands for the burst
    bool shown = true;                         ///< in the library: frames that nobody chose aren't
    /// Equal to Metadata::content_id of both halves of a Live Photo, whatever their files are called.
    std::string live_uuid;
    bool in_shared_library = false;
    std::vector<PhoneResource> resources;
    Locality locality = Locality::unknown; ///< of its original
};

/// An album or a folder of albums.
struct PhoneAlbum {
    enum class Kind { album, folder, shared, import_session, project };
    enum class Order { unknown, manual, oldest_first, newest_first, title };

    Kind kind = Kind::album;
    std::string uuid, title;
    std::string owner;                   ///< of a shared album
    std::optional<std::uint32_t> parent; ///< place of its folder in PhoneLibrary::albums; none: top level
    /// Places in PhoneLibrary::assets, each once, in the order that a person laid or `order` makes. By title:
    /// in the order that was laid, for how Photos compares titles isn't known.
    std::vector<std::uint32_t> members;
    Order order = Order::unknown;
    std::optional<std::uint32_t> key; ///< key picture: its place in PhoneLibrary::assets
    std::optional<Instant> created;
    bool trashed = false;
};
PHOTOSAFE_EXPORT std::string_view name(PhoneAlbum::Kind kind) noexcept;
PHOTOSAFE_EXPORT std::string_view name(PhoneAlbum::Order order) noexcept;

/// What the database of Photos says: that of a phone, of a Mac's library, or one in a backup, whatever their
/// version.
struct PhoneLibrary {
    std::string uuid;                          ///< of the database
    std::optional<std::int64_t> model_version; ///< of its schema: 18600 with iOS 18
    std::string asset_table, album_table;      ///< what they are called there: `ZASSET`, `Z_30ASSETS`
    std::vector<PhoneAsset> assets;            ///< trashed and hidden ones too, in the database's order
    std::vector<PhoneAlbum> albums;            ///< those of one folder in the order that Photos shows
    /// What could not be read of which items there are and where their files lie, a sentence each: with any
    /// of them nobody knows whether all is there.
    std::vector<std::string> troubles;
    /// What could not be read of albums, captions and the like, which no file depends on; a sentence each.
    std::vector<std::string> lost_facts;
};

} // namespace photosafe
