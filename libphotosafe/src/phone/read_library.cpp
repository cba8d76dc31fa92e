// SPDX-License-Identifier: LGPL-2.1-or-later
#include "phone/read_library.hpp"

#include <memory>

#include <photosafe/error.hpp>

#include "archive/impl.hpp"
#include "core/ends_all.hpp"
#include "core/phone_facts.hpp"
#include "core/text.hpp"
#include "media/worker_pool.hpp"
#include "phone/library_copy.hpp"

namespace photosafe {

namespace {

LibraryReading read_from_source(Source& source, const LibraryPlace& place, const LibraryFiles& files,
                                const Folder& archive, const ReadLibrary& read, const std::stop_token& stop)
{
    const LibraryCopy copy = copy_library(source, files, archive, stop);
    LibraryReading result{.state = LibraryReading::State::read,
                          .library = read(copy.for_worker()),
                          .files = copy.files.all(),
                          .trouble = {}};
    for (PhoneAsset& asset : result.library.assets) {
        // What a Mac's library only refers to lies elsewhere, and says where.
        if (!asset.path.empty() && !asset.path.starts_with('/')) asset.path.insert(0, place.items);
        if (!is_phone_path(asset.path)) asset.path.clear();
    }
    return result;
}

LibraryReading read_or_throw(Source& source, const LibraryPlace& place, const LibraryFiles& files,
                             const Folder& archive, const ReadLibrary& read, const std::stop_token& stop)
{
    try {
        return read_from_source(source, place, files, archive, read, stop);
    } catch (const MediaError& error) {
        if (error.code() == ErrorCode::not_found) throw; // there is no worker
    }
    // A copy that was taken in the middle of something is worth one more.
    const auto now = look_at_library(source, place.database);
    return read_from_source(source, place, now.value_or(files), archive, read, stop);
}

} // namespace

LibraryReading read_library(Source& source, const Archive& archive, const ReadLibrary& read,
                            std::stop_token stop)
{
    const auto place = source.library();
    if (!place) return {};
    LibraryReading result;
    try {
        const auto files = look_at_library(source, place->database);
        if (!files) return {};
        result.files = files->all();
        return read_or_throw(source, *place, *files, archive.impl().root, read, stop);
    } catch (const Error& error) {
        if (ends_all(error)) throw;
        result.state = LibraryReading::State::unread;
        result.trouble = error.what();
    }
    return result;
}

ReadLibrary library_reader(const MediaOptions& options)
{
    return [options, pool = std::shared_ptr<WorkerPool>{}](const DatabaseFile& file) mutable {
        if (!pool) {
            MediaOptions one = options;
            one.workers = 1;
            pool = std::make_shared<WorkerPool>(one);
        }
        return pool->read_phone_library(file);
    };
}

} // namespace photosafe
