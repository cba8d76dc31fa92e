// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/temp_folder.hpp"

namespace photosafe::test {

/// A new folder, in memory where that is possible: thousands of archives are made and thrown away. It has the
/// camera roll of these tests in `roll`, an empty archive in `empty`, and the one being hurt in
/// `disk/Photos`.
class Laboratory {
public:
    Laboratory();
    ~Laboratory();
    Laboratory(const Laboratory&) = delete;
    Laboratory& operator=(const Laboratory&) = delete;

    std::filesystem::path roll() const { return path_ / "roll"; }
    std::filesystem::path disk() const { return path_ / "disk"; }
    std::filesystem::path archive() const { return disk() / "Photos"; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

    /// Throws the archive away and puts a copy of `from` (at first an empty archive) in its place.
    void renew() const { renew(path_ / "empty"); }
    void renew(const std::filesystem::path& from) const;
    /// Keeps a copy of the archive as it is now.
    void keep(const std::filesystem::path& to) const;

private:
    std::filesystem::path path_;
};

/// 20 files: Live pairs, equal contents, equal names, an edit with its sidecar, RAW+JPEG, no bytes at all.
constexpr std::size_t roll_files = 20;
void make_roll(const std::filesystem::path& folder);

/// What the shim is to do; fault_shim.c says what the words mean.
struct Fault {
    std::string mode;
    long at = 0;
    int error = 0;
    std::filesystem::path trace; ///< empty: none
    std::string about;           ///< part of a path: only the calls about such count. Empty: all
};

/// How one run of ingest_once came out.
struct Attempt {
    int exit = -1;   ///< -1: it was killed
    int signal = 0;  ///< by this
    long calls = -1; ///< counted, when it ended by itself
    std::string output;

    bool hit(const Fault& fault) const { return signal != 0 || calls >= fault.at; }
    /// Of the lines that begin with `word`: digest and path.
    std::map<std::string, std::string> told(std::string_view word) const;
    bool says(std::string_view word) const;
};

Attempt run_once(const Laboratory& laboratory, const std::string& verb, const Fault& fault);

/// One line of a trace; fault_shim.c says what is in it.
struct Call {
    long number = 0;
    std::string call; ///< `tell`: what the program said, in `path`
    std::string path;
    std::string second;
    long long offset = 0;
    long long length = 0;
    int error = 0;

    bool in(std::string_view part) const { return path.find(part) != std::string::npos; }
};
std::vector<Call> read_trace(const std::filesystem::path& file);

/// One in `stride` points is tried; all of them when PHOTOSAFE_CRASH_FULL is set, fewer where sanitizers make
/// each run ten times slower: the plain build of the same suite tries them.
long stride_of(long stride);

/// Calls `point(k)` with k = 1, 1 + stride, … until it returns false: then the work had no call k. Returns
/// how many there were. Ends at the first point that fails.
long each_point(long stride, const std::function<bool(long k)>& point);

/// Says in the test's output how many points it tried.
void report_points(long points);

} // namespace photosafe::test
