// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts, times and paths.
#include "values.hpp"

#include <datetime.h>
#include <pybind11/chrono.h>

namespace photosafe::python {

py::str to_py(std::string_view text)
{
    PyObject* const made =
        PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape");
    if (!made) throw py::error_already_set{};
    return py::reinterpret_steal<py::str>(made);
}

std::string utf8(const py::str& text)
{
    const auto bytes =
        py::reinterpret_steal<py::bytes>(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogateescape"));
    if (!bytes) throw py::error_already_set{};
    return bytes;
}

py::object to_py(Instant instant)
{
    if (!PyDateTimeAPI) PyDateTime_IMPORT;
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::microseconds>(instant - day)};
    PyObject* const made = PyDateTimeAPI->DateTime_FromDateAndTime(
        static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
        static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(time.hours().count()),
        static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
        static_cast<int>(time.subseconds().count()), PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType);
    if (!made) throw py::error_already_set{};
    return py::reinterpret_steal<py::object>(made);
}

Instant to_instant(const py::object& datetime)
{
    if (!PyDateTimeAPI) PyDateTime_IMPORT;
    if (!PyDateTime_Check(datetime.ptr())) throw py::type_error{"A datetime is wanted."};
    if (datetime.attr("utcoffset")().is_none())
        throw py::value_error{
            "A datetime with a zone is wanted: datetime(2024, 7, 1).astimezone(), for one."};
    const py::object epoch = to_py(Instant{});
    const auto microseconds =
        ((datetime - epoch).attr("__floordiv__")(py::module_::import("datetime").attr("timedelta")(0, 0, 1)))
            .cast<std::int64_t>();
    constexpr auto most = std::chrono::floor<std::chrono::microseconds>(Instant::max().time_since_epoch());
    const std::chrono::microseconds since{microseconds};
    if (since > most || since < -most) throw py::value_error{"The datetime lies outside of 1677 to 2262."};
    return Instant{since};
}

std::filesystem::path to_path(const py::object& path)
{
    PyObject* bytes = nullptr;
    if (PyUnicode_FSConverter(path.ptr(), &bytes) == 0) throw py::error_already_set{};
    return std::string{py::reinterpret_steal<py::bytes>(bytes)};
}

std::chrono::milliseconds to_milliseconds(const char* argument, const py::object& timedelta)
{
    if (!PyDateTimeAPI) PyDateTime_IMPORT;
    if (!PyDelta_Check(timedelta.ptr())) throw py::type_error{std::string{argument} + " is a timedelta."};
    // Before the conversion, which overflows: a timedelta may be of a billion days.
    constexpr int most_days = 24;
    const int days = timedelta.attr("days").cast<int>();
    if (days < 0 || days >= most_days)
        throw py::value_error{std::string{argument} + " is zero or more, and less than 24 days."};
    return timedelta.cast<std::chrono::milliseconds>();
}

py::object to_py(const std::filesystem::path& path)
{
    return py::module_::import("pathlib").attr("Path")(
        py::reinterpret_steal<py::object>(PyUnicode_DecodeFSDefault(path.c_str())));
}

} // namespace photosafe::python
