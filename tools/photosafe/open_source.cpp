// SPDX-License-Identifier: LGPL-2.1-or-later
#include "open_source.hpp"

#include "parse_value.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {

DeviceOptions device_options(const Run& run)
{
    DeviceOptions options;
    options.deadline = run.settings.parsed("deadline", parse_duration);
    options.on_notice = [&terminal = run.terminal](const std::string& text) { terminal.notice(text); };
    options.stop = run.stop;
    return options;
}

std::unique_ptr<Source> open_source(const std::string& name, Patience patience, const DeviceOptions& options)
{
    constexpr std::string_view device = "device";
    if (name != device && !name.starts_with("device:")) return open_folder(name);
    const std::string udid = name == device ? std::string{} : name.substr(device.size() + 1);
    return open_device(wait_for_device(udid, patience, options), options);
}

} // namespace photosafe::cli
