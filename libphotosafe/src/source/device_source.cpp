// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/source.hpp>

#include <future>
#include <memory>
#include <optional>

#include "core/text.hpp"

#include "device/session.hpp"
#include "source/device_flow.hpp"
#include "source/device_listing.hpp"
#include "source/device_reader.hpp"

namespace photosafe {

namespace {

using namespace std::chrono_literals;

constexpr unsigned most_lost = 3; // connections, for one answer
constexpr auto stop_interval = 200ms;

class DeviceSource final : public Source {
public:
    DeviceSource(DeviceInfo device, const DeviceOptions& options)
        : device_{std::move(device)}, session_{std::make_shared<Session>(device_.udid, options,
                                                                         options.stop)},
          flow_{std::make_shared<Flow>(options.chunk_bytes)}
    {
    }

    SourceInfo info() const override
    {
        return {.id = "device:" + device_.udid,
                .kind = "device",
                .name = device_.name,
                .model = device_.model,
                .version = device_.version};
    }

    Listing list(const ListOptions& options) override { return list_camera_roll(*session_, options); }

    SourceFile look(const std::string& path) override
    {
        const afc::Outcome outcome = ask(afc::file_info("/" + path));
        if (outcome.status != afc::status::ok) throw afc::status_error(outcome.status, "Looking at", path);
        const afc::FileInfo info = afc::parse_file_info(outcome.list);
        if (info.kind != afc::FileKind::file)
            throw DeviceError{ErrorCode::not_found, printable(path) + " is no file any more", path};
        return {.path = path, .bytes = info.bytes, .modified = info.modified, .born = info.born};
    }

    std::optional<LibraryPlace> library() const override
    {
        return LibraryPlace{"PhotoData/Photos.sqlite", ""};
    }

    std::unique_ptr<Reader> open(const SourceFile& file, std::uint64_t offset, std::stop_token stop) override
    {
        return std::make_unique<DeviceReader>(session_, flow_, file, offset, std::move(stop));
    }

private:
    /// The phone's answer, over another connection when one is lost before it came.
    afc::Outcome ask(const afc::Request& request)
    {
        for (unsigned lost = 0;; ++lost) {
            session_->restore(session_->options().stop);
            const auto outcome = ask_once(request);
            if (outcome && !outcome->lost) return *outcome;
            if (lost + 1 < most_lost) continue;
            if (outcome) std::rethrow_exception(outcome->lost);
            throw DeviceError{ErrorCode::device_gone, "The connection to the phone was lost", device_.udid};
        }
    }

    /// Nothing when no connection took the request. An answer comes at a connection's deadline at the latest.
    std::optional<afc::Outcome> ask_once(const afc::Request& request)
    {
        const auto connection = session_->least_used();
        const auto answer = std::make_shared<std::promise<afc::Outcome>>(); // outlives one who stops waiting
        if (!connection || !connection->submit(request, [answer](afc::Outcome&& outcome) {
                answer->set_value(std::move(outcome));
            }))
            return std::nullopt;
        auto coming = answer->get_future();
        while (coming.wait_for(stop_interval) != std::future_status::ready) {
            if (session_->options().stop.stop_requested())
                throw DeviceError{ErrorCode::cancelled, "Stopped as asked.", device_.udid};
        }
        return coming.get();
    }

    DeviceInfo device_;
    std::shared_ptr<Session> session_;
    std::shared_ptr<Flow> flow_;
};

} // namespace

std::unique_ptr<Source> open_device(const DeviceInfo& device, const DeviceOptions& options)
{
    auto ready =
        device.state == DeviceState::ready ? device : wait_for_device(device.udid, Patience::none, options);
    return std::make_unique<DeviceSource>(std::move(ready), options);
}

} // namespace photosafe
