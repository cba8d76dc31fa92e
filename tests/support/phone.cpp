// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/phone.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace photosafe::test {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error{"simphone: " + what}; }

/// Up to the first line feed, or to the end.
std::string read_line(int fd)
{
    std::string line;
    char c = 0;
    while (::read(fd, &c, 1) == 1 && c != '\n') line += c;
    return line;
}

/// Starts the program with its standard output in a pipe, which is returned.
int start(std::vector<std::string> words, pid_t& pid)
{
    std::array<int, 2> output{};
    if (::pipe2(output.data(), O_CLOEXEC) != 0) fail("no pipe");
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid = ::fork();
    if (pid < 0) fail("no process");
    if (pid == 0) {
        (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::dup2(output[1], STDOUT_FILENO);
        ::execv(argv.front(), argv.data());
        ::_exit(127);
    }
    ::close(output[1]);
    return output[0];
}

int connect_to(const std::filesystem::path& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.string().size() >= sizeof(address.sun_path)) fail("the path of a socket is too long");
    std::ranges::copy(path.string(), address.sun_path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        fail("no connection to " + path.string());
    return fd;
}

} // namespace

SimPhone::SimPhone(const std::filesystem::path& root, std::vector<std::string> arguments)
{
    std::vector<std::string> words{SIMPHONE_BINARY, "serve",
                                   "--root",        root.string(),
                                   "--socket",      (folder_ / "mux").string(),
                                   "--control",     control_socket().string(),
                                   "--log",         (folder_ / "log").string()};
    if (std::ranges::find(arguments, "--trust") == arguments.end())
        words.insert(words.end(), {"--trust", "trusted"});
    words.insert(words.end(), arguments.begin(), arguments.end());
    const int output = start(std::move(words), pid_);
    const auto ready = nlohmann::json::parse(read_line(output), nullptr, false);
    ::close(output);
    if (!ready.is_object()) {
        stop();
        fail("it did not start");
    }
    udid_ = ready.at("udid");
    if (::setenv("USBMUXD_SOCKET_ADDRESS", address().c_str(), 1) != 0) fail("no environment");
}

SimPhone::~SimPhone() { stop(); }

void SimPhone::stop()
{
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

nlohmann::json SimPhone::control(std::string_view command) const
{
    const int fd = connect_to(control_socket());
    const std::string line = std::string{command} + "\n";
    const auto sent = ::send(fd, line.data(), line.size(), MSG_NOSIGNAL);
    const std::string answer = sent == static_cast<ssize_t>(line.size()) ? read_line(fd) : "";
    ::close(fd);
    auto json = nlohmann::json::parse(answer, nullptr, false);
    if (!json.is_object() || !json.value("ok", false))
        fail("'" + std::string{command} + "' answered " + answer);
    return json;
}

std::vector<nlohmann::json> SimPhone::log() const
{
    std::ifstream in{folder_ / "log"};
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
}

std::vector<nlohmann::json> SimPhone::requests(std::string_view op) const
{
    auto lines = log();
    std::erase_if(lines, [&](const auto& line) {
        return line.value("type", "") != "afc" || (!op.empty() && line.value("op", "") != op);
    });
    return lines;
}

} // namespace photosafe::test
