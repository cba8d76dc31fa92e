// SPDX-License-Identifier: LGPL-2.1-or-later
#include "phone.hpp"

#include "fault_acts.hpp"
#include "stream.hpp"

#include <algorithm>

namespace simphone {
namespace {

constexpr std::size_t most_waiting_services = 64;
constexpr std::size_t most_values_set = 10'000;
constexpr std::uint16_t first_service_port = 49152;
constexpr std::uint16_t last_service_port = 61999; ///< below lockdown's

std::string state_folder_of(const PhoneSpec& spec)
{
    return spec.state_folder.empty() ? std::string() : spec.state_folder + "/" + spec.udid;
}

} // namespace

Phone::Phone(PhoneSpec spec, Timer& t)
    : timer(&t), spec_(std::move(spec)), pairings_(state_folder_of(spec_)), link_(spec_.link)
{
    locked = spec_.locked;
    trust = spec_.trust;
}

void Phone::add_fault(Fault fault)
{
    if (fault.udid && *fault.udid != spec_.udid) return;
    if (fault.stage == FaultStage::timer) {
        const auto delay = *fault.after;
        timer->in(delay, [this, fault = std::move(fault)] { act_on_phone(*this, fault); });
        return;
    }
    faults.add(std::move(fault));
}

std::string Phone::name() const
{
    const auto values = set_values("");
    const auto name = values ? values->text_at("DeviceName") : std::nullopt;
    return name.value_or(spec_.name);
}

bool Phone::set_value(const std::string& domain, const std::string& key, Plist value)
{
    const std::lock_guard lock(mutex_);
    if (++values_set_ > most_values_set) return false;
    values_.try_emplace(domain, Plist::dict()).first->second.set(key, std::move(value));
    return true;
}

void Phone::remove_value(const std::string& domain, const std::string& key)
{
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(domain);
    if (found != values_.end()) found->second.remove(key);
}

std::optional<Plist> Phone::set_values(const std::string& domain) const
{
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(domain);
    if (found == values_.end()) return std::nullopt;
    return found->second.copy();
}

std::uint16_t Phone::open_port(ServiceTicket ticket)
{
    const std::lock_guard lock(mutex_);
    if (ports_.size() >= most_waiting_services) ports_.pop_front();
    const std::uint16_t port = next_port_;
    next_port_ = port == last_service_port ? first_service_port : static_cast<std::uint16_t>(port + 1);
    ports_.emplace_back(port, std::move(ticket));
    return port;
}

std::optional<ServiceTicket> Phone::take_port(std::uint16_t port)
{
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(ports_.begin(), ports_.end(), [&](const auto& p) { return p.first == port; });
    if (found == ports_.end()) return std::nullopt;
    ServiceTicket ticket = std::move(found->second);
    ports_.erase(found);
    return ticket;
}

void Phone::add_connection(Stream* stream)
{
    const std::lock_guard lock(mutex_);
    streams_.insert(stream);
}

void Phone::remove_connection(Stream* stream)
{
    const std::lock_guard lock(mutex_);
    streams_.erase(stream);
}

void Phone::hang_up()
{
    const std::lock_guard lock(mutex_);
    ports_.clear();
    for (Stream* stream : streams_) stream->wire().hang_up();
}

std::size_t Phone::connections() const
{
    const std::lock_guard lock(mutex_);
    return streams_.size();
}

int Phone::observe(Observer observer)
{
    const std::lock_guard lock(observers_mutex_);
    observers_[next_observer_] = std::move(observer);
    return next_observer_++;
}

void Phone::stop_observing(int id)
{
    const std::lock_guard lock(observers_mutex_);
    observers_.erase(id);
}

void Phone::notify(const std::string& name)
{
    const std::lock_guard lock(observers_mutex_);
    for (const auto& [id, observer] : observers_) observer(name);
}

} // namespace simphone
