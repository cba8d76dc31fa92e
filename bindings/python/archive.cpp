// SPDX-License-Identifier: LGPL-2.1-or-later
// The archive, and what is asked of it. photosafe/_photosafe.pyi has the types.
#include <functional>

#include <pybind11/stl.h>

#include "arguments.hpp"
#include "handles.hpp"

namespace photosafe::python {

using namespace py::literals;

namespace {

/// The asset that an Asset of Python's stands for, as far as the library looks it up by it.
Asset to_asset(const py::object& given)
{
    if (!py::isinstance(given, py::module_::import("photosafe").attr("Asset")))
        throw py::type_error{"An Asset is wanted: `found.asset`, for one."};
    Asset asset;
    asset.id = given.attr("id").cast<std::int64_t>();
    asset.group = given.attr("group").cast<std::int64_t>();
    return asset;
}

Query to_query(const py::object& given)
{
    if (py::isinstance<Query>(given)) return given.cast<Query>();
    if (!py::isinstance<py::str>(given)) throw py::type_error{"A query is a str or a Query."};
    return Query::parse(utf8(given.cast<py::str>()));
}

FindUnit to_unit(const py::str& word)
{
    return choice<FindUnit>("unit", word, {{"shots", FindUnit::shots}, {"files", FindUnit::files}});
}

/// Reads from the archive without the GIL, and makes Python's of what it gives.
template <class Read>
py::object read(SharedArchive& archive, const Read& read)
{
    const auto turn = archive.turn();
    const Archive& opened = *turn;
    const auto result = [&] {
        const py::gil_scoped_release others_may;
        return read(opened);
    }();
    return to_py(result);
}

// Methods of Archive and functions of one, as Python calls them.

template <class Ask>
auto of_archive(Ask ask)
{
    return [ask](SharedArchive& archive) {
        return read(archive, [ask](const Archive& opened) { return std::invoke(ask, opened); });
    };
}

template <class Ask>
auto of_asset(Ask ask)
{
    return [ask](SharedArchive& archive, const py::object& asset) {
        return read(archive, [ask, wanted = to_asset(asset)](const Archive& opened) {
            return std::invoke(ask, opened, wanted);
        });
    };
}

template <class Ask>
auto latest(Ask ask)
{
    return [ask](SharedArchive& archive, std::size_t limit) {
        return read(archive, [ask, limit](const Archive& opened) { return std::invoke(ask, opened, limit); });
    };
}

std::shared_ptr<SharedArchive> create(const py::object& root, const std::optional<py::str>& layout)
{
    CreateOptions options;
    if (layout) options.layout = utf8(*layout);
    Session session;
    return std::make_shared<SharedArchive>(
        session.run([&, path = to_path(root)] { return Archive::create(path, options); }));
}

std::shared_ptr<SharedArchive> open(const py::object& root, const py::str& access)
{
    const auto wanted = choice<Access>("access", access, {{"read", Access::read}, {"write", Access::write}});
    Session session;
    return std::make_shared<SharedArchive>(
        session.run([&, path = to_path(root)] { return Archive::open(path, wanted); }));
}

py::object find_page(SharedArchive& archive, const py::object& query, const py::str& unit,
                     const py::str& order, std::size_t limit, const py::str& after, bool places)
{
    const Query asked = to_query(query);
    FindOptions options;
    options.unit = to_unit(unit);
    options.order = choice<FindOrder>(
        "order", order,
        {{"newest_first", FindOrder::newest_first}, {"oldest_first", FindOrder::oldest_first}});
    options.limit = limit;
    options.after = utf8(after);
    options.places = places;
    return read(archive, [&](const Archive& opened) {
        std::vector<Found> page;
        find(opened, asked, options, [&](const Found& found) {
            page.push_back(found);
            return true;
        });
        return page;
    });
}

void bind_questions(py::module_& module)
{
    py::class_<Query>(
        module, "Query",
        "What is asked of an archive: `camera:\"iPhone 15 Pro\" taken:2024-07..2024-08 not kind:video`. A\n"
        "value: it knows no archive, and is the same in every one.")
        .def(py::init<>(), "Finds everything.")
        .def_static(
            "parse", [](const py::str& text) { return Query::parse(utf8(text)); }, "text"_a,
            "The query that `text` is; throws QueryError for what is none.")
        .def(
            "text", [](const Query& query) { return to_py(query.text()); },
            "The query in words that `parse` takes, every one of them in the same form.")
        .def("__str__", [](const Query& query) { return to_py(query.text()); })
        .def("__repr__",
             [](const Query& query) { return py::str("Query.parse({!r})").format(to_py(query.text())); })
        .def("__eq__",
             [](const Query& query, const py::object& other) {
                 return py::isinstance<Query>(other) && query == other.cast<Query>();
             })
        .def("__hash__", [](const Query& query) { return py::hash(to_py(query.text())); });

    module.def("_find_page", &find_page, "archive"_a, "query"_a, "unit"_a, "order"_a, "limit"_a, "after"_a,
               flag("places", false), "What `find` of the package is made of.");
    module.def(
        "count",
        [](SharedArchive& archive, const py::object& query, const py::str& unit) {
            const Query asked = to_query(query);
            const FindUnit of = to_unit(unit);
            return read(archive, [&](const Archive& opened) { return count(opened, asked, of); });
        },
        "archive"_a, "query"_a = "", py::kw_only(), "unit"_a = "shots",
        "How many `find` would tell without a limit.");
    module.def(
        "look_up",
        [](SharedArchive& archive, const py::str& name) {
            return read(archive,
                        [&, text = utf8(name)](const Archive& opened) { return look_up(opened, text); });
        },
        "archive"_a, "name"_a,
        "The asset that is meant by its path in the archive, its number, its SHA-256, or the first eight\n"
        "digits or more of that; with its places. None: there is no such, or the digits fit several.");
    module.def(
        "parts_of_shot", of_asset(&parts_of_shot), "archive"_a, "asset"_a,
        "The shot that an asset belongs to, itself included, in the order of their numbers; with their\n"
        "places.");
    module.def("renditions", of_asset(&renditions), "archive"_a, "asset"_a,
               "All that `convert` made of this asset, or tried in vain.");
}

} // namespace

void bind_archive(py::module_& module)
{
    py::class_<SharedArchive, std::shared_ptr<SharedArchive>>(
        module, "Archive",
        "A photo archive on disk. Its threads take turns. It holds the archive's lock until it is closed:\n"
        "use it in a `with`. Do not open its catalog with Python's own sqlite3 in the same process.")
        .def_static(
            "create", &create, "root"_a, py::kw_only(), "layout"_a = py::none(),
            "Makes a new archive in the empty or not yet existing folder `root`, and opens it to write.")
        .def_static("open", &open, "root"_a, "access"_a = "read",
                    "Opens the archive at `root`, to \"read\" it or to \"write\" it, too.")
        .def("close", [](SharedArchive& archive) { archive.turn().close(); })
        .def("__enter__",
             [](const std::shared_ptr<SharedArchive>& archive) {
                 (void)*archive->turn(); // not of a closed one
                 return archive;
             })
        .def("__exit__", [](SharedArchive& archive, const py::args&) { archive.turn().close(); })
        .def_property_readonly("root", [](const SharedArchive& archive) { return to_py(archive.root); })
        .def_property_readonly(
            "layout", [](const SharedArchive& archive) { return to_py(archive.layout); },
            "The template by which originals are filed.")
        .def_property_readonly(
            "warnings", [](const SharedArchive& archive) { return to_py(archive.warnings); },
            "What people should know about where it lies, a sentence each.")
        .def("places", of_asset(&Archive::places), "asset"_a,
             "All places where this asset's content was seen, the oldest first.")
        .def("metadata", of_asset(&Archive::metadata), "asset"_a,
             "What this asset's file says of itself, raw tags included, by its last reading that went well;\n"
             "None where there was none.")
        .def("parse_record", of_asset(&Archive::parse_record), "asset"_a,
             "How its last reading went, or that one is due.")
        .def("phone_albums", of_archive(&Archive::phone_albums),
             "Every album that a phone ever had, as each phone orders them.")
        .def("summary", of_archive(&Archive::summary), "What it holds, in figures.")
        .def("imports", latest(&Archive::imports), "limit"_a = 10, "The latest imports, the newest first.")
        .def("failures", latest(&Archive::failures), "limit"_a = 100,
             "Items that the last import of their source could not bring.");
    bind_questions(module);
}

} // namespace photosafe::python
