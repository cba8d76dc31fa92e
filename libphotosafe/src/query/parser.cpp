// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/parser.hpp"

#include <utility>

#include "core/text.hpp"
#include "query/guess.hpp"
#include "query/term.hpp"

namespace photosafe {

namespace {

// What a person asks has a few terms. More than these would be a program's, and may not exhaust the stack or
// the archive's memory.
constexpr int deepest = 100, most_terms = 256;

/// Puts `child` into an operation, or its children where it is the same operation.
template <class Operation>
void join(Query::Node& to, Query::Node child)
{
    if (!std::holds_alternative<Operation>(child.what)) return to.children.push_back(std::move(child));
    for (Query::Node& one : child.children) to.children.push_back(std::move(one));
}

template <class Operation>
Query::Node joined(Query::Node to)
{
    if (to.children.size() > 1) {
        to.what = Operation{};
        return to;
    }
    Query::Node only = std::move(to.children.front());
    return only;
}

} // namespace

Query::Node Parser::made(std::size_t offset) const
{
    Query::Node node;
    node.offset = offset;
    node.column = scanner_.column(offset);
    return node;
}

Query::Node Parser::parse()
{
    if (scanner_.peek().kind == Token::Kind::end) return made(0);
    Query::Node node = either();
    const Token& rest = scanner_.peek();
    if (rest.kind == Token::Kind::close)
        scanner_.fail(rest.offset, "this parenthesis closes none; leave it out, or put quotes around it");
    return node;
}

Query::Node Parser::either()
{
    Query::Node node = made(scanner_.peek().offset);
    join<Or>(node, both());
    while (scanner_.peek().is_word("or")) {
        scanner_.take();
        join<Or>(node, both());
    }
    return joined<Or>(std::move(node));
}

bool Parser::ends_a_factor() const
{
    const Token& next = scanner_.peek();
    return next.kind == Token::Kind::end || next.kind == Token::Kind::close || next.is_word("or");
}

Query::Node Parser::both()
{
    Query::Node node = made(scanner_.peek().offset);
    join<And>(node, factor());
    while (!ends_a_factor()) {
        if (scanner_.peek().is_word("and")) scanner_.take();
        join<And>(node, factor());
    }
    return joined<And>(std::move(node));
}

void Parser::enter(std::size_t offset)
{
    if (++depth_ > deepest)
        scanner_.fail(offset, "more than " + std::to_string(deepest) +
                                  " parentheses and nots stand within each other");
}

Query::Node Parser::factor()
{
    const Token& next = scanner_.peek();
    if (next.kind == Token::Kind::open) return group();
    if (next.kind != Token::Kind::word) scanner_.fail(next.offset, "something to look for is missing here");
    for (const char* const word : {"or", "and"}) {
        if (next.is_word(word))
            scanner_.fail(next.offset, std::string{"something to look for is missing before `"} + word +
                                           "`; the word itself is looked for in quotes, \"" + word + '"');
    }
    Token token = scanner_.take();
    if (token.is_word("not")) return negated(token.offset);
    if (token.plain(0) != '-') return word(std::move(token));
    if (token.text.size() == 1) {
        // `-(…)`, with nothing between
        if (scanner_.peek().kind == Token::Kind::open && scanner_.peek().offset == token.end)
            return negated(token.offset);
        scanner_.fail(token.offset, "a - stands right before what is not wanted");
    }
    Query::Node node = made(token.offset);
    node.what = Not{};
    node.children.push_back(word(token.after(1)));
    return node;
}

Query::Node Parser::negated(std::size_t offset)
{
    enter(offset);
    Query::Node node = made(offset);
    Query::Node child = factor();
    --depth_;
    if (std::holds_alternative<Not>(child.what)) { // twice not
        Query::Node inner = std::move(child.children.front());
        return inner;
    }
    node.what = Not{};
    node.children.push_back(std::move(child));
    return node;
}

Query::Node Parser::group()
{
    const std::size_t begin = scanner_.take().offset;
    enter(begin);
    if (scanner_.peek().kind == Token::Kind::close)
        scanner_.fail(begin, "there is nothing in these parentheses");
    Query::Node node = either();
    if (scanner_.peek().kind != Token::Kind::close)
        scanner_.fail(begin, "this parenthesis is not closed; put a ) where it ends");
    scanner_.take();
    --depth_;
    return node;
}

Query::Node Parser::word(Token token)
{
    if (++terms_ > most_terms)
        scanner_.fail(token.offset,
                      "the query has more than " + std::to_string(most_terms) + " terms; ask in several");
    for (std::size_t i = 0; i < token.text.size() && token.plain(i) != '\0'; ++i)
        if (token.text[i] == ':') return term(token, i);
    Query::Node node = made(token.offset);
    node.what = any_text(token, scanner_);
    return node;
}

Query::Node Parser::term(const Token& token, std::size_t colon)
{
    const std::string name = token.text.substr(0, colon);
    const Term* const found = find_term(name);
    if (found == nullptr) {
        const std::string hint = term_hint(name);
        scanner_.fail(token.offset, "no term is called `" + printable(name) + "`" +
                                        (hint.empty() ? std::string{"."} : "; did you mean " + hint + "?") +
                                        " A text with a colon in it stands in quotes");
    }
    Query::Node node = made(token.offset);
    const Token value = token.after(colon + 1);
    if (value.text.empty() && !value.quoted) // `name:` and nothing, perhaps a space too many
        scanner_.fail(token.offset,
                      "what follows `" + name + ":`? It looks like " + std::string{found->example});
    if (found->days && value.text.starts_with("last ")) { // in quotes
        const std::size_t gap = value.text.find(' ', 5);
        const Token count = value.after(5);
        Token number = count;
        number.text = count.text.substr(0, gap == std::string::npos ? gap : gap - 5);
        node.what = last_days_value(*found->days, number,
                                    gap == std::string::npos ? Token{} : value.after(gap + 1), scanner_);
        return node;
    }
    if (found->days && value.is_word("last")) {
        const Token count = scanner_.take(),
                    unit = scanner_.peek().kind == Token::Kind::word ? scanner_.take() : Token{};
        node.what = last_days_value(*found->days, count, unit, scanner_);
        return node;
    }
    node.what = found->read(value, scanner_);
    return node;
}

} // namespace photosafe
