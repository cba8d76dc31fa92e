// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace photosafe {

using namespace std::chrono;

namespace {

constexpr std::int64_t per_second = 1'000'000'000;

} // namespace

SplitInstant split(Instant instant) noexcept
{
    const std::int64_t all = instant.time_since_epoch().count();
    const std::int64_t ns = all % per_second;
    return {all / per_second - (ns < 0 ? 1 : 0), ns < 0 ? ns + per_second : ns};
}

Instant wall_now() { return time_point_cast<nanoseconds>(system_clock::now()); }

std::string to_rfc3339(Instant instant)
{
    const auto [since, ns] = split(instant);
    const sys_seconds second{seconds{since}};
    const auto day = floor<days>(second);
    const year_month_day date{day};
    const hh_mm_ss<seconds> time{second - day};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    std::string result{text.data()};
    if (ns != 0) {
        std::snprintf(text.data(), text.size(), ".%09lld", static_cast<long long>(ns));
        result += text.data();
        while (result.back() == '0') result.pop_back();
    }
    return result + 'Z';
}

std::optional<Instant> from_rfc3339(std::string_view text)
{
    // 0123456789012345678
    // 2024-05-31T12:03:22[.n]Z
    const auto number = [&](std::size_t at, std::size_t digits) -> int {
        int value = 0;
        for (std::size_t i = at; i < at + digits; ++i) {
            if (text[i] < '0' || text[i] > '9') return -1;
            value = value * 10 + (text[i] - '0');
        }
        return value;
    };
    if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':') {
        return std::nullopt;
    }
    const int y = number(0, 4), mo = number(5, 2), d = number(8, 2), h = number(11, 2), mi = number(14, 2),
              s = number(17, 2);
    if (y < 0 || mo < 1 || d < 1 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59)
        return std::nullopt;
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok()) return std::nullopt;
    long long ns = 0;
    if (text.size() > 20) {
        const std::string_view fraction = text.substr(20, text.size() - 21);
        if (text[19] != '.' || fraction.empty() || fraction.size() > 9) return std::nullopt;
        long long unit = 100'000'000;
        for (const char c : fraction) {
            if (c < '0' || c > '9') return std::nullopt;
            ns += unit * (c - '0');
            unit /= 10;
        }
    }
    std::int64_t since =
        (sys_days{date} + hours{h} + minutes{mi} + seconds{s}).time_since_epoch() / seconds{1};
    if (since < 0 && ns != 0) { // counted from the other end: the first second of all begins before its range
        ++since;
        ns -= per_second;
    }
    std::int64_t total = 0; // 64 bits of nanoseconds hold the years 1677 to 2262
    if (__builtin_mul_overflow(since, per_second, &total) || __builtin_add_overflow(total, ns, &total))
        return std::nullopt;
    return Instant{nanoseconds{total}};
}

std::string to_local(Instant instant)
{
    const std::time_t seconds = split(instant).seconds;
    std::tm local{};
    std::array<char, 64> text{};
    if (localtime_r(&seconds, &local) == nullptr) return to_rfc3339(instant).substr(0, 19);
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", local.tm_year + 1900,
                  local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
    return text.data();
}

std::int64_t local_day(Instant instant)
{
    constexpr std::int64_t per_day = 86400;
    const std::time_t since = split(instant).seconds;
    std::tm local{};
    const std::int64_t offset = localtime_r(&since, &local) == nullptr ? 0 : local.tm_gmtoff;
    const std::int64_t there = since + offset;
    return there / per_day - (there % per_day < 0 ? 1 : 0);
}

} // namespace photosafe
