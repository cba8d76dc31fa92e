// SPDX-License-Identifier: LGPL-2.1-or-later
// One fault, as the command line says it: what goes wrong, when, and how.
#pragma once

#include "wire.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace simphone {

enum class FaultKind {
    cut,           ///< the connection ends inside a reply
    stall,         ///< silence before or inside a reply
    short_read,    ///< a read answers fewer bytes than it could
    packet_number, ///< the reply carries another request's number
    bad_header,    ///< a field of the reply's header is wrong
    bad_list,      ///< a key/value list is malformed
    listing,       ///< a folder's listing isn't what is there
    status,        ///< an error instead of the operation
    flip,          ///< a bit of the data is wrong
    change,        ///< the file's bytes change, its size doesn't
    grow,
    shrink,
    replace, ///< another file takes the name
    remove,
    unplug,
    lock,
    no_space,
    lie,    ///< success without the deed; facts that aren't so
    refuse, ///< a service doesn't start
    lockdown_error,
    mux_error
};

/// When in the life of a request a fault acts.
enum class FaultStage { before, reply, opened, timer, service, lockdown, mux };

constexpr std::uint64_t always = std::numeric_limits<std::uint64_t>::max();

struct Fault {
    FaultKind kind{};
    FaultStage stage{};
    std::string spec; ///< as it was said

    // which requests
    std::optional<std::string> path, op, service, udid;
    std::optional<std::uint64_t> connection;  ///< the n-th service connection of the phone, from 1
    std::optional<std::uint64_t> offset;      ///< a read or write that covers this byte of the file
    std::optional<std::uint64_t> after_bytes; ///< when the phone has sent so many bytes of replies
    std::optional<std::chrono::nanoseconds> after;
    // which of them
    std::uint64_t nth = 1, every = 1, times = 1;

    // how
    std::optional<std::uint64_t> at;      ///< byte of the reply (its header counts), or of the data or file
    std::optional<std::uint64_t> wire_at; ///< byte of the connection, TLS included
    std::optional<std::uint64_t> bytes;
    std::optional<std::chrono::nanoseconds> lasting; ///< `for=`
    Cut how = Cut::fin;
    std::uint64_t code = 0;
    std::string error, what, field, value, name, target, from;
    std::optional<std::string> size, mtime;
    unsigned flip_mask = 1;
    bool drop = false, keep_time = false, later = false; ///< later: after the request is served, not before

    // what has happened
    std::uint64_t seen = 0, fired = 0;
    Instant armed{};
};

/// Throws std::invalid_argument with the word that is wrong.
Fault parse_fault(std::string_view spec);

/// "+5" and "-5" are relative to `truth`, everything else stands for itself.
std::uint64_t told_number(const std::string& word, std::uint64_t truth);

} // namespace simphone
