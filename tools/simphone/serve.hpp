// SPDX-License-Identifier: LGPL-2.1-or-later
// `simphone serve`: its options, and the process around the phones.
#pragma once

#include "phone.hpp"

#include <string>
#include <vector>

namespace simphone {

struct ServeOptions {
    std::string socket;  ///< a path, or HOST:PORT
    std::string log;     ///< request log; empty: none
    std::string control; ///< control socket; "-": standard input; empty: none
    std::string state;   ///< folder of keys and pairings; empty: they end with the process
    std::vector<PhoneSpec> phones;
    std::vector<std::string> faults; ///< set before the first request
};

/// Applies "udid=…,name=…,root=…" to a phone. Throws std::invalid_argument.
void apply_phone_option(PhoneSpec& phone, const std::string& key, const std::string& value);

/// Serves until SIGTERM, SIGINT or `quit`. Returns the exit code; throws std::exception when it can't begin.
int serve(ServeOptions options);

} // namespace simphone
