// SPDX-License-Identifier: LGPL-2.1-or-later
#include "completion_scripts.hpp"

#include "cli.hpp"
#include "option_text.hpp"

namespace photosafe::cli {
namespace {

bool takes_value(const Option& option) { return option.kind == Kind::value || option.kind == Kind::list; }
bool takes_folder(const Option& option) { return option.metavar == "DIR" || option.metavar == "SOURCE"; }

/// For single quotes of bash, zsh and fish alike.
std::string quoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

std::string flag_words(std::span<const Option> options)
{
    std::string text;
    for (const Option& option : options) {
        if (option.hidden || option.kind == Kind::argument) continue;
        text += " --" + std::string{option.name};
        if (option.kind == Kind::toggle) text += " --no-" + std::string{option.name};
    }
    return text;
}

std::string verb_words()
{
    std::string text;
    for (const Command* command : commands()) text += (text.empty() ? "" : " ") + std::string{command->name};
    return text;
}

/// The words an option or argument can be completed with; those of `help` are the verbs themselves.
std::string choices(const Option& option)
{
    return option.metavar == "SUBCOMMAND" ? verb_words() : std::string{option.choices};
}

std::string bash_offer(const Option& option)
{
    std::string text;
    const std::string list = choices(option);
    if (!list.empty()) text += "COMPREPLY+=($(compgen -W " + quoted(list) + " -- \"$cur\")); ";
    if (takes_folder(option))
        text += "compopt -o filenames 2>/dev/null; mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < "
                "<(compgen -d -- \"$cur\"); ";
    return text + "return ;;\n";
}

std::string bash_values(std::span<const Option> options, std::string_view verb)
{
    std::string text;
    for (const Option& option : options) {
        if (!takes_value(option)) continue;
        const std::string own = std::string{verb} + ":--" + std::string{option.name};
        text += "    " + own + (option.letter != '\0' ? "|" + std::string{verb} + ":-" + option.letter : "") +
                ") " + bash_offer(option);
    }
    return text;
}

std::string zsh_text(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_action(const Option& option)
{
    const std::string list = choices(option);
    std::string text = ":" + std::string{option.metavar} + ":";
    if (takes_folder(option)) return text + "_files -/";
    return list.empty() ? text : text + "(" + list + ")";
}

std::string zsh_spec(const Option& option)
{
    const std::string help = "[" + zsh_text(option.help) + "]";
    const std::string value = takes_value(option) ? zsh_action(option) : "";
    const std::string many = option.kind == Kind::list || option.kind == Kind::counted ? "*" : "";
    const std::string name{option.name};
    if (option.kind == Kind::argument) return " " + quoted(":" + zsh_action(option));
    std::string text = " " + quoted(many + "--" + name + help + value);
    if (option.letter != '\0') text += " " + quoted(many + "-" + option.letter + help + value);
    if (option.kind == Kind::toggle) text += " " + quoted("--no-" + name + help);
    return text;
}

std::string zsh_specs(std::span<const Option> options)
{
    std::string text;
    for (const Option& option : options)
        if (!option.hidden) text += zsh_spec(option);
    return text;
}

std::string fish_option(const Option& option, std::string_view condition)
{
    std::string line = "complete -c photosafe" + std::string{condition};
    const std::string list = choices(option);
    if (option.kind == Kind::argument) {
        if (takes_folder(option)) line += " -a '(__fish_complete_directories)'";
        return list.empty() && !takes_folder(option)
                   ? ""
                   : line + (list.empty() ? "" : " -a " + quoted(list)) + "\n";
    }
    std::string tail;
    if (takes_value(option)) tail += takes_folder(option) ? " -r -a '(__fish_complete_directories)'" : " -x";
    if (!list.empty()) tail += " -a " + quoted(list);
    tail += " -d " + quoted(option.help) + "\n";
    std::string text = line + " -l " + std::string{option.name};
    if (option.letter != '\0') text += std::string{" -s "} + option.letter;
    text += tail;
    if (option.kind == Kind::toggle) text += line + " -l no-" + std::string{option.name} + tail;
    return text;
}

} // namespace

std::string bash_completion()
{
    std::string values = bash_values(global_options(), "*");
    std::string words_of_verbs;
    std::string arguments;
    for (const Command* command : commands()) {
        const std::string verb{command->name};
        values += bash_values(command->options, verb);
        words_of_verbs += "    " + verb + ") flags+=" + quoted(flag_words(command->options)) + " ;;\n";
        for (const Option& option : command->options)
            if (option.kind == Kind::argument && (!choices(option).empty() || takes_folder(option))) {
                arguments += "    " + verb + ") " + bash_offer(option);
                break;
            }
    }
    return "# bash completion of photosafe; try it with: source <(photosafe completion bash)\n"
           "_photosafe() {\n"
           "  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb='' word i\n"
           "  COMPREPLY=()\n"
           "  # `--opt=value` reaches us in three words.\n"
           "  if [[ $cur == = ]]; then cur=''; elif [[ $before == = ]]; then "
           "before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
           "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
           "    word=${COMP_WORDS[i]}\n"
           "    case $word in " +
           [] {
               std::string list;
               for (const Command* command : commands())
                   list += (list.empty() ? "" : "|") + std::string{command->name};
               return list;
           }() +
           ") verb=$word; break ;; esac\n"
           "  done\n"
           "  case $verb:$before in\n" +
           values +
           "  esac\n"
           "  if [[ $cur == -* ]]; then\n"
           "    local flags=" +
           quoted(flag_words(global_options())) + "\n    case $verb in\n" + words_of_verbs +
           "    esac\n"
           "    COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\")); return\n"
           "  fi\n"
           "  case $verb in\n"
           "    '') COMPREPLY=($(compgen -W " +
           quoted(verb_words()) + " -- \"$cur\")) ;;\n" + arguments +
           "  esac\n"
           "}\n"
           "complete -F _photosafe photosafe\n";
}

std::string zsh_completion()
{
    std::string verbs;
    std::string cases;
    for (const Command* command : commands()) {
        verbs += "    " + quoted(zsh_text(command->name) + ":" + zsh_text(command->purpose)) + "\n";
        cases += "    " + std::string{command->name} + ") _arguments $global" + zsh_specs(command->options) +
                 " ;;\n";
    }
    return "#compdef photosafe\n"
           "_photosafe() {\n"
           "  local line state\n"
           "  local -a global verbs\n"
           "  global=(" +
           zsh_specs(global_options()) +
           ")\n"
           "  verbs=(\n" +
           verbs +
           "  )\n"
           "  _arguments -C $global '1: :->verb' '*:: :->rest'\n"
           "  case $state in\n"
           "  verb) _describe -t commands subcommand verbs ;;\n"
           "  rest)\n"
           "    case $line[1] in\n" +
           cases +
           "    esac ;;\n"
           "  esac\n"
           "}\n"
           "if [ \"$funcstack[1]\" = _photosafe ]; then _photosafe \"$@\"; else compdef _photosafe "
           "photosafe; fi\n";
}

std::string fish_completion()
{
    std::string text = "# fish completion of photosafe\ncomplete -c photosafe -f\n";
    for (const Option& option : global_options()) text += fish_option(option, "");
    for (const Command* command : commands()) {
        text += "complete -c photosafe -n __fish_use_subcommand -a " + std::string{command->name} + " -d " +
                quoted(command->purpose) + "\n";
        const std::string inside = " -n '__fish_seen_subcommand_from " + std::string{command->name} + "'";
        for (const Option& option : command->options)
            if (!option.hidden) text += fish_option(option, inside);
    }
    return text;
}

} // namespace photosafe::cli
