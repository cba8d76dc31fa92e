// SPDX-License-Identifier: LGPL-2.1-or-later
// What stands after the colon of a term. Each throws QueryError with the reason and how it should look.
#pragma once

#include "query/node.hpp"
#include "query/scanner.hpp"

namespace photosafe {

/// `10MB..`, `>1.5GB`, `4..5`.
Amount amount_value(AmountField field, const Token& value, const Scanner& at);
/// `2024`, `2024-07..2024-08`, `..2019`, `>=2024-07-14`, `today`, `yesterday`.
std::variant<Days, OneDay> days_value(DayField field, const Token& value, const Scanner& at);
/// `last 30 days`: `count` and `unit` are the words after the first.
LastDays last_days_value(DayField field, const Token& count, const Token& unit, const Scanner& at);
/// `41.9,12.5,10km`.
Near near_value(const Token& value, const Scanner& at);
/// `south,west,north,east`.
Box box_value(const Token& value, const Scanner& at);
/// Words, `=exactly this`, `pattern*`.
FieldText text_value(TextField field, const Token& value, const Scanner& at);
/// Words, `beginn*`.
AnyText any_text(const Token& word, const Scanner& at);

} // namespace photosafe
