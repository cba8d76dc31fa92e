// SPDX-License-Identifier: LGPL-2.1-or-later
#include "crash/laboratory.hpp"

#include <array>
#include <csignal>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <photosafe/archive.hpp>

namespace photosafe::test {

namespace fs = std::filesystem;

namespace {

/// Bytes that look like nothing, and differ from seed to seed.
std::string noise(std::size_t bytes, std::uint64_t seed)
{
    std::string text(bytes, '\0');
    std::uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;
    for (char& c : text) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        c = static_cast<char>(state >> 32);
    }
    return text;
}

void put(const fs::path& file, std::string_view content, int day)
{
    fs::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << content;
    const std::array<timespec, 2> times{timespec{1'717'157'002 + day * 86400, 123'456'789},
                                        timespec{1'717'157'002 + day * 86400, 123'456'789}};
    if (::utimensat(AT_FDCWD, file.c_str(), times.data(), 0) != 0)
        throw std::system_error{errno, std::generic_category(), file};
}

void copy_with_times(const fs::path& from, const fs::path& to)
{
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator{from}) {
        if (entry.is_regular_file())
            fs::last_write_time(to / fs::relative(entry.path(), from), entry.last_write_time());
    }
}

fs::path quick_folder()
{
    const fs::path memory = "/dev/shm";
    std::string name =
        (::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path()) / "photosafe-crash-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error{errno, std::generic_category(), name};
    return fs::canonical(name);
}

} // namespace

void make_roll(const fs::path& folder)
{
    constexpr std::size_t kib = 1024;
    const fs::path a = folder / "DCIM/100APPLE";
    const fs::path b = folder / "DCIM/101APPLE";
    put(a / "IMG_0001.HEIC", noise(40 * kib, 1), 0);
    put(a / "IMG_0001.MOV", noise(60 * kib, 2), 0);
    put(a / "IMG_0002.HEIC", noise(41 * kib, 3), 0);
    put(a / "IMG_0002.MOV", noise(61 * kib, 4), 0);
    put(a / "IMG_0003.JPG", noise(30 * kib, 5), 1);
    put(a / "IMG_0004.JPG", noise(30 * kib, 5), 1); // what is in IMG_0003.JPG
    put(a / "IMG_0005.PNG", "", 1);
    put(a / "IMG_0006.MOV", noise(3 * kib * kib, 6), 1);
    put(a / "IMG_0007.HEIC", noise(20 * kib, 7), 2);
    put(a / "IMG_0007.AAE", noise(700, 8), 2);
    put(a / "IMG_E0007.HEIC", noise(21 * kib, 9), 2);
    put(a / "IMG_0008.DNG", noise(1500 * kib, 10), 2);
    put(a / "IMG_0008.JPG", noise(33 * kib, 11), 2);
    put(b / "IMG_0001.HEIC", noise(40 * kib, 12), 0); // the name and day of another
    put(b / "IMG_0003.JPG", noise(30 * kib, 5), 1);   // once more
    put(b / "IMG_0009.JPG", noise(10 * kib, 13), 40);
    put(b / "IMG_0010.JPG", noise(11 * kib, 14), 400);
    put(b / "IMG_0011 \xC3\xBC.JPG", noise(12 * kib, 15), 400);
    put(b / "IMG_0012.JPG", noise(1, 16), 400);
    put(b / "IMG_0013.MP4", noise(100 * kib, 17), 400);
}

Laboratory::Laboratory() : path_{quick_folder()}
{
    make_roll(roll());
    fs::create_directory(disk());
    Archive::create(path_ / "empty");
}

Laboratory::~Laboratory()
{
    std::error_code ignored; // litter in a temporary folder
    fs::remove_all(path_, ignored);
}

void Laboratory::renew(const fs::path& from) const { copy_with_times(from, archive()); }
void Laboratory::keep(const fs::path& to) const { copy_with_times(archive(), to); }

std::map<std::string, std::string> Attempt::told(std::string_view word) const
{
    std::map<std::string, std::string> result;
    std::istringstream lines{output};
    for (std::string line;
         std::getline(lines, line) && !lines.eof();) { // a line without its end was not said
        const auto tab = line.find('\t');
        const auto second = line.find('\t', tab + 1);
        if (line.substr(0, tab) == word)
            result[line.substr(second + 1)] = line.substr(tab + 1, second - tab - 1);
    }
    return result;
}

bool Attempt::says(std::string_view word) const { return output.find(word) != std::string::npos; }

Attempt run_once(const Laboratory& laboratory, const std::string& verb, const Fault& fault)
{
    const fs::path said = laboratory / "said";
    const fs::path count = laboratory / "count";
    fs::remove(count);
    std::vector<std::string> environment{"PATH=/usr/bin:/bin",
                                         "LD_PRELOAD=" FAULT_SHIM,
                                         "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0",
                                         "TSAN_OPTIONS=verify_interceptors=0",
                                         "HOME=" + (laboratory / "home").string(),
                                         "PHOTOSAFE_FAULT_BELOW=" + laboratory.disk().string(),
                                         "PHOTOSAFE_FAULT_COUNT=" + count.string(),
                                         "PHOTOSAFE_FAULT_MODE=" + fault.mode,
                                         "PHOTOSAFE_FAULT_ABOUT=" + fault.about,
                                         "PHOTOSAFE_FAULT_AT=" + std::to_string(fault.at),
                                         "PHOTOSAFE_FAULT_ERRNO=" + std::to_string(fault.error)};
    if (!fault.trace.empty()) environment.push_back("PHOTOSAFE_FAULT_TRACE=" + fault.trace.string());
    std::vector<std::string> arguments{INGEST_ONCE, verb, laboratory.archive(), laboratory.roll()};
    const auto pointers = [](std::vector<std::string>& texts) {
        std::vector<char*> result;
        for (std::string& text : texts) result.push_back(text.data());
        result.push_back(nullptr);
        return result;
    };
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, said.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
    pid_t child = -1;
    const int error = ::posix_spawn(&child, INGEST_ONCE, &actions, nullptr, pointers(arguments).data(),
                                    pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error{error, std::generic_category(), INGEST_ONCE};
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw std::system_error{errno, std::generic_category(), "waitpid"};
    }
    Attempt run;
    run.output = content_of(said);
    if (WIFSIGNALED(status)) run.signal = WTERMSIG(status);
    if (WIFEXITED(status)) run.exit = WEXITSTATUS(status);
    std::ifstream{count} >> run.calls;
    return run;
}

std::vector<Call> read_trace(const fs::path& file)
{
    std::vector<Call> calls;
    std::ifstream lines{file};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields{line};
        Call call;
        std::string number;
        std::getline(fields, number, '\t');
        std::getline(fields, call.call, '\t');
        call.number = std::stol(number);
        if (call.call == "tell") {
            std::getline(fields, call.path);
        } else {
            std::getline(fields, call.path, '\t');
            std::getline(fields, call.second, '\t');
            fields >> call.offset >> call.length >> call.error;
        }
        calls.push_back(std::move(call));
    }
    return calls;
}

long stride_of(long stride)
{
    if (std::getenv("PHOTOSAFE_CRASH_FULL") != nullptr) return 1;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return stride * 7 + 4;
#else
    return stride;
#endif
}

long each_point(long stride, const std::function<bool(long k)>& point)
{
    long points = 0;
    for (long k = 1; !::testing::Test::HasFailure(); k += stride) {
        SCOPED_TRACE("call " + std::to_string(k));
        if (!point(k)) break;
        ++points;
    }
    return points;
}

void report_points(long points)
{
    ::testing::Test::RecordProperty("points", std::to_string(points));
    std::printf("%s: %ld points\n", ::testing::UnitTest::GetInstance()->current_test_info()->name(), points);
}

} // namespace photosafe::test
