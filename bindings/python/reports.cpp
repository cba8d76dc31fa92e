// SPDX-License-Identifier: LGPL-2.1-or-later
// What became of work: photosafe/reports.py has the fields.
#include "values.hpp"

namespace photosafe::python {

namespace {

template <class Progress>
py::object of_items(const char* type, const Progress& progress)
{
    return make(type, "items_done", progress.items_done, "items_total", progress.items_total, "current",
                progress.current);
}

template <class Progress>
py::object of_bytes(const char* type, const Progress& progress)
{
    return make(type, "items_done", progress.items_done, "items_total", progress.items_total, "bytes_done",
                progress.bytes_done, "bytes_total", progress.bytes_total, "current", progress.current);
}

} // namespace

py::object to_py(const RebuildReport& report)
{
    return make("RebuildReport", "manifests", report.manifests, "originals", report.originals, "missing",
                report.missing, "unrecorded", report.unrecorded, "torn_lines", report.torn_lines, "notes",
                report.notes, "set_aside",
                report.set_aside.empty() ? std::nullopt : std::optional{report.set_aside});
}

py::object to_py(const RebuildProgress& progress)
{
    return make("RebuildProgress", "manifests_done", progress.manifests_done, "manifests_total",
                progress.manifests_total, "bytes_done", progress.bytes_done, "bytes_total",
                progress.bytes_total);
}

py::object to_py(const DeviceInfo& device)
{
    return make("DeviceInfo", "udid", device.udid, "name", device.name, "model", device.model, "version",
                device.version, "build", device.build, "connection", device.connection, "state", device.state,
                "problem", device.problem, "total_bytes", device.total_bytes, "free_bytes",
                device.free_bytes);
}

py::object to_py(const SourceInfo& source)
{
    return make("SourceInfo", "id", source.id, "kind", source.kind, "name", source.name, "model",
                source.model, "version", source.version);
}

py::object to_py(const SourceFile& file)
{
    return make("SourceFile", "path", file.path, "bytes", file.bytes, "modified", file.modified, "born",
                file.born);
}

py::object to_py(const LibraryReport& report)
{
    return make("LibraryReport", "source_has_one", report.source_has_one, "read", report.read, "items",
                report.items, "only_in_icloud", report.only_in_icloud, "trashed", report.trashed, "trouble",
                report.trouble);
}

py::object to_py(const MetadataReport& report)
{
    return make("MetadataReport", "read", report.read, "failed", report.failed, "regrouped", report.regrouped,
                "pending", report.pending, "absent", report.absent, "killed", report.killed, "trouble",
                report.trouble);
}

py::object to_py(const MetadataProgress& progress) { return of_items("MetadataProgress", progress); }

py::object to_py(const ReadMetadataPlan& plan)
{
    return make("ReadMetadataPlan", "pending", plan.pending, "failed", plan.failed, "again", plan.again);
}

py::object to_py(const IngestedFile& of)
{
    return make("IngestedFile", "file", of.file, "outcome", of.outcome, "asset_path", of.asset_path, "sha256",
                of.digest ? std::optional{sha256_hex(*of.digest)} : std::nullopt, "code", of.code, "reason",
                of.reason);
}

py::object to_py(const IngestProgress& progress) { return of_bytes("IngestProgress", progress); }

py::object to_py(const IngestPlan& plan)
{
    return make("IngestPlan", "source", plan.source, "seen", plan.seen, "to_copy", plan.to_copy, "known",
                plan.known, "failed", plan.failed, "excluded", plan.excluded, "bytes_to_copy",
                plan.bytes_to_copy, "free_bytes", plan.free_bytes, "fits", plan.fits, "library",
                plan.library);
}

py::object to_py(const IngestReport& report)
{
    return make("IngestReport", "source", report.source, "seen", report.seen, "stored", report.stored,
                "known", report.known, "failed", report.failed, "excluded", report.excluded, "stored_bytes",
                report.stored_bytes, "read_bytes", report.read_bytes, "metadata", report.metadata, "library",
                report.library);
}

py::object to_py(const Rendition& of)
{
    return make("Rendition", "asset", of.asset, "folder", of.folder, "path", of.path, "bytes", of.bytes,
                "width", of.width, "height", of.height, "made", of.made, "options", of.options, "versions",
                of.versions, "decoder", of.decoder, "from_preview", of.from_preview, "embedded", of.embedded,
                "profile", of.profile, "lost", of.lost, "trouble", of.trouble);
}

py::object to_py(const ConvertedItem& item)
{
    return make("ConvertedItem", "asset", item.asset, "outcome", item.outcome, "rendition", item.rendition,
                "code", item.code, "reason", item.reason);
}

py::object to_py(const ConvertProgress& progress) { return of_bytes("ConvertProgress", progress); }

py::object to_py(const ConvertPlan& plan)
{
    return make("ConvertPlan", "to_make", plan.to_make, "current", plan.current, "failed_before",
                plan.failed_before, "left_out", plan.left_out, "bytes_to_read", plan.bytes_to_read);
}

py::object to_py(const ConvertReport& report)
{
    return make("ConvertReport", "made", report.made, "current", report.current, "failed", report.failed,
                "failed_before", report.failed_before, "left_out", report.left_out, "from_preview",
                report.from_preview, "broken", report.broken, "bytes", report.bytes, "lost", report.lost,
                "complete", report.complete);
}

py::object to_py(const FixityFinding& finding)
{
    return make("FixityFinding", "outcome", finding.outcome, "path", finding.path, "bytes", finding.bytes,
                "message", finding.message);
}

py::object to_py(const FixityProgress& progress) { return of_bytes("FixityProgress", progress); }

py::object to_py(const FixityReport& report)
{
    return make("FixityReport", "checked", report.checked, "matched", report.matched, "altered",
                report.altered, "missing", report.missing, "unreadable", report.unreadable, "unrecorded",
                report.unrecorded, "bytes", report.bytes, "complete", report.complete);
}

py::object to_py(const AssessedItem& item)
{
    return make("AssessedItem", "path", item.path, "uuid", item.uuid, "name", item.name, "state", item.state,
                "reason", item.reason, "part", item.part, "remedy", item.remedy, "in_library",
                item.in_library, "on_source", item.on_source, "would_be_lost", item.would_be_lost, "asset",
                item.asset);
}

py::object to_py(const Assessment& of)
{
    return make("Assessment", "source", of.source, "items", of.items, "safe", of.safe, "changed", of.changed,
                "not_imported", of.not_imported, "only_in_icloud", of.only_in_icloud, "failed", of.failed,
                "excluded", of.excluded, "would_be_lost", of.would_be_lost, "not_on_source", of.not_on_source,
                "not_in_library", of.not_in_library, "library", of.library, "unknowns", of.unknowns,
                "safe_to_wipe", of.safe_to_wipe, "oldest_proof", of.oldest_proof, "reread", of.reread);
}

py::object to_py(const SidecarItem& item)
{
    return make("SidecarItem", "asset", item.asset, "outcome", item.outcome, "path", item.path, "code",
                item.code, "reason", item.reason);
}

py::object to_py(const SidecarProgress& progress) { return of_items("SidecarProgress", progress); }

py::object to_py(const SidecarReport& report)
{
    return make("SidecarReport", "originals", report.originals, "written", report.written, "unchanged",
                report.unchanged, "nothing_to_say", report.nothing_to_say, "unread", report.unread, "held",
                report.held, "failed", report.failed, "complete", report.complete);
}

py::object to_py(const Finding& finding)
{
    return make("Finding", "severity", finding.severity, "code", finding.code, "subject", finding.subject,
                "message", finding.message, "next", finding.next);
}

} // namespace photosafe::python
