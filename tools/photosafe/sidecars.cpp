// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/archive.hpp>

#include "query_words.hpp"
#include "settings.hpp"
#include "sidecar_report.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "query",
     .kind = Kind::argument,
     .metavar = "QUERY...",
     .help = "Whose sidecars to write; without it, those of all originals.",
     .many = true},
    {.name = "dry-run", .letter = 'n', .help = "Say what would be written, and write nothing."},
};

constexpr Example examples[] = {
    {"photosafe sidecars", "Write what is known of the originals beside them, for digiKam and darktable."},
    {"photosafe sidecars -n", "Say how many that would be."},
    {"photosafe sidecars rating:4.. taken:2024", "Only those of the best pictures of one year."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,         ExitCode::failed, ExitCode::usage,       ExitCode::incomplete,
    ExitCode::no_archive, ExitCode::busy,   ExitCode::interrupted,
};

ExitCode run_sidecars(const Run& run)
{
    return with_query(run, [&](const Query& query) {
        const bool dry_run = run.settings.flag("dry-run");
        Archive archive = Archive::open(run.settings.archive(), dry_run ? Access::read : Access::write);
        for (const auto& warning : archive.warnings()) run.terminal.note(warning);
        SidecarOptions options;
        options.stop = run.stop;
        if (run.settings.given("query")) options.assets = found_by(archive, query, run);
        const SidecarReport report = SidecarView{run.terminal}.run(archive, std::move(options), dry_run);
        Json facts = SidecarView::json(report);
        if (dry_run) facts["dry_run"] = true;
        run.terminal.summary("sidecars", facts);
        if (!report.complete || run.stop.stop_requested()) return ExitCode::interrupted;
        return report.failed == 0 ? ExitCode::ok : ExitCode::incomplete;
    });
}

} // namespace

const Command sidecars_command = {
    .name = "sidecars",
    .purpose = "write XMP sidecars beside the originals, for digiKam, darktable and others",
    .description =
        "Writes what the catalog knows of each original (rating, title, caption, label, keywords, people and "
        "where they are in the picture, place, position) into an XMP file beside it: IMG_0042.HEIC.xmp for "
        "IMG_0042.HEIC. Originals stay as they are, and so does a sidecar that was imported with one.\n\n"
        "What another program has written into such a file stays. What it has set, changed or removed counts "
        "more than what the catalog says; what PhotoSafe wrote and nobody has touched follows the "
        "catalog.\n\n"
        "Nothing is written that is there already. The closing table adds up: originals = written + "
        "unchanged "
        "+ nothing to say + unread + held + failed. Sidecars are no originals: no manifest has them, verify "
        "doesn't look at them, and an import never takes one for an original that is as PhotoSafe wrote "
        "it.\n\n"
        "With --json each is an object of type sidecar with asset, original, path, outcome (written, "
        "unchanged, held, failed), code and reason.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "import metadata find",
    .run = run_sidecars,
};

} // namespace photosafe::cli
