// SPDX-License-Identifier: LGPL-2.1-or-later
// What was asked of the phone: one JSON object a line, complete before the answer leaves.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace simphone {

/// One JSON object, built field by field. Text that is no UTF-8 becomes {"bytes_hex": "…"}.
class JsonObject {
public:
    JsonObject& add(std::string_view key, std::string_view text);
    JsonObject& add(std::string_view key, const char* text) { return add(key, std::string_view(text)); }
    JsonObject& add(std::string_view key, const std::string& text)
    {
        return add(key, std::string_view(text));
    }
    JsonObject& add(std::string_view key, bool value);
    JsonObject& add(std::string_view key, double value);
    template <std::integral Number>
    JsonObject& add(std::string_view key, Number value)
    {
        return raw(key, std::to_string(value));
    }
    /// `json` is JSON already.
    JsonObject& raw(std::string_view key, std::string_view json);
    /// The object as one line, with its line feed.
    std::string line() const { return "{" + fields_ + "}\n"; }
    std::string json() const { return "{" + fields_ + "}"; }

private:
    void key(std::string_view name);
    std::string fields_;
};

/// The request log. Threads: any. A line is one write(2) to a file opened with O_APPEND.
class Log {
public:
    /// An empty path logs nothing; "-" is standard error. Throws std::system_error.
    explicit Log(const std::string& path);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    bool enabled() const { return fd_ >= 0; }
    /// Starts a line: time (seconds of the monotonic clock) and type.
    static JsonObject entry(std::string_view type);
    void write(const JsonObject& entry) const;

private:
    int fd_ = -1;
    bool own_ = false;
};

} // namespace simphone
