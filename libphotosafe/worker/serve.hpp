// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "media/facts.hpp"

namespace photosafe::worker {

/// What a job comes to: an object with one key, `metadata` or `picture`, and bytes beside it.
struct JobResult {
    nlohmann::json json;
    std::vector<std::uint8_t> payload;
};

/// Does the job that `request` names, with the file behind `fd`, which is read-only and closed afterwards.
/// What it throws becomes the answer.
using Job = std::function<JobResult(int fd, const nlohmann::json& request)>;

/// Says hello over `socket`, and answers requests until nobody is at the other end. `cpu_seconds` is how much
/// processor time one job may take; more ends the process.
void serve(int socket, std::uint64_t cpu_seconds, const WorkerFacts& facts, const Job& job);

} // namespace photosafe::worker
