// SPDX-License-Identifier: LGPL-2.1-or-later
#include "history.hpp"

#include <limits>

#include <photosafe/archive.hpp>

#include "human.hpp"
#include "parse_value.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

Json json_of(const PhoneLook& look)
{
    Json object = object_of("look");
    object["source"] = json_name(look.source);
    object["source_name"] = json_name(look.source_name);
    object["manifest"] = look.manifest;
    object["at"] = json_instant(look.at);
    if (look.trouble.empty()) {
        object["library"] = look.library;
        if (look.model_version) object["model_version"] = *look.model_version;
        object["items"] = look.items;
        object["albums"] = look.albums;
    } else {
        object["trouble"] = json_sentence(look.trouble);
    }
    return object;
}

Json json_of(const PhoneItemRecord& one)
{
    Json object = object_of("phone_item");
    object["source"] = json_name(one.source);
    object["path"] = json_name(one.item.path);
    if (!one.item.uuid.empty()) object["uuid"] = one.item.uuid;
    if (!one.item.original_name.empty()) object["name"] = json_name(one.item.original_name);
    object["first_seen"] = json_instant(one.first_seen);
    if (one.gone) object["gone"] = json_instant(*one.gone);
    for (const auto& [gone, back] : one.absences)
        object["absences"].push_back({{"gone", json_instant(gone)}, {"back", json_instant(back)}});
    if (one.asset) object["asset"] = *one.asset;
    object["locality"] = name(one.item.locality);
    return object;
}

ExitCode list_looks(const Archive& archive, const Run& run)
{
    std::vector<std::vector<Cell>> rows{{{"WHEN"}, {"PHONE"}, {"ITEMS", true}, {"ALBUMS", true}, {""}}};
    std::uint64_t count = 0;
    for (const PhoneLook& look : archive.phone_looks(std::numeric_limits<std::int32_t>::max())) {
        ++count;
        run.terminal.object(json_of(look));
        const bool read = look.trouble.empty();
        rows.push_back({{local_time_text(look.at)},
                        {look.source_name},
                        {read ? count_text(look.items) : "", true},
                        {read ? count_text(look.albums) : "", true},
                        {look.trouble}});
    }
    if (count == 0)
        run.terminal.line("No phone's library was read yet; `photosafe import` does.");
    else
        run.terminal.lines(table_lines(rows));
    run.terminal.summary("device", {{"action", "history"}, {"looks", count}});
    return ExitCode::ok;
}

ExitCode list_items(const Archive& archive, const Run& run, std::optional<Instant> then, bool vanished)
{
    std::uint64_t count = 0, stored = 0;
    archive.for_each_phone_item([&](const PhoneItemRecord& one) {
        if (then && !one.was_there(*then)) return true;
        if (vanished && (!one.gone || one.asset)) return true;
        ++count;
        if (one.asset) ++stored;
        run.terminal.object(json_of(one));
        run.terminal.line("  " + one.item.path +
                          (one.item.original_name.empty() ? "" : "  " + one.item.original_name) + "  of " +
                          one.source_name + (one.asset ? "" : "  (not in the archive)"));
        return !run.stop.stop_requested();
    });
    run.terminal.line(count_text(count, "item") + ", the archive has the originals of " + count_text(stored) +
                      ".");
    run.terminal.summary("device", {{"action", "history"}, {"items", count}, {"stored", stored}});
    return run.stop.stop_requested() ? ExitCode::interrupted : ExitCode::ok;
}

} // namespace

ExitCode run_history(const Run& run)
{
    const Archive archive = Archive::open(run.settings.archive(), Access::read);
    const bool vanished = run.settings.flag("vanished");
    std::optional<Instant> then;
    if (run.settings.given("on"))
        then = run.settings.parsed("on", [](const std::string& text) {
            // To the end of the day that is named.
            return parse_since(text, std::chrono::system_clock::now()) + std::chrono::days{1} -
                   std::chrono::nanoseconds{1};
        });
    if (then || vanished) return list_items(archive, run, then, vanished);
    return list_looks(archive, run);
}

} // namespace photosafe::cli
