// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <photosafe/query.hpp>

#include "archive/kind_flag.hpp"

namespace photosafe {

/// How a text is looked for.
enum class TextMatch {
    words,     ///< these words, whole and in this order, anywhere
    beginning, ///< the same, the last of them perhaps longer
    exact,     ///< nothing else than this
    pattern,   ///< nothing else than this; `*` is any text, `?` one character, `\` takes the next as it is
};

/// Facts that have text.
enum class TextField { camera, lens, keyword, person, device, name, album };
/// Facts that have an amount.
enum class AmountField { size, duration, rating };
/// Facts that have a day.
enum class DayField { taken, imported };
/// What people said of a picture on the phone.
enum class FlagField { favorite, hidden };

struct AnyText { ///< in names, titles, captions, keywords, people, cameras, lenses
    TextMatch match = TextMatch::words;
    std::string text;
    bool operator==(const AnyText&) const = default;
};
struct FieldText {
    TextField field{};
    TextMatch match = TextMatch::words;
    std::string text;
    bool operator==(const FieldText&) const = default;
};
struct Amount { ///< bytes, milliseconds, stars; both ends belong to it
    AmountField field{};
    std::optional<std::int64_t> first, last;
    bool operator==(const Amount&) const = default;
};
struct Days { ///< days since 1970; both ends belong to it
    DayField field{};
    std::optional<std::int64_t> first, last;
    bool operator==(const Days&) const = default;
};
enum class DayUnit { day, week, month, year };
struct LastDays { ///< counted back from the day that the question is asked on
    DayField field{};
    int count = 0;
    DayUnit unit = DayUnit::day;
    bool operator==(const LastDays&) const = default;
};
struct OneDay { ///< so many days before the day that the question is asked on
    DayField field{};
    int ago = 0;
    bool operator==(const OneDay&) const = default;
};
struct Near {
    double latitude = 0, longitude = 0, metres = 0;
    bool operator==(const Near&) const = default;
};
struct Box { ///< degrees; one whose west is east of its east lies across the date line
    double south = 0, west = 0, north = 0, east = 0;
    bool operator==(const Box&) const = default;
};
struct Flag {
    FlagField field{};
    bool yes = true;
    bool operator==(const Flag&) const = default;
};
struct Everything {
    bool operator==(const Everything&) const = default;
};
struct Not {
    bool operator==(const Not&) const = default;
};
struct And {
    bool operator==(const And&) const = default;
};
struct Or {
    bool operator==(const Or&) const = default;
};

/// A term, or an operation on its children: `not` has one, `and` and `or` have two or more and none of their
/// own kind.
struct Query::Node {
    std::variant<Everything, Not, And, Or, AnyText, FieldText, Amount, Days, LastDays, OneDay, Near, Box,
                 KindFlag, HasFact, ParseState, AssetState, Flag>
        what{};
    std::vector<Node> children{};
    std::size_t offset = 0, column = 1; ///< where it stands in the text
    bool operator==(const Node& other) const { return what == other.what && children == other.children; }
};

} // namespace photosafe
