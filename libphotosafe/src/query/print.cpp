// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/print.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "query/term.hpp"

namespace photosafe {

namespace {

std::string number_text(double number)
{
    std::array<char, 400> text{}; // the longest double without an exponent
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return {text.data(), error == std::errc{} ? end : text.data()};
}

bool is_simple(std::string_view text)
{
    const auto simple = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '.' || (static_cast<unsigned char>(c) & 0x80) != 0;
    };
    std::string lower;
    for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::ranges::all_of(text, simple) && lower != "or" && lower != "and" && lower != "not" &&
           !text.empty();
}

std::string escaped(std::string_view text, std::string_view special)
{
    std::string result;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) result += '\\';
        result += c;
    }
    return result;
}

std::string text_text(TextMatch match, const std::string& text)
{
    if (match == TextMatch::pattern) return '"' + escaped(text, "\"") + '"'; // it has its own \ already
    std::string result = match == TextMatch::exact ? "=" : "";
    result += is_simple(text) ? text : '"' + escaped(text, "\"\\*?") + '"';
    return match == TextMatch::beginning ? result + '*' : result;
}

std::string day_text(std::int64_t day)
{
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

template <class Text>
std::string range_text(const std::optional<std::int64_t>& first, const std::optional<std::int64_t>& last,
                       Text text)
{
    return (first ? text(*first) : std::string{}) + ".." + (last ? text(*last) : std::string{});
}

struct TermPrinter {
    std::string operator()(const AnyText& t) const { return text_text(t.match, t.text); }
    std::string operator()(const FieldText& t) const
    {
        return with(name(t.field), text_text(t.match, t.text));
    }
    std::string operator()(const Amount& t) const
    {
        const std::string_view unit = t.field == AmountField::size       ? "B"
                                      : t.field == AmountField::duration ? "ms"
                                                                         : "";
        return with(name(t.field), range_text(t.first, t.last, [&](std::int64_t n) {
                        return std::to_string(n).append(unit);
                    }));
    }
    std::string operator()(const Days& t) const
    {
        return with(name(t.field), range_text(t.first, t.last, day_text));
    }
    std::string operator()(const LastDays& t) const
    {
        return with(name(t.field),
                    "last " + std::to_string(t.count) + ' ' + std::string{name(t.unit, t.count)});
    }
    std::string operator()(const OneDay& t) const
    {
        return with(name(t.field), t.ago == 0 ? "today" : "yesterday");
    }
    std::string operator()(const Near& t) const
    {
        return "near:" + number_text(t.latitude) + ',' + number_text(t.longitude) + ',' +
               number_text(t.metres) + 'm';
    }
    std::string operator()(const Box& t) const
    {
        return "in:" + number_text(t.south) + ',' + number_text(t.west) + ',' + number_text(t.north) + ',' +
               number_text(t.east);
    }
    std::string operator()(KindFlag t) const { return with("kind", name(t)); }
    std::string operator()(HasFact t) const { return with("has", name(t)); }
    std::string operator()(ParseState t) const { return with("parse", photosafe::name(t)); }
    std::string operator()(AssetState t) const { return with("state", photosafe::name(t)); }
    std::string operator()(const Flag& t) const { return with(name(t.field), t.yes ? "yes" : "no"); }
    std::string operator()(const Everything&) const { return {}; }
    template <class Operation>
    std::string operator()(const Operation&) const = delete;

    static std::string with(std::string_view name, std::string_view value)
    {
        return std::string{name} + ':' + std::string{value};
    }
};

/// In parentheses where it would fall apart otherwise.
std::string within(const Query::Node& node, bool in_and)
{
    const bool apart =
        std::holds_alternative<Or>(node.what) || (!in_and && std::holds_alternative<And>(node.what));
    return apart ? '(' + printed(node) + ')' : printed(node);
}

std::string children_text(const Query::Node& node, std::string_view between, bool in_and)
{
    std::string text;
    for (const Query::Node& child : node.children) {
        if (!text.empty()) text += between;
        text += within(child, in_and);
    }
    return text;
}

} // namespace

std::string printed(const Query::Node& node)
{
    return std::visit(
        [&](const auto& what) -> std::string {
            using What = std::decay_t<decltype(what)>;
            if constexpr (std::is_same_v<What, Not>)
                return "not " + within(node.children.front(), false);
            else if constexpr (std::is_same_v<What, And>)
                return children_text(node, " ", true);
            else if constexpr (std::is_same_v<What, Or>)
                return children_text(node, " or ", true);
            else
                return TermPrinter{}(what);
        },
        node.what);
}

} // namespace photosafe
