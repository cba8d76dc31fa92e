// SPDX-License-Identifier: LGPL-2.1-or-later
// What the messages between the library and a media worker say. A worker first says hello, with WorkerFacts;
// then it gets requests, each with the descriptor of a file, and answers each with facts or with an error.
//
// An answer comes from a process that a hostile picture may have taken over. So everything is checked here,
// and what makes no sense is MediaError{protocol}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <photosafe/error.hpp>
#include <photosafe/metadata.hpp>
#include <photosafe/phone_library.hpp>

#include "media/facts.hpp"
#include "media/message.hpp"
#include "media/sidecar_facts.hpp"

namespace photosafe {

/// The program of a worker is started with these two, as decimal numbers.
struct WorkerLimits {
    std::uint64_t memory_bytes; ///< of address space beyond what it starts with
    std::uint64_t cpu_seconds;  ///< for one job
};

// By the library.

std::string metadata_request();
std::string render_request(const RenderOptions& options);
std::string phone_library_request(const DatabaseFile& file);
/// Of a file that has the facts, as `to_text` writes them, and right behind them the sidecar that is there.
std::string sidecar_request(std::uint64_t facts_bytes, std::uint64_t sidecar_bytes);

/// What a new worker says of itself.
WorkerFacts hello_of(const Message& message);
/// The answers. An error that the worker tells is MediaError{unreadable} or MediaError{out_of_memory}.
Metadata metadata_answer(const Message& message);
Picture picture_answer(Message&& message);
PhoneLibrary phone_library_answer(const Message& message);
MergedSidecar sidecar_answer(const Message& message);

// By the worker.

std::string hello(const WorkerFacts& facts);
/// The object in a request: `job`, and the options of the job beside it. Throws MediaError{protocol}.
nlohmann::json request_of(const Message& message);
std::string error_answer(ErrorCode code, std::string_view message);

} // namespace photosafe
