// SPDX-License-Identifier: LGPL-2.1-or-later
// The library's errors become those of photosafe/errors.py, with their facts.
#include "values.hpp"

namespace photosafe::python {

namespace {

/// Throws an error of photosafe/errors.py: its message, the facts of every error, and its own.
template <class... Fields>
void raise(const char* type, const Error& e, const Fields&... own)
{
    py::dict facts;
    put(facts, "code", e.code(), "subject", e.subject().empty() ? std::nullopt : std::optional{e.subject()},
        own...);
    const py::object error =
        py::module_::import("photosafe").attr(type)(to_py(std::string_view{e.what()}), **facts);
    PyErr_SetObject(py::type::of(error).ptr(), error.ptr());
}

void translate(std::exception_ptr thrown)
{
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (const QueryError& e) {
        raise("QueryError", e, "column", e.column());
    } catch (const IngestInterrupted& e) {
        raise("IngestInterrupted", e, "at_device", e.at_device(), "report", e.report());
    } catch (const DeviceError& e) {
        raise("DeviceError", e);
    } catch (const ArchiveError& e) {
        raise("ArchiveError", e);
    } catch (const FixityError& e) {
        raise("FixityError", e);
    } catch (const MediaError& e) {
        raise("MediaError", e);
    } catch (const Error& e) {
        raise("Error", e);
    }
}

} // namespace

void add_context(const std::exception_ptr& raised, const std::exception_ptr& failure)
try {
    std::rethrow_exception(raised);
} catch (const py::error_already_set& e) {
    try {
        translate(failure);
    } catch (...) {
        return; // it is none of the library's
    }
    PyObject *type = nullptr, *error = nullptr, *trace = nullptr;
    PyErr_Fetch(&type, &error, &trace);
    PyErr_NormalizeException(&type, &error, &trace);
    Py_XDECREF(type);
    Py_XDECREF(trace);
    PyException_SetContext(e.value().ptr(), error); // takes the reference
} catch (...) {
    // A C++ exception says all there is.
}

void bind_errors(py::module_&) { py::register_exception_translator(&translate); }

} // namespace photosafe::python
