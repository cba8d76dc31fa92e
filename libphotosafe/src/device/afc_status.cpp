// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include "core/text.hpp"
#include "device/afc.hpp"

namespace photosafe::afc {

DeviceError status_error(std::uint64_t status, std::string_view doing, std::string_view path)
{
    const auto say = [&](ErrorCode code, std::string_view what) {
        return DeviceError{code, std::string{doing} + " " + printable(path) + ": " + std::string{what},
                           std::string{path}};
    };
    switch (status) {
    case status::no_resources:
        return say(ErrorCode::unreadable, "the phone is out of resources; restart it.");
    case status::read_error: return say(ErrorCode::unreadable, "the phone can't read it.");
    case status::not_found: return say(ErrorCode::not_found, "it is not on the phone any more.");
    case status::is_folder: return say(ErrorCode::changed, "it is a folder now.");
    case status::permission_denied: return say(ErrorCode::unreadable, "the phone doesn't permit it.");
    case status::end_of_data: return say(ErrorCode::changed, "the phone says that it ends too early.");
    case status::busy: return say(ErrorCode::unreadable, "the phone is busy with it; try again later.");
    case status::io_error: return say(ErrorCode::unreadable, "the phone has an input or output error.");
    default:
        return say(ErrorCode::unreadable,
                   "the phone answers with AFC error " + std::to_string(status) + "; try again later.");
    }
}

} // namespace photosafe::afc
