// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/archive.hpp>
#include <photosafe/query.hpp>

#include "asset_json.hpp"
#include "parse_value.hpp"
#include "query_words.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "query",
     .kind = Kind::argument,
     .metavar = "QUERY...",
     .help = "What to look for; without it, everything.",
     .many = true},
    {.name = "limit",
     .kind = Kind::value,
     .metavar = "N",
     .fallback = "0",
     .help = "At most so many; 0: all."},
    {.name = "oldest-first", .help = "Begin with the oldest; else with the newest."},
    {.name = "files",
     .help =
         "Each file by itself: the moving half of a Live Photo, an edit, a sidecar. Else each shot once."},
    {.name = "after",
     .kind = Kind::value,
     .metavar = "KEY",
     .help = "Go on behind the one with this key, which --json tells.",
     .setting = false},
    {.name = "count",
     .help = "Only say how many there are, whatever --limit and --after say.",
     .setting = false},
    {.name = "paths", .help = "Only print paths below the archive, one a line."},
};

constexpr Example examples[] = {
    {"photosafe find kind:live taken:2024-07..2024-08", "Live Photos of two months."},
    {"photosafe find 'near:41.9,12.5,10km not kind:video'", "Pictures from around Rome."},
    {"photosafe find parse:failed", "What could not be read."},
    {"photosafe find --count camera:iPhone", "How many an iPhone took."},
};

constexpr ExitCode exits[] = {ExitCode::ok, ExitCode::failed, ExitCode::usage, ExitCode::no_archive,
                              ExitCode::interrupted};

/// `2024-05-31 14:03  live photo   originals/…`
std::string line_of(const Found& found)
{
    std::string when = found.asset.taken_local.substr(0, 16);
    if (when.size() > 10) when[10] = ' ';
    std::string kinds;
    for (const std::string& kind : found.kinds) kinds += (kinds.empty() ? "" : ", ") + kind;
    constexpr std::size_t kinds_width = 14;
    if (kinds.size() < kinds_width) kinds.resize(kinds_width, ' ');
    std::string line = when + "  " + kinds + "  " + found.asset.path;
    if (!found.metadata.title.empty()) line += "  " + found.metadata.title;
    if (found.parse.state == ParseState::failed) line += "  (" + found.parse.reason + ")";
    return line;
}

ExitCode count_only(const Archive& archive, const Query& query, const Run& run)
{
    const auto unit = run.settings.flag("files") ? FindUnit::files : FindUnit::shots;
    const std::uint64_t number = count(archive, query, unit);
    run.terminal.line(std::to_string(number));
    run.terminal.summary("find", {{"query", query.text()}, {"count", number}});
    return ExitCode::ok;
}

ExitCode list(const Archive& archive, const Query& query, const Run& run)
{
    FindOptions options{.places = run.terminal.json()};
    if (run.settings.flag("files")) options.unit = FindUnit::files;
    if (run.settings.flag("oldest-first")) options.order = FindOrder::oldest_first;
    if (const unsigned limit = run.settings.parsed("limit", parse_limit); limit > 0) options.limit = limit;
    options.after = run.settings.text("after");
    const bool paths = run.settings.flag("paths");
    std::uint64_t found = 0;
    std::string last;
    find(archive, query, options, [&](const Found& one) {
        ++found;
        last = one.key;
        run.terminal.object(json_of(one));
        run.terminal.line(paths ? one.asset.path : line_of(one));
        return !run.stop.stop_requested() && !run.terminal.closed();
    });
    if (found == 0) run.terminal.note("Nothing was found.");
    Json facts{{"query", query.text()}, {"found", found}};
    if (options.limit && found == *options.limit) facts["next"] = last;
    run.terminal.summary("find", facts);
    return run.stop.stop_requested() ? ExitCode::interrupted : ExitCode::ok;
}

ExitCode run_find(const Run& run)
{
    return with_query(run, [&](const Query& query) {
        const Archive archive = Archive::open(run.settings.archive(), Access::read);
        return run.settings.flag("count") ? count_only(archive, query, run) : list(archive, query, run);
    });
}

} // namespace

const Command find_command = {
    .name = "find",
    .purpose = "search the catalog",
    .description =
        "Finds shots by what is known of them: camera, lens, when and where they were taken, kind, words, "
        "people, size and more. The words of a query stand in docs/guide/query-language.md; in short:\n\n"
        "camera: lens: taken: imported: kind: near: in: rating: keyword: person: name: device: size: "
        "duration: "
        "has: parse: state: and words alone, which are looked for in names, titles, captions, keywords, "
        "people, names of places, cameras and lenses. Terms beside each other must all hold; or, not and "
        "parentheses do what they "
        "say.\n\n"
        "Results come as they are found, the newest first by the wall clock where they were taken. With "
        "--json "
        "each is an object of type asset, and the summary has the key to go on with when --limit ended "
        "it.\n\n"
        "The archive is only read, also while an import runs.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "show status convert",
    .run = run_find,
};

} // namespace photosafe::cli
