// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include <photosafe/convert.hpp>

#include "values.hpp"

namespace photosafe::python {

/// The enumerator that `word` names; throws ValueError that says which there are.
template <class E>
E choice(const char* argument, const py::str& word, std::initializer_list<std::pair<const char*, E>> all)
{
    std::string names;
    for (const auto& [name, value] : all) {
        if (utf8(word) == name) return value;
        names += (names.empty() ? "\"" : ", \"") + std::string{name} + '"';
    }
    throw py::value_error{std::string{argument} + " is one of " + names + ", not \"" + utf8(word) + "\"."};
}

} // namespace photosafe::python
