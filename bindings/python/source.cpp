// SPDX-License-Identifier: LGPL-2.1-or-later
// Phones and folders. photosafe/_photosafe.pyi has the types.
#include <pybind11/chrono.h>

#include "arguments.hpp"
#include "handles.hpp"

namespace photosafe::python {

using namespace py::literals;
namespace {

/// Calls `work` with options that hear notices and Ctrl-C.
template <class Work>
auto with_device(DeviceOptions options, const std::shared_ptr<Notices>& notices, const Work& work)
{
    Session session;
    options.on_notice = notices->teller();
    options.stop = session.stop();
    const Notices::During during{notices, session};
    return session.run([&] { return work(options); });
}

/// The same, for the length of a call.
template <class Work>
py::object ask(const DeviceOptions& options, const py::object& on_notice, const Work& work)
{
    const auto notices = std::make_shared<Notices>(on_notice);
    const py::object answer = to_py(with_device(options, notices, work));
    return answer;
}

void close(SharedSource& source)
{
    source.turn().close();
    source.notices->forget();
}

Patience patience(bool wait) { return wait ? Patience::until_stopped : Patience::none; }

/// `device`: a DeviceInfo of Python's, or a UDID.
std::string udid_of(const py::object& device)
{
    if (py::isinstance<py::str>(device)) return utf8(device.cast<py::str>());
    if (!py::isinstance(device, py::module_::import("photosafe").attr("DeviceInfo")))
        throw py::type_error{"A device is a DeviceInfo, or the UDID of one."};
    return utf8(py::object{device.attr("udid")}.cast<py::str>());
}

std::shared_ptr<SharedSource> open_phone(const py::object& device, const DeviceOptions& options,
                                         const py::object& on_notice)
{
    const auto notices = std::make_shared<Notices>(on_notice);
    auto phone = with_device(options, notices, [udid = udid_of(device)](const DeviceOptions& asked) {
        return open_device(wait_for_device(udid, Patience::none, asked), asked);
    });
    return std::make_shared<SharedSource>(std::move(phone), notices);
}

std::shared_ptr<SharedSource> open_folder_(const py::object& folder)
{
    Session session;
    auto opened = session.run([path = to_path(folder)] { return open_folder(path); });
    return std::make_shared<SharedSource>(std::move(opened), std::make_shared<Notices>(py::none()));
}

void bind_options(py::module_& module)
{
    const DeviceOptions usual;
    py::class_<DeviceOptions>(module, "DeviceOptions", "Limits of every conversation with a phone.")
        .def(py::init([](const py::object& deadline, const py::object& reconnect, unsigned connections,
                         std::uint32_t chunk_bytes) {
                 DeviceOptions options;
                 options.deadline = to_milliseconds("deadline", deadline);
                 options.reconnect = to_milliseconds("reconnect", reconnect);
                 options.connections = connections;
                 options.chunk_bytes = chunk_bytes;
                 return options;
             }),
             py::kw_only(), "deadline"_a = usual.deadline, "reconnect"_a = usual.reconnect,
             "connections"_a = 0, "chunk_bytes"_a = 0)
        .def_readonly("deadline", &DeviceOptions::deadline, "How long a phone may be silent.")
        .def_readonly("reconnect", &DeviceOptions::reconnect, "How long a lost phone is waited for.")
        .def_readonly("connections", &DeviceOptions::connections, "AFC connections; 0: as many as is good.")
        .def_readonly("chunk_bytes", &DeviceOptions::chunk_bytes,
                      "Of one read request; 0: as large as is good.");
}

} // namespace

void bind_source(py::module_& module)
{
    bind_options(module);
    py::class_<SharedSource, std::shared_ptr<SharedSource>>(
        module, "Source",
        "A place with originals: a connected phone, a folder. Its threads take turns. Use it in a `with`: a "
        "phone's\n"
        "connections are its own until it is closed.")
        .def("close", &close)
        .def("__enter__",
             [](const std::shared_ptr<SharedSource>& source) {
                 (void)*source->turn(); // not of a closed one
                 return source;
             })
        .def("__exit__", [](SharedSource& source, const py::args&) { close(source); })
        .def("info", [](const SharedSource& source) { return to_py(source.info); });

    module.def(
        "list_devices",
        [](const DeviceOptions& options) {
            return ask(options, py::none(), [](const DeviceOptions& asked) { return list_devices(asked); });
        },
        "options"_a = DeviceOptions{},
        "The phones in reach, each asked for its state. No usbmuxd at all is DeviceError `device_absent`.");
    module.def(
        "find_device",
        [](const py::str& udid, const DeviceOptions& options) {
            return ask(options, py::none(), [&, wanted = utf8(udid)](const DeviceOptions& asked) {
                return find_device(wanted, asked);
            });
        },
        "udid"_a = "", "options"_a = DeviceOptions{}, "The phone with this UDID, or the only one.");
    module.def(
        "wait_for_device",
        [](const py::str& udid, bool wait, const DeviceOptions& options, const py::object& on_notice) {
            return ask(options, on_notice, [&, wanted = utf8(udid)](const DeviceOptions& asked) {
                return wait_for_device(wanted, patience(wait), asked);
            });
        },
        "udid"_a = "", py::kw_only(), flag("wait", false), "options"_a = DeviceOptions{},
        "on_notice"_a = py::none(),
        "Makes a phone ready: pairs where needed. With `wait` it asks until the phone is unlocked and trusts "
        "this\n"
        "computer, or Ctrl-C; `on_notice` hears each thing to do.");
    module.def(
        "pair_device",
        [](const py::str& udid, const DeviceOptions& options, const py::object& on_notice) {
            return ask(options, on_notice, [&, wanted = utf8(udid)](const DeviceOptions& asked) {
                return pair_device(wanted, asked);
            });
        },
        "udid"_a = "", py::kw_only(), "options"_a = DeviceOptions{}, "on_notice"_a = py::none(),
        "The same, ending only when the phone trusts this computer.");
    module.def(
        "open_device", &open_phone, "device"_a = "", py::kw_only(), "options"_a = DeviceOptions{},
        "on_notice"_a = py::none(),
        "The camera roll of a connected phone that is ready: a DeviceInfo, its UDID, or the only one.");
    module.def("open_folder", &open_folder_, "folder"_a,
               "A folder: a card, an old export, any tree. Links are not followed.");
}

} // namespace photosafe::python
