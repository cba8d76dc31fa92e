// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/scanner.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace photosafe {

namespace {

constexpr std::size_t longest_query = 64 * 1024;

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

} // namespace

bool Token::is_word(std::string_view word) const
{
    return kind == Kind::word && text.size() == word.size() &&
           std::ranges::all_of(marks, [](Mark mark) { return mark == Mark::plain; }) &&
           std::ranges::equal(text, word, {}, lower);
}

Token Token::after(std::size_t count) const
{
    const auto cut = static_cast<std::ptrdiff_t>(count);
    return {.kind = kind,
            .offset = count < places.size() ? places[count]
                      : count > 0           ? places[count - 1] + 1
                                            : offset,
            .end = end,
            .quoted = quoted,
            .text = text.substr(count),
            .marks = {marks.begin() + cut, marks.end()},
            .places = {places.begin() + cut, places.end()}};
}

Scanner::Scanner(std::string_view text) : text_{text.substr(0, longest_query)}
{
    if (text.size() > longest_query) fail(longest_query, "the query is longer than 64 KiB; ask in several");
    for (std::size_t at = 0; at < text.size();) {
        const Character next = first_character(text.substr(at));
        if (!next.code) fail(at, "this byte is no UTF-8");
        if (is_control(*next.code) && !is_space(text[at]))
            fail(at, "a control character has no place in a query");
        at += next.bytes;
    }
    next_ = read();
}

Token Scanner::take()
{
    Token taken = std::move(next_);
    next_ = read();
    return taken;
}

std::size_t Scanner::column(std::size_t offset) const
{
    if (offset < counted_to_) counted_to_ = 0, counted_ = 1;
    for (; counted_to_ < std::min(offset, text_.size()); ++counted_)
        counted_to_ += first_character(text_.substr(counted_to_)).bytes;
    return counted_;
}

void Scanner::fail(std::size_t offset, const std::string& reason) const
{
    throw QueryError{offset, column(offset), reason};
}

Token Scanner::read()
{
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    if (at_ == text_.size()) return {.kind = Token::Kind::end, .offset = at_, .end = at_};
    if (text_[at_] != '(' && text_[at_] != ')') return read_word();
    const std::size_t begin = at_++;
    return {
        .kind = text_[begin] == '(' ? Token::Kind::open : Token::Kind::close, .offset = begin, .end = at_};
}

Token Scanner::read_word()
{
    Token token{.kind = Token::Kind::word, .offset = at_};
    std::size_t quote = std::string_view::npos; // where the quotes opened
    const auto open = [&] { return quote != std::string_view::npos; };
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (!open() && (is_space(c) || c == '(' || c == ')')) break;
        if (c == '"') {
            quote = open() ? std::string_view::npos : at_;
            token.quoted = true;
            continue;
        }
        const bool escaped = c == '\\';
        if (escaped && ++at_ == text_.size())
            fail(at_ - 1, "a \\ takes the next character as it is, and none follows");
        token.text += text_[at_];
        token.marks.push_back(escaped  ? Token::Mark::escaped
                              : open() ? Token::Mark::quoted
                                       : Token::Mark::plain);
        token.places.push_back(at_);
    }
    if (open()) fail(quote, "these quotes are not closed; put another \" where they end");
    token.end = at_;
    return token;
}

} // namespace photosafe
