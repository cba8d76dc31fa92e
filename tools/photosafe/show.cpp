// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <filesystem>

#include <photosafe/archive.hpp>
#include <photosafe/convert.hpp>
#include <photosafe/error.hpp>
#include <photosafe/query.hpp>

#include "asset_json.hpp"
#include "escape.hpp"
#include "human.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "id",
     .kind = Kind::argument,
     .metavar = "ID",
     .help =
         "Its path (in the archive, or on this disk), its number, or its SHA-256, of which eight digits do.",
     .required = true},
    {.name = "tags", .help = "Also every tag as the file has it."},
};

constexpr Example examples[] = {
    {"photosafe show originals/2024/2024-05-31/IMG_0042.HEIC", "All that is known of this one."},
    {"photosafe show 9f86d081 --tags", "The same by its SHA-256, with all tags."},
};

constexpr ExitCode exits[] = {ExitCode::ok, ExitCode::failed, ExitCode::usage, ExitCode::no_archive};

/// A path of this disk that leads into the archive, as the catalog has it; else what was typed.
std::string as_named(const std::string& typed, const Archive& archive)
{
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path full = fs::canonical(typed, error);
    if (error) return typed;
    const fs::path root = fs::canonical(archive.root(), error);
    const fs::path below = error ? fs::path{} : full.lexically_relative(root);
    return below.empty() || *below.begin() == ".." ? typed : below.native();
}

using Row = std::vector<Cell>;

class Sheet {
public:
    void add(std::string_view what, std::string value)
    {
        if (!value.empty()) rows_.push_back({{std::string{what}}, {std::move(value)}});
    }
    void add(std::string_view what, const std::vector<std::string>& values)
    {
        std::string text;
        for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
        add(what, std::move(text));
    }
    std::vector<std::string> lines() const { return table_lines(rows_); }

private:
    std::vector<Row> rows_;
};

std::string decimal(double value)
{
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string taken_text(const Asset& asset)
{
    std::string text = asset.taken_local;
    if (text.size() > 10) text[10] = ' ';
    if (!text.empty()) text += "  (" + asset.taken_source + ")";
    return text;
}

std::string size_text(const Metadata& m)
{
    if (m.width == 0 || m.height == 0) return {};
    std::string text = std::to_string(m.width) + " x " + std::to_string(m.height);
    if (m.orientation != 1) text += ", orientation " + std::to_string(m.orientation);
    return text;
}

void add_picture(Sheet& sheet, const Metadata& m)
{
    sheet.add("size", size_text(m));
    sheet.add("type", m.codec.empty() || m.codec == m.mime ? m.mime : m.mime + ", " + m.codec);
    if (m.duration_s) sheet.add("duration", decimal(*m.duration_s) + " s");
    if (m.frame_rate) sheet.add("frame rate", decimal(*m.frame_rate));
    sheet.add("colours", m.colour_profile);
    sheet.add("beside it", m.aux);
    sheet.add("camera", m.make.empty() || m.model.starts_with(m.make) ? m.model : m.make + " " + m.model);
    sheet.add("lens", m.lens);
    sheet.add("software", m.software);
    if (m.position) {
        const auto& at = *m.position;
        sheet.add("place", decimal(at.latitude) + ", " + decimal(at.longitude) +
                               (at.altitude_m ? ", " + decimal(*at.altitude_m) + " m" : ""));
    }
}

void add_words(Sheet& sheet, const Metadata& m)
{
    if (m.rating) sheet.add("rating", std::to_string(*m.rating));
    sheet.add("title", m.title);
    sheet.add("caption", m.caption);
    sheet.add("location", m.location);
    sheet.add("keywords", m.keywords);
    std::vector<std::string> people;
    for (const Region& one : m.people) people.push_back(one.name);
    sheet.add("people", people);
    sheet.add("edited by", m.edited_by);
}

std::vector<std::string> lines_of(const Found& found)
{
    const Asset& asset = found.asset;
    Sheet sheet;
    sheet.add("original",
              asset.path +
                  (asset.state == AssetState::present ? "" : "  (" + std::string{name(asset.state)} + ")"));
    sheet.add("number", std::to_string(asset.id));
    sheet.add("sha256", sha256_hex(asset.digest));
    sheet.add("bytes", count_text(asset.bytes));
    sheet.add("kind", found.kinds);
    sheet.add("taken", taken_text(asset));
    add_picture(sheet, found.metadata);
    add_words(sheet, found.metadata);
    for (const PhoneItemRecord& one : found.phone) {
        std::string text = one.source_name;
        if (one.item.favorite) text += ", favorite";
        if (one.item.hidden) text += ", hidden";
        if (one.item.trashed) text += ", in Recently Deleted";
        if (!one.item.original_name.empty()) text += ", taken as " + one.item.original_name;
        if (one.gone) text += ", gone since " + local_time_text(*one.gone);
        sheet.add("on the phone", text);
    }
    sheet.add("albums", found.albums);
    sheet.add("imported", local_time_text(asset.imported));
    sheet.add("verified", asset.verified ? local_time_text(*asset.verified) : "not re-read since its import");
    for (const Place& place : found.places) sheet.add("seen at", place.source + "  " + place.path);
    const bool read_before = found.metadata.kind != MediaKind::unknown;
    if (found.parse.state == ParseState::pending)
        sheet.add("metadata", read_before ? "of an earlier reading; `photosafe metadata` reads it again"
                                          : "not read yet; `photosafe metadata` reads it");
    if (found.parse.state == ParseState::failed)
        sheet.add("metadata",
                  (read_before ? "of an earlier reading; it can't be read again: " : "can't be read: ") +
                      found.parse.reason);
    for (const std::string& trouble : found.metadata.troubles) sheet.add("trouble", trouble);
    return sheet.lines();
}

std::string part_line(const Found& part)
{
    return "  " + std::string{name(part.asset.role)} + "  " + part.asset.path + "  (" +
           std::string{name(part.asset.group_reason)} + ")";
}

void show_shot(const Archive& archive, const Found& found, Terminal& terminal)
{
    const std::vector<Found> parts = parts_of_shot(archive, found.asset);
    if (parts.size() > 1) terminal.line("The shot:");
    for (const Found& part : parts) {
        if (parts.size() > 1) terminal.line(part_line(part));
        if (part.asset.id != found.asset.id) terminal.object(json_of(part));
    }
}

void show_renditions(const Archive& archive, const Found& found, Terminal& terminal)
{
    bool first = true;
    for (const Rendition& made : renditions(archive, found.asset)) {
        ConvertedItem item{.asset = found.asset,
                           .outcome = ConvertOutcome::current,
                           .rendition = made,
                           .code = {},
                           .reason = {}};
        if (made.path.empty()) {
            item.outcome = ConvertOutcome::failed_before;
            item.reason = made.trouble;
        }
        terminal.object(json_of(item));
        if (first) terminal.line("Renditions:");
        first = false;
        std::string line = "  " + (made.path.empty() ? made.folder + ": " + made.trouble : made.path);
        for (const std::string& lost : made.lost)
            line += (&lost == &made.lost.front() ? "  lost: " : ", ") + lost;
        terminal.line(line);
        if (!made.path.empty() && !made.trouble.empty()) terminal.line("    " + made.trouble);
    }
}

void show_tags(const Archive& archive, const Found& found, Terminal& terminal)
{
    const auto metadata = archive.metadata(found.asset);
    if (!metadata) return;
    terminal.line("Tags:");
    Json told = object_of("tags");
    told["path"] = json_name(found.asset.path);
    for (const RawTag& tag : metadata->raw) {
        terminal.line("  " + tag.key + " = " + tag.value);
        told["tags"].push_back({tag.key, tag.value});
    }
    terminal.object(told);
}

ExitCode run_show(const Run& run)
{
    const Archive archive = Archive::open(run.settings.archive(), Access::read);
    const std::string typed = run.settings.text("id");
    const auto found = look_up(archive, as_named(typed, archive));
    if (!found)
        throw UsageError("`" + printable(typed) +
                         "` is no original of this archive, or the beginning of several digests.");
    run.terminal.object(json_of(*found));
    run.terminal.lines(lines_of(*found));
    show_shot(archive, *found, run.terminal);
    show_renditions(archive, *found, run.terminal);
    if (run.settings.flag("tags")) show_tags(archive, *found, run.terminal);
    run.terminal.summary("show", {{"id", found->asset.id}});
    return ExitCode::ok;
}

} // namespace

const Command show_command = {
    .name = "show",
    .purpose = "tell all that the catalog knows of an original",
    .description = "Tells what an original is, when, where and by what it was taken and how that is known, "
                   "where it was seen, "
                   "which files belong to its shot and why, and what was made of it. With --json the first "
                   "object, of type "
                   "asset, is the original; the other parts of its shot follow, and its renditions.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "find verify",
    .run = run_show,
};

} // namespace photosafe::cli
