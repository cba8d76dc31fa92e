// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <algorithm>

#include <photosafe/doctor.hpp>

#include "findings.hpp"
#include "open_source.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option option_table[] = {
    {.name = "deadline",
     .kind = Kind::value,
     .metavar = "TIME",
     .fallback = "10s",
     .help = "How long a phone may be silent before the connection counts as lost."},
};

constexpr Example examples[] = {
    {"photosafe doctor", "Find out why the phone isn't seen."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok, ExitCode::failed, ExitCode::usage, ExitCode::no_phone, ExitCode::interrupted,
};

bool is_problem(const Finding& finding) { return finding.severity == Severity::problem; }
bool is_about_phone(const Finding& finding) { return finding.code == "usbmuxd" || finding.code == "device"; }

ExitCode judged(const std::vector<Finding>& findings)
{
    if (std::ranges::none_of(findings, is_problem)) return ExitCode::ok;
    const bool only_phone = std::ranges::all_of(
        findings, [](const Finding& finding) { return !is_problem(finding) || is_about_phone(finding); });
    return only_phone ? ExitCode::no_phone : ExitCode::failed;
}

ExitCode run_doctor(const Run& run)
{
    const auto root = run.settings.archive_if_named().value_or(std::filesystem::path{});
    const auto findings = diagnose(root, device_options(run));
    show(findings, true, run.terminal);
    const auto count = [&](Severity severity) {
        return std::ranges::count(findings, severity, &Finding::severity);
    };
    run.terminal.summary("doctor", {{"problems", count(Severity::problem)},
                                    {"warnings", count(Severity::warning)},
                                    {"notes", count(Severity::note)},
                                    {"ok", count(Severity::ok)}});
    return judged(findings);
}

} // namespace

const Command doctor_command = {
    .name = "doctor",
    .purpose = "look at everything an import needs, and name the next step",
    .description =
        "Looks at usbmuxd, at each phone and its trust, at libraries too old for the phone's iOS, at the "
        "program that reads pictures, its jail and its decoders, at the archive's disk and its free space, "
        "and at the clock. Each finding comes with one next step. "
        "Changes nothing.\n\n"
        "Ends with status 1 when it finds a problem, and with 4 when all problems are at the phone.",
    .options = option_table,
    .examples = examples,
    .exits = exits,
    .see_also = "device status",
    .run = run_doctor,
};

} // namespace photosafe::cli
