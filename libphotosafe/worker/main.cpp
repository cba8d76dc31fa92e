// SPDX-License-Identifier: LGPL-2.1-or-later
// photosafe-media-worker: the one program that parses pictures. libphotosafe starts it and asks it over a
// socket.
#include "media/metadata_json.hpp"
#include "worker/decode.hpp"
#include "worker/phone_library.hpp"
#include "worker/read_metadata.hpp"
#include "worker/render.hpp"
#include "worker/run.hpp"
#include "worker/sidecar.hpp"
#include "worker/versions.hpp"

namespace photosafe::worker {

namespace {

WorkerFacts prepare()
{
    prepare_decoders();
    prepare_readers();
    return worker_facts();
}

JobResult do_job(int fd, const nlohmann::json& request)
{
    const std::string job = request.value("job", "");
    if (job == "metadata") return {{{"metadata", to_json(read_metadata(fd))}}, {}};
    if (job == "render") {
        Rendition rendition = render(fd, request);
        return {{{"picture", facts_of(rendition)}}, std::move(rendition.payload)};
    }
    if (job == "phone_library")
        return {{{"phone_library", nlohmann::json::object()}}, phone_library_lines(fd, request)};
    if (job == "sidecar") {
        Sidecar sidecar = merge_sidecar(fd, request);
        return {{{"sidecar", {{"changed", sidecar.changed}}}}, std::move(sidecar.text)};
    }
    throw MediaError{ErrorCode::unreadable, "The media worker knows no such job."};
}

} // namespace

} // namespace photosafe::worker

int main(int argc, char** argv)
{
    return photosafe::worker::run_worker(argc, argv, photosafe::worker::prepare, photosafe::worker::do_job);
}
