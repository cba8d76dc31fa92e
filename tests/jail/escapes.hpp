// SPDX-License-Identifier: LGPL-2.1-or-later
// What a picture that has taken over its decoder might try. Each must end the worker.
#pragma once

#include <span>
#include <string_view>

namespace photosafe::test {

struct Escape {
    std::string_view name;
    void (*attempt)(int file); ///< `file`: the descriptor of the job
};

std::span<const Escape> escapes();

} // namespace photosafe::test
