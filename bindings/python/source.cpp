// SPDX-License-Identifier: LGPL-2.1-or-later
// Phones and folders. photosafe/_photosafe.pyi has the types.
#include <pybind11/chrono.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "session.hpp"
#include "shared.hpp"
#include "values.hpp"

namespace photosafe::python {

using namespace py::literals;
using SharedSource = Shared<Source>;

namespace {

/// Hands notices to a function of Python's from whichever thread they come. An exception of it goes where
/// those of finalizers go.
std::function<void(const std::string&)> notices_to(const py::object& function)
{
    if (function.is_none()) return {};
    const auto kept = std::shared_ptr<py::object>{new py::object{function}, [](const py::object* held) {
                                                      const py::gil_scoped_acquire mine;
                                                      delete held;
                                                  }};
    return [kept](const std::string& text) {
        const py::gil_scoped_acquire mine;
        try {
            (*kept)(to_py(text));
        } catch (py::error_already_set& e) {
            e.discard_as_unraisable("on_notice");
        }
    };
}

/// Calls `work` with options that hear notices and Ctrl-C.
template <class Work>
auto with_device(DeviceOptions options, const py::object& on_notice, const Work& work)
{
    Session session;
    options.on_notice = notices_to(on_notice);
    options.stop = session.stop();
    return session.run([&] { return work(options); });
}

Patience patience(bool wait) { return wait ? Patience::until_stopped : Patience::none; }

/// `device`: a DeviceInfo of Python's, or a UDID.
std::shared_ptr<SharedSource> open_phone(const py::object& device, const DeviceOptions& options,
                                         const py::object& on_notice)
{
    const py::object named = py::isinstance<py::str>(device) ? device : device.attr("udid");
    const std::string udid = utf8(named.cast<py::str>());
    const DeviceInfo ready = with_device(options, on_notice, [&](const DeviceOptions& asked) {
        return wait_for_device(udid, Patience::none, asked);
    });
    DeviceOptions kept = options;
    kept.on_notice = notices_to(on_notice);
    const py::gil_scoped_release others_may;
    return std::make_shared<SharedSource>(open_device(ready, kept));
}

} // namespace

void bind_source(py::module_& module)
{
    py::class_<DeviceOptions>(module, "DeviceOptions", "Limits of every conversation with a phone.")
        .def(py::init([](std::chrono::milliseconds deadline, std::chrono::milliseconds reconnect,
                         unsigned connections, std::uint32_t chunk_bytes) {
                 DeviceOptions options;
                 options.deadline = deadline;
                 options.reconnect = reconnect;
                 options.connections = connections;
                 options.chunk_bytes = chunk_bytes;
                 return options;
             }),
             py::kw_only(), "deadline"_a = DeviceOptions{}.deadline,
             "reconnect"_a = DeviceOptions{}.reconnect, "connections"_a = 0, "chunk_bytes"_a = 0)
        .def_readwrite("deadline", &DeviceOptions::deadline, "How long a phone may be silent.")
        .def_readwrite("reconnect", &DeviceOptions::reconnect, "How long a lost phone is waited for.")
        .def_readwrite("connections", &DeviceOptions::connections, "AFC connections; 0: as many as is good.")
        .def_readwrite("chunk_bytes", &DeviceOptions::chunk_bytes,
                       "Of one read request; 0: as large as is good.");

    py::class_<SharedSource, std::shared_ptr<SharedSource>>(
        module, "Source", "A place with originals: a connected phone, a folder. Its threads take turns.")
        .def("close", [](SharedSource& source) { source.turn().close(); })
        .def("__enter__", [](const std::shared_ptr<SharedSource>& source) { return source; })
        .def("__exit__", [](SharedSource& source, const py::args&) { source.turn().close(); })
        .def("info", [](SharedSource& source) { return to_py(source.turn()->info()); });

    module.def(
        "list_devices",
        [](const DeviceOptions& options) {
            return to_py(with_device(options, py::none(),
                                     [](const DeviceOptions& asked) { return list_devices(asked); }));
        },
        "options"_a = DeviceOptions{},
        "The phones in reach, each asked for its state. No usbmuxd at all is DeviceError `device_absent`.");
    module.def(
        "find_device",
        [](const py::str& udid, const DeviceOptions& options) {
            return to_py(
                with_device(options, py::none(), [&, wanted = utf8(udid)](const DeviceOptions& asked) {
                    return find_device(wanted, asked);
                }));
        },
        "udid"_a = "", "options"_a = DeviceOptions{}, "The phone with this UDID, or the only one.");
    module.def(
        "wait_for_device",
        [](const py::str& udid, bool wait, const DeviceOptions& options, const py::object& on_notice) {
            return to_py(
                with_device(options, on_notice, [&, wanted = utf8(udid)](const DeviceOptions& asked) {
                    return wait_for_device(wanted, patience(wait), asked);
                }));
        },
        "udid"_a = "", py::kw_only(), "wait"_a = false, "options"_a = DeviceOptions{},
        "on_notice"_a = py::none(),
        "Makes a phone ready: pairs where needed. With `wait` it asks until the phone is unlocked and trusts "
        "this\n"
        "computer, or Ctrl-C; `on_notice` hears each thing to do, from any thread.");
    module.def(
        "pair_device",
        [](const py::str& udid, const DeviceOptions& options, const py::object& on_notice) {
            return to_py(
                with_device(options, on_notice, [&, wanted = utf8(udid)](const DeviceOptions& asked) {
                    return pair_device(wanted, asked);
                }));
        },
        "udid"_a = "", py::kw_only(), "options"_a = DeviceOptions{}, "on_notice"_a = py::none(),
        "The same, ending only when the phone trusts this computer.");
    module.def(
        "open_device", &open_phone, "device"_a = "", py::kw_only(), "options"_a = DeviceOptions{},
        "on_notice"_a = py::none(),
        "The camera roll of a connected phone that is ready: a DeviceInfo, its UDID, or the only one.");
    module.def(
        "open_folder",
        [](const std::filesystem::path& folder) {
            const py::gil_scoped_release others_may;
            return std::make_shared<SharedSource>(open_folder(folder));
        },
        "folder"_a, "A folder: a card, an old export, any tree. Links are not followed.");
}

} // namespace photosafe::python
