// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

namespace photosafe::cli {
namespace {

constexpr Option global_table[] = {
    {.name = "archive",
     .letter = 'a',
     .kind = Kind::value,
     .metavar = "DIR",
     .help = "The archive to work on."},
    {.name = "json", .help = "Print one JSON object a line on standard output instead of text."},
    {.name = "quiet", .letter = 'q', .help = "Print nothing but errors."},
    {.name = "verbose",
     .letter = 'v',
     .kind = Kind::counted,
     .metavar = "N",
     .help = "Name each file that was copied; given twice, each file that was looked at."},
    {.name = "help", .letter = 'h', .help = "Print help and exit.", .setting = false},
    {.name = "version", .help = "Print the version and exit.", .setting = false},
};

constexpr Example examples[] = {
    {"photosafe init ~/Pictures/PhotoSafe", "Make an archive; later commands find it by themselves."},
    {"photosafe import", "Copy what is new on the phone that is plugged in."},
    {"photosafe status", "See what is safe, what is not, and what to do next."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,     ExitCode::failed,  ExitCode::usage,      ExitCode::incomplete, ExitCode::no_phone,
    ExitCode::damage, ExitCode::refused, ExitCode::no_archive, ExitCode::busy,       ExitCode::interrupted,
};

const Command* const command_table[] = {
    &init_command,       &device_command,   &import_command,  &status_command,   &verify_command,
    &find_command,       &album_command,    &show_command,    &metadata_command, &convert_command,
    &thumbnails_command, &sidecars_command, &rebuild_command, &doctor_command,   &config_command,
    &completion_command, &help_command,
};

std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t corner = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = corner + (a[i] == b[j] ? 0 : 1);
            corner = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

} // namespace

const Command photosafe_command = {
    .name = "",
    .purpose = "keep a phone's originals in a plain archive, proven byte for byte",
    .description =
        "PhotoSafe copies the photos and videos of an iPhone, or of any folder, into an archive of plain "
        "files. Each original is read back from the disk and compared with what the phone sent before it "
        "is recorded. Running a command again is always safe, and continues where the last run ended.\n\n"
        "Results go to standard output, progress and complaints to standard error.\n\n"
        "Every option can also be set by an environment variable, in the archive's photosafe.toml and in "
        "the user's config.toml. The first of these that sets it wins: flag, environment, archive, user.",
    .options = {},
    .examples = examples,
    .exits = exits,
    .see_also =
        "init device import status verify find show album metadata convert sidecars rebuild doctor config "
        "completion help",
    .run = nullptr,
};

std::span<const Option> global_options() noexcept { return global_table; }

std::span<const Command* const> commands() noexcept { return command_table; }

const Command* command_named(std::string_view name) noexcept
{
    const auto found = std::ranges::find(command_table, name, &Command::name);
    return found == std::ranges::end(command_table) ? nullptr : *found;
}

std::string_view nearest_command(std::string_view typed)
{
    const auto nearest = std::ranges::min_element(
        command_table, {}, [&](const Command* command) { return distance(command->name, typed); });
    return distance((*nearest)->name, typed) <= 2 ? (*nearest)->name : std::string_view{};
}

} // namespace photosafe::cli
