// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/capture_time.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/time.hpp"

namespace photosafe {

using namespace std::chrono;

namespace {

/// Reads a text from its beginning.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_{text} {}

    bool empty() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(std::string_view any_of)
    {
        if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// A number of exactly so many digits.
    std::optional<int> number(std::size_t digits)
    {
        if (rest_.size() < digits) return std::nullopt;
        int value = 0;
        for (const char c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }
    /// The digits of a fraction, as nanoseconds; what is finer is dropped.
    std::optional<nanoseconds> fraction()
    {
        std::int64_t value = 0, unit = 100'000'000;
        bool any = false;
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
            value += unit * (rest_.front() - '0');
            unit /= 10;
            any = true;
        }
        return any ? std::optional{nanoseconds{value}} : std::nullopt;
    }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

std::string_view trimmed(std::string_view text)
{
    static constexpr std::string_view blank{" \t\0", 3};
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::optional<local_days> parse_day(Scanner& from)
{
    const auto y = from.number(4);
    if (!y || !from.take(":-/")) return std::nullopt;
    const auto m = from.number(2);
    if (!m || !from.take(":-/")) return std::nullopt;
    const auto d = from.number(2);
    if (!d || *y < 1678 || *y > 2261) return std::nullopt; // what nanoseconds in 64 bits hold
    const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
    if (!date.ok()) return std::nullopt;
    return local_days{date};
}

std::optional<nanoseconds> parse_time_of_day(Scanner& from)
{
    const auto h = from.number(2);
    if (!h || *h > 23 || !from.take(":")) return std::nullopt;
    const auto m = from.number(2);
    if (!m || *m > 59) return std::nullopt;
    nanoseconds time = hours{*h} + minutes{*m};
    if (!from.take(":")) return time; // XMP may leave seconds out
    const auto s = from.number(2);
    if (!s || *s > 59) return std::nullopt;
    time += seconds{*s};
    if (!from.take(".")) return time;
    const auto fraction = from.fraction();
    if (!fraction) return std::nullopt;
    return time + *fraction;
}

Instant utc_of(const WallTime& time)
{
    return Instant{time.at.time_since_epoch() - minutes{time.offset_minutes.value_or(0)}};
}

} // namespace

bool is_offset_in_use(int offset_minutes)
{
    static constexpr std::array<int, 16> odd{-570, -270, -210, -150, 210, 270, 330, 345,
                                             390,  510,  525,  570,  630, 690, 765, 825};
    if (offset_minutes < -12 * 60 || offset_minutes > 14 * 60) return false;
    return offset_minutes % 60 == 0 || std::find(odd.begin(), odd.end(), offset_minutes) != odd.end();
}

std::optional<int> parse_offset(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with("GMT") || text.starts_with("UTC")) text.remove_prefix(3);
    if (text == "Z") return 0;
    Scanner from{text};
    const bool west = from.peek() == '-';
    if (!from.take("+-")) return std::nullopt;
    const auto h = from.number(2);
    if (!h) return std::nullopt;
    const bool colon = from.take(":");
    std::optional<int> m = 0;
    if (colon || !from.empty()) m = from.number(2);
    if (!m || *m > 59 || !from.empty()) return std::nullopt;
    const int offset = (west ? -1 : 1) * (*h * 60 + *m);
    // As tzdata has it, these were in use after 1970 as well; for a guess they would be too near to others.
    static constexpr std::array<int, 7> once{-630, -510, -225, -90, 450, 585, 750};
    if (!is_offset_in_use(offset) && std::find(once.begin(), once.end(), offset) == once.end())
        return std::nullopt;
    return offset;
}

std::optional<WallTime> parse_wall_time(std::string_view text)
{
    const auto result = parse_clock(text);
    if (!result || !result->wrong_offset.empty()) return std::nullopt;
    return result->time;
}

std::optional<Clock> parse_clock(std::string_view text)
{
    Scanner from{trimmed(text)};
    const auto day = parse_day(from);
    if (!day) return std::nullopt;
    Clock result{{.at = *day, .offset_minutes = {}, .day_only = from.empty()}, {}};
    if (result.time.day_only) return result;
    if (!from.take(" T")) return std::nullopt;
    const auto time = parse_time_of_day(from);
    if (!time) return std::nullopt;
    result.time.at += *time;
    const std::string_view rest = trimmed(from.rest());
    if (rest.empty()) return result;
    result.time.offset_minutes = parse_offset(rest);
    if (result.time.offset_minutes) return result;
    if (rest.find_first_not_of("+-0123456789:") != rest.npos || (rest[0] != '+' && rest[0] != '-'))
        return std::nullopt;
    result.wrong_offset = rest;
    return result;
}

CaptureTime capture_time(TimeSource source, const WallTime& time)
{
    CaptureTime result;
    result.source = source;
    result.local = to_rfc3339(Instant{time.at.time_since_epoch()});
    result.local.pop_back(); // its Z
    result.offset_minutes = time.offset_minutes;
    if (time.offset_minutes) result.instant = utc_of(time);
    return result;
}

std::optional<int> offset_between(const WallTime& local, Instant utc)
{
    // Zones are whole quarters of an hour; a receiver's last fix can be some minutes old. Beyond five, the
    // next zone is too near to tell.
    constexpr std::int64_t quarter = 15 * 60, most_stale = 5 * 60;
    const auto apart = floor<seconds>(local.at.time_since_epoch() - utc.time_since_epoch()).count();
    if (std::abs(apart) > 15 * 3600) return std::nullopt;
    const auto quarters = (apart + (apart < 0 ? -quarter / 2 : quarter / 2)) / quarter;
    const int offset = static_cast<int>(quarters * 15);
    if (std::abs(apart - quarters * quarter) > most_stale || !is_offset_in_use(offset)) return std::nullopt;
    return offset;
}

CaptureTime with_zone_of(const CaptureTime& still, const CaptureTime& movie)
{
    if (still.source != TimeSource::exif_local || movie.source != TimeSource::quicktime_zone ||
        !movie.offset_minutes) {
        return still;
    }
    auto here = parse_wall_time(still.local);
    const auto there = parse_wall_time(movie.local);
    if (!here || !there || abs(here->at - there->at) >= minutes{1}) return still;
    here->offset_minutes = movie.offset_minutes;
    return capture_time(TimeSource::live_video, *here);
}

} // namespace photosafe
