// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "contract/source_fixture.hpp"
#include "support/memory_source.hpp"

namespace photosafe::test {

class MemoryFixture : public SourceFixture {
public:
    void put(const std::string& path, std::string_view content, Instant modified) override
    {
        source_.add({path, std::string{content}, modified});
    }
    void overwrite(const std::string& path, std::string_view content, Instant modified) override
    {
        source_.change(path, std::string{content}, modified);
    }
    void remove(const std::string& path) override { source_.remove(path); }
    Source& source() override { return source_; }

private:
    MemorySource source_;
};

} // namespace photosafe::test
