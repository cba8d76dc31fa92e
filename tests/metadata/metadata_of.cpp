// SPDX-License-Identifier: LGPL-2.1-or-later
// What the media worker says of files, one JSON object a line: `metadata_of WORKER FILE…`. The facts have the
// names that they have between library and worker; `kind` and `taken_source` are words.
#include <cstdio>
#include <exception>

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include <photosafe/media.hpp>

#include "core/file.hpp"
#include "media/metadata_json.hpp"
#include "media/worker_pool.hpp"

namespace {

using namespace photosafe;

nlohmann::json read(WorkerPool& pool, const char* path)
{
    try {
        const File file{::open(path, O_RDONLY | O_CLOEXEC), path};
        const Metadata facts = pool.read_metadata(file.fd());
        nlohmann::json row = to_json(facts);
        row["kind"] = name(facts.kind);
        row["taken_source"] = name(facts.taken.source);
        return row;
    } catch (const std::exception& error) {
        return {{"error", error.what()}};
    }
}

} // namespace

int main(int count, char** arguments)
{
    if (count < 2) {
        std::fputs("usage: metadata_of WORKER FILE...\n", stderr);
        return 2;
    }
    WorkerPool pool{{.worker = arguments[1], .workers = 1}};
    for (int i = 2; i < count; ++i) {
        nlohmann::json row = read(pool, arguments[i]);
        row["file"] = arguments[i];
        std::puts(row.dump().c_str());
    }
    return 0;
}
