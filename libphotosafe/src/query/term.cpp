// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/term.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "core/text.hpp"
#include "query/guess.hpp"

namespace photosafe {

namespace {

using What = decltype(Query::Node::what);

struct Meant {
    std::string_view typed, meant;
};
// Words of other programs, and of people.
constexpr std::array other_terms{
    Meant{"date", "taken:"},
    Meant{"time", "taken:"},
    Meant{"day", "taken:"},
    Meant{"year", "taken:"},
    Meant{"month", "taken:"},
    Meant{"before", "taken:<"},
    Meant{"after", "taken:>"},
    Meant{"since", "taken:>="},
    Meant{"until", "taken:<="},
    Meant{"type", "kind:"},
    Meant{"is", "kind:"},
    Meant{"media", "kind:"},
    Meant{"tag", "keyword:"},
    Meant{"tags", "keyword:"},
    Meant{"keywords", "keyword:"},
    Meant{"people", "person:"},
    Meant{"face", "person:"},
    Meant{"who", "person:"},
    Meant{"file", "name:"},
    Meant{"filename", "name:"},
    Meant{"path", "name:"},
    Meant{"ext", "name:*.ext"},
    Meant{"gps", "has:location"},
    Meant{"location", "near:"},
    Meant{"place", "near:"},
    Meant{"geo", "near:"},
    Meant{"stars", "rating:"},
    Meant{"star", "rating:"},
    Meant{"phone", "device:"},
    Meant{"source", "device:"},
    Meant{"from", "device:"},
    Meant{"make", "camera:"},
    Meant{"model", "camera:"},
    Meant{"fav", "favorite:"},
    Meant{"favourite", "favorite:"},
    Meant{"bytes", "size:"},
    Meant{"length", "duration:"},
    Meant{"box", "in:"},
    Meant{"title", "has:title"},
    Meant{"caption", "has:caption"},
    Meant{"missing", "state:missing"},
    Meant{"damaged", "state:damaged"},
};
constexpr std::array other_kinds{
    Meant{"movie", "video"},        Meant{"movies", "video"},
    Meant{"videos", "video"},       Meant{"image", "photo"},
    Meant{"picture", "photo"},      Meant{"still", "photo"},
    Meant{"photos", "photo"},       Meant{"livephoto", "live"},
    Meant{"live_photo", "live"},    Meant{"slomo", "slow_motion"},
    Meant{"slowmo", "slow_motion"}, Meant{"slow-motion", "slow_motion"},
    Meant{"pano", "panorama"},      Meant{"dng", "raw"},
    Meant{"proraw", "raw"},         Meant{"edit", "edited"},
    Meant{"screen", "screenshot"},
};

std::string_view meant_by(std::span<const Meant> table, std::string_view typed)
{
    const auto found = std::ranges::find(table, typed, &Meant::typed);
    return found == table.end() ? std::string_view{} : found->meant;
}

/// One word of a few.
template <class Value, class Entry>
Value one_of(std::span<const Entry> entries, Value Entry::*value, const Token& typed, const Scanner& at,
             std::string_view what, std::span<const Meant> others = {})
{
    std::vector<std::string_view> words;
    for (const Entry& entry : entries) {
        if (typed.text == entry.word) return entry.*value;
        words.push_back(entry.word);
    }
    std::string_view guess = meant_by(others, typed.text);
    if (guess.empty()) guess = nearest_word(typed.text, words);
    at.fail(typed.offset,
            "`" + printable(typed.text) + "` is no " + std::string{what} + "; " +
                (guess.empty() ? "there are " + listed(words) : "did you mean " + std::string{guess} + "?"));
}

struct ParseWord {
    std::string_view word;
    ParseState state;
};
constexpr std::array parse_words{ParseWord{"done", ParseState::done}, ParseWord{"failed", ParseState::failed},
                                 ParseWord{"pending", ParseState::pending}};
struct StateWord {
    std::string_view word;
    AssetState state;
};
constexpr std::array state_words{StateWord{"present", AssetState::present},
                                 StateWord{"missing", AssetState::missing},
                                 StateWord{"damaged", AssetState::damaged}};
struct YesWord {
    std::string_view word;
    bool yes;
};
constexpr std::array yes_words{YesWord{"yes", true}, YesWord{"no", false}};

template <TextField field>
What read_text(const Token& value, const Scanner& at)
{
    return text_value(field, value, at);
}
template <AmountField field>
What read_amount(const Token& value, const Scanner& at)
{
    return amount_value(field, value, at);
}
template <DayField field>
What read_days(const Token& value, const Scanner& at)
{
    return std::visit([](const auto& days) { return What{days}; }, days_value(field, value, at));
}
template <FlagField field>
What read_flag(const Token& value, const Scanner& at)
{
    return Flag{field, one_of<bool, YesWord>(yes_words, &YesWord::yes, value, at, "answer")};
}
What read_kind(const Token& value, const Scanner& at)
{
    return one_of<KindFlag, KindWord>(kind_words, &KindWord::flag, value, at, "kind", other_kinds);
}
What read_has(const Token& value, const Scanner& at)
{
    return one_of<HasFact, HasWord>(has_words, &HasWord::fact, value, at, "fact");
}
What read_parse(const Token& value, const Scanner& at)
{
    return one_of<ParseState, ParseWord>(parse_words, &ParseWord::state, value, at, "state of reading");
}
What read_state(const Token& value, const Scanner& at)
{
    return one_of<AssetState, StateWord>(state_words, &StateWord::state, value, at, "state");
}
What read_near(const Token& value, const Scanner& at) { return near_value(value, at); }
What read_box(const Token& value, const Scanner& at) { return box_value(value, at); }

constexpr std::array terms{
    Term{"camera", "camera:\"iPhone 15 Pro\"", read_text<TextField::camera>},
    Term{"lens", "lens:ultra*", read_text<TextField::lens>},
    Term{"taken", "taken:2024-07..2024-08", read_days<DayField::taken>, DayField::taken},
    Term{"imported", "imported:today", read_days<DayField::imported>, DayField::imported},
    Term{"kind", "kind:live", read_kind},
    Term{"near", "near:41.9,12.5,10km", read_near},
    Term{"in", "in:41.8,12.4,42.0,12.6", read_box},
    Term{"rating", "rating:4..", read_amount<AmountField::rating>},
    Term{"keyword", "keyword:holidays", read_text<TextField::keyword>},
    Term{"person", "person:Ada", read_text<TextField::person>},
    Term{"name", "name:IMG_00*", read_text<TextField::name>},
    Term{"device", "device:\"Anna's iPhone\"", read_text<TextField::device>},
    Term{"album", "album:Rome", read_text<TextField::album>},
    Term{"favorite", "favorite:yes", read_flag<FlagField::favorite>},
    Term{"hidden", "hidden:no", read_flag<FlagField::hidden>},
    Term{"size", "size:>10MB", read_amount<AmountField::size>},
    Term{"duration", "duration:>30s", read_amount<AmountField::duration>},
    Term{"has", "has:location", read_has},
    Term{"parse", "parse:failed", read_parse},
    Term{"state", "state:missing", read_state},
};

template <class Value, class Entry>
std::string_view word_of(std::span<const Entry> entries, Value Entry::*value, Value wanted)
{
    return std::ranges::find(entries, wanted, value)->word;
}

} // namespace

const Term* find_term(std::string_view name)
{
    const auto found = std::ranges::find(terms, name, &Term::name);
    return found == terms.end() ? nullptr : found;
}

std::string term_hint(std::string_view name)
{
    if (const auto meant = meant_by(other_terms, name); !meant.empty()) return "`" + std::string{meant} + "`";
    std::vector<std::string_view> names;
    for (const Term& term : terms) names.push_back(term.name);
    const std::string_view nearest = nearest_word(name, names);
    return nearest.empty() ? std::string{} : "`" + std::string{nearest} + ":`";
}

std::string_view name(TextField field) noexcept
{
    switch (field) {
    case TextField::camera: return "camera";
    case TextField::lens: return "lens";
    case TextField::keyword: return "keyword";
    case TextField::person: return "person";
    case TextField::device: return "device";
    case TextField::name: return "name";
    case TextField::album: return "album";
    }
    return "name";
}

std::string_view name(AmountField field) noexcept
{
    switch (field) {
    case AmountField::size: return "size";
    case AmountField::duration: return "duration";
    case AmountField::rating: return "rating";
    }
    return "size";
}

std::string_view name(DayField field) noexcept { return field == DayField::taken ? "taken" : "imported"; }
std::string_view name(FlagField field) noexcept { return field == FlagField::hidden ? "hidden" : "favorite"; }

std::string_view name(DayUnit unit, int count) noexcept
{
    switch (unit) {
    case DayUnit::day: return count == 1 ? "day" : "days";
    case DayUnit::week: return count == 1 ? "week" : "weeks";
    case DayUnit::month: return count == 1 ? "month" : "months";
    case DayUnit::year: return count == 1 ? "year" : "years";
    }
    return "days";
}

std::string_view name(KindFlag kind) noexcept
{
    return word_of<KindFlag, KindWord>(kind_words, &KindWord::flag, kind);
}
std::string_view name(HasFact fact) noexcept
{
    return word_of<HasFact, HasWord>(has_words, &HasWord::fact, fact);
}

} // namespace photosafe
