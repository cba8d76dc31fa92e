// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/read_metadata.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include <unistd.h>

#include <photosafe/error.hpp>

namespace photosafe::worker {

Metadata read_metadata(int fd)
{
    std::array<char, 16> head{};
    const ssize_t count = ::pread(fd, head.data(), head.size(), 0);
    if (count < 0)
        throw MediaError{ErrorCode::unreadable, std::string{"Reading it: "} + std::strerror(errno) + '.'};
    const std::string_view bytes{head.data(), static_cast<std::size_t>(count)};

    Metadata facts;
    if (bytes.starts_with("\xff\xd8\xff")) {
        facts.kind = MediaKind::photo;
        facts.mime = "image/jpeg";
    } else if (bytes.starts_with("\x89PNG\r\n\x1a\n")) {
        facts.kind = MediaKind::photo;
        facts.mime = "image/png";
    } else if (bytes.size() >= 12 && bytes.substr(4, 6) == "ftyphe") {
        facts.kind = MediaKind::photo;
        facts.mime = "image/heic";
    } else if (bytes.size() >= 12 && bytes.substr(4, 6) == "ftypqt") {
        facts.kind = MediaKind::video;
        facts.mime = "video/quicktime";
    }
    return facts;
}

} // namespace photosafe::worker
