// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace photosafe::cli {

enum class Format { text, json };

/// How much is said: errors only; results; each copied file; each file.
enum class Loudness { errors, results, files, all_files };

/// Standard output and standard error, and the rules for what goes where.
///
/// Every text is made printable here, whatever it holds. Control sequences are written only by `show`, and
/// only to a terminal. When standard output was closed by its reader, what follows is dropped and `closed()`
/// says so. Threads: any.
class Terminal {
public:
    Terminal(Format format, Loudness loudness);
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal();

    /// What the settings say, once they are known; before any other thread uses it.
    void configure(Format format, Loudness loudness) noexcept;
    /// Called once, from within a write, when the reader of standard output went away. It may not write.
    void on_closed(std::function<void()> call);

    bool json() const noexcept { return format_ == Format::json; }
    Loudness loudness() const noexcept { return loudness_; }
    /// Whether a person sits at standard error.
    bool interactive() const noexcept { return interactive_; }

    /// A line of the result, for people; not with --json, not with --quiet.
    void line(std::string_view text = {});
    void lines(const std::vector<std::string>& texts);
    /// An object of the result; only with --json.
    void object(const Json& object);
    /// The last object: which verb, how long it took, and its `facts`.
    void summary(std::string_view verb, const Json& facts = {});
    /// Trusted text of several lines, unchanged: a script, a manual.
    void verbatim(std::string_view text);

    /// What is going on, on standard error; not with --quiet.
    void note(std::string_view text);
    /// Something a person has to act on, on standard error: a note, and with --json an object too.
    void notice(std::string_view text);
    /// What went wrong, on standard error.
    void complain(std::string_view text);

    /// Redraws the line at the bottom of a terminal; nothing elsewhere.
    void show(std::string_view status);
    void clear_status();
    std::size_t columns() const noexcept;

    bool closed() const noexcept { return closed_; }
    std::chrono::seconds elapsed() const noexcept;

private:
    void write(std::FILE* file, std::string_view text); // with the mutex held
    void erase();                                       // with the mutex held

    Format format_;
    Loudness loudness_;
    bool interactive_;
    bool shown_ = false;
    bool closed_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::function<void()> on_closed_;
    std::mutex mutex_;
};

} // namespace photosafe::cli
