// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/full_text.hpp"

#include <utility>

namespace photosafe {

namespace {

constexpr std::int64_t counted_rows = 2000; ///< above, a word is frequent
constexpr std::int64_t far_blocks = 8;      ///< that are gone through rather than left out

std::string statement_text(FullTextRows::Table table, bool newest_first)
{
    const std::string name = table == FullTextRows::Table::words ? "words" : "names";
    return "SELECT rowid FROM " + name + " WHERE " + name + " MATCH ? AND rowid" +
           (newest_first ? "<=? ORDER BY rowid DESC" : ">=? ORDER BY rowid");
}

/// A rare word is asked before a frequent one, which then has little left to be asked for.
double work_of(Statements& sql, FullTextRows::Table table, const std::string& match)
{
    constexpr double beginning = 50;
    Statement& row = sql(table == FullTextRows::Table::words
                             ? "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
                             : "SELECT count(*) FROM (SELECT 1 FROM names WHERE names MATCH ? LIMIT ?)");
    row.bind(1, match).bind(2, counted_rows).step();
    const auto count = static_cast<double>(row.number(0));
    row.reset();
    return beginning + count;
}

} // namespace

std::string full_text_words(TextMatch match, std::string_view text)
{
    std::string result{'"'}; // sqlite.org/fts5.html#fts5_strings
    for (const char c : text) {
        if (c == '"') result += '"';
        result += c;
    }
    return result + (match == TextMatch::beginning ? "\"*" : "\"");
}

FullTextRows::FullTextRows(const SearchContext& context, Table table, std::string match, Restart restart)
    : rows_{context.db.prepare(statement_text(table, context.order == FindOrder::newest_first))},
      match_{std::move(match)}, newest_first_{context.order == FindOrder::newest_first}, restart_{restart},
      work_{restart == Restart::dear ? static_cast<double>(counted_rows) * 2
                                     : work_of(context.sql, table, match_)}
{
}

void FullTextRows::start(std::int64_t from)
{
    rows_.reset();
    rows_.bind(1, match_).bind(2, from);
    started_ = true;
    step();
}

void FullTextRows::step()
{
    if (rows_.step())
        next_ = rows_.number(0);
    else
        next_.reset();
}

SlotSet FullTextRows::in(const Window& window, const SlotSet& candidates)
{
    SlotSet set{window};
    std::size_t first = 0, end = candidates.chunks();
    while (first < end && candidates[first].empty()) ++first;
    while (end > first && candidates[end - 1].empty()) --end;
    if (first == end) return set;

    const std::int64_t lowest = first_slot_of_chunk(window.chunks[first]);
    const std::int64_t highest = first_slot_of_chunk(window.chunks[end - 1] + 1) - 1;
    const std::int64_t begin = newest_first_ ? highest : lowest;
    const auto before = [&](std::int64_t slot) { return newest_first_ ? slot > highest : slot < lowest; };
    if (!started_) {
        start(begin);
    } else if (next_ && before(*next_) && restart_ == Restart::cheap &&
               std::abs(block_of_slot(*next_) - block_of_slot(begin)) > far_blocks) {
        start(begin);
    }
    while (next_ && before(*next_)) step();
    for (; next_ && *next_ >= lowest && *next_ <= highest; step()) set.add(window, *next_);
    return set;
}

} // namespace photosafe
