// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/range.hpp"

namespace photosafe {

namespace {

Token before(const Token& value, std::size_t count)
{
    Token token = value;
    token.text.resize(count);
    token.marks.resize(count);
    token.places.resize(count);
    return token;
}

} // namespace

RangeText range_text(const Token& value)
{
    const auto begins = [&](std::string_view sign) { return value.text.starts_with(sign); };
    if (begins(">=")) return {.from = value.after(2)};
    if (begins("<=")) return {.to = value.after(2)};
    if (begins(">")) return {.above = value.after(1)};
    if (begins("<")) return {.below = value.after(1)};
    const std::size_t dots = value.text.find("..");
    if (dots == std::string::npos) return {.one = value};
    RangeText text;
    if (dots > 0) text.from = before(value, dots);
    if (dots + 2 < value.text.size()) text.to = value.after(dots + 2);
    if (!text.from && !text.to) text.one = value; // `..` alone: no end can be read of it
    return text;
}

} // namespace photosafe
