// SPDX-License-Identifier: LGPL-2.1-or-later
#include "settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include <photosafe/error.hpp>

#include "config_file.hpp"
#include "parse_value.hpp"

namespace photosafe::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view archive_settings_name = "photosafe.toml";

/// The shell expands `~` on the command line; nobody does in a file.
fs::path expanded(const std::string& text, const Environment& environment)
{
    const auto home = environment("HOME");
    if (!home || !(text == "~" || text.starts_with("~/"))) return text;
    return fs::path{*home} / fs::path{text.size() > 2 ? text.substr(2) : std::string{}};
}

std::string typed_name(const Option& option)
{
    return option.kind == Kind::argument ? std::string{option.metavar} : "--" + std::string{option.name};
}

/// Throws UsageError for a value that the option's kind or choices don't allow.
void check_kind(const Option& option, const std::string& value)
{
    if (option.kind == Kind::flag || (option.kind == Kind::toggle && value != option.fallback))
        (void)parse_yes_no(value);
    if (option.kind == Kind::counted) (void)parse_number(value);
    // Several choices may be joined by commas (`photos,videos`); the verb's own parser sees to those.
    if (option.kind != Kind::value && option.kind != Kind::argument) return;
    if (option.choices.empty() || value.find(',') != std::string::npos) return;
    const std::string words = " " + std::string{option.choices} + " ";
    if (words.find(" " + value + " ") == std::string::npos)
        throw UsageError("`" + value + "` is not one of: " + std::string{option.choices} + ".");
}

/// `-vv` is the number 2 everywhere else.
std::vector<std::string> typed_values(const Option& option, const std::vector<std::string>& typed)
{
    if (option.kind == Kind::counted) return {std::to_string(typed.size())};
    if (option.kind == Kind::list || option.many) return typed;
    return {typed.back()};
}

std::vector<std::string> split_lines(const std::string& text)
{
    std::vector<std::string> lines;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        if (end > start) lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

/// Who may set something, asked in their order.
class Sources {
public:
    Sources(const Arguments& arguments, const Environment& environment)
        : arguments_{arguments}, environment_{environment}
    {
    }
    ConfigFile archive{};
    ConfigFile user{};

    Setting ask(const Command* command, const Option& option) const
    {
        if (const auto typed = arguments_.given.find(&option); typed != arguments_.given.end())
            return {command, &option, typed_values(option, typed->second), Origin::flag, typed_name(option)};
        if (option.kind != Kind::argument && option.setting) {
            if (auto found = from_environment(command, option)) return *found;
            if (auto found = from_file(command, option, archive, Origin::archive)) return *found;
            if (auto found = from_file(command, option, user, Origin::user)) return *found;
        }
        Setting setting{.command = command, .option = &option};
        if (!option.fallback.empty()) setting.values = {std::string{option.fallback}};
        return setting;
    }

private:
    std::optional<Setting> from_environment(const Command* command, const Option& option) const
    {
        const std::string variable = environment_name(command, option);
        const auto value = environment_(variable);
        if (!value || value->empty()) return std::nullopt;
        return Setting{command, &option,
                       option.kind == Kind::list ? split_lines(*value) : std::vector{*value},
                       Origin::environment, variable};
    }

    static std::optional<Setting> from_file(const Command* command, const Option& option,
                                            const ConfigFile& file, Origin origin)
    {
        const auto found = file.find(key_name(command, option));
        if (found == file.end()) return std::nullopt;
        const auto& [key, value] = *found;
        if (option.kind != Kind::list && value.texts.size() != 1)
            throw UsageError(value.where + ": `" + key + "` takes one value.");
        return Setting{command, &option, value.texts, origin, value.where};
    }

    const Arguments& arguments_;
    const Environment& environment_;
};

bool is_setting(const Option& option) { return option.setting && option.kind != Kind::argument; }

bool is_known_key(const std::string& key)
{
    const auto has = [&](const Command* command, std::span<const Option> options) {
        return std::ranges::any_of(options, [&](const Option& option) {
            return is_setting(option) && key_name(command, option) == key;
        });
    };
    return has(nullptr, global_options()) || std::ranges::any_of(commands(), [&](const Command* command) {
               return has(command, command->options);
           });
}

std::vector<std::string> unknown_keys(const ConfigFile& file)
{
    std::vector<std::string> said;
    for (const auto& [key, value] : file)
        if (!is_known_key(key)) said.push_back(value.where + ": no setting is called `" + key + "`.");
    return said;
}

const Option& archive_option()
{
    return *std::ranges::find(global_options(), std::string_view{"archive"}, &Option::name);
}

/// Where the archive is decides which file speaks for it, so this one is asked first.
Setting find_archive(Sources& sources, const Environment& environment)
{
    Setting archive = sources.ask(nullptr, archive_option());
    for (auto& value : archive.values) value = fs::absolute(expanded(value, environment)).lexically_normal();
    return archive;
}

void read_archive_file(Sources& sources, const fs::path& archive)
{
    sources.archive = read_config_file(archive / archive_settings_name);
    if (const auto own = sources.archive.find("archive"); own != sources.archive.end())
        throw UsageError(own->second.where + ": an archive can't say where the archive is.");
}

} // namespace

std::string_view name(Origin origin) noexcept
{
    switch (origin) {
    case Origin::flag: return "flag";
    case Origin::environment: return "environment";
    case Origin::archive: return "archive";
    case Origin::user: return "user";
    case Origin::fallback: return "default";
    }
    return "default";
}

std::string environment_name(const Command* command, const Option& option)
{
    std::string text = "PHOTOSAFE_";
    if (command != nullptr) text += std::string{command->name} + "_";
    text += option.name;
    std::ranges::transform(text, text.begin(), [](char c) {
        return c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

std::string key_name(const Command* command, const Option& option)
{
    const std::string own{option.name};
    return command == nullptr ? own : std::string{command->name} + "." + own;
}

Environment process_environment()
{
    return [](const std::string& variable) -> std::optional<std::string> {
        const char* value = std::getenv(variable.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>{value};
    };
}

std::optional<fs::path> user_config_file(const Environment& environment)
{
    // A relative XDG_CONFIG_HOME is to be ignored, says the XDG Base Directory Specification.
    if (const auto home = environment("XDG_CONFIG_HOME"); home && fs::path{*home}.is_absolute())
        return fs::path{*home} / "photosafe" / "config.toml";
    if (const auto home = environment("HOME"); home && !home->empty())
        return fs::path{*home} / ".config" / "photosafe" / "config.toml";
    return std::nullopt;
}

Settings Settings::resolve(const Arguments& arguments, const Environment& environment)
{
    Settings settings;
    settings.command_ = arguments.command;
    settings.user_file_ = user_config_file(environment);
    const bool read_files = arguments.command == nullptr || arguments.command->reads_settings;

    Sources sources{arguments, environment};
    if (read_files && settings.user_file_) sources.user = read_config_file(*settings.user_file_);
    const Setting archive = find_archive(sources, environment);
    if (read_files && !archive.values.empty()) read_archive_file(sources, archive.values.front());
    settings.unknown_ = unknown_keys(sources.archive);
    std::ranges::move(unknown_keys(sources.user), std::back_inserter(settings.unknown_));

    for (const Option& option : global_options())
        settings.add(&option == &archive_option() ? archive : sources.ask(nullptr, option));
    for (const Command* command : commands())
        for (const Option& option : command->options) settings.add(sources.ask(command, option));
    return settings;
}

void Settings::add(Setting setting)
{
    // A fault in the settings of another verb must not keep this one from running.
    if (setting.command == nullptr || setting.command == command_) {
        try {
            for (const auto& value : setting.values) check_kind(*setting.option, value);
        } catch (const UsageError& error) {
            throw blamed(setting, error);
        }
    }
    settings_.push_back(std::move(setting));
}

const Setting& Settings::find(std::string_view wanted) const
{
    const Setting* global = nullptr;
    for (const Setting& setting : settings_) {
        if (setting.option->name != wanted) continue;
        if (setting.command == command_) return setting;
        if (setting.command == nullptr) global = &setting;
    }
    if (global == nullptr) throw std::logic_error("no option is called " + std::string{wanted});
    return *global;
}

Settings Settings::as(const Command& other) const
{
    Settings result = *this;
    result.command_ = &other;
    return result;
}

UsageError Settings::blamed(const Setting& setting, const UsageError& error)
{
    return UsageError((setting.where.empty() ? typed_name(*setting.option) : setting.where) + ": " +
                      error.what());
}

bool Settings::flag(std::string_view wanted) const
{
    const Setting& setting = find(wanted);
    return !setting.values.empty() && parse_yes_no(setting.values.back());
}

bool Settings::given(std::string_view wanted) const { return !find(wanted).values.empty(); }

std::string Settings::text(std::string_view wanted) const
{
    const Setting& setting = find(wanted);
    return setting.values.empty() ? std::string{} : setting.values.back();
}

std::vector<std::string> Settings::list(std::string_view wanted) const { return find(wanted).values; }

std::optional<fs::path> Settings::archive_if_named() const
{
    if (!given("archive")) return std::nullopt;
    return fs::path{text("archive")};
}

fs::path Settings::archive() const
{
    if (const auto named = archive_if_named()) return *named;
    throw ArchiveError(ErrorCode::not_found,
                       "No archive is named yet. Make one with `photosafe init DIR`, or "
                       "name one with --archive DIR.");
}

} // namespace photosafe::cli
