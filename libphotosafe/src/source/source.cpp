// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/source.hpp>

namespace photosafe {

Reader::~Reader() = default;
Source::~Source() = default;

} // namespace photosafe
