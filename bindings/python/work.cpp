// SPDX-License-Identifier: LGPL-2.1-or-later
// The verbs. photosafe/_photosafe.pyi has the types.
#include <pybind11/chrono.h>
#include <pybind11/stl.h>

#include "arguments.hpp"
#include "handles.hpp"

namespace photosafe::python {

using namespace py::literals;
namespace fs = std::filesystem;

namespace {

using Ids = std::optional<std::vector<std::int64_t>>;

void bind_media(py::module_& module)
{
    const MediaOptions usual;
    py::class_<MediaOptions>(module, "MediaOptions",
                             "How pictures are read and drawn: by workers in a jail, programs of their own.")
        .def(py::init([](const py::object& worker, unsigned workers, const py::object& time_limit,
                         std::uint64_t memory_limit) {
                 return MediaOptions{worker.is_none() ? fs::path{} : to_path(worker), workers,
                                     to_milliseconds("time_limit", time_limit), memory_limit};
             }),
             py::kw_only(), "worker"_a = py::none(), "workers"_a = 0, "time_limit"_a = usual.time_limit,
             "memory_limit"_a = usual.memory_limit)
        .def_property_readonly(
            "worker",
            [](const MediaOptions& media) {
                return to_py(media.worker.empty() ? std::nullopt : std::optional{media.worker});
            },
            "The program; None: the installed one.")
        .def_readonly("workers", &MediaOptions::workers,
                      "At most so many at once, and 1024; 0: one a processor.")
        .def_readonly("time_limit", &MediaOptions::time_limit, "For one file, wall and processor time.")
        .def_readonly("memory_limit", &MediaOptions::memory_limit,
                      "Bytes of address space beyond what a worker starts with.");
}

IngestFilter filter(const py::object& since, bool photos, bool videos, bool trashed, bool hidden, bool shared)
{
    IngestFilter filter;
    if (!since.is_none()) filter.since = to_instant(since);
    filter.photos = photos;
    filter.videos = videos;
    filter.trashed = trashed;
    filter.hidden = hidden;
    filter.shared_albums = shared;
    return filter;
}

py::object plan_ingest_(SharedSource& source, SharedArchive& archive, const py::object& on_file,
                        const py::object& on_scan, const py::object& since, bool photos, bool videos,
                        bool trashed, bool hidden, bool shared_albums, bool phone_library,
                        const MediaOptions& media)
{
    const auto [from, to] = both(source, archive);
    Session session;
    const Notices::During during{source.notices, session};
    IngestOptions options;
    options.on_file = session.callback<const IngestedFile&>(on_file);
    options.on_scan = session.callback<std::uint64_t>(on_scan);
    options.filter = filter(since, photos, videos, trashed, hidden, shared_albums);
    options.phone_library = phone_library;
    options.media = media;
    options.stop = session.stop();
    Source& opened = *from;
    const Archive& into = *to;
    return to_py(session.run([&] { return plan_ingest(opened, into, options); }));
}

py::object ingest_(SharedSource& source, SharedArchive& archive, const py::object& on_file,
                   const py::object& on_progress, const py::object& on_scan, const py::object& on_metadata,
                   const py::object& since, bool photos, bool videos, bool trashed, bool hidden,
                   bool shared_albums, const py::str& proof, unsigned retries, const py::object& backoff,
                   bool metadata, bool phone_library, const MediaOptions& media)
{
    const auto [from, to] = both(source, archive);
    Session session;
    const Notices::During during{source.notices, session};
    IngestOptions options;
    options.on_file = session.callback<const IngestedFile&>(on_file);
    options.on_progress = session.callback<const IngestProgress&>(on_progress);
    options.on_scan = session.callback<std::uint64_t>(on_scan);
    options.on_metadata = session.callback<const MetadataProgress&>(on_metadata);
    options.filter = filter(since, photos, videos, trashed, hidden, shared_albums);
    options.proof = choice<Proof>("proof", proof, {{"once", Proof::once}, {"reread", Proof::reread}});
    options.retries = retries;
    options.backoff = to_milliseconds("backoff", backoff);
    options.metadata = metadata;
    options.phone_library = phone_library;
    options.media = media;
    options.stop = session.stop();
    Source& opened = *from;
    Archive& into = *to;
    return to_py(session.run([&] { return ingest(opened, into, options); }));
}

void bind_ingest(py::module_& module)
{
    module.def(
        "plan_ingest", &plan_ingest_, "source"_a, "archive"_a, py::kw_only(), "on_file"_a = py::none(),
        "on_scan"_a = py::none(), "since"_a = py::none(), flag("photos", true), flag("videos", true),
        flag("trashed", false), flag("hidden", true), flag("shared_albums", false),
        flag("phone_library", true), "media"_a = MediaOptions{},
        "Lists the source and compares with the catalog; `on_file` hears what would become of each file.\n"
        "Changes nothing.");
    module.def("ingest", &ingest_, "source"_a, "archive"_a, py::kw_only(), "on_file"_a = py::none(),
               "on_progress"_a = py::none(), "on_scan"_a = py::none(), "on_metadata"_a = py::none(),
               "since"_a = py::none(), flag("photos", true), flag("videos", true), flag("trashed", false),
               flag("hidden", true), flag("shared_albums", false), "proof"_a = "once", "retries"_a = 3,
               "backoff"_a = IngestOptions{}.backoff, flag("metadata", true), flag("phone_library", true),
               "media"_a = MediaOptions{},
               "Copies every original the archive does not hold yet, each read back from disk and proven "
               "equal before\n"
               "it is recorded. One bad file is a row of the report. Running it again is always safe and "
               "goes on where\n"
               "it ended; Ctrl-C or an exception of a callback ends it likewise.");
}

void bind_metadata(py::module_& module)
{
    module.def(
        "plan_read_metadata",
        [](SharedArchive& archive, bool again) {
            const auto turn = archive.turn();
            const Archive& opened = *turn;
            ReadMetadataOptions options;
            options.again = again;
            Session session;
            return to_py(session.run([&] { return plan_read_metadata(opened, options); }));
        },
        "archive"_a, py::kw_only(), flag("again", false), "What `read_metadata` would read.");
    module.def(
        "read_metadata",
        [](SharedArchive& archive, const py::object& on_progress, bool again, const MediaOptions& media) {
            const auto turn = archive.turn();
            Archive& opened = *turn;
            Session session;
            ReadMetadataOptions options;
            options.again = again;
            options.media = media;
            options.on_progress = session.callback<const MetadataProgress&>(on_progress);
            options.stop = session.stop();
            return to_py(session.run([&] { return read_metadata(opened, options); }));
        },
        "archive"_a, py::kw_only(), "on_progress"_a = py::none(), flag("again", false),
        "media"_a = MediaOptions{},
        "Reads from the archive itself what the originals say of themselves, where that isn't known yet.");
}

ConvertOptions convert_options(const py::str& kind, int quality, std::uint32_t max_size, bool progressive,
                               bool srgb, bool keep_tag, bool strip_location, const py::str& decoder,
                               const Ids& assets, bool again, const MediaOptions& media)
{
    ConvertOptions options;
    RenditionOptions& made = options.rendition;
    made.kind = choice<RenditionKind>(
        "kind", kind, {{"jpeg", RenditionKind::jpeg}, {"thumbnail", RenditionKind::thumbnail}});
    made.quality = quality;
    made.max_size = max_size;
    made.progressive = progressive;
    made.srgb = srgb;
    made.keep_tag = keep_tag;
    made.strip_location = strip_location;
    made.decoder = choice<HevcDecoder>("decoder", decoder,
                                       {{"any", HevcDecoder::any},
                                        {"libavcodec", HevcDecoder::libavcodec},
                                        {"libde265", HevcDecoder::libde265}});
    options.assets = assets;
    options.again = again;
    options.media = media;
    return options;
}

/// `convert` and `plan_convert` differ in what the library does, and in whether it tells how far it is.
template <class Run>
py::object with_convert(SharedArchive& archive, ConvertOptions options, const py::object& on_item,
                        const py::object& on_progress, const Run& run)
{
    const auto turn = archive.turn();
    Archive& opened = *turn;
    Session session;
    options.on_item = session.callback<const ConvertedItem&>(on_item);
    options.on_progress = session.callback<const ConvertProgress&>(on_progress);
    options.stop = session.stop();
    return to_py(session.run([&] { return run(opened, options); }));
}

void bind_convert(py::module_& module)
{
    module.def(
        "plan_convert",
        [](SharedArchive& archive, const py::object& on_item, const py::str& kind, int quality,
           std::uint32_t max_size, bool progressive, bool srgb, bool keep_tag, bool strip_location,
           const py::str& decoder, const Ids& assets, bool again, const MediaOptions& media) {
            return with_convert(archive,
                                convert_options(kind, quality, max_size, progressive, srgb, keep_tag,
                                                strip_location, decoder, assets, again, media),
                                on_item, py::none(), [](const Archive& of, const ConvertOptions& options) {
                                    return plan_convert(of, options);
                                });
        },
        "archive"_a, py::kw_only(), "on_item"_a = py::none(), "kind"_a = "jpeg", "quality"_a = 90,
        "max_size"_a = 0, flag("progressive", false), flag("srgb", false), flag("keep_tag", false),
        flag("strip_location", false), "decoder"_a = "any", "assets"_a = py::none(), flag("again", false),
        "media"_a = MediaOptions{}, "What `convert` would do; changes nothing.");
    module.def(
        "convert",
        [](SharedArchive& archive, const py::object& on_item, const py::object& on_progress,
           const py::str& kind, int quality, std::uint32_t max_size, bool progressive, bool srgb,
           bool keep_tag, bool strip_location, const py::str& decoder, const Ids& assets, bool again,
           const MediaOptions& media) {
            return with_convert(archive,
                                convert_options(kind, quality, max_size, progressive, srgb, keep_tag,
                                                strip_location, decoder, assets, again, media),
                                on_item, on_progress, [](Archive& of, const ConvertOptions& options) {
                                    return convert(of, options);
                                });
        },
        "archive"_a, py::kw_only(), "on_item"_a = py::none(), "on_progress"_a = py::none(), "kind"_a = "jpeg",
        "quality"_a = 90, "max_size"_a = 0, flag("progressive", false), flag("srgb", false),
        flag("keep_tag", false), flag("strip_location", false), "decoder"_a = "any", "assets"_a = py::none(),
        flag("again", false), "media"_a = MediaOptions{},
        "Makes JPEGs or thumbnails of originals below renditions/, on all processors, in a jail. `assets`: "
        "only\n"
        "these, by Asset.id. A picture that can't be drawn costs itself only.");
}

void bind_sidecars(py::module_& module)
{
    const auto bind = [&](const char* name, auto run, const char* doc) {
        module.def(
            name,
            [run](SharedArchive& archive, const py::object& on_item, const py::object& on_progress,
                  const Ids& assets, const MediaOptions& media) {
                const auto turn = archive.turn();
                Archive& opened = *turn;
                Session session;
                SidecarOptions options;
                options.assets = assets;
                options.media = media;
                options.on_item = session.callback<const SidecarItem&>(on_item);
                options.on_progress = session.callback<const SidecarProgress&>(on_progress);
                options.stop = session.stop();
                return to_py(session.run([&] { return run(opened, options); }));
            },
            "archive"_a, py::kw_only(), "on_item"_a = py::none(), "on_progress"_a = py::none(),
            "assets"_a = py::none(), "media"_a = MediaOptions{}, doc);
    };
    bind("plan_sidecars", &plan_sidecars, "What `write_sidecars` would do; changes nothing.");
    bind("write_sidecars", &write_sidecars,
         "Writes what the catalog knows of originals as XMP beside them, for other programs.");
}

void bind_proof(py::module_& module)
{
    module.def(
        "check_fixity",
        [](SharedArchive& archive, const py::object& on_finding, const py::object& on_progress,
           std::optional<double> share, std::optional<std::uint64_t> bytes, bool oldest_first,
           unsigned threads) {
            const auto turn = archive.turn();
            Archive& opened = *turn;
            Session session;
            FixityOptions options;
            options.on_finding = session.callback<const FixityFinding&>(on_finding);
            options.on_progress = session.callback<const FixityProgress&>(on_progress);
            if (share && !(*share >= 0 && *share <= 1))
                throw py::value_error{"share is from 0 to 1: a half is 0.5."};
            options.subset = {share, bytes};
            options.oldest_first = oldest_first;
            options.threads = threads;
            options.stop = session.stop();
            return to_py(session.run([&] { return check_fixity(opened, options); }));
        },
        "archive"_a, py::kw_only(), "on_finding"_a = py::none(), "on_progress"_a = py::none(),
        "share"_a = py::none(), "bytes"_a = py::none(), flag("oldest_first", false), "threads"_a = 0,
        "Reads stored originals back from the disk, past the page cache, and compares them with both "
        "digests.\n"
        "`share` (0 to 1) or `bytes`: only a part, those not verified for longest first.");
    module.def(
        "assess",
        [](SharedSource& source, SharedArchive& archive, const py::object& on_item, const py::object& on_scan,
           const py::object& on_reread, bool full, const MediaOptions& media) {
            const auto [from, turn] = both(source, archive);
            Source& of = *from;
            Archive& opened = *turn;
            Session session;
            const Notices::During during{source.notices, session};
            AssessOptions options;
            options.on_item = session.callback<const AssessedItem&>(on_item);
            options.on_scan = session.callback<std::uint64_t>(on_scan);
            options.on_reread = session.callback<const FixityProgress&>(on_reread);
            options.full = full;
            options.media = media;
            options.stop = session.stop();
            return to_py(session.run([&] { return assess(of, opened, options); }));
        },
        "source"_a, "archive"_a, py::kw_only(), "on_item"_a = py::none(), "on_scan"_a = py::none(),
        "on_reread"_a = py::none(), flag("full", false), "media"_a = MediaOptions{},
        "Whether everything on a source is safe, item by item; what can't be known is never a yes. `full` "
        "re-reads\n"
        "every stored original first, in an archive that is open to write.");
    module.def(
        "rebuild",
        [](const py::object& root, const py::object& on_progress, bool dry_run) {
            Session session;
            RebuildOptions options;
            options.dry_run = dry_run;
            options.on_progress = session.callback<const RebuildProgress&>(on_progress);
            options.stop = session.stop();
            return to_py(session.run([&, path = to_path(root)] { return rebuild(path, options); }));
        },
        "root"_a, py::kw_only(), "on_progress"_a = py::none(), flag("dry_run", false),
        "Makes the catalog again from the originals and the manifests. The old one is set aside.");
    module.def(
        "diagnose",
        [](const py::object& root, const DeviceOptions& options, const MediaOptions& media) {
            const fs::path path = root.is_none() ? fs::path{} : to_path(root);
            Session session;
            DeviceOptions asked = options;
            asked.stop = session.stop();
            return to_py(session.run([&] { return diagnose(path, asked, media); }));
        },
        "root"_a = py::none(), py::kw_only(), "options"_a = DeviceOptions{}, "media"_a = MediaOptions{},
        "Looks at everything an import needs, each with the one thing to do about it.");
}

} // namespace

void bind_work(py::module_& module)
{
    bind_media(module);
    bind_ingest(module);
    bind_metadata(module);
    bind_convert(module);
    bind_sidecars(module);
    bind_proof(module);
}

} // namespace photosafe::python
