// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include "completion_scripts.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "shell",
     .kind = Kind::argument,
     .metavar = "SHELL",
     .choices = "bash zsh fish",
     .help = "bash, zsh or fish.",
     .required = true},
};

constexpr Example examples[] = {
    {"source <(photosafe completion bash)", "Complete in this shell; the line can go into ~/.bashrc."},
    {"photosafe completion zsh > ~/.zfunc/_photosafe", "For zsh, in a folder of its fpath."},
    {"photosafe completion fish > ~/.config/fish/completions/photosafe.fish", "For fish."},
};

constexpr ExitCode exits[] = {ExitCode::ok, ExitCode::usage};

ExitCode run_completion(const Run& run)
{
    const std::string shell = run.settings.text("shell");
    const std::string script = shell == "bash"  ? bash_completion()
                               : shell == "zsh" ? zsh_completion()
                                                : fish_completion();
    if (!run.terminal.json()) run.terminal.verbatim(script);
    run.terminal.summary("completion", {{"shell", shell}, {"script", script}});
    return ExitCode::ok;
}

} // namespace

const Command completion_command = {
    .name = "completion",
    .purpose = "print a completion script for a shell",
    .description = "The script completes subcommands, their options and the words these take.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "help",
    .reads_settings = false,
    .run = run_completion,
};

} // namespace photosafe::cli
