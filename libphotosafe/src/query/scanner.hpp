// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/query.hpp>

namespace photosafe {

/// A piece of a query: a parenthesis, or characters up to the next space or parenthesis that isn't quoted.
struct Token {
    enum class Kind { end, open, close, word };
    /// What a character may still mean.
    enum class Mark : char {
        plain,   ///< anything
        quoted,  ///< no separator, no name of a term; `*` and `?` are what they are in patterns
        escaped, ///< itself
    };

    Kind kind = Kind::end;
    std::size_t offset = 0;            ///< where it begins
    std::size_t end = 0;               ///< behind its last byte
    bool quoted = false;               ///< somewhere in it
    std::string text{};                ///< without quotes and escapes
    std::vector<Mark> marks{};         ///< of each byte of `text`
    std::vector<std::size_t> places{}; ///< of each byte of `text`, where it stands in the query

    /// The byte at `at` if it may still mean anything, else 0.
    char plain(std::size_t at) const
    {
        return at < text.size() && marks[at] == Mark::plain ? text[at] : '\0';
    }
    /// Whether all of it is plain, and these letters, large or small.
    bool is_word(std::string_view lower) const;
    /// What follows the first `count` bytes.
    Token after(std::size_t count) const;
};

/// Cuts a query into tokens, one ahead.
class Scanner {
public:
    /// Throws QueryError for a text that is too long, no UTF-8 or has control characters.
    explicit Scanner(std::string_view text);

    const Token& peek() const noexcept { return next_; }
    Token take();
    [[noreturn]] void fail(std::size_t offset, const std::string& reason) const;
    /// In characters, the first is 1.
    std::size_t column(std::size_t offset) const;

private:
    Token read();
    Token read_word();

    std::string_view text_;
    std::size_t at_ = 0;
    Token next_;
    mutable std::size_t counted_to_ = 0, counted_ = 1; ///< an offset and its column
};

} // namespace photosafe
