// SPDX-License-Identifier: LGPL-2.1-or-later
#include "manual.hpp"

#include <algorithm>

#include "commands.hpp"
#include "human.hpp"
#include "option_text.hpp"
#include "settings.hpp"

namespace photosafe::cli {
namespace {

constexpr std::size_t term_indent = 2;
constexpr std::size_t text_indent = 8;

/// Text that roff takes as it is: no request at the beginning of a line, no escape, ASCII minus signs that
/// can be pasted.
std::string roff(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if (c == '`')
            out += "\\(ga";
        else
            out += c;
    }
    if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
    return out;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fP"; }

std::string capitals(std::string_view text)
{
    std::string out{text};
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out;
}

std::string page_name(std::string_view verb)
{
    return verb.empty() ? "photosafe" : "photosafe-" + std::string{verb};
}

bool is_shown(const Option& option) { return !option.hidden; }

/// What stands below an option in help and manual: default, variable, key.
std::string origins(const Command* command, const Option& option)
{
    if (option.kind == Kind::argument || !option.setting) return {};
    std::string text;
    if (!option.fallback.empty()) text += "Default: " + std::string{option.fallback} + ". ";
    text += "Environment: " + environment_name(command, option);
    return text + "; key: " + key_name(command, option) + ".";
}

std::string page_options(std::span<const Option> options, const Command* command)
{
    std::string page;
    for (const Option& option : options) {
        if (!is_shown(option)) continue;
        page += ".TP\n" + bold(typed_form(option)) + "\n" + roff(option.help) + "\n";
        const std::string more = origins(command, option);
        if (!more.empty()) page += ".br\n" + roff(more) + "\n";
    }
    return page;
}

std::string page_paragraphs(std::string_view text)
{
    std::string page;
    for (const auto paragraph : paragraphs(text))
        page += (page.empty() ? "" : ".PP\n") + roff(paragraph) + "\n";
    return page;
}

std::string page_subcommands()
{
    std::string page = ".SH SUBCOMMANDS\n";
    for (const Command* command : commands())
        page += ".TP\n" + bold(page_name(command->name)) + "(1)\n" + roff(command->purpose) + ".\n";
    return page;
}

std::string page_exits(const Command& command)
{
    std::string page = ".SH EXIT STATUS\n";
    for (const ExitCode code : command.exits)
        page += ".TP\n" + bold(std::to_string(static_cast<int>(code))) + "\n" + roff(meaning(code)) + "\n";
    return page;
}

std::string page_files()
{
    return ".SH FILES\n"
           ".TP\n" +
           bold("$XDG_CONFIG_HOME/photosafe/config.toml") + "\n" +
           roff("Settings of the user, in TOML; ~/.config/photosafe/config.toml where XDG_CONFIG_HOME is not "
                "set.") +
           "\n.TP\n" + bold("DIR/photosafe.toml") + "\n" +
           roff("Settings of the archive DIR. They override those of the user.") + "\n";
}

std::string page_examples(const Command& command)
{
    if (command.examples.empty()) return {};
    std::string page = ".SH EXAMPLES\n";
    for (const Example& example : command.examples)
        page += ".TP\n" + bold(example.command) + "\n" + roff(example.effect) + "\n";
    return page;
}

std::string page_see_also(const Command& command)
{
    std::string list = command.name.empty() ? "" : bold("photosafe") + "(1)";
    for (const auto& verb : words(command.see_also)) {
        if (!list.empty()) list += ",\n";
        list += bold(page_name(verb)) + "(1)";
    }
    return ".SH SEE ALSO\n" + list + "\n";
}

void append(std::vector<std::string>& lines, std::vector<std::string> more)
{
    std::ranges::move(more, std::back_inserter(lines));
}

void append_options(std::vector<std::string>& lines, std::span<const Option> options, const Command* command,
                    std::size_t columns)
{
    for (const Option& option : options) {
        if (!is_shown(option)) continue;
        lines.push_back(std::string(term_indent, ' ') + typed_form(option));
        append(lines, wrapped(option.help, columns, text_indent));
        append(lines, wrapped(origins(command, option), columns, text_indent));
    }
}

} // namespace

std::string synopsis(const Command& command)
{
    std::string text = "photosafe";
    if (command.name.empty()) return text + " [-a DIR] [--json] [-q | -v | -vv] SUBCOMMAND ...";
    text += " " + std::string{command.name};
    for (const Option& option : command.options) {
        if (!is_shown(option)) continue;
        std::string one =
            option.letter != '\0' ? std::string{"-"} + option.letter : "--" + std::string{option.name};
        if (option.kind == Kind::argument) one = option.metavar;
        if (option.kind == Kind::toggle) one = "--[no-]" + std::string{option.name};
        if (option.kind == Kind::value || option.kind == Kind::list) one += " " + std::string{option.metavar};
        text += option.required ? " " + one : " [" + one + "]";
        if (option.kind == Kind::list) text += "...";
    }
    return text;
}

std::vector<std::string> help_lines(const Command& command, std::size_t columns)
{
    std::vector<std::string> lines = wrapped(synopsis(command), columns - 2, 0);
    for (auto line = lines.begin() + 1; line != lines.end(); ++line) line->insert(0, "  ");
    for (const auto paragraph : paragraphs(command.description)) {
        lines.emplace_back();
        append(lines, wrapped(paragraph, columns, 0));
    }
    if (std::ranges::any_of(command.options, is_shown)) {
        append(lines, {"", "Options:"});
        append_options(lines, command.options, &command, columns);
    }
    append(lines, {"", "Options of every subcommand:"});
    append_options(lines, global_options(), nullptr, columns);
    append(lines, {"", "Exit status:"});
    for (const ExitCode code : command.exits) {
        const auto text = wrapped(meaning(code), columns, text_indent);
        const std::string number = "  " + std::to_string(static_cast<int>(code));
        lines.push_back(number + text.front().substr(number.size()));
        lines.insert(lines.end(), text.begin() + 1, text.end());
    }
    if (!command.examples.empty()) append(lines, {"", "Examples:"});
    for (const Example& example : command.examples) {
        lines.push_back("  " + std::string{example.command});
        append(lines, wrapped(example.effect, columns, text_indent));
    }
    return lines;
}

std::vector<std::string> overview_lines(std::size_t columns)
{
    std::vector<std::string> lines{synopsis(photosafe_command), ""};
    std::vector<std::vector<Cell>> rows;
    for (const Command* command : commands())
        rows.push_back({{"  " + std::string{command->name}}, {std::string{command->purpose}}});
    append(lines, table_lines(rows));
    append(lines, {"", "Options of every subcommand:"});
    append_options(lines, global_options(), nullptr, columns);
    append(lines, {"", "`photosafe help SUBCOMMAND` tells more."});
    return lines;
}

std::string manual_page(const Command& command, std::string_view version)
{
    std::string page = ".TH " + capitals(roff(page_name(command.name))) + " 1 \"\" \"PhotoSafe " +
                       std::string{version} + "\" \"PhotoSafe Manual\"\n";
    page += ".SH NAME\n" + roff(page_name(command.name)) + " \\- " + roff(command.purpose) + "\n";
    page += ".SH SYNOPSIS\n" + bold(synopsis(command)) + "\n";
    page += ".SH DESCRIPTION\n" + page_paragraphs(command.description);
    if (command.name.empty()) page += page_subcommands();
    const bool own = std::ranges::any_of(command.options, is_shown);
    page += ".SH OPTIONS\n" + (own ? page_options(command.options, &command) : std::string{});
    if (own) page += ".SS Options of every subcommand\n";
    page += page_options(global_options(), nullptr);
    return page + page_exits(command) + page_files() + page_examples(command) + page_see_also(command);
}

} // namespace photosafe::cli
