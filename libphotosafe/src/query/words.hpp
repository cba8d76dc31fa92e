// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "query/criterion.hpp"
#include "query/node.hpp"

namespace photosafe {

/// To have this anywhere in its texts.
CriterionPtr has_text(const AnyText& text, const SearchContext& context);
/// To have this in the text of a camera, a lens, a keyword, a person, a device, or in its name.
CriterionPtr has_text(const FieldText& text, const SearchContext& context);

/// Whether all of `text` is as the pattern says: `*` any text, `?` a character, `\` takes the next as it is.
/// Both are UTF-8.
bool matches_pattern(std::string_view pattern, std::string_view text);

} // namespace photosafe
