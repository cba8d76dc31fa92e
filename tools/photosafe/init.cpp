// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <filesystem>
#include <system_error>

#include <photosafe/archive.hpp>
#include <photosafe/error.hpp>

#include "config_file.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

namespace fs = std::filesystem;

constexpr Option option_table[] = {
    {.name = "dir",
     .kind = Kind::argument,
     .metavar = "DIR",
     .help = "The folder that becomes the archive. It must be empty, or not be there yet.",
     .required = true},
    {.name = "layout",
     .kind = Kind::value,
     .metavar = "TEMPLATE",
     .fallback = "{taken:%Y}/{taken:%Y-%m-%d}/{name}",
     .help = "How originals are filed in it."},
    {.name = "dry-run", .letter = 'n', .help = "Say what would be made, and make nothing."},
};

constexpr Example examples[] = {
    {"photosafe init ~/Pictures/PhotoSafe", "Make an archive there; later commands find it by themselves."},
    {"photosafe init --layout '{device}/{taken:%Y}/{name}' /mnt/photos", "File originals by phone and year."},
};

constexpr ExitCode exits[] = {ExitCode::ok, ExitCode::failed, ExitCode::usage, ExitCode::refused};

/// Makes the archive. Finding it made already, the same way, is as good.
bool make(const fs::path& root, const std::string& layout)
{
    try {
        Archive::create(root, {.layout = layout});
        return true;
    } catch (const ArchiveError& error) {
        if (error.code() != ErrorCode::busy) throw;
    }
    const Archive there = Archive::open(root, Access::read);
    if (there.layout() == layout) return false;
    throw ArchiveError(ErrorCode::unsafe,
                       "There is an archive already, and it files its originals as " + there.layout() +
                           ". The layout of an archive can't be changed.",
                       root);
}

/// Without an archive in the user's settings, this one is written there.
bool must_remember(const Settings& settings)
{
    if (!settings.user_file()) return false;
    return !read_config_file(*settings.user_file()).contains("archive");
}

ExitCode run_init(const Run& run)
{
    const fs::path root = fs::absolute(run.settings.text("dir")).lexically_normal();
    const bool remember = must_remember(run.settings);
    const std::string settings_file = remember ? run.settings.user_file()->string() : "";
    Json facts{{"archive", json_name(root.native())}, {"layout", json_name(run.settings.text("layout"))}};

    if (run.settings.flag("dry-run")) {
        run.terminal.line("Would make an archive in " + root.string() + ".");
        if (remember) run.terminal.line("Would set it as your archive in " + settings_file + ".");
        facts["dry_run"] = true;
        run.terminal.summary("init", facts);
        return ExitCode::ok;
    }

    const bool made = make(root, run.settings.text("layout"));
    run.terminal.line(made ? "Made an archive in " + root.string() + "."
                           : "There is an archive in " + root.string() +
                                 " already; nothing was changed in it.");
    if (remember) {
        add_archive_to_config(*run.settings.user_file(), root);
        run.terminal.line("Set it as your archive in " + settings_file + ".");
    }
    run.terminal.line("Plug in a phone, unlock it, and run: photosafe import");
    facts["made"] = made;
    if (remember) facts["settings_file"] = json_name(settings_file);
    run.terminal.summary("init", facts);
    return ExitCode::ok;
}

} // namespace

const Command init_command = {
    .name = "init",
    .purpose = "make an archive",
    .description =
        "Makes an archive in an empty folder, or in one that is not there yet. Where the user's config.toml "
        "names no archive, this one is written there as its first line, so that later commands find it; all "
        "else in that file stays as it is. An archive that is there already is left as it is.\n\n"
        "The layout files originals below originals/ in the archive. Its fields are taken and imported with "
        "the codes of strftime(3) for days and times, as {taken:%Y-%m}, and name, stem, ext, device, source, "
        "kind, camera.make, camera.model and album. {album,Unsorted} gives the word after the comma where "
        "the "
        "field is empty; what this version doesn't know yet (camera and album) counts as empty. The last "
        "part "
        "needs name or stem. A name that is taken gets the first eight digits of the file's digest. The "
        "layout "
        "of an archive can't be changed later.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "import status config",
    .run = run_init,
};

} // namespace photosafe::cli
