// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <photosafe/archive.hpp>
#include <photosafe/media.hpp>
#include <photosafe/phone_library.hpp>
#include <photosafe/source.hpp>

#include "media/facts.hpp"

namespace photosafe {

/// What reads a copy: a worker, or a test. Throws MediaError.
using ReadLibrary = std::function<PhoneLibrary(const DatabaseFile&)>;

/// What came of looking at a source's own library.
struct LibraryReading {
    enum class State {
        none,   ///< the source has none
        unread, ///< `trouble` says why
        read,   ///< from the source, now
    };
    State state = State::none;
    PhoneLibrary library;
    std::vector<SourceFile> files; ///< its database and log
    std::string trouble;           ///< a sentence

    bool known() const noexcept { return state == State::read; }
};

/// Reads the library of `source`, if it has one. What keeps it from being read is a `trouble`, never an
/// error, but what ends all work with the source. Where the paths of its items begin elsewhere than at the
/// source's root, they are completed.
/// Errors: DeviceError when the phone is gone or locked; `cancelled`.
LibraryReading read_library(Source& source, const Archive& archive, const ReadLibrary& read,
                            std::stop_token stop);

/// Has it read by a media worker, which is started when it is needed.
ReadLibrary library_reader(const MediaOptions& options);

} // namespace photosafe
