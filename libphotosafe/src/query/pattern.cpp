// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/text.hpp"
#include "query/words.hpp"

namespace photosafe {

namespace {

/// One step of a pattern: any text, any character, or this character.
struct Step {
    enum class Kind { end, any_text, any_character, character } kind = Kind::end;
    std::string_view character{};
    std::size_t bytes = 0; ///< of the pattern
};

Step step_at(std::string_view pattern)
{
    if (pattern.empty()) return {};
    if (pattern.front() == '*') return {Step::Kind::any_text, {}, 1};
    if (pattern.front() == '?') return {Step::Kind::any_character, {}, 1};
    const std::size_t escape = pattern.front() == '\\' && pattern.size() > 1 ? 1 : 0;
    const std::string_view rest = pattern.substr(escape);
    const std::size_t bytes = first_character(rest).bytes;
    return {Step::Kind::character, rest.substr(0, bytes), escape + bytes};
}

} // namespace

bool matches_pattern(std::string_view pattern, std::string_view text)
{
    // Where the last `*` stands, and how much of the text it takes so far: when what follows doesn't match,
    // it takes one character more.
    bool starred = false;
    std::string_view after_star, rest_at_star;
    for (;;) {
        const Step step = step_at(pattern);
        if (step.kind == Step::Kind::any_text) {
            pattern.remove_prefix(step.bytes);
            if (pattern.empty()) return true;
            starred = true;
            after_star = pattern;
            rest_at_star = text;
            continue;
        }
        if (step.kind == Step::Kind::end && text.empty()) return true;
        const bool fits = step.kind == Step::Kind::any_character
                              ? !text.empty()
                              : step.kind == Step::Kind::character && text.starts_with(step.character);
        if (fits) {
            text.remove_prefix(step.kind == Step::Kind::character ? step.character.size()
                                                                  : first_character(text).bytes);
            pattern.remove_prefix(step.bytes);
            continue;
        }
        if (!starred || rest_at_star.empty()) return false;
        rest_at_star.remove_prefix(first_character(rest_at_star).bytes);
        text = rest_at_star;
        pattern = after_star;
    }
}

} // namespace photosafe
