// SPDX-License-Identifier: LGPL-2.1-or-later
#include "progress.hpp"

#include <cmath>

#include "escape.hpp"
#include "human.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr std::chrono::seconds window{10};
constexpr std::chrono::seconds between_log_lines{30};
constexpr double longest_shown = 100.0 * 86400; // seconds left; beyond it the number says nothing

} // namespace

void Pace::add(std::uint64_t bytes_done, Clock::time_point now)
{
    if (!samples_.empty() && bytes_done < samples_.back().bytes) samples_.clear(); // other work began
    samples_.push_back({bytes_done, now});
    while (samples_.size() > 2 && now - samples_.front().time > window) samples_.pop_front();
}

std::optional<double> Pace::bytes_per_second() const
{
    if (samples_.size() < 2) return std::nullopt;
    const std::chrono::duration<double> span = samples_.back().time - samples_.front().time;
    if (span.count() < 0.5) return std::nullopt;
    return static_cast<double>(samples_.back().bytes - samples_.front().bytes) / span.count();
}

std::string progress_text(const Amount& amount, std::optional<double> bytes_per_second, std::size_t columns)
{
    std::string text = count_text(amount.items_done) + " of " + count_text(amount.items_total, "file");
    if (amount.bytes_total > 0)
        text += ", " + bytes_text(amount.bytes_done) + " of " + bytes_text(amount.bytes_total);
    if (bytes_per_second && amount.bytes_total > 0) {
        const double rate = *bytes_per_second;
        text += ", " + bytes_text(static_cast<std::uint64_t>(rate)) + "/s";
        const std::uint64_t rest = amount.bytes_total - std::min(amount.bytes_done, amount.bytes_total);
        const double left = rate >= 1 ? static_cast<double>(rest) / rate : longest_shown;
        if (left < longest_shown)
            text += ", " + duration_text(std::chrono::seconds{std::llround(left)}) + " left";
    }
    const std::size_t width = display_width(text);
    if (amount.current.empty() || width + 12 > columns) return keep_begin(text, columns);
    return text + "  " + keep_end(printable(amount.current), columns - width - 2);
}

Progress::Progress(Terminal& terminal, std::string_view doing) : terminal_{terminal}, doing_{doing} {}

void Progress::update(const Amount& amount, Pace::Clock::time_point now)
{
    last_ = amount;
    pace_.add(amount.bytes_done, now);
    if (terminal_.interactive()) {
        const std::size_t room = terminal_.columns() - 1 - doing_.size() - 1;
        terminal_.show(doing_ + " " + progress_text(amount, pace_.bytes_per_second(), room));
    } else if (!logged_ || now - *logged_ >= between_log_lines) {
        logged_ = now;
        terminal_.note(doing_ + " " + progress_text(amount, pace_.bytes_per_second(), 200));
    }
}

void Progress::finish()
{
    terminal_.clear_status();
    if (!logged_) return;
    last_.current.clear();
    terminal_.note(doing_ + " ended: " + progress_text(last_, std::nullopt, 200));
    logged_.reset();
}

} // namespace photosafe::cli
