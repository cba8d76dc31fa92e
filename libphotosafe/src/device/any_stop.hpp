// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <stop_token>

namespace photosafe {

/// A token that asks to stop as soon as one of two others does.
class AnyStop {
public:
    AnyStop(std::stop_token a, std::stop_token b)
        : a_{std::move(a), [this] { source_.request_stop(); }}, b_{std::move(b),
                                                                   [this] { source_.request_stop(); }}
    {
    }
    AnyStop(const AnyStop&) = delete;
    AnyStop& operator=(const AnyStop&) = delete;

    std::stop_token token() const { return source_.get_token(); }

private:
    std::stop_source source_;
    std::stop_callback<std::function<void()>> a_, b_;
};

} // namespace photosafe
