// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include <photosafe/source.hpp>

namespace photosafe::test {

/// A source of some kind, with the files that a test puts there.
class SourceFixture {
public:
    SourceFixture() = default;
    virtual ~SourceFixture() = default;
    SourceFixture(const SourceFixture&) = delete;
    SourceFixture& operator=(const SourceFixture&) = delete;

    /// Writes a file below DCIM, or replaces one by another file of that name.
    virtual void put(const std::string& path, std::string_view content, Instant modified) = 0;
    /// Changes the bytes of the file that is there.
    virtual void overwrite(const std::string& path, std::string_view content, Instant modified) = 0;
    virtual void remove(const std::string& path) = 0;
    /// Whether readers get their proof as the last byte comes, so that what happens afterwards can't take it back.
    virtual bool proves_ahead() const { return false; }
    /// The source over these files; the same one each time.
    virtual Source& source() = 0;
};

/// One kind of source, by name, for the suite to run over.
struct SourceKind {
    std::string name;
    std::function<std::unique_ptr<SourceFixture>()> make;
    friend void PrintTo(const SourceKind& kind, std::ostream* out) { *out << kind.name; }
};

} // namespace photosafe::test
