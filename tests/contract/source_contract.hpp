// SPDX-License-Identifier: LGPL-2.1-or-later
// What every source promises, whatever is behind it: to be instantiated for each kind.
#pragma once

#include <gtest/gtest.h>

#include "contract/source_fixture.hpp"

namespace photosafe::test {

class SourceContract : public ::testing::TestWithParam<SourceKind> {
protected:
    SourceFixture& files() { return *files_; }
    Source& source() { return files_->source(); }

    /// The only file, or the one at `path`, as the source lists it now.
    SourceFile listed(const std::string& path);
    /// The rest of what the reader gives.
    static std::string rest_of(Reader& reader);
    std::string whole(const SourceFile& file, std::uint64_t offset = 0);

private:
    std::unique_ptr<SourceFixture> files_ = GetParam().make();
};

inline std::string kind_name(const ::testing::TestParamInfo<SourceKind>& info) { return info.param.name; }

} // namespace photosafe::test
