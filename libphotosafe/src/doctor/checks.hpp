// SPDX-License-Identifier: LGPL-2.1-or-later
// What doctor thinks of the facts it found. Pure: no phone, disk or clock is asked here.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <photosafe/asset.hpp>
#include <photosafe/doctor.hpp>

#include "core/file.hpp"
#include "media/facts.hpp"

namespace photosafe::doctor {

/// One finding about the phone; a second one if it is reached over the network.
std::vector<Finding> about_phone(const DeviceInfo& phone);

/// What to do when usbmuxd answers, and no phone is there.
Finding no_phone();

/// Whether libimobiledevice may be too old for one of these phones. `version` is what it says of itself,
/// empty before 1.4.0, which was the first that could.
Finding about_library(const std::string& version, const std::vector<DeviceInfo>& phones);

Finding about_file_system(const std::string& root, const FileSystem& disk);

/// Compares the room with what the phones that are ready hold, at most.
Finding about_free_space(const std::string& root, const FileSystem& disk,
                         const std::vector<DeviceInfo>& phones);

/// `sync` is how long one fdatasync of a few bytes took.
Finding about_sync(const std::string& root, const FileSystem& disk, std::chrono::nanoseconds sync);

/// With what pictures are read, each part of the jail that this kernel hasn't got, and which of the phone's
/// pictures the decoders refuse.
std::vector<Finding> about_media(const WorkerFacts& worker);

/// `built` is the year of this program, `newest` when the archive was last imported into.
Finding about_clock(Instant now, int built, std::optional<Instant> newest);

} // namespace photosafe::doctor
