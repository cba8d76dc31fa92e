// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device/connection.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include <photosafe/device.hpp>

#include "core/text.hpp"
#include "device/lockdown_trouble.hpp"

namespace photosafe {

namespace {

using namespace std::chrono_literals;

constexpr auto poll_interval = 1s; // of a dialog that waits for a person

/// Runs `work` apart and returns its result.
template <class Work>
auto ask(const DeviceOptions& options, Work work)
{
    using Result = decltype(work());
    auto result = std::make_shared<std::optional<Result>>();
    Apart{[result, work = std::move(work)](const Handover&) { result->emplace(work()); }}.wait(
        options.deadline, options.stop);
    return std::move(**result);
}

void do_apart(const DeviceOptions& options, std::function<void()> work)
{
    Apart{[work = std::move(work)](const Handover&) { work(); }}.wait(options.deadline, options.stop);
}

std::vector<lockdown::Reachable> reachable(const DeviceOptions& options)
{
    return ask(options, lockdown::reachable_phones);
}

std::string names_of(const std::vector<lockdown::Reachable>& phones)
{
    std::string names;
    for (const auto& phone : phones) names += (names.empty() ? "" : ", ") + printable(phone.udid);
    return names;
}

lockdown::Reachable choose(std::string_view udid, const DeviceOptions& options)
{
    const auto phones = reachable(options);
    if (!udid.empty()) {
        const auto found = std::ranges::find(phones, udid, &lockdown::Reachable::udid);
        if (found != phones.end()) return *found;
        throw DeviceError{ErrorCode::device_absent,
                          "The phone " + printable(udid) + " is not connected: plug it in.",
                          std::string{udid}};
    }
    if (phones.empty())
        throw DeviceError{ErrorCode::device_absent, "No phone is connected: plug one in and unlock it."};
    if (phones.size() > 1)
        throw DeviceError{ErrorCode::device_ambiguous,
                          "Several phones are connected: name one of " + names_of(phones) + "."};
    return phones.front();
}

lockdown::Inspection inspect(const lockdown::Reachable& phone, const DeviceOptions& options)
{
    return ask(options, [phone] { return lockdown::inspect(phone); });
}

DeviceError not_ready(const lockdown::Inspection& seen)
{
    return DeviceError{seen.trouble, seen.info.problem, seen.info.udid};
}

/// What a phone answered that was asked apart; one that doesn't answer is unreachable.
DeviceInfo answer_of(const lockdown::Reachable& phone, const std::shared_ptr<lockdown::Inspection>& answer,
                     Apart& apart, const DeviceOptions& options)
{
    try {
        (void)apart.wait(options.deadline, options.stop);
        return std::move(answer->info);
    } catch (const DeviceError& error) {
        if (error.code() == ErrorCode::cancelled) throw;
        DeviceInfo silent;
        silent.udid = phone.udid;
        silent.connection = phone.usb ? "usb" : "network";
        silent.problem = error.what();
        return silent;
    }
}

/// Makes one phone ready, step by step; each call of `step` looks once and does one thing.
class Preparation {
public:
    Preparation(std::string udid, Patience patience, bool replace_stale, const DeviceOptions& options)
        : udid_{std::move(udid)}, patience_{patience}, replace_stale_{replace_stale}, options_{options}
    {
    }

    DeviceInfo run()
    {
        for (;;) {
            if (auto ready = step()) return *ready;
            pause(poll_interval, options_.stop);
        }
    }

private:
    std::optional<DeviceInfo> step()
    {
        try {
            const auto phone = choose(udid_, options_);
            seen_ = true;
            udid_ = phone.udid;
            auto seen = inspect(phone, options_);
            if (seen.info.state == DeviceState::trust_needed) {
                pair(seen);
                seen = inspect(phone, options_);
            }
            if (seen.info.state == DeviceState::ready) return std::move(seen.info);
            throw not_ready(seen);
        } catch (const DeviceError& error) {
            if (!worth_waiting(error.code())) throw;
            notice(error.what());
            return std::nullopt;
        }
    }

    /// Pairs for the first time, or anew where the phone forgot this computer.
    void pair(const lockdown::Inspection& seen)
    {
        if (seen.has_record && !replace_stale_) throw not_ready(seen);
        do_apart(options_, [udid = udid_, stale = seen.has_record] {
            if (stale) lockdown::forget(udid);
            lockdown::pair(udid);
        });
    }

    bool worth_waiting(ErrorCode code) const
    {
        if (patience_ == Patience::none) return false;
        switch (code) {
        case ErrorCode::device_locked:
        case ErrorCode::trust_pending:
        case ErrorCode::busy: return true;
        case ErrorCode::device_absent:
        case ErrorCode::device_gone: return seen_; // pulled while it was waited for: it may come back
        default: return false;
        }
    }

    void notice(const std::string& text)
    {
        if (options_.on_notice && text != said_) options_.on_notice(text);
        said_ = text;
    }

    std::string udid_;
    Patience patience_;
    bool replace_stale_;
    const DeviceOptions& options_;
    bool seen_ = false;
    std::string said_;
};

} // namespace

void pause(std::chrono::milliseconds duration, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, duration, [] { return false; });
    if (stop.stop_requested()) throw DeviceError{ErrorCode::cancelled, "Stopped as asked."};
}

std::vector<DeviceInfo> list_devices(const DeviceOptions& options)
{
    struct Question {
        lockdown::Reachable phone;
        std::shared_ptr<lockdown::Inspection> answer;
        Apart apart;
    };
    std::vector<Question> questions; // all phones are asked at the same time
    for (const auto& phone : reachable(options)) {
        auto answer = std::make_shared<lockdown::Inspection>();
        questions.push_back(
            {phone, answer, Apart{[answer, phone](const Handover&) { *answer = lockdown::inspect(phone); }}});
    }
    std::vector<DeviceInfo> phones;
    for (auto& question : questions)
        phones.push_back(answer_of(question.phone, question.answer, question.apart, options));
    return phones;
}

DeviceInfo find_device(std::string_view udid, const DeviceOptions& options)
{
    return inspect(choose(udid, options), options).info;
}

DeviceInfo wait_for_device(std::string_view udid, Patience patience, const DeviceOptions& options)
{
    const bool replace_stale = patience == Patience::until_stopped;
    return Preparation{std::string{udid}, patience, replace_stale, options}.run();
}

DeviceInfo pair_device(std::string_view udid, const DeviceOptions& options)
{
    return Preparation{std::string{udid}, Patience::until_stopped, true, options}.run();
}

StartedServices start_services(const std::string& udid, const std::string& service, unsigned count,
                               std::chrono::milliseconds deadline, std::stop_token stop)
{
    auto services = std::make_shared<lockdown::Services>();
    auto connections = Apart{[services, udid, service, count](const Handover& out) {
                           *services = lockdown::start_services(udid, service, count, out);
                       }}.wait(deadline, stop);
    if (connections.size() != services->tls.size())
        throw DeviceError{ErrorCode::io, "There are no descriptors left for a connection to the phone."};
    return {std::move(connections), services->tls, services->identity};
}

} // namespace photosafe
