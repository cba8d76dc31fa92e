// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config_file.hpp"

#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "cli.hpp"
#include "escape.hpp"

namespace photosafe::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void disk_error(const char* doing, const fs::path& file)
{
    throw std::system_error(errno, std::generic_category(), std::string{doing} + " " + file.string());
}

std::optional<std::string> read_whole(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        disk_error("Reading", file);
    }
    std::ostringstream text;
    if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
    if (in.bad() || text.bad()) disk_error("Reading", file);
    return text.str();
}

std::string place(const fs::path& file, const toml::source_region& source)
{
    return file.string() + ":" + std::to_string(source.begin.line);
}

template <class Value>
std::string streamed(const Value& value)
{
    std::ostringstream out;
    out << value;
    return out.str();
}

/// A scalar as it would be typed on the command line; none for what has no such form.
std::optional<std::string> scalar(const toml::node& node)
{
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* yes = node.as_boolean()) return yes->get() ? "true" : "false";
    if (const auto* real = node.as_floating_point()) return streamed(real->get());
    if (const auto* day = node.as_date()) return streamed(day->get());
    return std::nullopt;
}

ConfigValue value_of(const toml::node& node, const fs::path& file, const std::string& key)
{
    ConfigValue value{{}, place(file, node.source())};
    const auto add = [&](const toml::node& one) {
        const auto text = scalar(one);
        if (!text) throw UsageError(place(file, one.source()) + ": `" + key + "` can't have such a value.");
        value.texts.push_back(*text);
    };
    if (const auto* array = node.as_array()) {
        for (const toml::node& one : *array) add(one);
    } else {
        add(node);
    }
    return value;
}

void collect(const toml::table& table, const fs::path& file, const std::string& prefix, ConfigFile& values)
{
    for (auto&& [name, node] : table) {
        const std::string key = prefix + std::string{name.str()};
        if (const auto* inner = node.as_table(); inner != nullptr && prefix.empty())
            collect(*inner, file, key + ".", values);
        else
            values[key] = value_of(node, file, key);
    }
}

std::string toml_string(const fs::path& path)
{
    const std::string& text = path.native();
    if (printable(text) != text)
        throw UsageError("The archive's path can't be kept in config.toml, for it is not plain text: " +
                         text + ". Name it with --archive or PHOTOSAFE_ARCHIVE.");
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

void write_beside_and_rename(const fs::path& file, const std::string& text, mode_t mode)
{
    const fs::path fresh = file.string() + ".new";
    std::ofstream out{fresh, std::ios::binary | std::ios::trunc};
    out << text;
    out.close();
    if (!out || chmod(fresh.c_str(), mode) != 0) disk_error("Writing", fresh);
    fs::rename(fresh, file);
}

} // namespace

ConfigFile read_config_file(const fs::path& file)
{
    const auto text = read_whole(file);
    if (!text) return {};
    try {
        ConfigFile values;
        collect(toml::parse(*text, file.string()), file, "", values);
        return values;
    } catch (const toml::parse_error& error) {
        throw UsageError(place(file, error.source()) + ": " + std::string{error.description()});
    }
}

void add_archive_to_config(const fs::path& file, const fs::path& archive)
{
    const std::string line = "archive = " + toml_string(archive) + "\n";
    const auto before = read_whole(file);
    if (!before) {
        fs::create_directories(file.parent_path());
        write_beside_and_rename(
            file, "# Settings of PhotoSafe; `photosafe config` prints all of them.\n" + line, 0644);
        return;
    }
    // The first line is the one place where a key can't end up inside a table of the file. A link stays a
    // link.
    const fs::path real = fs::canonical(file);
    struct stat facts {};
    if (stat(real.c_str(), &facts) != 0) disk_error("Reading", real);
    write_beside_and_rename(real, line + *before, facts.st_mode & 07777);
}

} // namespace photosafe::cli
