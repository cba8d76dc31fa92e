// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "query/criterion.hpp"
#include "query/node.hpp"

namespace photosafe {

/// `text` for SQLite's FTS5, as words that mean nothing to its syntax.
std::string full_text_words(TextMatch match, std::string_view text);

/// Goes through the rows that FTS5 finds, window by window.
class FullTextRows {
public:
    enum class Table { words, names };
    /// What costs more than going on for a while: to begin again from another row. With beginnings of words,
    /// all is done at the start.
    enum class Restart { cheap, dear };
    FullTextRows(const SearchContext& context, Table table, std::string match, Restart restart);

    /// Adds the rows that lie in the window, between the first and the last chunk of which `candidates` has
    /// any.
    SlotSet in(const Window& window, const SlotSet& candidates);
    /// About how many rows there are, in microseconds of going through them.
    double work() const noexcept { return work_; }

private:
    void start(std::int64_t from);
    void step();

    Statement rows_;
    std::string match_;
    bool newest_first_;
    Restart restart_;
    double work_;
    bool started_ = false;
    std::optional<std::int64_t> next_; ///< found, and not asked for yet
};

} // namespace photosafe
