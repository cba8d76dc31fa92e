// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/device.hpp>

#include "history.hpp"
#include "human.hpp"
#include "open_source.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "action",
     .kind = Kind::argument,
     .metavar = "ACTION",
     .fallback = "list",
     .choices = "list info pair history",
     .help =
         "list: the phones in reach. info: what one phone tells about itself. pair: make a phone trust this "
         "computer. history: what phones had, as imports saw it. Default: list."},
    {.name = "udid",
     .kind = Kind::argument,
     .metavar = "UDID",
     .help = "Which phone; not needed when only one is in reach."},
    {.name = "on",
     .kind = Kind::value,
     .metavar = "DAY",
     .help = "history: the items that were there on that day."},
    {.name = "vanished", .help = "history: the items that went from the phone before the archive had them."},
    {.name = "deadline",
     .kind = Kind::value,
     .metavar = "TIME",
     .fallback = "30s",
     .help = "How long a phone may be silent before the connection counts as lost."},
};

constexpr Example examples[] = {
    {"photosafe device", "List the phones in reach, and what each still needs."},
    {"photosafe device history --vanished", "What was deleted from a phone before it was archived."},
    {"photosafe device pair", "Wait until the phone is unlocked and its Trust button was tapped."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,       ExitCode::failed,     ExitCode::usage,
    ExitCode::no_phone, ExitCode::no_archive, ExitCode::interrupted,
};

/// What to do about a phone that isn't ready, with the command where there is one.
std::string advice(const DeviceInfo& phone)
{
    const bool pairing_helps =
        phone.state == DeviceState::trust_needed || phone.state == DeviceState::trust_pending;
    return phone.problem + (pairing_helps ? " `photosafe device pair` waits for it." : "");
}

std::string shown(const std::optional<std::uint64_t>& bytes) { return bytes ? bytes_text(*bytes) : ""; }

ExitCode list_phones(const Run& run)
{
    const auto phones = list_devices(device_options(run));
    std::vector<std::vector<Cell>> rows{
        {{"NAME"}, {"MODEL"}, {"IOS"}, {"CONNECTION"}, {"STATE"}, {"FREE", true}, {"UDID"}}};
    std::uint64_t ready = 0;
    for (const DeviceInfo& phone : phones) {
        run.terminal.object(json_of(phone));
        rows.push_back({{phone.name},
                        {phone.model},
                        {phone.version},
                        {phone.connection},
                        {std::string{name(phone.state)}},
                        {shown(phone.free_bytes), true},
                        {phone.udid}});
        if (phone.state == DeviceState::ready) ++ready;
    }
    if (phones.empty())
        run.terminal.line("No phone is in reach. Plug one in by its cable, and unlock it.");
    else
        run.terminal.lines(table_lines(rows));
    for (const DeviceInfo& phone : phones)
        if (!phone.problem.empty())
            run.terminal.line((phone.name.empty() ? phone.udid : phone.name) + ": " + advice(phone));
    run.terminal.summary("device", {{"action", "list"}, {"devices", phones.size()}, {"ready", ready}});
    return ExitCode::ok;
}

void show_phone(const DeviceInfo& phone, Terminal& terminal)
{
    terminal.object(json_of(phone));
    terminal.lines(table_lines({
        {{"name"}, {phone.name}},
        {{"model"}, {phone.model}},
        {{"iOS"}, {phone.version + (phone.build.empty() ? "" : " (" + phone.build + ")")}},
        {{"UDID"}, {phone.udid}},
        {{"connection"}, {phone.connection}},
        {{"state"}, {std::string{name(phone.state)}}},
        {{"capacity"}, {shown(phone.total_bytes)}},
        {{"free"}, {shown(phone.free_bytes)}},
    }));
    if (!phone.problem.empty()) terminal.line(advice(phone));
}

ExitCode run_device(const Run& run)
{
    const std::string action = run.settings.text("action");
    const std::string udid = run.settings.text("udid");
    if (action == "history") {
        if (!udid.empty())
            throw UsageError("`photosafe device history` takes no UDID; it tells of all phones.");
        return run_history(run);
    }
    if (action == "list") {
        if (!udid.empty()) throw UsageError("`photosafe device list` takes no UDID; `info` does.");
        return list_phones(run);
    }
    const DeviceOptions options = device_options(run);
    const DeviceInfo phone = action == "pair" ? pair_device(udid, options) : find_device(udid, options);
    show_phone(phone, run.terminal);
    if (action == "pair") run.terminal.line("It trusts this computer.");
    run.terminal.summary("device", {{"action", action}, {"state", name(phone.state)}});
    return phone.state == DeviceState::ready ? ExitCode::ok : ExitCode::no_phone;
}

} // namespace

const Command device_command = {
    .name = "device",
    .purpose = "list the phones in reach, ask one about itself, or pair with it",
    .description =
        "A phone is in reach by its cable, or over the network where usbmuxd offers that. Its state is "
        "ready, "
        "locked (unlock it), trust_needed (it doesn't know this computer), trust_pending (its dialog is "
        "open), "
        "refused, or unreachable; what to do stands below the table.\n\n"
        "device list answers with status 0 also when there is no phone. device info and device pair end with "
        "status 4 unless the phone is ready.\n\n"
        "device history asks the archive, and no phone: when each phone's own library was read, what was in "
        "it on a "
        "day, and what vanished before it was archived.\n\n"
        "With --json each phone is an object of type device; what a person has to do while device pair waits "
        "is an object of type notice.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "import doctor",
    .run = run_device,
};

} // namespace photosafe::cli
