// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "query/scanner.hpp"

namespace photosafe {

/// What one end of a range covers: a month has many days, an amount is one.
struct Span {
    std::int64_t first = 0, last = 0;
};

/// A range; both ends belong to it.
struct Range {
    std::optional<std::int64_t> first, last;
};

/// The text of a value, cut where its range has ends. One without `..` and comparison has `one` only.
struct RangeText {
    std::optional<Token> from{}, above{}, to{}, below{}, one{};
};
RangeText range_text(const Token& value);

/// The range of which `read(Token)` tells what each end covers.
template <class Read>
Range range_of(const RangeText& text, const Token& value, const Scanner& at, Read read)
{
    Range range;
    if (text.one) {
        const Span span = read(*text.one);
        return {span.first, span.last};
    }
    if (text.from) range.first = read(*text.from).first;
    if (text.above) range.first = read(*text.above).last + 1;
    if (text.to) range.last = read(*text.to).last;
    if (text.below) range.last = read(*text.below).first - 1;
    if (range.first && range.last && *range.first > *range.last)
        at.fail(value.offset,
                "the range ends before it begins; write " + text.to->text + ".." + text.from->text);
    return range;
}

} // namespace photosafe
