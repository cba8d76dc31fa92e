// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

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
    const py::str why = py::str("{} is one of {}, not {!r}.").format(argument, names, word);
    PyErr_SetObject(PyExc_ValueError, why.ptr());
    throw py::error_already_set{};
}

/// An argument that is True or False, and not what Python takes for one: None is no False.
inline py::arg_v flag(const char* name, bool value) { return py::arg(name).noconvert() = value; }

} // namespace photosafe::python
