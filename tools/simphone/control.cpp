// SPDX-License-Identifier: LGPL-2.1-or-later
#include "control.hpp"

#include "fault_acts.hpp"
#include "text.hpp"

#include <algorithm>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace simphone {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

std::string refusal(const std::string& why) { return JsonObject().add("ok", false).add("error", why).json(); }

/// The first word, and the rest behind its space.
std::pair<std::string, std::string> first_word(const std::string& line)
{
    const auto space = line.find(' ');
    if (space == std::string::npos) return {line, ""};
    return {line.substr(0, space), line.substr(line.find_first_not_of(' ', space))};
}

void write_line(int fd, std::string line)
{
    line += '\n';
    for (std::size_t done = 0; done < line.size();) {
        const ssize_t n = ::write(fd, line.data() + done, line.size() - done);
        if (n <= 0) return;
        done += static_cast<std::size_t>(n);
    }
}

const char* trust_word(Trust trust)
{
    if (trust == Trust::ask) return "ask";
    return trust == Trust::deny ? "deny" : "auto";
}

std::string describe(const Phone& phone, bool attached)
{
    std::string faults;
    for (const Fault& fault : phone.faults.all()) {
        JsonObject one;
        one.add("spec", fault.spec).add("seen", fault.seen).add("fired", fault.fired);
        faults += (faults.empty() ? "" : ",") + one.json();
    }
    JsonObject p;
    p.add("udid", phone.spec().udid).add("name", phone.name()).add("attached", attached);
    p.add("locked", phone.locked.load()).add("full", phone.full.load()).add("trust", trust_word(phone.trust));
    p.add("connections", phone.connections()).add("requests", phone.requests.load());
    p.add("bytes_sent", phone.bytes_sent.load()).raw("faults", "[" + faults + "]");
    return p.json();
}

} // namespace

Control::Control(const std::string& where, Phones& phones, UsbMux& mux, Log& log, std::function<void()> quit)
    : phones_(phones), mux_(mux), log_(log), quit_(std::move(quit)), ending_(::eventfd(0, EFD_CLOEXEC))
{
    if (where.empty()) return;
    standard_input_ = where == "-";
    if (!standard_input_) listener_ = std::make_unique<Listener>(where);
    thread_ = std::thread([this] { accept_all(); });
}

Control::~Control()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto woken = ::write(ending_.get(), &one, sizeof one);
    if (thread_.joinable()) thread_.join();
    clients_.join();
}

void Control::accept_all()
{
    if (standard_input_) return converse(STDIN_FILENO, STDOUT_FILENO);
    for (;;) {
        pollfd events[] = {{listener_->fd(), POLLIN, 0}, {ending_.get(), POLLIN, 0}};
        ::poll(events, 2, -1);
        if (events[1].revents != 0) break;
        const int fd = listener_->accept();
        if (fd < 0) continue;
        const bool started = clients_.start([this, fd] {
            const Fd client(fd);
            converse(fd, fd);
        });
        if (!started) ::close(fd);
    }
}

void Control::converse(int in, int out)
{
    std::string pending;
    char chunk[4096];
    while (pending.size() < longest_line) {
        const auto end = pending.find('\n');
        if (end != std::string::npos) {
            const std::string line = pending.substr(0, end);
            pending.erase(0, end + 1);
            if (!line.empty()) write_line(out, answer(line));
            continue;
        }
        pollfd events[] = {{in, POLLIN, 0}, {ending_.get(), POLLIN, 0}};
        ::poll(events, 2, -1);
        if (events[1].revents != 0) return;
        const ssize_t got = ::read(in, chunk, sizeof chunk);
        if (got <= 0) return;
        pending.append(chunk, static_cast<std::size_t>(got));
    }
}

std::vector<Phone*> Control::addressed(const std::string& udid) const
{
    std::vector<Phone*> found;
    for (const auto& phone : phones_) {
        if (udid.empty() || phone->spec().udid == udid) found.push_back(phone.get());
    }
    if (found.empty()) throw std::invalid_argument("there is no phone " + udid);
    return found;
}

std::string Control::answer(const std::string& line)
{
    const auto [verb, rest] = first_word(line);
    const std::lock_guard lock(one_command_);
    log_.write(Log::entry("control").add("command", line));
    try {
        if (verb == "quit") {
            quit_();
        } else if (verb == "stats") {
            return stats();
        } else if (verb == "fault") {
            const Fault fault = parse_fault(rest);
            for (Phone* phone : addressed(fault.udid.value_or(""))) phone->add_fault(fault);
        } else if (verb == "notify") {
            for (Phone* phone : addressed("")) phone->notify(rest);
        } else if (verb == "link") {
            for (Phone* phone : addressed("")) change_link(*phone, rest);
        } else if (verb != "mark") { // a mark is there for its line in the log
            for (Phone* phone : addressed(rest)) {
                if (!command_phone(verb, *phone)) return refusal("there is no command '" + verb + "'");
            }
        }
    } catch (const std::exception& error) {
        return refusal(error.what());
    }
    return JsonObject().add("ok", true).json();
}

bool Control::command_phone(const std::string& verb, Phone& phone)
{
    if (verb == "trust") {
        phone.trust = Trust::automatic;
        phone.notify("com.apple.mobile.lockdown.request_pair");
    } else if (verb == "ask")
        phone.trust = Trust::ask;
    else if (verb == "deny")
        phone.trust = Trust::deny;
    else if (verb == "forget")
        phone.pairings().forget_all();
    else if (verb == "lock")
        phone.locked = true;
    else if (verb == "unlock")
        phone.locked = false;
    else if (verb == "unplug" || verb == "detach")
        phone.unplug();
    else if (verb == "replug" || verb == "attach")
        phone.replug();
    else if (verb == "drop")
        phone.hang_up();
    else if (verb == "full")
        phone.full = true;
    else if (verb == "not-full")
        phone.full = false;
    else if (verb == "clear-faults")
        phone.faults.clear();
    else if (verb == "release")
        phone.faults.release();
    else
        return false;
    return true;
}

void Control::change_link(Phone& phone, const std::string& words) const
{
    LinkModel model = phone.link().model();
    for (const auto& [key, value] : parse_pairs(words)) {
        if (key == "latency")
            model.latency = parse_duration(value);
        else if (key == "service-time")
            model.service_time = parse_duration(value);
        else if (key == "rate")
            model.bytes_per_second = parse_bytes(value);
        else
            throw std::invalid_argument("a link has latency, service-time and rate; not '" + key + "'");
    }
    phone.link().change(model);
}

std::string Control::stats() const
{
    std::string all;
    for (const auto& phone : phones_)
        all += (all.empty() ? "" : ",") + describe(*phone, mux_.attached(*phone));
    return JsonObject().add("ok", true).raw("phones", "[" + all + "]").json();
}

} // namespace simphone
