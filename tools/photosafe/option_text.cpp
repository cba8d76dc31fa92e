// SPDX-License-Identifier: LGPL-2.1-or-later
#include "option_text.hpp"

#include <algorithm>

namespace photosafe::cli {

std::string typed_form(const Option& option)
{
    const std::string name{option.name};
    const std::string metavar{option.metavar};
    if (option.kind == Kind::argument) return metavar;
    std::string text = option.letter != '\0' ? std::string{"-"} + option.letter + ", --" + name : "--" + name;
    if (option.kind == Kind::toggle) text += ", --no-" + name;
    if (option.kind == Kind::value || option.kind == Kind::list) text += " " + metavar;
    return text;
}

std::vector<std::string> words(std::string_view list)
{
    std::vector<std::string> found;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        if (end > 0) found.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return found;
}

std::vector<std::string_view> paragraphs(std::string_view text)
{
    std::vector<std::string_view> found;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\n\n"), text.size());
        found.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return found;
}

} // namespace photosafe::cli
