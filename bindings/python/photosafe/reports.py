# SPDX-License-Identifier: LGPL-2.1-or-later
"""What became of work, and how far it is."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .facts import Asset
from .value import Value


@dataclass(frozen=True, slots=True)
class ItemProgress(Value):
    """How far work is."""

    items_done: int
    items_total: int
    current: str  #: path of what it is at


@dataclass(frozen=True, slots=True)
class ByteProgress(ItemProgress):
    """The same, where what takes the time is bytes."""

    bytes_done: int
    bytes_total: int


@dataclass(frozen=True, slots=True)
class DeviceInfo(Value):
    """A phone in reach. What it doesn't tell before it trusts this computer is empty."""

    udid: str
    name: str
    model: str  #: iPhone16,1
    version: str  #: of iOS
    build: str
    connection: str  #: usb, network
    state: str  #: ready, locked, trust_needed, trust_pending, refused, unreachable
    problem: str  #: one sentence: what to do; empty when ready
    total_bytes: int | None
    free_bytes: int | None


@dataclass(frozen=True, slots=True)
class SourceInfo(Value):
    """Where originals come from."""

    id: str  #: stable: `device:UDID`, `folder:/path`
    kind: str  #: device, folder
    name: str
    model: str
    version: str


@dataclass(frozen=True, slots=True)
class SourceFile(Value):
    """A file as a source lists it."""

    path: str
    bytes: int
    modified: datetime
    born: datetime | None


@dataclass(frozen=True, slots=True)
class LibraryReport(Value):
    """What an ingest learned of the source's own library."""

    source_has_one: bool
    read: bool
    items: int
    only_in_icloud: int
    trashed: int
    trouble: str  #: why it could not be read, a sentence


@dataclass(frozen=True, slots=True)
class MetadataReport(Value):
    """What came of reading what files say of themselves."""

    read: int
    failed: int
    regrouped: int
    pending: int
    absent: int
    killed: int
    trouble: str  #: why nothing could be read; empty where that worked


@dataclass(frozen=True, slots=True)
class MetadataProgress(ItemProgress):
    """Of `read_metadata`."""


@dataclass(frozen=True, slots=True)
class ReadMetadataPlan(Value):
    """What `read_metadata` would read."""

    pending: int
    failed: int
    again: int


@dataclass(frozen=True, slots=True)
class IngestedFile(Value):
    """One file of the source and its fate."""

    file: SourceFile
    outcome: str  #: stored, known, failed, excluded
    asset_path: str  #: below the archive's root, for those read now
    sha256: str | None  #: of what was read now
    code: str  #: of a failure
    reason: str  #: a sentence, for failed and excluded ones


@dataclass(frozen=True, slots=True)
class IngestProgress(ByteProgress):
    """Of an ingest; `current` is a path on the source."""


@dataclass(frozen=True, slots=True)
class IngestPlan(Value):
    """What an ingest would do."""

    source: SourceInfo
    seen: int
    to_copy: int
    known: int
    failed: int
    excluded: int
    bytes_to_copy: int
    free_bytes: int
    fits: bool
    library: LibraryReport


@dataclass(frozen=True, slots=True)
class IngestReport(Value):
    """What an ingest did. seen = stored + known + failed + excluded, always."""

    source: SourceInfo
    seen: int
    stored: int
    known: int
    failed: int
    excluded: int
    stored_bytes: int
    read_bytes: int
    metadata: MetadataReport
    library: LibraryReport


@dataclass(frozen=True, slots=True)
class Rendition(Value):
    """A picture that PhotoSafe made of an original, or what came of trying."""

    asset: int
    folder: str
    path: str  #: below the archive's root; empty: it could not be made, `trouble` says why
    bytes: int
    width: int
    height: int
    made: datetime
    options: str
    versions: str
    decoder: str
    from_preview: bool
    embedded: bool
    profile: str
    lost: tuple[str, ...]  #: what the original has and it hasn't
    trouble: str


@dataclass(frozen=True, slots=True)
class ConvertedItem(Value):
    """One original and its rendition."""

    asset: Asset
    outcome: str  #: made, current, failed, failed_before, left_out
    rendition: Rendition
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConvertProgress(ByteProgress):
    """Of `convert`; bytes are those of originals."""


@dataclass(frozen=True, slots=True)
class ConvertPlan(Value):
    """What `convert` would do."""

    to_make: int
    current: int
    failed_before: int
    left_out: int
    bytes_to_read: int


@dataclass(frozen=True, slots=True)
class ConvertReport(Value):
    made: int
    current: int
    failed: int
    failed_before: int
    left_out: int
    from_preview: int
    broken: int
    bytes: int
    lost: dict[str, int]  #: how many of those made have lost what
    complete: bool


@dataclass(frozen=True, slots=True)
class FixityFinding(Value):
    outcome: str  #: altered, missing, unreadable, unrecorded
    path: str
    bytes: int
    message: str


@dataclass(frozen=True, slots=True)
class FixityProgress(ByteProgress):
    """Of `check_fixity`."""


@dataclass(frozen=True, slots=True)
class FixityReport(Value):
    """checked = matched + altered + missing + unreadable."""

    checked: int
    matched: int
    altered: int
    missing: int
    unreadable: int
    unrecorded: int
    bytes: int
    complete: bool


@dataclass(frozen=True, slots=True)
class AssessedItem(Value):
    """An item of a source: what Photos shows as one picture or movie, with all its files."""

    path: str
    uuid: str
    name: str
    state: str  #: safe, changed, not_imported, only_in_icloud, failed, excluded
    reason: str
    part: str
    remedy: str  #: none, import, include, download
    in_library: bool
    on_source: bool
    would_be_lost: bool
    asset: int | None


@dataclass(frozen=True, slots=True)
class Assessment(Value):
    """Whether everything on a source is safe. items = safe + changed + not_imported + only_in_icloud + failed +
    excluded, always."""

    source: SourceInfo
    items: int
    safe: int
    changed: int
    not_imported: int
    only_in_icloud: int
    failed: int
    excluded: int
    would_be_lost: int
    not_on_source: int
    not_in_library: int
    library: LibraryReport
    unknowns: tuple[str, ...]  #: what can't be known: with any of them there is no yes
    safe_to_wipe: bool | None  #: None: it can't be known
    oldest_proof: datetime | None
    reread: FixityReport | None


@dataclass(frozen=True, slots=True)
class SidecarItem(Value):
    asset: Asset
    outcome: str  #: written, unchanged, nothing_to_say, unread, held, failed
    path: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SidecarProgress(ItemProgress):
    """Of `write_sidecars`."""


@dataclass(frozen=True, slots=True)
class SidecarReport(Value):
    """originals = the sum of the others."""

    originals: int
    written: int
    unchanged: int
    nothing_to_say: int
    unread: int
    held: int
    failed: int
    complete: bool


@dataclass(frozen=True, slots=True)
class RebuildReport(Value):
    manifests: int
    originals: int
    missing: int
    unrecorded: int
    torn_lines: int
    notes: tuple[str, ...]
    set_aside: Path | None


@dataclass(frozen=True, slots=True)
class RebuildProgress(Value):
    manifests_done: int
    manifests_total: int
    bytes_done: int
    bytes_total: int


@dataclass(frozen=True, slots=True)
class Finding(Value):
    """One thing that `diagnose` looked at, with the one thing to do about it."""

    severity: str  #: ok, note, warning, problem
    code: str
    subject: str
    message: str
    next: str
