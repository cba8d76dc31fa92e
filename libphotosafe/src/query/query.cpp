// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/query.hpp>

#include "query/node.hpp"
#include "query/parser.hpp"
#include "query/print.hpp"

namespace photosafe {

QueryError::QueryError(std::size_t offset, std::size_t column, std::string_view reason)
    : Error{ErrorCode::invalid, "The query, column " + std::to_string(column) + ": " + std::string{reason} +
                                    (reason.ends_with('?') ? "" : ".")},
      offset_{offset}, column_{column}
{
}

Query::Query() : root_{std::make_shared<const Node>()} {}

Query Query::parse(std::string_view text)
{
    return Query{std::make_shared<const Node>(Parser{text}.parse())};
}

std::string Query::text() const { return printed(*root_); }

bool Query::operator==(const Query& other) const { return *root_ == *other.root_; }

} // namespace photosafe
