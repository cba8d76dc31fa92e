// SPDX-License-Identifier: LGPL-2.1-or-later
#include "arguments.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

#include "escape.hpp"

namespace photosafe::cli {
namespace {

using Declared = std::vector<std::pair<const Option*, CLI::Option*>>;

/// `-a,--archive`, `--wait,!--no-wait`, `DIR` for an argument.
std::string spelling(const Option& option)
{
    const std::string name{option.name};
    if (option.kind == Kind::argument) return name;
    std::string text = option.letter != '\0' ? std::string{"-"} + option.letter + "," : std::string{};
    text += "--" + name;
    if (option.kind == Kind::toggle) text += ",!--no-" + name;
    return text;
}

void declare(CLI::App& app, std::span<const Option> options, Declared& declared)
{
    for (const Option& option : options) {
        const bool bare =
            option.kind == Kind::flag || option.kind == Kind::counted || option.kind == Kind::toggle;
        CLI::Option* made =
            bare ? app.add_flag(spelling(option)) : app.add_option(spelling(option))->expected(1);
        if (option.many) made->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
        made->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        declared.emplace_back(&option, made);
    }
}

/// `-kind:video` is a word of a query, and can't be told from an option.
std::string unexpected(const std::string& word, const CLI::App& app)
{
    const auto verbs = app.get_subcommands();
    const Command* command = verbs.empty() ? nullptr : command_named(verbs.front()->get_name());
    const bool takes_words =
        command != nullptr && std::ranges::any_of(command->options, [](const Option& option) {
            return option.kind == Kind::argument && option.many;
        });
    std::string text = "`" + printable(word) + "` is not expected here.";
    if (takes_words && word.starts_with('-'))
        text += " If it is a word of the query, write -- before all of its words, or not instead of the -.";
    return text;
}

[[noreturn]] void explain(const CLI::ParseError& error, const CLI::App& app)
{
    const auto rest = app.remaining();
    if (app.get_subcommands().empty() && !rest.empty() && !rest.front().starts_with('-')) {
        const auto nearest = nearest_command(rest.front());
        throw UsageError("`" + printable(rest.front()) + "` is no subcommand; " +
                         (nearest.empty() ? std::string{"`photosafe help` lists them."}
                                          : "did you mean `" + std::string{nearest} + "`?"));
    }
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !app.remaining(true).empty())
        throw UsageError(unexpected(app.remaining(true).front(), app));
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
        const std::string text = error.what(); // "--retries: 1 required TEXT missing"
        throw UsageError(text.substr(0, text.find(':')) + " needs a value.");
    }
    throw UsageError(error.what());
}

void require_arguments(const Arguments& arguments)
{
    if (arguments.command == nullptr) return;
    for (const Option& option : arguments.command->options) {
        if (option.required && !arguments.given.contains(&option))
            throw UsageError("photosafe " + std::string{arguments.command->name} + " needs a " +
                             std::string{option.metavar} + ".");
    }
}

} // namespace

bool Arguments::has(std::string_view name) const { return find(name) != nullptr; }

const std::vector<std::string>* Arguments::find(std::string_view name) const
{
    for (const auto& [option, values] : given)
        if (option->name == name) return &values;
    return nullptr;
}

Arguments parse_arguments(int argc, const char* const* argv)
{
    CLI::App app;
    app.set_help_flag(); // ours is in the table
    app.require_subcommand(0, 1);
    Declared declared;
    declare(app, global_options(), declared);
    for (const Command* command : commands()) {
        CLI::App* verb = app.add_subcommand(std::string{command->name})->fallthrough();
        verb->set_help_flag();
        declare(*verb, command->options, declared);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        explain(error, app);
    }

    Arguments arguments;
    for (const CLI::App* verb : app.get_subcommands()) arguments.command = command_named(verb->get_name());
    for (const auto& [option, made] : declared)
        if (made->count() > 0) arguments.given[option] = made->results();
    if (!arguments.has("help") && !arguments.has("version")) require_arguments(arguments);
    return arguments;
}

} // namespace photosafe::cli
