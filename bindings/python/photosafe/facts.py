# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a catalog knows. The words are those of libphotosafe's headers, of `photosafe show --json` and of docs/guide."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .value import Value


@dataclass(frozen=True, slots=True)
class Asset(Value):
    """A stored original and its facts."""

    id: int  #: within this archive; the same after a rebuild
    sha256: str
    xxh128: str
    path: str  #: below the archive's root: `archive.root / asset.path`
    bytes: int
    name: str  #: its last name on the phone
    role: str  #: within its shot: original, live_video, raw, edited, edited_video, sidecar, other
    group: int  #: the shot it belongs to
    group_reason: str  #: what ties it to the part that leads the shot
    modified: datetime  #: the source's modification time
    taken: datetime | None  #: when its shot was taken; None where no zone is known
    taken_local: str  #: the same as local wall time there: `2024-05-31T14:03:22.5`
    taken_source: str  #: where both come from: exif_offset, exif_local, file_modified, …
    imported: datetime  #: when its bytes were proven and published
    verified: datetime | None  #: when its stored bytes were last re-read and matched
    state: str  #: present, missing, damaged


@dataclass(frozen=True, slots=True)
class Place(Value):
    """A place where an asset's content was seen."""

    source: str  #: SourceInfo.id
    path: str
    bytes: int
    modified: datetime
    born: datetime | None
    seen: datetime  #: when it was first seen there


@dataclass(frozen=True, slots=True)
class CaptureTime(Value):
    """When a picture was taken."""

    source: str  #: exif_offset, quicktime_zone, exif_gps, exif_local, xmp, quicktime_utc, none
    instant: datetime | None  #: None where no zone is known
    local: str  #: wall time there; empty where not known
    offset_minutes: int | None  #: east of UTC


@dataclass(frozen=True, slots=True)
class GeoPoint(Value):
    """A position, WGS 84."""

    latitude: float  #: degrees, north positive
    longitude: float  #: degrees, east positive
    altitude_m: float | None  #: above sea level


@dataclass(frozen=True, slots=True)
class Region(Value):
    """A person's face or name in a picture, in shares of its width and height; the place is that of its centre."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RawTag(Value):
    """One tag as the file has it."""

    key: str  #: `Exif.Photo.FNumber`
    value: str


@dataclass(frozen=True, slots=True)
class Metadata(Value):
    """What a file says of itself. Nothing of it is believed: texts have no control characters, numbers are within what the
    thing can be."""

    kind: str  #: photo, video, raw, sidecar, unknown; by its bytes
    mime: str
    taken: CaptureTime
    width: int  #: as stored, before `orientation`; 0 when not known
    height: int
    orientation: int  #: EXIF 1 to 8
    make: str
    model: str
    lens: str
    software: str
    position: GeoPoint | None
    content_id: str  #: equal for the halves of a Live Photo
    burst_id: str  #: equal for the frames of a burst
    live_index: int | None
    hdr: bool | None
    capture_type: int | None
    duration_s: float | None
    frame_rate: float | None
    codec: str
    slow_motion: bool
    spatial: bool
    panorama: bool
    screenshot: bool
    rating: int | None  #: -1 (rejected) to 5
    title: str
    caption: str
    label: str
    location: str  #: names of where it was taken, the narrowest first
    keywords: tuple[str, ...]
    people: tuple[Region, ...]
    bit_depth: int | None
    colour_profile: str
    aux: tuple[str, ...]  #: `hdr_gain_map`, `depth`, `thumbnail 320x240`, …
    tiles: int
    edited_by: str  #: of an AAE: the app; not empty means that there is an edit
    edited_at: datetime | None
    raw: tuple[RawTag, ...]  #: by Archive.metadata alone
    troubles: tuple[str, ...]  #: what could not be read and why, a sentence each


@dataclass(frozen=True, slots=True)
class ParseRecord(Value):
    """What became of the reading of one file's metadata."""

    state: str  #: pending, done, failed
    reason: str  #: of a failure, a sentence
    versions: str  #: of the libraries that read it, or tried to


@dataclass(frozen=True, slots=True)
class PhoneResource(Value):
    """One file of an item of a phone's library."""

    role: str
    video: bool
    bytes: int | None
    locality: str  #: on_phone, only_in_icloud, unknown


@dataclass(frozen=True, slots=True)
class PhoneAsset(Value):
    """One item of a phone's library, in its own words."""

    uuid: str
    path: str  #: below the phone's media folder
    original_name: str
    kind: str
    subtype: str  #: still, panorama, live, screenshot, video, slow_motion, …
    provenance: str  #: local, icloud, shared_album, …
    app: str
    created: datetime | None
    added: datetime | None
    modified: datetime | None
    time_zone: str
    offset_minutes: int | None
    position: GeoPoint | None
    favorite: bool
    hidden: bool
    trashed: bool
    trashed_at: datetime | None
    edited: bool
    edited_at: datetime | None
    edited_by: str
    title: str
    caption: str
    keywords: tuple[str, ...]
    people: tuple[str, ...]
    burst_uuid: str
    burst_picked: bool
    burst_key: bool
    shown: bool
    live_uuid: str
    in_shared_library: bool
    resources: tuple[PhoneResource, ...]
    locality: str


@dataclass(frozen=True, slots=True)
class PhoneItemRecord(Value):
    """An item of a phone's library, as an archive remembers it: what the phone said of it last."""

    id: int
    source: str
    source_name: str
    library: str
    item: PhoneAsset
    asset: int | None  #: Asset.id of its original, where the archive has it
    first_seen: datetime
    gone: datetime | None  #: None: it is there


@dataclass(frozen=True, slots=True)
class PhoneAlbumRecord(Value):
    """An album of a phone's library, likewise."""

    id: int
    source: str
    source_name: str
    library: str
    uuid: str
    title: str
    kind: str  #: album, folder, shared, import_session, project
    order: str
    owner: str
    created: datetime | None
    trashed: bool
    folder: str  #: titles of the folders that it is in, the outer one first, `/` between
    items: int
    stored: int  #: of them, those whose original the archive has
    key_asset: int | None
    gone: datetime | None


@dataclass(frozen=True, slots=True)
class Found(Value):
    """An asset, and all that the catalog tells of it but its raw tags."""

    asset: Asset
    metadata: Metadata  #: with what phones say in its place
    parse: ParseRecord
    kinds: tuple[str, ...]  #: what its shot is: photo, live, edited, …; docs/guide/query-language.md
    places: tuple[Place, ...]  #: empty unless they were asked for
    phone: tuple[PhoneItemRecord, ...]
    albums: tuple[str, ...]  #: titles of the albums of phones that it is in
    key: str  #: of its place in the order of capture, for `find(after=…)`


@dataclass(frozen=True, slots=True)
class ImportRecord(Value):
    """One import as the archive remembers it."""

    manifest: str
    source: str
    source_name: str
    started: datetime
    finished: datetime | None  #: None when it was cut off
    version: str
    seen: int
    stored: int
    known: int
    failed: int
    excluded: int
    stored_bytes: int


@dataclass(frozen=True, slots=True)
class FailureRecord(Value):
    """An item that an import could not bring."""

    source: str
    path: str
    bytes: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ArchiveSummary(Value):
    """What an archive holds, in figures."""

    originals: int
    original_bytes: int
    groups: int
    places: int
    missing: int
    damaged: int
    never_verified: int
    oldest_verified: datetime | None
    last_import: ImportRecord | None
    failures: int
    unfinished: int
    metadata_failed: int
    metadata_pending: int
    metadata_pending_lost: int
