// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/archive.hpp>
#include <photosafe/source.hpp>

#include "notices.hpp"
#include "shared.hpp"

namespace photosafe::python {

/// An archive of Python's. What never changes of it can be had without a turn.
struct SharedArchive : Shared<Archive> {
    explicit SharedArchive(Archive archive)
        : Shared{std::make_unique<Archive>(std::move(archive))}, root{turn()->root()},
          layout{turn()->layout()}, warnings{turn()->warnings()}
    {
    }
    const std::filesystem::path root;
    const std::string layout;
    const std::vector<std::string> warnings;
};

/// A source, likewise.
struct SharedSource : Shared<Source> {
    SharedSource(std::unique_ptr<Source> source, std::shared_ptr<Notices> its_notices)
        : Shared{std::move(source)}, info{turn()->info()}, notices{std::move(its_notices)}
    {
    }
    ~SharedSource() { notices->forget(); }
    const SourceInfo info;
    const std::shared_ptr<Notices> notices;
};

} // namespace photosafe::python
