// SPDX-License-Identifier: LGPL-2.1-or-later
// RIFF, as AVI and WebP are made of it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "worker/boxes.hpp"

namespace photosafe::test {

inline std::string little(std::uint64_t value, int bytes)
{
    std::string text = number(value, bytes);
    std::reverse(text.begin(), text.end());
    return text;
}

inline std::string chunk(std::string_view type, std::string content) // of RIFF
{
    const std::string size = little(content.size(), 4);
    if (content.size() % 2 != 0) content += '\0';
    return std::string{type} + size + content;
}

/// Two seconds of 320 x 240, taken at the time that the camera's clock showed: `Mon Mar 10 15:04:43 2003`.
inline std::string avi_file(const std::string& clock = "Mon Mar 10 15:04:43 2003\n")
{
    const std::string header = little(33'333, 4) + std::string(8, '\0') + little(16, 4) + little(60, 4) +
                               std::string(4, '\0') + little(1, 4) + std::string(4, '\0') + little(320, 4) +
                               little(240, 4) + std::string(16, '\0');
    const std::string stream = "vidsMJPG" + std::string(12, '\0') + little(1, 4) + little(30, 4) +
                               std::string(4, '\0') + little(60, 4) + std::string(8, '\0') +
                               std::string(12, '\0');
    const std::string format = little(40, 4) + little(320, 4) + little(240, 4) + little(1, 2) +
                               little(24, 2) + "MJPG" + std::string(20, '\0');
    return chunk("RIFF",
                 "AVI " +
                     chunk("LIST", "hdrl" + chunk("avih", header) +
                                       chunk("LIST", "strl" + chunk("strh", stream) + chunk("strf", format)) +
                                       chunk("IDIT", clock)) +
                     chunk("LIST", "INFO" + chunk("INAM", "a title")) +
                     chunk("LIST", "movi" + chunk("00dc", "frame")));
}

} // namespace photosafe::test
