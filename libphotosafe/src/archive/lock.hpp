// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/file.hpp"

namespace photosafe {

/// The right to write an archive: held by one process at a time, and given back by the kernel when it ends,
/// however it ends. No clock and no age decides anything.
class Lock {
public:
    Lock() = default;
    /// Waits for half a second at most. Codes: busy, with a message that says who has it.
    explicit Lock(const Folder& root);

private:
    File file_;
};

} // namespace photosafe
