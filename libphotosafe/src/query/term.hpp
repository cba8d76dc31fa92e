// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "query/node.hpp"
#include "query/scanner.hpp"
#include "query/values.hpp"

namespace photosafe {

/// A term that has a name.
struct Term {
    std::string_view name;
    std::string_view example;
    decltype(Query::Node::what) (*read)(const Token& value, const Scanner& at);
    std::optional<DayField> days{}; ///< of terms that take `last 30 days`
};

/// The term of this name; none where there is none.
const Term* find_term(std::string_view name);
/// What was probably meant by a name that no term has: "`camera:`". Empty where nothing comes to mind.
std::string term_hint(std::string_view name);

// The names of terms and of what stands behind them, for the parser and the printer.
std::string_view name(TextField field) noexcept;
std::string_view name(AmountField field) noexcept;
std::string_view name(DayField field) noexcept;
std::string_view name(FlagField field) noexcept;
std::string_view name(DayUnit unit, int count) noexcept;
std::string_view name(KindFlag kind) noexcept;
std::string_view name(HasFact fact) noexcept;

} // namespace photosafe
