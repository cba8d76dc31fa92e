// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cerrno>
#include <system_error>

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace photosafe::test {

/// While it lives, this thread and those that it starts may read only what modes allow, root's too. (Another
/// user might not even reach the folder of the test.)
class WithoutRoot {
public:
    WithoutRoot()
    {
        call(SYS_capget, before_);
        Sets without{before_[0], before_[1]};
        without[0].effective &= ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
        call(SYS_capset, without);
    }
    WithoutRoot(const WithoutRoot&) = delete;
    WithoutRoot& operator=(const WithoutRoot&) = delete;
    ~WithoutRoot() { call(SYS_capset, before_); }

private:
    using Sets = __user_cap_data_struct[_LINUX_CAPABILITY_U32S_3];

    static void call(long number, Sets& sets)
    {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        if (::syscall(number, &header, &sets[0]) != 0)
            throw std::system_error{errno, std::generic_category(), "capabilities"};
    }
    Sets before_{};
};

} // namespace photosafe::test
