// SPDX-License-Identifier: LGPL-2.1-or-later
// What writing many small files durably costs without anything else: copies every file below SOURCE into
// TARGET in batches of 64, each batch fdatasync of all, rename of all, one fsync of the folder.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

[[noreturn]] void die(const std::string& what)
{
    std::fprintf(stderr, "%s: %s\n", what.c_str(), std::strerror(errno));
    std::exit(1);
}

std::string contents(const std::filesystem::path& path)
{
    std::string bytes(std::filesystem::file_size(path), '\0');
    const int fd = ::open(path.c_str(), O_RDONLY);
    if (fd < 0 || ::read(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) die(path);
    ::close(fd);
    return bytes;
}

struct Staged {
    int fd;
    std::string name;
};

void finish(std::vector<Staged>& batch, const std::string& target, int folder)
{
    for (const Staged& one : batch) {
        if (::fdatasync(one.fd) != 0) die("fdatasync " + one.name);
    }
    for (const Staged& one : batch) {
        ::close(one.fd);
        if (::rename((target + '/' + one.name + ".part").c_str(), (target + '/' + one.name).c_str()) != 0)
            die("rename " + one.name);
    }
    if (::fsync(folder) != 0) die("fsync " + target);
    batch.clear();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: small_files SOURCE TARGET\n");
        return 2;
    }
    const std::string target = argv[2];
    const int folder = ::open(target.c_str(), O_RDONLY | O_DIRECTORY);
    if (folder < 0) die(target);
    std::vector<Staged> batch;
    std::size_t number = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{argv[1]}) {
        if (!entry.is_regular_file()) continue;
        const std::string bytes = contents(entry.path());
        std::string name = std::to_string(number++) + ".jpg";
        const int fd = ::open((target + '/' + name + ".part").c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            die("writing " + name);
        batch.push_back({fd, std::move(name)});
        if (batch.size() == 64) finish(batch, target, folder);
    }
    finish(batch, target, folder);
    ::close(folder);
    return 0;
}
