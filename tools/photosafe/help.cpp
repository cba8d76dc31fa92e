// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/version.hpp>

#include "manual.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "verb",
     .kind = Kind::argument,
     .metavar = "SUBCOMMAND",
     .help = "Tell about this one; without it, list all."},
    {.name = "man", .help = "Print the manual page, in roff.", .hidden = true, .setting = false},
};

constexpr Example examples[] = {
    {"photosafe help import", "Tell about import."},
};

constexpr ExitCode exits[] = {ExitCode::ok, ExitCode::usage};

ExitCode run_help(const Run& run)
{
    const std::string verb = run.settings.text("verb");
    const Command* command = verb.empty() ? nullptr : command_named(verb);
    if (!verb.empty() && command == nullptr)
        throw UsageError("`" + verb + "` is no subcommand; `photosafe help` lists them.");
    if (run.settings.flag("man")) {
        run.terminal.verbatim(
            manual_page(command != nullptr ? *command : photosafe_command, PHOTOSAFE_VERSION));
        return ExitCode::ok;
    }
    constexpr std::size_t columns = 80;
    const auto lines = command != nullptr ? help_lines(*command, columns) : overview_lines(columns);
    run.terminal.lines(lines);
    run.terminal.summary("help", {{"lines", lines}});
    return ExitCode::ok;
}

} // namespace

const Command help_command = {
    .name = "help",
    .purpose = "tell about the subcommands",
    .description = "The same stands in the manual pages: man photosafe-import.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "completion config",
    .reads_settings = false,
    .run = run_help,
};

} // namespace photosafe::cli
