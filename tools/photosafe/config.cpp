// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include "human.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "key",
     .kind = Kind::argument,
     .metavar = "KEY",
     .help = "Print this one only: its value, nothing else."},
};

constexpr Example examples[] = {
    {"photosafe config", "Print every setting, its value, and who set it."},
    {"photosafe config archive", "Print where the archive is."},
};

constexpr ExitCode exits[] = {ExitCode::ok, ExitCode::failed, ExitCode::usage};

/// As it would stand in a settings file.
std::string value_text(const Setting& setting)
{
    if (setting.values.empty()) return setting.option->kind == Kind::flag ? "false" : "(not set)";
    std::string text;
    for (const auto& value : setting.values) text += (text.empty() ? "" : ", ") + value;
    return text;
}

Json json_of(const Setting& setting)
{
    Json object = object_of("setting");
    object["key"] = key_name(setting.command, *setting.option);
    if (setting.option->kind == Kind::list) {
        object["value"] = Json::array();
        for (const auto& value : setting.values) object["value"].push_back(json_name(value));
    } else if (!setting.values.empty()) {
        object["value"] = json_name(setting.values.back());
    }
    object["origin"] = name(setting.origin);
    if (!setting.where.empty()) object["where"] = json_name(setting.where);
    object["environment"] = environment_name(setting.command, *setting.option);
    return object;
}

std::string origin_text(const Setting& setting)
{
    const std::string origin{name(setting.origin)};
    return setting.where.empty() ? origin : origin + ", " + setting.where;
}

ExitCode run_config(const Run& run)
{
    const std::string wanted = run.settings.text("key");
    std::vector<std::vector<Cell>> rows;
    std::uint64_t shown = 0;
    for (const Setting& setting : run.settings.all()) {
        const std::string key = key_name(setting.command, *setting.option);
        if (!setting.option->setting || setting.option->kind == Kind::argument) continue;
        if (!wanted.empty() && wanted != key) continue;
        ++shown;
        run.terminal.object(json_of(setting));
        rows.push_back({{key}, {value_text(setting)}, {origin_text(setting)}});
        if (!wanted.empty())
            for (const auto& value : setting.values) run.terminal.line(value);
    }
    if (shown == 0) throw UsageError("No setting is called `" + wanted + "`; `photosafe config` lists them.");
    if (wanted.empty()) run.terminal.lines(table_lines(rows));
    run.terminal.summary("config", {{"settings", shown}});
    return ExitCode::ok;
}

} // namespace

const Command config_command = {
    .name = "config",
    .purpose = "print each setting, its value, and who set it",
    .description =
        "Every option of every subcommand is a setting too. The first of these that sets it wins: the flag, "
        "the "
        "environment variable, the archive's photosafe.toml, the user's config.toml, the default.\n\n"
        "In the files, settings of all subcommands stand at the top (archive = \"/mnt/photos\"), those of "
        "one "
        "subcommand in a table of its name ([import] with a line only = \"photos\" below it). A key that "
        "nothing "
        "knows is complained about and does no harm; a value that can't be read stops the subcommand it is "
        "for, "
        "with file and line.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "init",
    .run = run_config,
};

} // namespace photosafe::cli
