// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/source.hpp>

#include <photosafe/error.hpp>

#include "core/text.hpp"

namespace photosafe {

Reader::~Reader() = default;
Source::~Source() = default;

std::optional<LibraryPlace> Source::library() const { return std::nullopt; }

SourceFile Source::look(const std::string& path)
{
    for (SourceFile& file : list().files) {
        if (file.path == path) return std::move(file);
    }
    throw DeviceError{ErrorCode::not_found, printable(path) + " is not there any more", path};
}

} // namespace photosafe
