// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/device.hpp>

#include "contract/folder_fixture.hpp"
#include "support/phone.hpp"

namespace photosafe::test {

/// A simulated phone that serves the files.
class PhoneFixture : public OnDisk {
public:
    Source& source() override
    {
        if (!source_) {
            phone_.emplace(folder());
            source_ = open_device(find_device(phone_->udid()));
        }
        return *source_;
    }

    bool proves_ahead() const override { return true; }

private:
    std::optional<SimPhone> phone_;
    std::unique_ptr<Source> source_;
};

} // namespace photosafe::test
