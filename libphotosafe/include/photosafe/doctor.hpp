// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/device.hpp>
#include <photosafe/export.hpp>
#include <photosafe/media.hpp>

namespace photosafe {

enum class Severity { ok, note, warning, problem };
PHOTOSAFE_EXPORT std::string_view name(Severity severity) noexcept;

/// One thing looked at, with the one thing to do about it.
struct Finding {
    Severity severity = Severity::ok;
    std::string code;    ///< stable: usbmuxd, device, archive, file_system, free_space, clock, library, media
    std::string subject; ///< what it is about: a UDID, a path, a library
    std::string message;
    std::string next; ///< what to do; empty when nothing has to be done
};

/// Looks at everything an import needs: usbmuxd, phones and their trust, libraries too old for the phone's
/// iOS, the media worker, its jail and its decoders, the archive's disk, the clock. `root` may be empty (no
/// archive yet). Changes nothing; throws nothing but bad_alloc.
PHOTOSAFE_EXPORT std::vector<Finding> diagnose(const std::filesystem::path& root,
                                               const DeviceOptions& options = {},
                                               const MediaOptions& media = {});

} // namespace photosafe
