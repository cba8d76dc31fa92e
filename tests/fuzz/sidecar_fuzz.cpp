// SPDX-License-Identifier: LGPL-2.1-or-later
// The sidecar that is there as any bytes: what is made of it is text, and says all that there was to say.
#include <cstdlib>

#include <nlohmann/json.hpp>

#include <photosafe/error.hpp>

#include "core/text.hpp"
#include "worker/read_metadata.hpp"
#include "worker/sidecar.hpp"

using namespace photosafe;

namespace {

SidecarFacts some_facts()
{
    SidecarFacts facts;
    facts.rating = 3;
    facts.title = "A title";
    facts.keywords = {"sea", "sun"};
    facts.people = {{"Ada", Region{{}, 0.5, 0.5, 0.1, 0.1}}};
    facts.place.city = "Rome";
    facts.position = GeoPoint{41.9, 12.5, 21.5};
    return facts;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bool prepared = (worker::prepare_readers(), true);
    (void)prepared;
    static const SidecarFacts facts = some_facts();
    worker::Sidecar merged;
    try {
        merged = worker::merge_sidecar(facts, {reinterpret_cast<const char*>(data), size});
    } catch (const MediaError&) {
        return 0;
    }
    if (!merged.changed) return 0;
    const std::string_view text{reinterpret_cast<const char*>(merged.text.data()), merged.text.size()};
    if (!is_utf8(text) || worker::merge_sidecar(facts, text).changed) std::abort();
    return 0;
}
