// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include <photosafe/device.hpp>
#include <photosafe/source.hpp>

namespace photosafe::cli {

struct Run;

/// What `--deadline` and a stop request mean to every conversation with a phone; notices go to the terminal.
DeviceOptions device_options(const Run& run);

/// `device`, `device:UDID` or a folder. Errors: those of wait_for_device and of the source's opener.
std::unique_ptr<Source> open_source(const std::string& name, Patience patience, const DeviceOptions& options);

} // namespace photosafe::cli
