// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli.hpp"

#include <photosafe/error.hpp>
#include <photosafe/ingest.hpp>

namespace photosafe::cli {

std::string_view meaning(ExitCode code) noexcept
{
    switch (code) {
    case ExitCode::ok: return "Done; nothing is wrong.";
    case ExitCode::failed: return "Failed; nothing was lost.";
    case ExitCode::usage: return "Wrong usage: an option, argument or setting that can't be.";
    case ExitCode::incomplete: return "Done, but some items failed; the report names each.";
    case ExitCode::no_phone:
        return "No usable phone: absent, locked, not trusted, gone. The message says which, and the one "
               "thing to do.";
    case ExitCode::damage: return "Damage found: stored bytes are not what they were, or are missing.";
    case ExitCode::promise_not_kept:
        return "A promise is not kept: copies, age or completeness below policy.";
    case ExitCode::refused: return "Refused for safety.";
    case ExitCode::no_archive: return "There is no archive there.";
    case ExitCode::busy: return "Another process is writing this archive.";
    case ExitCode::interrupted: return "Interrupted; what was finished is safe.";
    }
    return "";
}

ExitCode exit_code(const Error& error) noexcept
{
    if (error.code() == ErrorCode::cancelled) return ExitCode::interrupted;
    if (const auto* cut = dynamic_cast<const IngestInterrupted*>(&error))
        return cut->at_device() ? ExitCode::no_phone : ExitCode::failed;
    if (dynamic_cast<const DeviceError*>(&error) != nullptr) return ExitCode::no_phone;
    if (dynamic_cast<const FixityError*>(&error) != nullptr) return ExitCode::damage;
    if (dynamic_cast<const MediaError*>(&error) != nullptr) return ExitCode::failed;
    switch (error.code()) {
    case ErrorCode::not_found: return ExitCode::no_archive;
    case ErrorCode::busy: return ExitCode::busy;
    case ErrorCode::unsafe: return ExitCode::refused;
    case ErrorCode::damaged:
    case ErrorCode::mismatch: return ExitCode::damage;
    case ErrorCode::invalid: return ExitCode::usage;
    default: return ExitCode::failed;
    }
}

} // namespace photosafe::cli
