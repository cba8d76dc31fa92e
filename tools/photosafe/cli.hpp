// SPDX-License-Identifier: LGPL-2.1-or-later
// What every subcommand is made of: a table that declares it, and a function that runs it.
#pragma once

#include <span>
#include <stdexcept>
#include <stop_token>
#include <string_view>

namespace photosafe {
class Error;
}

namespace photosafe::cli {

class Settings;
class Terminal;

/// Part of the interface; scripts rely on the numbers.
enum class ExitCode : int {
    ok = 0,
    failed = 1,
    usage = 2,
    incomplete = 3,
    no_phone = 4,
    damage = 5,
    promise_not_kept = 6,
    refused = 7,
    no_archive = 10,
    busy = 11,
    interrupted = 130,
};
std::string_view meaning(ExitCode code) noexcept;
ExitCode exit_code(const Error& error) noexcept;

/// What was typed or set can't be; `what()` says what and where.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class Kind {
    flag,     ///< --json
    counted,  ///< -v, -vv
    toggle,   ///< --wait or --no-wait
    value,    ///< --layout TEMPLATE; the last one counts
    list,     ///< --from SOURCE, as often as one likes
    argument, ///< a word after the verb; the only kind without environment variable and key
};

/// One row of the option table. Flag, environment variable, key, help, manual and completion come from it.
struct Option {
    std::string_view name;
    char letter = '\0';
    Kind kind = Kind::flag;
    std::string_view metavar{};
    std::string_view fallback{}; ///< the value when nobody sets one, as it would be typed
    std::string_view choices{};  ///< words to choose from, separated by spaces
    std::string_view help{};
    bool required = false; ///< of an argument
    bool many = false;     ///< of an argument: as many words as one likes
    bool hidden = false;   ///< works, but isn't shown
    bool setting = true;   ///< false: a request (--help), which no file can make
};

struct Example {
    std::string_view command;
    std::string_view effect;
};

/// What a running subcommand is given.
struct Run {
    const Settings& settings;
    Terminal& terminal;
    std::stop_token stop;
};

/// A subcommand. Its prose stands beside its options, so that help and manual can't drift from either.
struct Command {
    std::string_view name;
    std::string_view purpose;     ///< one line, without a full stop
    std::string_view description; ///< paragraphs, an empty line between them
    std::span<const Option> options{};
    std::span<const Example> examples{};
    std::span<const ExitCode> exits{};
    std::string_view see_also{}; ///< names of other subcommands, separated by spaces
    bool reads_settings = true;  ///< false: works even when the settings files are broken
    ExitCode (*run)(const Run&) = nullptr;
};

/// The options that stand before or after any verb.
std::span<const Option> global_options() noexcept;
std::span<const Command* const> commands() noexcept;
const Command* command_named(std::string_view name) noexcept;
/// The verb that was probably meant; empty when none is near.
std::string_view nearest_command(std::string_view typed);

} // namespace photosafe::cli
