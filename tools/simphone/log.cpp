// SPDX-License-Identifier: LGPL-2.1-or-later
#include "log.hpp"

#include "text.hpp"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace simphone {
namespace {

void append_escaped(std::string& out, std::string_view text)
{
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(byte));
            out += code;
        } else {
            out += c;
        }
    }
}

} // namespace

void JsonObject::key(std::string_view name)
{
    if (!fields_.empty()) fields_ += ',';
    fields_ += '"';
    fields_ += name;
    fields_ += "\":";
}

JsonObject& JsonObject::add(std::string_view name, std::string_view text)
{
    if (!is_utf8(text)) return raw(name, "{\"bytes_hex\":\"" + to_hex(text) + "\"}");
    key(name);
    fields_ += '"';
    append_escaped(fields_, text);
    fields_ += '"';
    return *this;
}

JsonObject& JsonObject::add(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }

JsonObject& JsonObject::add(std::string_view name, double value)
{
    char number[32];
    std::snprintf(number, sizeof number, "%.6f", value);
    return raw(name, number);
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view json)
{
    key(name);
    fields_ += json;
    return *this;
}

Log::Log(const std::string& path)
{
    if (path.empty()) return;
    if (path == "-") {
        fd_ = STDERR_FILENO;
        return;
    }
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "opening the log " + path);
    own_ = true;
}

Log::~Log()
{
    if (own_) ::close(fd_);
}

JsonObject Log::entry(std::string_view type)
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    char time[32];
    std::snprintf(time, sizeof time, "%lld.%06ld", static_cast<long long>(now.tv_sec), now.tv_nsec / 1000);
    JsonObject entry;
    entry.raw("time", time).add("type", type);
    return entry;
}

void Log::write(const JsonObject& entry) const
{
    if (fd_ < 0) return;
    const std::string line = entry.line();
    // A full disk must not stop the phone; the test that reads the log will miss the line.
    [[maybe_unused]] const auto written = ::write(fd_, line.data(), line.size());
}

} // namespace simphone
