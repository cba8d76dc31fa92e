// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <photosafe/archive.hpp>
#include <photosafe/error.hpp>
#include <photosafe/ingest.hpp>
#include <photosafe/query.hpp>

#include "convert_report.hpp"
#include "human.hpp"
#include "import_report.hpp"
#include "metadata_report.hpp"
#include "open_source.hpp"
#include "parse_value.hpp"
#include "progress.hpp"
#include "settings.hpp"
#include "sidecar_report.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "from",
     .kind = Kind::list,
     .metavar = "SOURCE",
     .fallback = "device",
     .choices = "device",
     .help =
         "Where to copy from: device (the phone that is plugged in), device:UDID, or a folder. May be given "
         "several times; in the environment one SOURCE a line."},
    {.name = "since",
     .kind = Kind::value,
     .metavar = "TIME",
     .help = "Only what was taken or changed since then: 20d, 2w, 12h, or a day as 2024-05-01."},
    {.name = "only",
     .kind = Kind::value,
     .metavar = "KINDS",
     .fallback = "photos,videos",
     .choices = "photos videos photos,videos",
     .help = "Which kinds to take. The other parts of a shot come along with it."},
    {.name = "include",
     .kind = Kind::value,
     .metavar = "WHAT",
     .choices = "trashed shared trashed,shared",
     .help = "Also what is left out else: trashed (in Recently Deleted), shared (albums of others)."},
    {.name = "exclude",
     .kind = Kind::value,
     .metavar = "WHAT",
     .choices = "hidden",
     .help = "Leave out what is hidden on the phone."},
    {.name = "library",
     .kind = Kind::toggle,
     .metavar = "yes|no",
     .fallback = "yes",
     .help =
         "Read the phone's own library: albums, favorites, what is hidden, in the bin, or only in iCloud."},
    {.name = "verify",
     .kind = Kind::value,
     .metavar = "HOW",
     .fallback = "once",
     .choices = "once reread",
     .help = "once: each byte is read once from the source, and once back from the disk. reread: it is read "
             "twice from the source too, and compared."},
    {.name = "dry-run", .letter = 'n', .help = "Show what would be copied, and change nothing."},
    {.name = "wait",
     .kind = Kind::toggle,
     .metavar = "yes|no",
     .fallback = "auto",
     .help = "Wait until the phone is unlocked and trusts this computer; auto: when a person is at the "
             "terminal."},
    {.name = "metadata",
     .kind = Kind::toggle,
     .metavar = "yes|no",
     .fallback = "yes",
     .help = "Read what the files say of themselves, and name and group them by it. Without, originals are "
             "filed by their file's time, and `photosafe metadata` reads the rest later."},
    {.name = "convert",
     .kind = Kind::value,
     .metavar = "FORMAT",
     .choices = "jpeg",
     .help = "When all is in, do what `photosafe convert` does, as its settings say: jpeg."},
    {.name = "sidecars",
     .help = "When all is in, write XMP sidecars beside what this import brought, as `photosafe sidecars` "
             "does."},
    {.name = "retries",
     .kind = Kind::value,
     .metavar = "N",
     .fallback = "3",
     .help = "How often an item that failed is tried again."},
    {.name = "deadline",
     .kind = Kind::value,
     .metavar = "TIME",
     .fallback = "30s",
     .help = "How long a phone may be silent before the connection counts as lost."},
    {.name = "reconnect",
     .kind = Kind::value,
     .metavar = "TIME",
     .fallback = "10s",
     .help = "How long a phone that went away is waited for before the import ends."},
};

constexpr Example examples[] = {
    {"photosafe import", "Copy what is new on the phone that is plugged in."},
    {"photosafe import -n", "Say what that would copy."},
    {"photosafe import --from /media/card --from device", "Copy a card first, then the phone."},
    {"photosafe import --convert jpeg", "Copy what is new, then make JPEGs of what others can't show."},
    {"photosafe import --sidecars", "Copy what is new, then tell digiKam and darktable what is known of it."},
    {"photosafe import --since 2w --only videos", "Copy the videos of the last two weeks."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,      ExitCode::failed,     ExitCode::usage, ExitCode::incomplete,  ExitCode::no_phone,
    ExitCode::refused, ExitCode::no_archive, ExitCode::busy,  ExitCode::interrupted,
};

struct Request {
    std::vector<std::string> from;
    IngestOptions ingest;
    DeviceOptions device;
    Patience patience;
    bool dry_run;
    std::optional<ConvertOptions> convert{};
    bool sidecars = false;
};

/// Everything that can be wrong about what was typed is found here, before anything is opened.
Request read_request(const Run& run)
{
    const Settings& settings = run.settings;
    Request request{settings.list("from"), {}, device_options(run), Patience::none, settings.flag("dry-run")};
    request.ingest.filter = settings.parsed("only", parse_only);
    if (settings.given("since"))
        request.ingest.filter.since = settings.parsed("since", [](const std::string& text) {
            return parse_since(text, std::chrono::system_clock::now());
        });
    if (settings.given("include")) {
        const std::string included = settings.text("include");
        request.ingest.filter.trashed = included.find("trashed") != std::string::npos;
        request.ingest.filter.shared_albums = included.find("shared") != std::string::npos;
    }
    request.ingest.filter.hidden = !settings.given("exclude");
    request.ingest.phone_library = settings.flag("library");
    request.ingest.proof = settings.text("verify") == "reread" ? Proof::reread : Proof::once;
    request.ingest.retries = settings.parsed("retries", parse_number);
    request.ingest.metadata = settings.flag("metadata");
    request.ingest.stop = run.stop;
    request.device.reconnect = settings.parsed("reconnect", parse_duration);
    if (settings.given("convert")) {
        request.convert = convert_options(run);
        check_rendition(request.convert->rendition);
    }
    request.sidecars = settings.flag("sidecars");
    const bool wait = settings.text("wait") == "auto" ? run.terminal.interactive() : settings.flag("wait");
    if (wait) request.patience = Patience::until_stopped;
    return request;
}

/// One source on its way in, as a person sees it.
class ImportView {
public:
    ImportView(Terminal& terminal, SourceInfo source, bool planned)
        : terminal_{terminal}, source_{std::move(source)}, planned_{planned}, progress_{terminal, "Copying"}
    {
        terminal_.note(source_title(source_) + ": looking for what is new.");
    }

    void watch(IngestOptions& options)
    {
        options.on_scan = [this](std::uint64_t files) {
            terminal_.show("Looking: " + count_text(files, "file"));
        };
        options.on_file = [this](const IngestedFile& file) { take(file); };
        options.on_progress = [this](const IngestProgress& at) { show(at); };
        options.on_metadata = [this](const MetadataProgress& at) {
            terminal_.show("Reading what earlier imports left: " + count_text(at.items_done) + " of " +
                           count_text(at.items_total, "file"));
        };
    }

    /// `cut`: it ended early. What was not reached then counts as failed, and isn't worth a name each.
    void finish(const ImportTally& tally, bool cut)
    {
        progress_.finish();
        terminal_.line(source_title(source_) + ":");
        terminal_.lines(tally.lines(planned_));
        terminal_.lines(cut ? failed_.lines("failed")
                            : failed_.lines("failed", "; `photosafe status` lists them."));
        terminal_.lines(excluded_.lines("excluded"));
        terminal_.lines(lines_of(tally.library));
        terminal_.lines(lines_of(tally.metadata));
        Json done = object_of("source");
        done["source"] = json_name(source_.id);
        done["name"] = json_name(source_.name);
        done.update(tally.json(planned_));
        terminal_.object(done);
    }

    void interrupt() { progress_.finish(); }

private:
    void take(const IngestedFile& file)
    {
        if (terminal_.json()) terminal_.object(json_of(file, source_.id));
        if (file.outcome == Outcome::failed) failed_.add(file.reason, file.file.path);
        if (file.outcome == Outcome::excluded) excluded_.add(file.reason, file.file.path);
        const bool fresh = file.outcome == Outcome::stored || file.outcome == Outcome::failed;
        if (terminal_.loudness() >= (fresh ? Loudness::files : Loudness::all_files))
            terminal_.line(std::string{name(file.outcome)} + "  " + file.file.path +
                           (file.asset_path.empty() ? "" : "  " + file.asset_path));
    }

    void show(const IngestProgress& at)
    {
        if (!announced_ && at.items_total > 0)
            terminal_.note(source_title(source_) + ": " + count_text(at.items_total, "new file") + ", " +
                           bytes_text(at.bytes_total) + ".");
        announced_ = announced_ || at.items_total > 0;
        if (announced_)
            progress_.update({at.items_done, at.items_total, at.bytes_done, at.bytes_total, at.current});
    }

    Terminal& terminal_;
    SourceInfo source_;
    bool planned_;
    bool announced_ = false;
    Progress progress_;
    Reasons failed_{20};
    Reasons excluded_{0};
};

ImportTally plan(const Request& request, Source& source, Archive& archive, Terminal& terminal)
{
    ImportView view{terminal, source.info(), true};
    IngestOptions ingest_options = request.ingest;
    view.watch(ingest_options);
    const IngestPlan planned = plan_ingest(source, archive, ingest_options);
    view.finish(ImportTally::of(planned), false);
    if (!planned.fits)
        terminal.complain("It doesn't fit: " + bytes_text(planned.bytes_to_copy) + " are to be copied, " +
                          bytes_text(planned.free_bytes) + " are free.");
    return ImportTally::of(planned);
}

/// What became of all sources together.
struct Total {
    ImportTally tally;
    std::optional<ExitCode> failure{};
    Json error{};
    std::vector<Digest> stored{}; ///< what came in, where somebody asks for it
};

void copy(const Request& request, Source& source, Archive& archive, Terminal& terminal, Total& total)
{
    ImportView view{terminal, source.info(), false};
    IngestOptions ingest_options = request.ingest;
    view.watch(ingest_options);
    if (request.sidecars) {
        ingest_options.on_file = [tell = ingest_options.on_file, &total](const IngestedFile& file) {
            if (file.outcome == Outcome::stored && file.digest) total.stored.push_back(*file.digest);
            tell(file);
        };
    }
    try {
        const IngestReport report = ingest(source, archive, ingest_options);
        view.finish(ImportTally::of(report), false);
        total.tally += ImportTally::of(report);
    } catch (const IngestInterrupted& cut) {
        view.finish(ImportTally::of(cut.report()), true);
        total.tally += ImportTally::of(cut.report());
        throw;
    } catch (...) {
        view.interrupt();
        throw;
    }
}

/// A source that can't be imported is told of, and doesn't stop the others.
void import_one(const std::string& from, const Request& request, Archive& archive, Terminal& terminal,
                Total& total)
{
    try {
        const auto source = open_source(from, request.patience, request.device);
        if (request.dry_run)
            total.tally += plan(request, *source, archive, terminal);
        else
            copy(request, *source, archive, terminal, total);
    } catch (const Error& error) {
        terminal.complain(std::string{"photosafe: "} + error.what());
        if (total.failure) return;
        // `not_found` is a folder that isn't there; the archive was opened before.
        total.failure = error.code() == ErrorCode::not_found && exit_code(error) == ExitCode::no_archive
                            ? ExitCode::failed
                            : exit_code(error);
        total.error = json_of(error);
    }
}

/// Does what comes after an import, and notes in `facts` what came of it as `name`. Nothing that goes wrong
/// there takes anything from what was imported.
template <class View, class Work>
ExitCode afterwards(const Run& run, const char* name, Json& facts, Work work)
{
    try {
        View view{run.terminal};
        const auto report = work(view);
        facts[name] = View::json(report);
        if (!report.complete) return ExitCode::interrupted;
        return report.failed == 0 ? ExitCode::ok : ExitCode::incomplete;
    } catch (const Error& error) {
        run.terminal.complain(std::string{"photosafe: "} + error.what());
        facts[name] = json_of(error);
        return exit_code(error);
    }
}

/// Of all parts of the shots of which a part came in.
SidecarOptions sidecar_options(const Run& run, const std::vector<Digest>& stored, const Archive& archive)
{
    std::set<std::int64_t> shots, assets;
    for (const Digest& digest : stored) {
        const auto asset = archive.find(digest);
        if (!asset || !shots.insert(asset->group).second) continue;
        for (const Found& part : parts_of_shot(archive, *asset)) assets.insert(part.asset.id);
    }
    SidecarOptions options;
    options.assets.emplace(assets.begin(), assets.end());
    options.stop = run.stop;
    return options;
}

ExitCode run_import(const Run& run)
{
    const Request request = read_request(run);
    Archive archive = Archive::open(run.settings.archive(), request.dry_run ? Access::read : Access::write);
    for (const auto& warning : archive.warnings()) run.terminal.note(warning);

    Total total;
    for (const auto& from : request.from)
        if (!run.stop.stop_requested()) import_one(from, request, archive, run.terminal, total);
    if (request.from.size() > 1) {
        run.terminal.line("All together:");
        run.terminal.lines(total.tally.lines(request.dry_run));
    }
    if (run.stop.stop_requested() && !total.failure) total.failure = ExitCode::interrupted;

    Json facts = total.tally.json(request.dry_run);
    ExitCode added = ExitCode::ok, converted = ExitCode::ok;
    if (request.sidecars && !request.dry_run && !run.stop.stop_requested())
        added = afterwards<SidecarView>(run, "sidecars", facts, [&](SidecarView& view) {
            return view.run(archive, sidecar_options(run, total.stored, archive), false);
        });
    if (request.convert && !request.dry_run && !run.stop.stop_requested())
        converted = afterwards<ConvertView>(
            run, "convert", facts, [&](ConvertView& view) { return view.run(archive, *request.convert); });
    if (total.error.is_null()) {
        run.terminal.summary("import", facts);
    } else {
        total.error.update(facts);
        run.terminal.object(total.error);
    }
    if (total.failure) return *total.failure;
    for (const ExitCode later : {added, converted})
        if (later != ExitCode::ok) return later; // also where the import is incomplete too
    return total.tally.failed == 0 ? ExitCode::ok : ExitCode::incomplete;
}

} // namespace

const Command import_command = {
    .name = "import",
    .purpose = "copy new originals from a phone or a folder into the archive, proven byte for byte",
    .description =
        "Lists the source, and copies what the archive does not hold yet. Each file is read back from the "
        "disk, "
        "past its cache, and compared with what the source sent; only then it is recorded. What was copied "
        "before is not read again. Nothing on the source is changed.\n\n"
        "When the cable is pulled, the disk is full or the command is interrupted, what was finished is "
        "safe. "
        "Running it again goes on where it ended.\n\n"
        "The closing table adds up: seen = new + known + failed + excluded. Items that failed are tried "
        "again "
        "by themselves, then named, and don't stop the others; nor does a source that can't be read stop the "
        "other sources. The exit status is then that of the first source that could not be read.\n\n"
        "With --json each file is an object of type file with source, path, outcome (stored, known, failed, "
        "excluded), asset, bytes and reason; the last line is a summary, or an error that holds the counts "
        "too.\n\n"
        "The phone's own library is read too: albums, favorites, captions, what is hidden, in Recently "
        "Deleted (which "
        "is left out unless --include trashed), and what is only in iCloud, which can't be copied and is "
        "counted. When "
        "it can't be read, all that is there is imported, and the report says what isn't known.\n\n"
        "What the files say of themselves is read by workers in a jail, after the bytes are proven. A file "
        "that "
        "breaks its reader is stored and safe all the same, and the import doesn't wait for pictures to be "
        "understood.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "init status verify metadata convert sidecars device",
    .run = run_import,
};

} // namespace photosafe::cli
