// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/error.hpp>

#include <string>

namespace photosafe {

Error::Error(ErrorCode code, std::string_view message, std::filesystem::path subject)
    : std::runtime_error{std::string{message}}, code_{code},
      subject_{std::make_shared<const std::filesystem::path>(std::move(subject))}
{
}

std::string_view name(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::device_absent: return "device_absent";
    case ErrorCode::device_ambiguous: return "device_ambiguous";
    case ErrorCode::device_gone: return "device_gone";
    case ErrorCode::device_locked: return "device_locked";
    case ErrorCode::trust_pending: return "trust_pending";
    case ErrorCode::not_trusted: return "not_trusted";
    case ErrorCode::refused: return "refused";
    case ErrorCode::timeout: return "timeout";
    case ErrorCode::protocol: return "protocol";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::changed: return "changed";
    case ErrorCode::mismatch: return "mismatch";
    case ErrorCode::unreadable: return "unreadable";
    case ErrorCode::no_space: return "no_space";
    case ErrorCode::read_only: return "read_only";
    case ErrorCode::io: return "io";
    case ErrorCode::busy: return "busy";
    case ErrorCode::newer_version: return "newer_version";
    case ErrorCode::damaged: return "damaged";
    case ErrorCode::unsafe: return "unsafe";
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::crashed: return "crashed";
    case ErrorCode::out_of_memory: return "out_of_memory";
    case ErrorCode::killed: return "killed";
    }
    return "io";
}

} // namespace photosafe
