// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/spoken.hpp"

#include <array>
#include <map>

#include <unistd.h>

#include <photosafe/error.hpp>

#include "archive/metadata_row.hpp"
#include "core/time.hpp"

namespace photosafe::test {

std::string spoken(const Spoken& what)
{
    std::string text = "spoken{";
    const auto say = [&](const std::string& key, const std::string& value) {
        if (!value.empty()) text += key + '=' + value + ';';
    };
    say("kind", what.kind);
    say("id", what.id);
    say("local", what.local);
    say("source", what.source);
    if (what.zone) say("offset", std::to_string(what.offset));
    say("instant", what.instant);
    say("burst", what.burst);
    say("model", what.model);
    say("rating", what.rating);
    say("keyword", what.keyword);
    say("title", what.title);
    say("failure", what.failure);
    say("screenshot", what.screenshot ? "yes" : "");
    return text + '}' + what.bytes;
}

namespace {

std::map<std::string, std::string> words_of(int fd)
{
    std::array<char, 1024> buffer{};
    const ssize_t size = ::pread(fd, buffer.data(), buffer.size(), 0);
    const std::string text{buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    const std::size_t end = text.find('}');
    if (!text.starts_with("spoken{") || end == std::string::npos)
        throw MediaError{ErrorCode::unreadable, "It says nothing"};
    std::map<std::string, std::string> words;
    for (std::size_t at = 7; at < end;) {
        const std::size_t is = text.find('=', at), next = text.find(';', at);
        words[text.substr(at, is - at)] = text.substr(is + 1, next - is - 1);
        at = next + 1;
    }
    return words;
}

CaptureTime time_of(std::map<std::string, std::string>& words)
{
    CaptureTime time;
    time.local = words["local"];
    if (!words["offset"].empty()) {
        time.offset_minutes = std::stoi(words["offset"]);
        if (const auto local = from_rfc3339(time.local + 'Z'))
            time.instant = *local - std::chrono::minutes{*time.offset_minutes};
    }
    if (!words["instant"].empty()) time.instant = from_rfc3339(words["instant"]);
    if (!time.local.empty() || time.instant)
        time.source = time.instant ? TimeSource::exif_offset : TimeSource::exif_local;
    if (!words["source"].empty()) time.source = time_source_named(words["source"]);
    return time;
}

} // namespace

Metadata read_spoken(int fd)
{
    std::map<std::string, std::string> words = words_of(fd);
    if (!words["failure"].empty()) {
        for (const ErrorCode code :
             {ErrorCode::unreadable, ErrorCode::crashed, ErrorCode::timeout, ErrorCode::not_found}) {
            if (name(code) == words["failure"]) throw MediaError{code, "It failed: " + words["failure"]};
        }
    }
    Metadata result;
    result.kind = media_kind_named(words["kind"]);
    result.taken = time_of(words);
    result.content_id = words["id"];
    result.burst_id = words["burst"];
    result.model = words["model"];
    if (!result.model.empty()) result.make = "Apple";
    result.title = words["title"];
    if (!words["rating"].empty()) result.rating = std::stoi(words["rating"]);
    if (!words["keyword"].empty()) result.keywords.push_back(words["keyword"]);
    result.screenshot = !words["screenshot"].empty();
    return result;
}

} // namespace photosafe::test
