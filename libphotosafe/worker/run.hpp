// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "worker/serve.hpp"

namespace photosafe::worker {

/// The life of a worker: `prepare` still in freedom, which loads what libraries load late and tells the
/// worker's facts, then the jail, then jobs until the library is gone. The result is the program's exit
/// status.
int run_worker(int argc, char** argv, const std::function<WorkerFacts()>& prepare, const Job& job);

} // namespace photosafe::worker
