// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/words.hpp"

#include <algorithm>
#include <utility>

#include "archive/trait.hpp"
#include "core/text.hpp"
#include "query/full_text.hpp"
#include "query/operations.hpp"
#include "query/traits.hpp"

namespace photosafe {

namespace {

/// To be found in `words`.
class WordsCriterion final : public Criterion {
public:
    explicit WordsCriterion(FullTextRows rows) : rows_{std::move(rows)} {}
    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        SlotSet set = rows_.in(window, candidates);
        set &= candidates;
        return set;
    }
    double work() const override { return rows_.work(); }

private:
    FullTextRows rows_;
};

/// To have a name that is as the pattern says. Where the pattern has three characters in a row, only names
/// that have them are read.
class NameCriterion final : public Criterion {
public:
    NameCriterion(std::string pattern, std::optional<FullTextRows> rows, Statements& sql)
        : pattern_{std::move(pattern)}, rows_{std::move(rows)}, sql_{&sql}
    {
    }
    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        SlotSet to_read = candidates, found{window};
        if (rows_) to_read &= rows_->in(window, candidates);
        to_read.for_each(window, [&](std::int64_t slot) {
            // The full text keeps what it was given in a table of its own: sqlite.org/fts5.html
            Statement& row = (*sql_)("SELECT c0 FROM words_content WHERE id=?").bind(1, slot);
            if (row.step() && matches_pattern(pattern_, row.text(0))) found.add(window, slot);
            row.reset();
        });
        return found;
    }
    double work() const override
    {
        constexpr double all_names = 1e6;
        return rows_ ? 2 * rows_->work() : all_names;
    }

private:
    std::string pattern_;
    std::optional<FullTextRows> rows_;
    Statements* sql_;
};

/// The letters of a pattern, three by three, as FTS5 wants them; empty where it has none.
std::string trigrams(std::string_view pattern)
{
    constexpr std::size_t most = 12;
    std::string result;
    std::vector<std::string_view> run;
    std::size_t count = 0;
    for (std::string_view rest = pattern; !rest.empty() && count < most;) {
        const bool wild = rest.front() == '*' || rest.front() == '?';
        if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
        const std::size_t bytes = first_character(rest).bytes;
        run.push_back(rest.substr(0, bytes));
        rest.remove_prefix(bytes);
        if (wild) run.clear();
        if (run.size() < 3) continue;
        const std::string three = std::string{run[0]}.append(run[1]).append(run[2]);
        result += (count++ == 0 ? "" : " AND ") + full_text_words(TextMatch::words, three);
        run.erase(run.begin());
    }
    return result;
}

std::string as_pattern(std::string_view exact)
{
    std::string pattern;
    for (const char c : exact) {
        if (c == '*' || c == '?' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern;
}

CriterionPtr has_words_in(TextMatch match, const std::string& column, const std::string& text,
                          const SearchContext& context)
{
    // SQLite keeps an index of beginnings of up to three letters.
    const bool dear = match == TextMatch::beginning && text.size() > 3;
    return std::make_unique<WordsCriterion>(
        FullTextRows{context, FullTextRows::Table::words, column + full_text_words(match, text),
                     dear ? FullTextRows::Restart::dear : FullTextRows::Restart::cheap});
}

/// What a pattern says up to its first `*` or `?`.
struct Beginning {
    std::string text;
    bool whole = true; ///< there is nothing else
    unsigned letters = 0;
};
Beginning beginning_of(std::string_view pattern)
{
    Beginning result;
    for (std::string_view rest = pattern; !rest.empty();) {
        result.whole = rest.front() != '*' && rest.front() != '?';
        if (!result.whole) break;
        if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
        const Character next = first_character(rest);
        result.text += rest.substr(0, next.bytes);
        if (next.code && is_word_character(*next.code)) ++result.letters;
        rest.remove_prefix(next.bytes);
    }
    return result;
}

/// The names that can be as the pattern says: by the words that they begin with, where it has such, else by
/// any three letters in a row. None: it can be any name.
std::optional<FullTextRows> candidates(const std::string& pattern, const SearchContext& context)
{
    constexpr unsigned enough = 4;
    const Beginning beginning = beginning_of(pattern);
    if (beginning.whole ? beginning.letters > 0 : beginning.letters >= enough) {
        const auto match = beginning.whole ? TextMatch::words : TextMatch::beginning;
        return FullTextRows{context, FullTextRows::Table::words,
                            "name:" + full_text_words(match, beginning.text),
                            beginning.whole ? FullTextRows::Restart::cheap : FullTextRows::Restart::dear};
    }
    const std::string match = trigrams(pattern);
    if (match.empty()) return std::nullopt;
    return FullTextRows{context, FullTextRows::Table::names, match, FullTextRows::Restart::cheap};
}

CriterionPtr has_name(const FieldText& text, const SearchContext& context)
{
    if (text.match == TextMatch::words) return has_words_in(text.match, "name:", text.text, context);
    const std::string pattern = fold_key(text.match == TextMatch::exact ? as_pattern(text.text) : text.text);
    std::optional<FullTextRows> rows = candidates(pattern, context);
    return std::make_unique<NameCriterion>(pattern, std::move(rows), context.sql);
}

TraitKind kind_of(TextField field)
{
    switch (field) {
    case TextField::camera: return TraitKind::camera;
    case TextField::lens: return TraitKind::lens;
    case TextField::keyword: return TraitKind::keyword;
    case TextField::person: return TraitKind::person;
    case TextField::album: return TraitKind::album;
    default: return TraitKind::device;
    }
}

/// Traits of the kinds from `first` to `last` with a label that has these words.
std::vector<std::int64_t> labelled(TextMatch match, std::string_view text, TraitKind first, TraitKind last,
                                   Statements& sql)
{
    Statement& row = sql("SELECT l.trait FROM labels JOIN label l ON l.id=labels.rowid WHERE labels MATCH ? "
                         "AND l.trait BETWEEN ? AND ?");
    row.bind(1, full_text_words(match, text))
        .bind(2, trait(first, 0))
        .bind(3, trait(last, last_trait_number));
    std::vector<std::int64_t> traits;
    while (row.step()) traits.push_back(row.number(0));
    row.reset();
    return traits;
}

std::vector<std::int64_t> labelled_as(const FieldText& text, Statements& sql)
{
    const TraitKind kind = kind_of(text.field);
    if (text.match == TextMatch::words) return labelled(text.match, text.text, kind, kind, sql);
    const std::string key = fold_key(text.text);
    std::vector<std::int64_t> traits;
    Statement& row = text.match == TextMatch::exact
                         ? sql("SELECT trait, key FROM label WHERE key=?3 AND trait BETWEEN ?1 AND ?2")
                         : sql("SELECT trait, key FROM label WHERE trait BETWEEN ?1 AND ?2 AND ?3=?3");
    row.bind(1, trait(kind, 0)).bind(2, trait(kind, last_trait_number)).bind(3, key);
    while (row.step())
        if (text.match == TextMatch::exact || matches_pattern(key, row.text(1)))
            traits.push_back(row.number(0));
    row.reset();
    return traits;
}

} // namespace

CriterionPtr has_text(const AnyText& text, const SearchContext& context)
{
    std::vector<CriterionPtr> either;
    // Not of devices: all that came from Anna's iPhone is not what is looked for by the name of Anna.
    auto traits = labelled(text.match, text.text, TraitKind::camera, TraitKind::person, context.sql);
    const auto albums = labelled(text.match, text.text, TraitKind::album, TraitKind::album, context.sql);
    traits.insert(traits.end(), albums.begin(), albums.end());
    if (!traits.empty()) either.push_back(has_trait(context.sql, ranges_of(std::move(traits))));
    either.push_back(has_words_in(text.match, "", text.text, context));
    return any_of(std::move(either));
}

CriterionPtr has_text(const FieldText& text, const SearchContext& context)
{
    if (text.field == TextField::name) return has_name(text, context);
    return has_trait(context.sql, ranges_of(labelled_as(text, context.sql)));
}

} // namespace photosafe
