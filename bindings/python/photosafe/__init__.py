# SPDX-License-Identifier: LGPL-2.1-or-later
"""PhotoSafe: the originals of an iPhone, or of a folder, into an archive, each proven byte for byte.

    import photosafe

    with photosafe.Archive.open("Photos") as archive:
        for found in photosafe.find(archive, "camera:iphone taken:2024"):
            print(archive.root / found.asset.path)

The names are those of libphotosafe, docs/guide/python.md tells how they are used.
"""
from ._photosafe import (Archive, DeviceOptions, MediaOptions, Query, Source, __version__, assess, check_fixity, convert,
                         count, diagnose, find_device, ingest, list_devices, look_up, open_device, open_folder,
                         pair_device, parts_of_shot, plan_convert, plan_ingest, plan_read_metadata, plan_sidecars,
                         read_metadata, rebuild, renditions, wait_for_device, write_sidecars)
from .errors import ArchiveError, DeviceError, Error, FixityError, IngestInterrupted, MediaError, QueryError
from .facts import (ArchiveSummary, Asset, CaptureTime, FailureRecord, Found, GeoPoint, ImportRecord, Metadata, ParseRecord,
                    PhoneAlbumRecord, PhoneAsset, PhoneItemRecord, PhoneResource, Place, RawTag, Region)
from .query import find
from .reports import (AssessedItem, Assessment, ConvertedItem, ConvertPlan, ConvertProgress, ConvertReport, DeviceInfo,
                      Finding, FixityFinding, FixityProgress, FixityReport, IngestedFile, IngestPlan, IngestProgress,
                      IngestReport, LibraryReport, MetadataProgress, MetadataReport, ReadMetadataPlan, RebuildProgress,
                      RebuildReport, Rendition, SidecarItem, SidecarProgress, SidecarReport, SourceFile, SourceInfo)


__all__ = [
    "__version__", "Archive", "ArchiveError", "ArchiveSummary", "assess", "AssessedItem", "Assessment", "Asset",
    "CaptureTime", "check_fixity", "convert", "ConvertedItem", "ConvertPlan", "ConvertProgress", "ConvertReport",
    "count", "DeviceError", "DeviceInfo", "DeviceOptions", "diagnose", "Error", "FailureRecord", "find", "find_device",
    "Finding", "FixityError", "FixityFinding", "FixityProgress", "FixityReport", "Found", "GeoPoint", "ImportRecord",
    "ingest", "IngestedFile", "IngestInterrupted", "IngestPlan", "IngestProgress", "IngestReport", "LibraryReport",
    "list_devices", "look_up", "MediaError", "MediaOptions", "Metadata", "MetadataProgress", "MetadataReport",
    "open_device", "open_folder", "pair_device", "ParseRecord", "parts_of_shot", "PhoneAlbumRecord", "PhoneAsset",
    "PhoneItemRecord", "PhoneResource", "Place", "plan_convert", "plan_ingest", "plan_read_metadata", "plan_sidecars",
    "Query", "QueryError", "RawTag", "read_metadata", "ReadMetadataPlan", "rebuild", "RebuildProgress", "RebuildReport",
    "Region", "Rendition", "renditions", "SidecarItem", "SidecarProgress", "SidecarReport", "Source", "SourceFile",
    "SourceInfo", "wait_for_device", "write_sidecars",
]
