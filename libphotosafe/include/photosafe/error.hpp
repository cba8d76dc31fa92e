// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>

#include <photosafe/export.hpp>

namespace photosafe {

/// On what one has to act. The class of the error says who.
enum class ErrorCode {
    device_absent,    ///< no phone is in reach
    device_ambiguous, ///< several phones are in reach and none was named
    device_gone,      ///< the phone was there and is not any more
    device_locked,    ///< it wants its passcode
    trust_pending,    ///< its trust dialog waits for an answer
    not_trusted,      ///< trust was refused, forgotten or never given
    refused,          ///< phone management or its settings forbid it; trying again won't help
    timeout,          ///< no answer within the deadline
    protocol,         ///< it answered something that makes no sense
    not_found,        ///< the thing named is not there
    changed,          ///< it is not any more what it was when it was listed
    mismatch,         ///< bytes are not the bytes they have to be
    unreadable,       ///< there, but can't be read
    no_space,         ///< the disk, or its quota, is full
    read_only,        ///< writing is not allowed there
    io,               ///< the disk reported an error
    busy,             ///< another process has it
    newer_version,    ///< made by a later PhotoSafe than this one
    damaged,          ///< the catalog or a manifest is not what PhotoSafe writes
    unsafe,           ///< refused, because it could lose something
    invalid,          ///< an argument, setting or template that can't be
    cancelled,        ///< a stop was asked for
    crashed,          ///< the program that reads pictures died of it
    out_of_memory,    ///< it wants more memory than may be used for it
    killed,           ///< somebody, or the system for want of memory, ended it; the picture isn't to blame
};

/// The code's name as it is written in JSON: `device_locked`.
PHOTOSAFE_EXPORT std::string_view name(ErrorCode code) noexcept;

/// Base of everything libphotosafe throws. Copying it never throws.
///
/// `what()` is for people: what happened, what is safe, what to do. It may change; parse `code()` instead.
class PHOTOSAFE_EXPORT Error : public std::runtime_error {
public:
    Error(ErrorCode code, std::string_view message, std::filesystem::path subject = {});
    ErrorCode code() const noexcept { return code_; }
    /// The file, phone or setting the error is about, byte for byte as it is named there; empty where there
    /// is none.
    const std::filesystem::path& subject() const noexcept { return *subject_; }

private:
    ErrorCode code_;
    std::shared_ptr<const std::filesystem::path> subject_; // a path's own copy may throw
};

class PHOTOSAFE_EXPORT DeviceError : public Error { ///< Act at the phone.
public:
    using Error::Error;
};
class PHOTOSAFE_EXPORT ArchiveError : public Error { ///< Act at the disk.
public:
    using Error::Error;
};
class PHOTOSAFE_EXPORT FixityError : public Error { ///< Bytes are not what they were.
public:
    using Error::Error;
};
class PHOTOSAFE_EXPORT MediaError : public Error { ///< A picture can't be read; its original is safe.
public:
    using Error::Error;
};

} // namespace photosafe
