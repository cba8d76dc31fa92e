// SPDX-License-Identifier: LGPL-2.1-or-later
#include <csignal>
#include <exception>
#include <string>
#include <string_view>

#include <photosafe/error.hpp>
#include <photosafe/version.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "parse_value.hpp"
#include "settings.hpp"
#include "stop.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

ExitCode fail(Terminal& terminal, ExitCode code, std::string_view name, std::string_view message)
{
    terminal.complain("photosafe: " + std::string{message});
    Json error = object_of("error");
    error["code"] = name;
    error["message"] = json_sentence(message);
    terminal.object(error);
    return code;
}

/// The only place where an exception becomes words and a number.
template <class Work>
ExitCode guarded(Terminal& terminal, Work&& work)
{
    try {
        return work();
    } catch (const UsageError& error) {
        return fail(terminal, ExitCode::usage, "usage", error.what());
    } catch (const Error& error) {
        terminal.complain(std::string{"photosafe: "} + error.what());
        terminal.object(json_of(error));
        return exit_code(error);
    } catch (const std::exception& error) {
        return fail(terminal, ExitCode::failed, "internal", error.what());
    }
}

Loudness loudness_of(const Settings& settings)
{
    if (settings.flag("quiet")) return Loudness::errors;
    const unsigned verbose = settings.given("verbose") ? settings.parsed("verbose", parse_number) : 0;
    return verbose == 0 ? Loudness::results : verbose == 1 ? Loudness::files : Loudness::all_files;
}

ExitCode print_version(Terminal& terminal)
{
    std::string text = std::string{"photosafe "} + PHOTOSAFE_VERSION;
    if (version() != PHOTOSAFE_VERSION) text += " (library " + std::string{version()} + ")";
    terminal.line(text);
    terminal.summary("version", {{"version", PHOTOSAFE_VERSION}, {"library", version()}});
    return ExitCode::ok;
}

ExitCode print_help(const Arguments& arguments, Terminal& terminal)
{
    Arguments question{&help_command, {}};
    const Option* subject = help_command.options.data();
    if (arguments.command != nullptr) question.given[subject] = {std::string{arguments.command->name}};
    const Settings settings = Settings::resolve(question, process_environment());
    return help_command.run({settings, terminal, {}});
}

ExitCode run_verb(const Arguments& arguments, Terminal& terminal)
{
    const Settings settings = Settings::resolve(arguments, process_environment());
    terminal.configure(settings.flag("json") ? Format::json : Format::text, loudness_of(settings));
    for (const auto& unknown : settings.unknown()) terminal.note("photosafe: " + unknown);
    StopOnSignal signals{terminal};
    terminal.on_closed([&signals] { signals.stop_now(); });
    const ExitCode code = guarded(terminal, [&] {
        return arguments.command->run({settings, terminal, signals.token()});
    });
    terminal.on_closed({});
    return code;
}

ExitCode run(int argc, char** argv, Terminal& terminal)
{
    const Arguments arguments = parse_arguments(argc, argv);
    if (arguments.has("json")) terminal.configure(Format::json, Loudness::results);
    if (arguments.has("version")) return print_version(terminal);
    if (arguments.has("help")) return print_help(arguments, terminal);
    if (arguments.command == nullptr)
        throw UsageError(
            "Which subcommand? `photosafe help` lists them; `photosafe import` is the usual one.");
    return run_verb(arguments, terminal);
}

/// What was typed can be wrong in a way that can't be parsed; who asked for JSON still gets the error as
/// JSON.
Format format_asked_for(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i)
        if (std::string_view{argv[i]} == "--json") return Format::json;
    return Format::text;
}

} // namespace
} // namespace photosafe::cli

int main(int argc, char** argv)
{
    using namespace photosafe::cli;
    // A phone that goes away closes sockets below us; writing to one must be an error, not the end. A reader
    // of our output that goes away (`| head`) is noticed by the terminal, and answered at the end.
    std::signal(SIGPIPE, SIG_IGN);
    ExitCode code = ExitCode::failed;
    bool closed = false;
    {
        Terminal terminal{format_asked_for(argc, argv), Loudness::results};
        code = guarded(terminal, [&] { return run(argc, argv, terminal); });
        closed = terminal.closed();
    }
    if (closed) {
        std::signal(SIGPIPE, SIG_DFL);
        std::raise(SIGPIPE);
    }
    return static_cast<int>(code);
}
