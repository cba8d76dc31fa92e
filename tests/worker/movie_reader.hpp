// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>

#include <photosafe/metadata.hpp>

#include "core/file.hpp"
#include "support/temp_folder.hpp"
#include "worker/av_input.hpp"
#include "worker/video.hpp"

namespace photosafe::test {

/// What the reader of movies says of a file, and of these bytes.
inline Metadata read_file(const std::filesystem::path& file, std::string mime = "video/quicktime")
{
    worker::quieten_libavcodec();
    Metadata facts;
    facts.mime = std::move(mime);
    const File open{::open(file.c_str(), O_RDONLY | O_CLOEXEC), file};
    (void)worker::read_video(open.fd(), facts);
    return facts;
}

inline Metadata read(const std::string& bytes, std::string mime = "video/quicktime")
{
    const TempFolder folder;
    return read_file(folder.write("movie", bytes), std::move(mime));
}

inline std::string raw(const Metadata& facts, std::string_view key)
{
    for (const RawTag& tag : facts.raw) {
        if (tag.key == key) return tag.value;
    }
    return "none";
}

} // namespace photosafe::test
