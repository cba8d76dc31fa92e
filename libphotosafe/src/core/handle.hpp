// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace photosafe {

/// Deleter for handles of C libraries: `std::unique_ptr<sqlite3_stmt, FreeWith<sqlite3_finalize>>`.
template <auto free_fn>
struct FreeWith {
    template <class T>
    void operator()(T* handle) const noexcept
    {
        (void)free_fn(handle);
    }
};

} // namespace photosafe
