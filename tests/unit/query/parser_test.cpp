// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <random>

#include <gtest/gtest.h>

#include <photosafe/query.hpp>

#include "query/node.hpp"
#include "query/parser.hpp"
#include "query/print.hpp"

namespace photosafe {
namespace {

std::string form(std::string_view text) { return Query::parse(text).text(); }

/// Column and reason; empty for a query.
std::pair<std::size_t, std::string> trouble(std::string_view text)
{
    try {
        (void)Query::parse(text);
        return {0, {}};
    } catch (const QueryError& e) {
        EXPECT_EQ(e.code(), ErrorCode::invalid);
        return {e.column(), e.what()};
    }
}

#define EXPECT_TROUBLE(text, at, part)                                                                       \
    do {                                                                                                     \
        const auto [column, message] = trouble(text);                                                        \
        EXPECT_EQ(column, std::size_t{at}) << message;                                                       \
        EXPECT_NE(message.find(part), std::string::npos) << message;                                         \
    } while (false)

TEST(QueryParser, ReadsEveryTerm)
{
    const std::array<std::pair<const char*, const char*>, 48> forms{{
        {"", ""},
        {"   ", ""},
        {"sunset", "sunset"},
        {"Zürich", "Zürich"},
        {"写真", "写真"},
        {"\"new york\"", "\"new york\""},
        {"IMG_0042.HEIC", "IMG_0042.HEIC"},
        {"sun*", "sun*"},
        {"\"new y\"*", "\"new y\"*"},
        {"what?", "\"what\\?\""},
        {"camera:\"iPhone 15 Pro\"", "camera:\"iPhone 15 Pro\""},
        {"camera:iPhone\\ 15", "camera:\"iPhone 15\""},
        {"camera:=Apple", "camera:=Apple"},
        {"lens:ultra*", "lens:\"ultra*\""},
        {"keyword:a\\*b*", "keyword:\"a\\*b*\""},
        {"keyword:***", "keyword:\"*\""},
        {"person:Ada", "person:Ada"},
        {"name:IMG_00??.*", "name:\"IMG_00??.*\""},
        {"device:\"Anna's iPhone\"", "device:\"Anna's iPhone\""},
        {"album:Rome", "album:Rome"},
        {"favorite:yes", "favorite:yes"},
        {"hidden:no", "hidden:no"},
        {"taken:2024", "taken:2024-01-01..2024-12-31"},
        {"taken:2024-02", "taken:2024-02-01..2024-02-29"},
        {"taken:2024-07..2024-08", "taken:2024-07-01..2024-08-31"},
        {"taken:..2019", "taken:..2019-12-31"},
        {"taken:2020..", "taken:2020-01-01.."},
        {"taken:>2020", "taken:2021-01-01.."},
        {"taken:<2020-03", "taken:..2020-02-29"},
        {"taken:>=1999-12-31", "taken:1999-12-31.."},
        {"imported:<=1999-12", "imported:..1999-12-31"},
        {"imported:today", "imported:today"},
        {"taken:yesterday", "taken:yesterday"},
        {"taken:last 30 days", "taken:last 30 days"},
        {"taken:\"last 1 month\" x", "taken:last 1 month x"},
        {"kind:slow_motion", "kind:slow_motion"},
        {"near:41.9,-12.5,10km", "near:41.9,-12.5,10000m"},
        {"near:41.9,12.5,500m", "near:41.9,12.5,500m"},
        {"in:-1,179,1,-179.5", "in:-1,179,1,-179.5"},
        {"rating:4..", "rating:4.."},
        {"rating:>=4", "rating:4.."},
        {"rating:-1", "rating:-1..-1"},
        {"size:>10MB", "size:10000001B.."},
        {"size:10..20MiB", "size:10485760B..20971520B"},
        {"duration:1:30..1h", "duration:90000ms..3600000ms"},
        {"has:location", "has:location"},
        {"parse:failed", "parse:failed"},
        {"state:missing", "state:missing"},
    }};
    for (const auto& [text, expected] : forms) {
        EXPECT_EQ(form(text), expected) << text;
        EXPECT_EQ(Query::parse(expected), Query::parse(text)) << text;
    }
    EXPECT_EQ(Query{}, Query::parse(""));
}

TEST(QueryParser, BindsNotBeforeAndBeforeOr)
{
    EXPECT_EQ(form("a b or c d"), "a b or c d");
    EXPECT_EQ(form("a (b or c) d"), "a (b or c) d");
    EXPECT_EQ(form("(a b) c and d"), "a b c d");
    EXPECT_EQ(form("a or (b or c)"), "a or b or c");
    EXPECT_EQ(form("not a b"), "not a b");
    EXPECT_EQ(form("not (a b)"), "not (a b)");
    EXPECT_EQ(form("-a -(b or c) -kind:live"), "not a not (b or c) not kind:live");
    EXPECT_EQ(form("NOT a OR b AND c"), "not a or b c");
    EXPECT_EQ(form("not not a"), "a");
    EXPECT_EQ(form("((((a))))"), "a");
    EXPECT_NE(Query::parse("a b or c"), Query::parse("a (b or c)"));
}

TEST(QueryParser, TakesWordsOfItsOwnInQuotes)
{
    EXPECT_EQ(form("\"or\" \"not\" \"and\""), "\"or\" \"not\" \"and\"");
    EXPECT_EQ(form("\"camera:x\""), "\"camera:x\"");
    EXPECT_EQ(form("\"-x\" \\-y"), "\"-x\" \"-y\"");
    EXPECT_EQ(form("\"(a)\""), "\"(a)\"");
    EXPECT_EQ(form("\"say \\\"hi\\\" \\\\o/\""), "\"say \\\"hi\\\" \\\\o/\"");
    EXPECT_EQ(form("keyword:\"=a\""), "keyword:\"=a\"");
    EXPECT_EQ(form("over-night"), "\"over-night\"");
}

TEST(QueryParser, SaysWhereAndWhyAndWhatWouldDo)
{
    EXPECT_TROUBLE("kind:foto", 6, "did you mean photo?");
    EXPECT_TROUBLE("kind:movie", 6, "did you mean video?");
    EXPECT_TROUBLE("kind:xyz", 6, "there are photo, video");
    EXPECT_TROUBLE("sunset camara:x", 8, "did you mean `camera:`?");
    EXPECT_TROUBLE("date:2024", 1, "did you mean `taken:`?");
    EXPECT_TROUBLE("http://x", 1, "in quotes");
    EXPECT_TROUBLE("ä \"open", 3, "not closed");
    EXPECT_TROUBLE("(a b", 1, "not closed");
    EXPECT_TROUBLE("a b)", 4, "closes none");
    EXPECT_TROUBLE("a ()", 3, "nothing in these parentheses");
    EXPECT_TROUBLE("a or", 5, "missing");
    EXPECT_TROUBLE("or a", 1, "missing before `or`");
    EXPECT_TROUBLE("a or or b", 6, "missing before `or`");
    EXPECT_TROUBLE("a and or b", 7, "missing before `or`");
    EXPECT_TROUBLE("not", 4, "missing");
    EXPECT_TROUBLE("a - b", 3, "right before");
    EXPECT_TROUBLE("camera:", 1, "looks like camera:");
    EXPECT_TROUBLE("camera: canon", 1, "what follows");
    EXPECT_TROUBLE("camera:=", 8, "follow the =");
    EXPECT_TROUBLE("camera:\"\"", 8, "no letter");
    EXPECT_TROUBLE("---", 2, "no letter");
    EXPECT_TROUBLE("*", 1, "no letter");
    EXPECT_TROUBLE("a*b", 2, "name:*x*");
    EXPECT_TROUBLE("x taken:2024-13", 9, "2024-07-14");
    EXPECT_TROUBLE("taken:2023-02-29", 7, "no day");
    EXPECT_TROUBLE("taken:2024..2023", 7, "2023..2024");
    EXPECT_TROUBLE("taken:2024..x", 13, "`x` is no day");
    EXPECT_TROUBLE("taken:yesterday..", 7, "`yesterday` stands alone");
    EXPECT_TROUBLE("taken:0024", 7, "no day");
    EXPECT_TROUBLE("taken:last", 11, "last 30 days");
    EXPECT_TROUBLE("taken:last many days", 12, "last 30 days");
    EXPECT_TROUBLE("taken:last 3 fortnights", 12, "last 30 days");
    EXPECT_TROUBLE("taken:\"last 3\"", 13, "last 30 days");
    EXPECT_TROUBLE("rating:6", 8, "-1 (rejected) to 5");
    EXPECT_TROUBLE("rating:4.5", 8, "-1");
    EXPECT_TROUBLE("size:10MB", 6, "size:>10MB");
    EXPECT_TROUBLE("size:>ten", 7, "looks like 10MB");
    EXPECT_TROUBLE("size:>-5MB", 7, "looks like");
    EXPECT_TROUBLE("size:>inf", 7, "looks like");
    EXPECT_TROUBLE("size:>nan", 7, "looks like");
    EXPECT_TROUBLE("size:>1e5", 7, "looks like");
    EXPECT_TROUBLE("size:>99999999999TB", 7, "looks like");
    EXPECT_TROUBLE("size:<0", 6, "less");
    EXPECT_TROUBLE("duration:1:75..", 10, "1:30");
    EXPECT_TROUBLE("near:91,0,1km", 6, "near:41.9");
    EXPECT_TROUBLE("near:1,2", 6, "near:41.9");
    EXPECT_TROUBLE("near:1,2,3", 6, "m, km or mi");
    EXPECT_TROUBLE("near:nan,2,3km", 6, "near:41.9");
    EXPECT_TROUBLE("near:1,2,0km", 6, "near:41.9");
    EXPECT_TROUBLE("near:1,2,30000km", 6, "near:41.9");
    EXPECT_TROUBLE("in:2,1,1,2", 4, "other way");
    EXPECT_TROUBLE("in:1,2,3", 4, "south, west");
    EXPECT_TROUBLE("has:gps", 5, "there are location");
    EXPECT_TROUBLE("favorite:maybe", 10, "yes or no");
    EXPECT_TROUBLE("state:lost", 7, "present, missing or damaged");
    EXPECT_TROUBLE("parse:fail", 7, "did you mean failed?");
    EXPECT_TROUBLE("a\\", 2, "none follows");
}

TEST(QueryParser, CountsColumnsInCharactersAndOffsetsInBytes)
{
    try {
        (void)Query::parse("Zürich 写真 foo:bar");
        FAIL();
    } catch (const QueryError& e) {
        EXPECT_EQ(e.column(), 11u);
        EXPECT_EQ(e.offset(), 15u);
    }
}

TEST(QueryParser, RefusesHostileTextInWords)
{
    EXPECT_TROUBLE(std::string_view("a\0b", 3), 2, "control character");
    EXPECT_TROUBLE("a\x1b[31m", 2, "control character");
    EXPECT_TROUBLE("\xff", 1, "UTF-8");
    EXPECT_TROUBLE("a\u202e", 2, "control character");
    EXPECT_TROUBLE(std::string(1 << 20, 'a'), 65537, "64 KiB");
    EXPECT_TROUBLE(std::string(10'000, '('), 101, "within each other");
    EXPECT_TROUBLE(std::string(10'000, '(') + "a" + std::string(10'000, ')'), 101, "within each other");
    std::string nots, many;
    for (int i = 0; i < 10'000; ++i) nots += "not ";
    EXPECT_TROUBLE(nots + "a", 401, "within each other");
    for (int i = 0; i < 1'000; ++i) many += "a or ";
    EXPECT_TROUBLE(many + "a", 1281, "256 terms");
}

/// A query in the form that the parser makes.
class Maker {
public:
    explicit Maker(std::uint32_t seed) : random_{seed} {}

    Query::Node node(int depth = 0)
    {
        Query::Node made;
        switch (depth > 4 ? 3u : below(6)) {
        case 0: return operation(Not{}, 1, depth);
        case 1: return operation(And{}, 2 + below(3), depth);
        case 2: return operation(Or{}, 2 + below(3), depth);
        default: made.what = term();
        }
        return made;
    }

private:
    unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }

    template <class Operation>
    Query::Node operation(Operation what, unsigned count, int depth)
    {
        Query::Node made;
        made.what = what;
        while (made.children.size() < count) {
            Query::Node child = node(depth + 1);
            if (!std::holds_alternative<Operation>(child.what)) made.children.push_back(std::move(child));
        }
        return made;
    }

    std::string text()
    {
        static constexpr std::array pieces{"a", "Z", "9", "é",  "写",  " ", "\"", "\\", "(", ")", ":", "-",
                                           "=", "*", "?", "or", "not", ".", "..", "'",  "%", "$", "\t"};
        std::string made;
        for (unsigned i = 0; i < 1 + below(6); ++i) made += pieces[below(pieces.size())];
        return made + "a"; // so that there is something to look for
    }

    std::string pattern()
    {
        std::string made;
        for (unsigned i = 0; i < 1 + below(5); ++i) {
            switch (below(5)) {
            case 0: made += "\\*"; break;
            case 1: made += "\\\\"; break;
            case 2: made += '?'; break;
            case 3: made += "\""; break;
            default: made += "x "; break;
            }
        }
        return made + '*';
    }

    FieldText field_text()
    {
        const auto field = static_cast<TextField>(below(7));
        const auto match = below(3);
        if (match == 0) return {field, TextMatch::pattern, pattern()};
        return {field, match == 1 ? TextMatch::exact : TextMatch::words, text()};
    }

    AnyText any_text() { return {below(2) == 0 ? TextMatch::words : TextMatch::beginning, text()}; }

    template <class Made>
    Made range(Made made, std::int64_t lowest, unsigned width)
    {
        const std::int64_t a = lowest + below(width), b = a + below(width);
        const unsigned ends = below(3);
        if (ends != 0) made.first = a;
        if (ends != 1) made.last = b;
        return made;
    }

    decltype(Query::Node::what) term()
    {
        const auto degrees = [&](double most) { return (below(2'000'001) / 1e6 - 1) * most; };
        switch (below(13)) {
        case 0: return field_text();
        case 1: return range(Amount{AmountField::size, {}, {}}, 0, 1'000'000'000);
        case 2: return range(Amount{AmountField::duration, {}, {}}, 0, 1'000'000);
        case 3: {
            const int stars = static_cast<int>(below(7)) - 1;
            return Amount{AmountField::rating, stars, 5};
        }
        case 4: return range(Days{static_cast<DayField>(below(2)), {}, {}}, -100'000, 80'000);
        case 5:
            return LastDays{static_cast<DayField>(below(2)), 1 + static_cast<int>(below(500)),
                            static_cast<DayUnit>(below(4))};
        case 6: return OneDay{static_cast<DayField>(below(2)), static_cast<int>(below(2))};
        case 7: return Near{degrees(90), degrees(180), 1 + below(20'000'000) / 7.0};
        case 8: {
            const double south = degrees(45) - 45;
            return Box{south, degrees(180), south + below(90), degrees(180)};
        }
        case 9: return kind_words[below(kind_words.size())].flag;
        case 10: return has_words[below(has_words.size())].fact;
        case 11: return Flag{static_cast<FlagField>(below(2)), below(2) == 0};
        default: return any_text();
        }
    }

    std::mt19937 random_;
};

TEST(QueryParser, ReadsWhatItPrints)
{
    for (std::uint32_t seed = 0; seed < 20'000; ++seed) {
        const Query::Node node = Maker{seed}.node();
        const std::string text = printed(node);
        Query::Node again;
        ASSERT_NO_THROW(again = Parser{text}.parse()) << text;
        ASSERT_EQ(again, node) << text << "\n" << printed(again);
    }
}

/// Any text is a query or a QueryError, and what is a query is the same when it is printed and read again.
TEST(QueryParser, TakesOrRefusesAnyText)
{
    static constexpr std::array pieces{
        "camera",      "taken", "near", "in",   "size", "rating", "kind",  "name",        ":",   "\"",
        "\\",          "(",     ")",    "-",    "=",    "*",      "?",     "or",          "and", "not",
        " ",           "..",    ">",    "<",    ">=",   "2024",   "-07",   "last 3 days", "10",  "MB",
        "km",          ",",     "1.5",  "a",    "é",    "AND",    "NEAR(", "{",           "^",   "+",
        "' OR 1=1 --", "\x7f",  "\xc3", "live", "[",    "%",      ";"};
    std::mt19937 random{3};
    unsigned queries = 0;
    for (int i = 0; i < 200'000; ++i) {
        std::string text;
        for (unsigned n = static_cast<unsigned>(random() % 9); n > 0; --n)
            text += pieces[random() % pieces.size()];
        try {
            const Query query = Query::parse(text);
            ++queries;
            ASSERT_EQ(Query::parse(query.text()), query) << text;
        } catch (const QueryError& e) {
            ASSERT_LE(e.offset(), text.size()) << text;
            ASSERT_GE(e.column(), 1u);
        }
    }
    EXPECT_GT(queries, 10'000u);
}

} // namespace
} // namespace photosafe
