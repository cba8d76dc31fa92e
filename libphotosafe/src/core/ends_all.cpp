// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/ends_all.hpp"

namespace photosafe {

bool ends_all(const Error& error)
{
    if (dynamic_cast<const DeviceError*>(&error) == nullptr) return error.code() == ErrorCode::cancelled;
    switch (error.code()) {
    case ErrorCode::device_absent:
    case ErrorCode::device_gone:
    case ErrorCode::device_locked:
    case ErrorCode::trust_pending:
    case ErrorCode::not_trusted:
    case ErrorCode::refused:
    case ErrorCode::cancelled: return true;
    default: return false;
    }
}

} // namespace photosafe
