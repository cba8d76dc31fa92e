// SPDX-License-Identifier: LGPL-2.1-or-later
// What reading a phone's database costs: `library_read lines DATABASE` as a worker does it, `library_read all
// DATABASE` with the library's half too, both in one process.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "media/phone_library_json.hpp"
#include "worker/phone_library.hpp"

namespace {

std::uint64_t append(int fd, const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::string piece(std::size_t{1} << 20, '\0');
    std::uint64_t bytes = 0;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
        const auto count = static_cast<std::size_t>(in.gcount());
        if (::write(fd, piece.data(), count) != static_cast<ssize_t>(count)) std::exit(1);
        bytes += count;
    }
    return bytes;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) return 2;
    const std::filesystem::path database{argv[2]};
    const std::string copy = database.native() + ".joined";
    const int fd = ::open(copy.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    photosafe::DatabaseFile file{fd, append(fd, database), 0};
    if (std::filesystem::exists(argv[2] + std::string{"-wal"}))
        file.log_bytes = append(fd, argv[2] + std::string{"-wal"});
    ::unlink(copy.c_str());
    const bool all = std::string{argv[1]} == "all";
    std::string lines;
    std::size_t bytes = 0;
    photosafe::worker::read_phone_library(file, std::chrono::minutes{10}, [&](std::string_view line) {
        bytes += line.size() + 1;
        if (all) (lines += line) += '\n';
    });
    std::size_t items = 0;
    if (all) items = photosafe::phone_library_of(lines).assets.size();
    std::printf("{\"bytes\": %zu, \"items\": %zu}\n", bytes, items);
    return 0;
}
