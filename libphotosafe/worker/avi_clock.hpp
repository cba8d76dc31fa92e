// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace photosafe::worker {

/// What the chunk IDIT of an AVI says, the camera's clock; empty where there is none. Read by position; the
/// descriptor stays the caller's.
std::string read_avi_clock(int fd);

/// The forms of IDIT in which numbers stand from the year on, as `2024:05:31 14:03:22`: cameras also write
/// `2005/11/28/ 09:19`, `2001/ 1/27  1:42PM` and `2002-12-16  15:35:01`. None for anything else.
std::optional<std::string> plain_avi_clock(std::string_view text);

} // namespace photosafe::worker
