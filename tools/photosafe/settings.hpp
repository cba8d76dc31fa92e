// SPDX-License-Identifier: LGPL-2.1-or-later
// What is set, and by whom: flag > environment > archive > user > default, for every option of every verb.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arguments.hpp"

namespace photosafe::cli {

enum class Origin { flag, environment, archive, user, fallback };
std::string_view name(Origin origin) noexcept;

std::string environment_name(const Command* command, const Option& option); // PHOTOSAFE_IMPORT_SINCE
std::string key_name(const Command* command, const Option& option);         // import.since

/// One option's value. `values` is empty when nobody set it and it has no default.
struct Setting {
    const Command* command = nullptr; ///< none for a global option
    const Option* option = nullptr;
    std::vector<std::string> values{};
    Origin origin = Origin::fallback;
    std::string where{}; ///< `--since`, `PHOTOSAFE_IMPORT_SINCE`, `/…/config.toml:3`; empty for a default
};

/// How a variable of the environment is read; tests pass their own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

/// $XDG_CONFIG_HOME/photosafe/config.toml; none when there is no home.
std::optional<std::filesystem::path> user_config_file(const Environment& environment);

class Settings {
public:
    /// Reads the environment and both files. Throws UsageError, which names where the fault is.
    static Settings resolve(const Arguments& arguments, const Environment& environment);

    const Command& command() const noexcept { return *command_; }
    /// The same, as `other` sees them: for a verb that does another's work too.
    Settings as(const Command& other) const;
    /// All options of all verbs, in the order of the table.
    const std::vector<Setting>& all() const noexcept { return settings_; }
    /// Keys in the files that no option has, each with where it stands.
    const std::vector<std::string>& unknown() const noexcept { return unknown_; }

    /// The value of the running verb's option, or of the global one.
    bool flag(std::string_view name) const;
    bool given(std::string_view name) const;
    std::string text(std::string_view name) const;
    std::vector<std::string> list(std::string_view name) const;
    /// What `parse` makes of the text; its UsageError gets the place where the text stands.
    template <class Parse>
    auto parsed(std::string_view name, Parse&& parse) const
    {
        const Setting& setting = find(name);
        try {
            return std::forward<Parse>(parse)(text(name));
        } catch (const UsageError& error) {
            throw blamed(setting, error);
        }
    }

    /// The archive, absolute. Throws ArchiveError not_found when none is named.
    std::filesystem::path archive() const;
    std::optional<std::filesystem::path> archive_if_named() const;
    const std::optional<std::filesystem::path>& user_file() const noexcept { return user_file_; }

private:
    const Setting& find(std::string_view name) const;
    static UsageError blamed(const Setting& setting, const UsageError& error);
    void add(Setting setting);

    const Command* command_ = nullptr;
    std::vector<Setting> settings_;
    std::vector<std::string> unknown_;
    std::optional<std::filesystem::path> user_file_;
};

} // namespace photosafe::cli
