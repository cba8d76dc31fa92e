// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_time.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>

namespace simphone {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

struct Civil {
    int year, month, day, hour, minute, second;
};

Civil civil(std::int64_t seconds)
{
    using namespace std::chrono;
    const sys_seconds instant{std::chrono::seconds{seconds}};
    const auto midnight = floor<days>(instant);
    const year_month_day date{midnight};
    const hh_mm_ss clock{instant - midnight};
    return {static_cast<int>(date.year()),
            static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count())};
}

std::int64_t utc_seconds(const Moment& moment) { return moment.utc_ns / second_ns; }

Civil local(const Moment& moment)
{
    return civil(utc_seconds(moment) + std::int64_t{moment.offset_minutes} * 60);
}

// `value` with leading zeros.
std::string digits(std::int64_t value, std::size_t width)
{
    const std::string text = std::to_string(value);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

std::string date_text(const Civil& t, char separator)
{
    return digits(t.year, 4) + separator + digits(t.month, 2) + separator + digits(t.day, 2);
}

std::string clock_text(const Civil& t)
{
    return digits(t.hour, 2) + ':' + digits(t.minute, 2) + ':' + digits(t.second, 2);
}

std::string zone_with(const Moment& moment, const char* separator)
{
    const int minutes = std::abs(moment.offset_minutes);
    return (moment.offset_minutes < 0 ? "-" : "+") + digits(minutes / 60, 2) + separator +
           digits(minutes % 60, 2);
}

} // namespace

std::string exif_time(const Moment& moment)
{
    const Civil t = local(moment);
    return date_text(t, ':') + ' ' + clock_text(t);
}

std::string gps_date(const Moment& moment) { return date_text(civil(utc_seconds(moment)), ':'); }

unsigned utc_second_of_day(const Moment& moment)
{
    return static_cast<unsigned>(utc_seconds(moment) % 86400);
}

std::string zone_text(const Moment& moment) { return zone_with(moment, ":"); }

std::string milliseconds_text(const Moment& moment)
{
    return digits(moment.utc_ns % second_ns / 1'000'000, 3);
}

std::string quicktime_time(const Moment& moment)
{
    const Civil t = local(moment);
    return date_text(t, '-') + 'T' + clock_text(t) + zone_with(moment, "");
}

std::string rfc3339(const Moment& moment)
{
    const Civil t = local(moment);
    return date_text(t, '-') + 'T' + clock_text(t) + '.' + milliseconds_text(moment) + zone_text(moment);
}

std::uint64_t quicktime_seconds(const Moment& moment)
{
    constexpr std::int64_t from_1904_to_1970 = 2'082'844'800;
    return static_cast<std::uint64_t>(utc_seconds(moment) + from_1904_to_1970);
}

Moment later(const Moment& moment, double seconds)
{
    return {moment.utc_ns + std::llround(seconds * 1e3) * 1'000'000, moment.offset_minutes};
}

} // namespace simphone
