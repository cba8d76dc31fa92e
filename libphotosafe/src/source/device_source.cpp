// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/source.hpp>

#include "core/text.hpp"

#include "device/session.hpp"
#include "source/device_flow.hpp"
#include "source/device_listing.hpp"
#include "source/device_reader.hpp"

namespace photosafe {

namespace {

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
        const afc::Outcome outcome = session_->ask(afc::file_info("/" + path), session_->options().stop);
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
