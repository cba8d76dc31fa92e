// SPDX-License-Identifier: LGPL-2.1-or-later
#include "make_roll.hpp"

#include "library_oddities.hpp"
#include "library_truth.hpp"
#include "roll.hpp"
#include "roll_bulk.hpp"
#include "roll_from.hpp"
#include "roll_library.hpp"
#include "roll_truth.hpp"
#include "roll_write.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace simphone {
namespace {

namespace fs = std::filesystem;

struct Request {
    fs::path folder;
    fs::path truth;
    RollOptions roll;
    LibraryOptions library;
    std::string picture_size = "320x240", photo_bytes, movie_bytes, sparse_movie, bulk, mix, from;
    unsigned first_number = 0;
    bool one_folder = false, keep_names = false, link = false;
};

// The failure of a person's input: exit code 2.
struct Usage : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

std::uint64_t parse_number(std::string_view text, const std::string& what)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw Usage("“" + std::string{text} + "” is no " + what);
    return value;
}

// "2.2MB", "64KiB", "5GiB", "20000"
std::uint64_t parse_size(const std::string& text)
{
    static constexpr std::pair<std::string_view, std::uint64_t> units[] = {{"KiB", 1ULL << 10},
                                                                           {"MiB", 1ULL << 20},
                                                                           {"GiB", 1ULL << 30},
                                                                           {"kB", 1000},
                                                                           {"KB", 1000},
                                                                           {"MB", 1'000'000},
                                                                           {"GB", 1'000'000'000},
                                                                           {"B", 1},
                                                                           {"", 1}};
    for (const auto& [unit, factor] : units) {
        if (!text.ends_with(unit)) continue;
        const std::string digits = text.substr(0, text.size() - unit.size());
        const auto dot = digits.find('.');
        const std::uint64_t whole = parse_number(digits.substr(0, dot), "size");
        if (whole > (std::uint64_t{1} << 53) / factor) throw Usage("“" + text + "” is too large");
        std::uint64_t value = whole * factor;
        if (dot == std::string::npos) return value;
        const std::string decimals = digits.substr(dot + 1);
        if (decimals.size() > 3) throw Usage("“" + text + "” has more than three decimals");
        std::uint64_t thousandths = parse_number(decimals, "size");
        for (std::size_t i = decimals.size(); i < 3; ++i) thousandths *= 10;
        return value + factor * thousandths / 1000;
    }
    throw Usage("“" + text + "” is no size");
}

std::pair<std::string, std::string> split(const std::string& text, char separator)
{
    const auto at = text.find(separator);
    if (at == std::string::npos) return {text, {}};
    return {text.substr(0, at), text.substr(at + 1)};
}

std::map<ShotKind, unsigned> parse_mix(std::string text)
{
    std::map<ShotKind, unsigned> mix;
    while (!text.empty()) {
        const auto [entry, rest] = split(text, ',');
        const auto [name, weight] = split(entry, '=');
        auto kind = ShotKind::photo;
        while (kind != ShotKind::bulk && name != name_of(kind))
            kind = static_cast<ShotKind>(static_cast<int>(kind) + 1);
        if (kind == ShotKind::bulk) throw Usage("“" + name + "” is no kind of shot");
        mix[kind] = weight.empty() ? 1 : static_cast<unsigned>(parse_number(weight, "weight"));
        text = rest;
    }
    return mix;
}

void read_options(Request& request)
{
    const auto [width, height] = split(request.picture_size, 'x');
    request.roll.width = static_cast<unsigned>(parse_number(width, "width"));
    request.roll.height = static_cast<unsigned>(parse_number(height, "height"));
    const auto size = [](const std::string& text) { return text.empty() ? 0 : parse_size(text); };
    request.roll.photo_bytes = size(request.photo_bytes);
    request.roll.movie_bytes = size(request.movie_bytes);
    request.roll.sparse_movie_bytes = size(request.sparse_movie);
    request.roll.mix = parse_mix(request.mix);
    if (request.first_number > 0) request.roll.first_number = request.first_number;
    LibraryOptions& library = request.library;
    // Of a person's own pictures, and of many tiny ones, Photos knows nothing unless it is asked for.
    if (library.generation.empty())
        library.generation = request.bulk.empty() && request.from.empty() ? "ios18" : "none";
    if (library.generation != "none")
        find_generation(library.generation);
    else if (library.trashed + library.hidden.value_or(0) + library.unlisted + request.roll.only_in_icloud +
                 request.roll.vanished + library.oddities.size() >
             0)
        throw Usage("what a database says needs a database; give --library");
    if (!request.from.empty() && request.roll.only_in_icloud + request.roll.vanished > 0)
        throw Usage("with --from, all pictures are on the phone");
    for (const std::string& oddity : library.oddities) check_oddity(oddity);
    if (request.truth.empty()) {
        const fs::path folder = request.folder.has_filename() ? request.folder : request.folder.parent_path();
        request.truth = folder.string() + ".truth.json";
    }
    if (fs::exists(request.folder) && !fs::is_empty(request.folder))
        throw Usage(request.folder.string() + " is not empty; a roll is made in a new folder");
    const fs::path inside = fs::weakly_canonical(fs::absolute(request.truth))
                                .lexically_relative(fs::weakly_canonical(fs::absolute(request.folder)));
    if (inside.begin() == inside.end() || *inside.begin() != "..")
        throw Usage("the truth would lie inside the roll; name another file with --truth");
}

Roll make(const Request& request)
{
    if (!request.from.empty()) {
        if (!fs::is_directory(request.from)) throw Usage(request.from + " is no folder");
        return lay_out(request.from, request.folder, request.keep_names ? Naming::keep : Naming::camera,
                       request.link ? Take::hard_link : Take::copy);
    }
    if (!request.bulk.empty()) {
        const auto [count, each] = split(request.bulk, ':');
        BulkOptions bulk;
        bulk.seed = request.roll.seed;
        bulk.files = parse_number(count, "number of files");
        if (!each.empty()) bulk.bytes_each = parse_size(each);
        bulk.spread = request.one_folder ? Spread::one_folder : Spread::folders;
        bulk.only_in_icloud = request.roll.only_in_icloud;
        bulk.vanished = request.roll.vanished;
        return make_bulk(bulk, request.folder);
    }
    Roll roll = plan_roll(request.roll);
    write_roll(roll, request.roll, request.folder);
    return roll;
}

std::string library_options(const Request& request)
{
    const LibraryOptions& library = request.library;
    std::string text = " --library " + library.generation;
    const auto add = [&](const char* option, std::size_t count) {
        if (count > 0) text += std::string{" "} + option + " " + std::to_string(count);
    };
    add("--only-in-icloud", request.roll.only_in_icloud);
    add("--vanished", request.roll.vanished);
    add("--trashed", library.trashed);
    if (library.hidden) text += " --hidden " + std::to_string(*library.hidden);
    add("--unlisted", library.unlisted);
    for (const std::string& oddity : library.oddities) text += " --oddity " + oddity;
    return text;
}

std::string made_with(const Request& request)
{
    if (!request.from.empty()) return std::string{"--from"} + (request.keep_names ? " --keep-names" : "");
    const std::string seed = "--seed " + std::to_string(request.roll.seed);
    if (!request.bulk.empty())
        return seed + " --bulk " + request.bulk + (request.one_folder ? " --one-folder" : "");
    static constexpr const char* layouts[] = {"classic", "modern", "mixed"};
    std::string text = seed + " --items " + std::to_string(request.roll.items) + " --layout " +
                       layouts[static_cast<int>(request.roll.layout)] + " --picture-size " +
                       request.picture_size;
    const auto add = [&](const char* option, const std::string& value) {
        if (!value.empty()) text += std::string{" "} + option + " " + value;
    };
    add("--photo-bytes", request.photo_bytes);
    add("--movie-bytes", request.movie_bytes);
    add("--sparse-movie", request.sparse_movie);
    add("--mix", request.mix);
    return text;
}

int run(Request& request)
{
    try {
        read_options(request);
        Roll roll = make(request);
        if (request.library.generation == "none") {
            write_truth(roll, made_with(request) + library_options(request), request.truth);
        } else {
            const Library library = give_library(roll, request.roll.seed, request.library, request.folder);
            write_truth(roll, made_with(request) + library_options(request), request.truth,
                        [&](std::ostream& out) {
                            write_library_truth(out, library, find_generation(request.library.generation),
                                                request.library);
                        });
        }
        std::cout << summary(roll) << '\n';
        std::uint64_t skipped = 0;
        for (const auto& [extension, count] : roll.skipped) skipped += count;
        if (skipped > 0) std::cout << skipped << " other files left out\n";
        return 0;
    } catch (const std::invalid_argument& error) {
        std::cerr << "simphone make-roll: " << error.what() << '\n';
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "simphone make-roll: " << error.what() << '\n';
        return 1;
    }
}

std::string listed(const auto& entries)
{
    std::string text;
    for (const auto& entry : entries) (text += text.empty() ? "" : ", ") += entry.name;
    return text;
}

void add_library_options(CLI::App& cmd, Request& r)
{
    cmd.add_option("--library", r.library.generation,
                   "Photos' database, as an iOS writes it: " + listed(generations()) +
                       ", or none [ios18; none with --bulk and --from]");
    cmd.add_option("--only-in-icloud", r.roll.only_in_icloud,
                   "So many shots more, of which an original or a Live Photo's half is only in iCloud");
    cmd.add_option("--vanished", r.roll.vanished,
                   "So many shots more that the database has and the phone hasn't");
    cmd.add_option("--trashed", r.library.trashed, "So many pictures in Recently Deleted");
    cmd.add_option("--hidden", r.library.hidden, "So many pictures that are hidden [one in forty]");
    cmd.add_option("--unlisted", r.library.unlisted, "So many shots that the database doesn't know");
    cmd.add_option("--oddity", r.library.oddities,
                   "What is wrong with the database, repeatable: " + listed(oddities()))
        ->type_name("NAME");
}

} // namespace

void add_make_roll(CLI::App& app, int& exit_code)
{
    auto* cmd =
        app.add_subcommand("make-roll", "Make a believable camera roll in a folder, and the truth about it");
    auto request = std::make_shared<Request>();
    Request& r = *request;
    cmd->add_option("dir", r.folder, "New or empty folder that the roll is made in")->required();
    cmd->add_option("--truth", r.truth, "File for the truth, JSON [DIR.truth.json]");
    cmd->add_option("--seed", r.roll.seed, "The same seed and options make the same bytes")
        ->capture_default_str();
    cmd->add_option("--items", r.roll.items, "Number of shots; the first 19 are one of each kind")
        ->capture_default_str();
    const std::map<std::string, Layout> layouts{
        {"classic", Layout::classic}, {"modern", Layout::modern}, {"mixed", Layout::mixed}};
    cmd->add_option("--layout", r.roll.layout,
                    "Where edits and iCloud's originals lie: classic (beside the original in DCIM), modern "
                    "(under PhotoData) or mixed")
        ->transform(CLI::CheckedTransformer(layouts).description(""))
        ->type_name("NAME")
        ->default_str("mixed");
    cmd->add_option("--mix", r.mix, "Kinds of shots and their weights: live_photo=3,photo=1,…");
    cmd->add_option("--first-number", r.first_number,
                    "Number of the first picture [so that numbers wrap at 9999]")
        ->check(CLI::Range(1, 9999));
    cmd->add_option("--picture-size", r.picture_size, "Width and height of pictures")->capture_default_str();
    cmd->add_option("--tile", r.roll.tile, "Larger HEICs are grids of such tiles")->capture_default_str();
    cmd->add_option("--pictures", r.roll.pictures, "How many different pictures are drawn")
        ->capture_default_str();
    cmd->add_option("--photo-bytes", r.photo_bytes, "Mean size that pictures are filled up to: 2.2MB");
    cmd->add_option("--movie-bytes", r.movie_bytes, "Mean size that movies are filled up to: 60MB");
    cmd->add_option("--sparse-movie", r.sparse_movie, "One more movie, this large and mostly a hole: 5GiB");
    auto* bulk =
        cmd->add_option("--bulk", r.bulk, "Instead: N[:BYTES], so many tiny JPEGs without metadata, fast");
    cmd->add_flag("--one-folder", r.one_folder, "All of --bulk in one folder")->needs(bulk);
    auto* from =
        cmd->add_option("--from", r.from, "Instead: your own pictures from this folder, left as they are")
            ->excludes(bulk);
    cmd->add_flag("--keep-names", r.keep_names, "With --from: names stay as they are")->needs(from);
    cmd->add_flag("--link", r.link,
                  "With --from: hard links, not copies. Who writes to the simulated phone then writes to "
                  "your pictures")
        ->needs(from);
    add_library_options(*cmd, r);
    cmd->callback([request, &exit_code] { exit_code = run(*request); });
}

} // namespace simphone
