// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include <photosafe/metadata.hpp>

#include "ingest/metadata_reader.hpp"

namespace photosafe::test {

// Files of tests say in plain text what pictures say in EXIF: `spoken{…}` and whatever else they hold.

/// What such a file is to say. An empty member isn't said.
struct Spoken {
    std::string kind = "photo"; ///< the name of a MediaKind
    std::string id{};           ///< content identifier
    std::string local{};        ///< wall time
    std::string source{};       ///< the name of a TimeSource; of its own accord `exif_offset` or `exif_local`
    int offset = 0;             ///< minutes; with `local`, where `zone` is set
    bool zone = false;
    std::string instant{}; ///< RFC 3339, in the place of `local`
    std::string burst{}, model{}, rating{}, keyword{}, title{}, failure{};
    bool screenshot = false;
    std::string bytes{}; ///< what else it holds, to be another content
};
std::string spoken(const Spoken& what);

/// The reader of such files. What says nothing can't be read (`unreadable`), what asks for a failure gets it:
/// `unreadable`, `crashed`, `timeout`, or `not_found`, as if the workers were gone.
Metadata read_spoken(int fd);

/// A reader of such files that counts them.
class SpokenReader : public MetadataReader {
public:
    explicit SpokenReader(std::string versions = "test 1", unsigned threads = 2)
        : MetadataReader{[this](int fd) { return ++reads_, read_spoken(fd); }, std::move(versions), threads}
    {
    }
    unsigned reads() const { return reads_; }

private:
    std::atomic<unsigned> reads_ = 0;
};

} // namespace photosafe::test
