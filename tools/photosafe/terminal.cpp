// SPDX-License-Identifier: LGPL-2.1-or-later
#include "terminal.hpp"

#include <algorithm>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include "escape.hpp"

namespace photosafe::cli {
namespace {

bool can_redraw()
{
    const char* kind = std::getenv("TERM");
    return isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view{kind} != "dumb";
}

} // namespace

Terminal::Terminal(Format format, Loudness loudness)
    : format_{format}, loudness_{loudness}, interactive_{can_redraw()}
{
}

Terminal::~Terminal() { clear_status(); }

void Terminal::configure(Format format, Loudness loudness) noexcept
{
    format_ = format;
    loudness_ = loudness;
}

void Terminal::on_closed(std::function<void()> call)
{
    const std::lock_guard lock{mutex_};
    on_closed_ = std::move(call);
}

void Terminal::write(std::FILE* file, std::string_view text)
{
    if (file == stdout && closed_) return;
    const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    // Flushed line by line, so that a reader at the other end of a pipe sees what happens when it happens.
    if ((std::fflush(file) == 0 && whole) || file != stdout) return;
    closed_ = true;
    if (on_closed_) on_closed_();
}

void Terminal::erase()
{
    if (shown_) write(stderr, "\r\x1b[K");
    shown_ = false;
}

void Terminal::line(std::string_view text)
{
    if (json() || loudness_ == Loudness::errors) return;
    const std::lock_guard lock{mutex_};
    erase();
    write(stdout, printable(text) + "\n");
}

void Terminal::lines(const std::vector<std::string>& texts)
{
    for (const auto& text : texts) line(text);
}

void Terminal::object(const Json& object)
{
    if (!json()) return;
    // ASCII only: names in it can't do anything to a terminal either, and every reader gets them back
    // exactly.
    const std::string text = object.dump(-1, ' ', true) + "\n";
    const std::lock_guard lock{mutex_};
    erase();
    write(stdout, text);
}

void Terminal::summary(std::string_view verb, const Json& facts)
{
    Json last = object_of("summary");
    last["verb"] = verb;
    if (!facts.is_null()) last.update(facts);
    last["seconds"] = elapsed().count();
    object(last);
}

void Terminal::verbatim(std::string_view text)
{
    const std::lock_guard lock{mutex_};
    write(stdout, text);
}

void Terminal::note(std::string_view text)
{
    if (loudness_ == Loudness::errors) return;
    complain(text);
}

void Terminal::notice(std::string_view text)
{
    Json told = object_of("notice");
    told["message"] = json_sentence(text);
    object(told);
    note(text);
}

void Terminal::complain(std::string_view text)
{
    const std::lock_guard lock{mutex_};
    erase();
    write(stderr, printable(text) + "\n");
}

void Terminal::show(std::string_view status)
{
    if (!interactive_ || loudness_ == Loudness::errors) return;
    // The last column stays free: a terminal that wraps there would leave the line behind.
    const std::string text = keep_begin(printable(status), columns() - 1);
    const std::lock_guard lock{mutex_};
    write(stderr, "\r" + text + "\x1b[K");
    shown_ = true;
}

void Terminal::clear_status()
{
    const std::lock_guard lock{mutex_};
    erase();
}

std::size_t Terminal::columns() const noexcept
{
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
    return size.ws_col;
}

std::chrono::seconds Terminal::elapsed() const noexcept
{
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start_);
}

} // namespace photosafe::cli
