// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <photosafe/photosafe.hpp>
#include <pybind11/pybind11.h>

namespace photosafe::python {

namespace py = pybind11;

// What the library answers, as Python has it: each struct is the frozen dataclass of its name in
// photosafe/facts.py or reports.py, an enumerator its name, an Instant a datetime of UTC, to the microsecond.

/// Text of the library. What is no UTF-8 becomes lone surrogates, as in os.fsdecode with UTF-8.
py::str to_py(std::string_view text);
/// The bytes that it came from.
std::string utf8(const py::str& text);

py::object to_py(Instant instant);
/// Throws ValueError for a datetime that has no zone.
Instant to_instant(const py::object& datetime);

py::object to_py(const std::filesystem::path& path); ///< a pathlib.Path
/// Of a str, bytes or os.PathLike.
std::filesystem::path to_path(const py::object& path);

/// Of a timedelta, zero to 24 days; `argument` is what a complaint calls it.
std::chrono::milliseconds to_milliseconds(const char* argument, const py::object& timedelta);

inline py::object to_py(const std::string& text) { return to_py(std::string_view{text}); }

template <class T>
requires std::is_arithmetic_v<T> py::object to_py(T value) { return py::cast(value); }
template <class T>
requires std::is_enum_v<T> py::object to_py(T value) { return to_py(name(value)); }

py::object to_py(const Digest& digest) = delete; // an Asset has them as texts
py::object to_py(const Asset& asset);
py::object to_py(const Place& place);
py::object to_py(const CaptureTime& time);
py::object to_py(const GeoPoint& point);
py::object to_py(const Region& region);
py::object to_py(const RawTag& tag);
py::object to_py(const Metadata& metadata);
py::object to_py(const ParseRecord& record);
py::object to_py(const PhoneResource& resource);
py::object to_py(const PhoneAsset& item);
py::object to_py(const PhoneItemRecord& record);
py::object to_py(const PhoneAlbumRecord& record);
py::object to_py(const Found& found);
py::object to_py(const ImportRecord& record);
py::object to_py(const FailureRecord& record);
py::object to_py(const ArchiveSummary& summary);
py::object to_py(const RebuildReport& report);
py::object to_py(const RebuildProgress& progress);
py::object to_py(const DeviceInfo& device);
py::object to_py(const SourceInfo& source);
py::object to_py(const SourceFile& file);
py::object to_py(const LibraryReport& report);
py::object to_py(const MetadataReport& report);
py::object to_py(const MetadataProgress& progress);
py::object to_py(const ReadMetadataPlan& plan);
py::object to_py(const IngestedFile& file);
py::object to_py(const IngestProgress& progress);
py::object to_py(const IngestPlan& plan);
py::object to_py(const IngestReport& report);
py::object to_py(const Rendition& rendition);
py::object to_py(const ConvertedItem& item);
py::object to_py(const ConvertProgress& progress);
py::object to_py(const ConvertPlan& plan);
py::object to_py(const ConvertReport& report);
py::object to_py(const FixityFinding& finding);
py::object to_py(const FixityProgress& progress);
py::object to_py(const FixityReport& report);
py::object to_py(const AssessedItem& item);
py::object to_py(const Assessment& assessment);
py::object to_py(const SidecarItem& item);
py::object to_py(const SidecarProgress& progress);
py::object to_py(const SidecarReport& report);
py::object to_py(const Finding& finding);

template <class T>
py::object to_py(const std::optional<T>& value)
{
    return value ? py::object{to_py(*value)} : py::none();
}
template <class T>
py::object to_py(const std::vector<T>& values)
{
    py::tuple all{values.size()};
    for (std::size_t i = 0; i < values.size(); ++i) all[i] = to_py(values[i]);
    return all;
}
template <class T>
py::object to_py(const std::map<std::string, T>& values)
{
    py::dict all;
    for (const auto& [key, value] : values) all[to_py(key)] = to_py(value);
    return all;
}

template <class Value, class... More>
void put(py::dict& fields, const char* field, const Value& value, const More&... more)
{
    fields[field] = to_py(value);
    if constexpr (sizeof...(More) > 0) put(fields, more...);
}

/// A dataclass of the package from its fields: `make("RawTag", "key", tag.key, "value", tag.value)`.
/// Python refuses one that is missing, and one that it doesn't know.
template <class... Fields>
py::object make(const char* type, const Fields&... name_and_value)
{
    py::dict fields;
    put(fields, name_and_value...);
    return py::module_::import("photosafe").attr(type)(**fields);
}

/// With the GIL: notes on the Python exception `raised` that the library's `failure` was on its way, too.
void add_context(const std::exception_ptr& raised, const std::exception_ptr& failure);

/// Adds what a module of the binding offers.
void bind_errors(py::module_& module);
void bind_archive(py::module_& module);
void bind_source(py::module_& module);
void bind_work(py::module_& module);

} // namespace photosafe::python
