// SPDX-License-Identifier: LGPL-2.1-or-later
// What a catalog knows: photosafe/facts.py has the fields.
#include "values.hpp"

namespace photosafe::python {

py::object to_py(const Asset& asset)
{
    return make("Asset", "id", asset.id, "sha256", sha256_hex(asset.digest), "xxh128",
                xxh128_hex(asset.digest), "path", asset.path, "bytes", asset.bytes, "name", asset.name,
                "role", asset.role, "group", asset.group, "group_reason", asset.group_reason, "modified",
                asset.modified, "taken", asset.taken, "taken_local", asset.taken_local, "taken_source",
                asset.taken_source, "imported", asset.imported, "verified", asset.verified, "state",
                asset.state);
}

py::object to_py(const Place& place)
{
    return make("Place", "source", place.source, "path", place.path, "bytes", place.bytes, "modified",
                place.modified, "born", place.born, "seen", place.seen);
}

py::object to_py(const CaptureTime& time)
{
    return make("CaptureTime", "source", time.source, "instant", time.instant, "local", time.local,
                "offset_minutes", time.offset_minutes);
}

py::object to_py(const GeoPoint& point)
{
    return make("GeoPoint", "latitude", point.latitude, "longitude", point.longitude, "altitude_m",
                point.altitude_m);
}

py::object to_py(const Region& region)
{
    return make("Region", "name", region.name, "x", region.x, "y", region.y, "width", region.width, "height",
                region.height);
}

py::object to_py(const RawTag& tag) { return make("RawTag", "key", tag.key, "value", tag.value); }

py::object to_py(const Metadata& of)
{
    return make("Metadata", "kind", of.kind, "mime", of.mime, "taken", of.taken, "width", of.width, "height",
                of.height, "orientation", of.orientation, "make", of.make, "model", of.model, "lens", of.lens,
                "software", of.software, "position", of.position, "content_id", of.content_id, "burst_id",
                of.burst_id, "live_index", of.live_index, "hdr", of.hdr, "capture_type", of.capture_type,
                "duration_s", of.duration_s, "frame_rate", of.frame_rate, "codec", of.codec, "slow_motion",
                of.slow_motion, "spatial", of.spatial, "panorama", of.panorama, "screenshot", of.screenshot,
                "rating", of.rating, "title", of.title, "caption", of.caption, "label", of.label, "location",
                of.location, "keywords", of.keywords, "people", of.people, "bit_depth", of.bit_depth,
                "colour_profile", of.colour_profile, "aux", of.aux, "tiles", of.tiles, "edited_by",
                of.edited_by, "edited_at", of.edited_at, "raw", of.raw, "troubles", of.troubles);
}

py::object to_py(const ParseRecord& record)
{
    return make("ParseRecord", "state", record.state, "reason", record.reason, "versions", record.versions);
}

py::object to_py(const PhoneResource& resource)
{
    return make("PhoneResource", "role", resource.role, "video", resource.video, "bytes", resource.bytes,
                "locality", resource.locality);
}

py::object to_py(const PhoneAsset& of)
{
    return make("PhoneAsset", "uuid", of.uuid, "path", of.path, "original_name", of.original_name, "kind",
                of.kind, "subtype", of.subtype, "provenance", of.provenance, "app", of.app, "created",
                of.created, "added", of.added, "modified", of.modified, "time_zone", of.time_zone,
                "offset_minutes", of.offset_minutes, "position", of.position, "favorite", of.favorite,
                "hidden", of.hidden, "trashed", of.trashed, "trashed_at", of.trashed_at, "edited", of.edited,
                "edited_at", of.edited_at, "edited_by", of.edited_by, "title", of.title, "caption",
                of.caption, "keywords", of.keywords, "people", of.people, "burst_uuid", of.burst_uuid,
                "burst_picked", of.burst_picked, "burst_key", of.burst_key, "shown", of.shown, "live_uuid",
                of.live_uuid, "in_shared_library", of.in_shared_library, "resources", of.resources,
                "locality", of.locality);
}

py::object to_py(const PhoneItemRecord& record)
{
    return make("PhoneItemRecord", "id", record.id, "source", record.source, "source_name",
                record.source_name, "library", record.library, "item", record.item, "asset", record.asset,
                "first_seen", record.first_seen, "gone", record.gone);
}

py::object to_py(const PhoneAlbumRecord& record)
{
    return make("PhoneAlbumRecord", "id", record.id, "source", record.source, "source_name",
                record.source_name, "library", record.library, "uuid", record.album.uuid, "title",
                record.album.title, "kind", record.album.kind, "order", record.album.order, "owner",
                record.album.owner, "created", record.album.created, "trashed", record.album.trashed,
                "folder", record.folder, "items", record.items, "stored", record.stored, "key_asset",
                record.key_asset, "gone", record.gone);
}

py::object to_py(const Found& found)
{
    return make("Found", "asset", found.asset, "metadata", found.metadata, "parse", found.parse, "kinds",
                found.kinds, "places", found.places, "phone", found.phone, "albums", found.albums, "key",
                found.key);
}

py::object to_py(const ImportRecord& record)
{
    return make("ImportRecord", "manifest", record.manifest, "source", record.source, "source_name",
                record.source_name, "started", record.started, "finished", record.finished, "version",
                record.version, "seen", record.seen, "stored", record.stored, "known", record.known, "failed",
                record.failed, "excluded", record.excluded, "stored_bytes", record.stored_bytes);
}

py::object to_py(const FailureRecord& record)
{
    return make("FailureRecord", "source", record.source, "path", record.path, "bytes", record.bytes, "code",
                record.code, "reason", record.reason);
}

py::object to_py(const ArchiveSummary& of)
{
    return make("ArchiveSummary", "originals", of.originals, "original_bytes", of.original_bytes, "groups",
                of.groups, "places", of.places, "missing", of.missing, "damaged", of.damaged,
                "never_verified", of.never_verified, "oldest_verified", of.oldest_verified, "last_import",
                of.last_import, "failures", of.failures, "unfinished", of.unfinished, "metadata_failed",
                of.metadata_failed, "metadata_pending", of.metadata_pending, "metadata_pending_lost",
                of.metadata_pending_lost);
}

} // namespace photosafe::python
