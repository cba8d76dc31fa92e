// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "media/facts.hpp"

namespace photosafe::worker {

/// This program and the libraries that it reads pictures with: `photosafe 0.1.0, libexif 0.6.24, Exiv2
/// 0.27.6, …`. When it changes, what couldn't be read is worth another try. Call it after `prepare_decoders`,
/// whose plugins it names.
std::string versions();

/// What this worker says of itself, but for its jail. Call it after `prepare_decoders`.
WorkerFacts worker_facts();

} // namespace photosafe::worker
