// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "query/node.hpp"
#include "query/scanner.hpp"

namespace photosafe {

/// Reads a query, by descent:
///
///     query  = either?
///     either = both ("or" both)*
///     both   = factor ("and"? factor)*
///     factor = ("not" | "-") factor | "(" either ")" | term
///     term   = name ":" value | text
class Parser {
public:
    explicit Parser(std::string_view text) : scanner_{text} {}
    /// Throws QueryError.
    Query::Node parse();

private:
    Query::Node either();
    Query::Node both();
    Query::Node factor();
    Query::Node negated(std::size_t offset);
    Query::Node group();
    Query::Node word(Token token);
    Query::Node term(const Token& token, std::size_t colon);
    Query::Node made(std::size_t offset) const;
    bool ends_a_factor() const;
    void enter(std::size_t offset);

    Scanner scanner_;
    int depth_ = 0, terms_ = 0;
};

} // namespace photosafe
