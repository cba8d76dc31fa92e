// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll.hpp"

namespace simphone {

const char* name_of(ShotKind kind)
{
    switch (kind) {
    case ShotKind::photo: return "photo";
    case ShotKind::live_photo: return "live_photo";
    case ShotKind::jpeg: return "jpeg";
    case ShotKind::screenshot: return "screenshot";
    case ShotKind::movie: return "movie";
    case ShotKind::slow_motion: return "slow_motion";
    case ShotKind::burst: return "burst";
    case ShotKind::edited_photo: return "edited_photo";
    case ShotKind::edited_live: return "edited_live";
    case ShotKind::raw_jpeg: return "raw_jpeg";
    case ShotKind::raw: return "raw";
    case ShotKind::saved: return "saved";
    case ShotKind::imported: return "imported";
    case ShotKind::icloud_photo: return "icloud_photo";
    case ShotKind::icloud_live: return "icloud_live";
    case ShotKind::duplicate: return "duplicate";
    case ShotKind::gif: return "gif";
    case ShotKind::shared_album: return "shared_album";
    case ShotKind::synced: return "synced";
    case ShotKind::bulk: return "bulk";
    case ShotKind::own: return "own";
    case ShotKind::only_in_icloud: return "only_in_icloud";
    case ShotKind::vanished: return "vanished";
    }
    return "";
}

const char* name_of(FileKind kind)
{
    switch (kind) {
    case FileKind::heic: return "heic";
    case FileKind::heic_live: return "heic_live";
    case FileKind::live_video: return "live_video";
    case FileKind::jpeg: return "jpeg";
    case FileKind::screenshot_png: return "screenshot_png";
    case FileKind::gif: return "gif";
    case FileKind::movie: return "movie";
    case FileKind::slow_motion: return "slow_motion";
    case FileKind::burst: return "burst";
    case FileKind::edited_render: return "edited_render";
    case FileKind::edited_video: return "edited_video";
    case FileKind::aae: return "aae";
    case FileKind::adjustments_plist: return "adjustments_plist";
    case FileKind::raw_dng: return "raw_dng";
    case FileKind::raw_jpeg: return "raw_jpeg";
    case FileKind::thumbnail: return "thumbnail";
    case FileKind::metadata_stub: return "metadata_stub";
    case FileKind::shared_copy: return "shared_copy";
    case FileKind::synced_copy: return "synced_copy";
    case FileKind::photos_database: return "photos_database";
    case FileKind::junk: return "junk";
    case FileKind::own: return "own";
    }
    return "";
}

} // namespace simphone
