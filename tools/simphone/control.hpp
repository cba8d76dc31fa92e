// SPDX-License-Identifier: LGPL-2.1-or-later
// Commands while it runs: a line each, answered by a line of JSON.
#pragma once

#include "crew.hpp"
#include "listener.hpp"
#include "log.hpp"
#include "usbmux.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace simphone {

/// The control socket, and standard input. Threads: its own.
class Control {
public:
    using Phones = std::vector<std::unique_ptr<Phone>>;
    /// `where`: a socket's path, "-" for standard input, or empty. `quit` ends the process.
    Control(const std::string& where, Phones& phones, UsbMux& mux, Log& log, std::function<void()> quit);
    ~Control();

    /// One command; the answer is one JSON object.
    std::string answer(const std::string& line);

private:
    void accept_all();
    void converse(int in, int out);
    std::vector<Phone*> addressed(const std::string& udid) const;
    std::string stats() const;
    bool command_phone(const std::string& verb, Phone& phone);
    void change_link(Phone& phone, const std::string& words) const;

    Phones& phones_;
    UsbMux& mux_;
    Log& log_;
    std::function<void()> quit_;
    std::unique_ptr<Listener> listener_;
    Fd ending_;
    std::thread thread_;
    Crew clients_{64};
    std::mutex one_command_;
    bool standard_input_ = false;
};

/// `simphone ctl`: sends one command, prints the answer. 0 when it was obeyed, 1 when not.
int control_client(const std::string& socket, const std::string& command);

} // namespace simphone
