// SPDX-License-Identifier: LGPL-2.1-or-later
#include "json.hpp"

#include <photosafe/archive.hpp>
#include <photosafe/convert.hpp>
#include <photosafe/device.hpp>
#include <photosafe/doctor.hpp>
#include <photosafe/error.hpp>
#include <photosafe/ingest.hpp>
#include <photosafe/sidecars.hpp>

#include "escape.hpp"
#include "human.hpp"

namespace photosafe::cli {
namespace {

/// Absent facts are left out.
void set_name(Json& object, const char* key, std::string_view value)
{
    if (!value.empty()) object[key] = json_name(value);
}

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15u];
    }
    return text;
}

} // namespace

Json object_of(std::string_view type)
{
    Json object;
    object["type"] = type;
    object["schema"] = 1;
    return object;
}

Json json_name(std::string_view bytes)
{
    if (is_utf8(bytes)) return bytes;
    return Json{{"bytes_hex", hex(bytes)}};
}

Json json_sentence(std::string_view sentence) { return printable(sentence); }

Json json_instant(Instant instant) { return rfc3339(instant); }

Json json_of(const DeviceInfo& device)
{
    Json object = object_of("device");
    set_name(object, "udid", device.udid);
    set_name(object, "name", device.name);
    set_name(object, "model", device.model);
    set_name(object, "version", device.version);
    set_name(object, "build", device.build);
    set_name(object, "connection", device.connection);
    object["state"] = name(device.state);
    if (!device.problem.empty()) object["problem"] = json_sentence(device.problem);
    if (device.total_bytes) object["total_bytes"] = *device.total_bytes;
    if (device.free_bytes) object["free_bytes"] = *device.free_bytes;
    return object;
}

Json json_of(const Finding& finding)
{
    Json object = object_of("finding");
    object["severity"] = name(finding.severity);
    object["code"] = finding.code;
    set_name(object, "subject", finding.subject);
    object["message"] = json_sentence(finding.message);
    if (!finding.next.empty()) object["next"] = json_sentence(finding.next);
    return object;
}

Json json_of(const IngestedFile& file, std::string_view source)
{
    Json object = object_of("file");
    object["source"] = json_name(source);
    object["path"] = json_name(file.file.path);
    object["outcome"] = name(file.outcome);
    set_name(object, "asset", file.asset_path);
    object["bytes"] = file.file.bytes;
    if (file.digest) object["sha256"] = sha256_hex(*file.digest);
    set_name(object, "code", file.code);
    if (!file.reason.empty()) object["reason"] = json_sentence(file.reason);
    return object;
}

Json json_of(const FailureRecord& failure)
{
    Json object = object_of("file");
    object["source"] = json_name(failure.source);
    object["path"] = json_name(failure.path);
    object["outcome"] = name(Outcome::failed);
    object["bytes"] = failure.bytes;
    set_name(object, "code", failure.code);
    object["reason"] = json_sentence(failure.reason);
    return object;
}

Json json_of(const ConvertedItem& item)
{
    const Rendition& made = item.rendition;
    Json object = object_of("rendition");
    object["asset"] = item.asset.id;
    object["original"] = json_name(item.asset.path);
    object["outcome"] = name(item.outcome);
    if (!made.path.empty()) {
        object["path"] = json_name(made.path);
        object["bytes"] = made.bytes;
        object["width"] = made.width;
        object["height"] = made.height;
        object["made"] = json_instant(made.made);
        object["decoder"] = made.decoder;
        object["from_preview"] = made.from_preview;
        object["embedded"] = made.embedded;
        if (!made.profile.empty()) object["profile"] = json_sentence(made.profile);
        object["lost"] = made.lost;
    }
    if (!made.options.empty()) object["options"] = made.options;
    if (!made.versions.empty()) object["versions"] = made.versions;
    set_name(object, "code", item.code);
    if (!item.reason.empty()) object["reason"] = json_sentence(item.reason);
    if (!made.trouble.empty() && made.trouble != item.reason) object["trouble"] = json_sentence(made.trouble);
    return object;
}

Json json_of(const SidecarItem& item)
{
    Json object = object_of("sidecar");
    object["asset"] = item.asset.id;
    object["original"] = json_name(item.asset.path);
    object["path"] = json_name(item.path);
    object["outcome"] = name(item.outcome);
    set_name(object, "code", item.code);
    if (!item.reason.empty()) object["reason"] = json_sentence(item.reason);
    return object;
}

Json json_of(const Error& error)
{
    Json object = object_of("error");
    object["code"] = name(error.code());
    object["message"] = json_sentence(error.what());
    set_name(object, "subject", error.subject().native());
    return object;
}

} // namespace photosafe::cli
