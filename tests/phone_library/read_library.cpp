// SPDX-License-Identifier: LGPL-2.1-or-later
#include "phone_library/read_library.hpp"

#include <fstream>
#include <stdexcept>

#include <sys/mman.h>
#include <unistd.h>

#include "support/archive_facts.hpp"
#include "worker/phone_library.hpp"

namespace photosafe::test {

namespace {

/// A file without a name.
struct Copy {
    Copy() : fd{::memfd_create("library", MFD_CLOEXEC)} {}
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    ~Copy() { ::close(fd); }
    const int fd;
};

std::uint64_t append(int fd, const std::filesystem::path& file)
{
    const std::string bytes = content_of(file);
    if (::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error{"no memory for a copy"};
    return bytes.size();
}

} // namespace

std::string library_lines(const std::filesystem::path& database, Log log, const PhoneLibraryLimits& limits,
                          std::chrono::milliseconds time_limit)
{
    const Copy copy;
    DatabaseFile file{copy.fd, append(copy.fd, database), 0};
    const std::filesystem::path log_file = database.native() + "-wal";
    if (log == Log::with && std::filesystem::exists(log_file)) file.log_bytes = append(copy.fd, log_file);
    std::string lines;
    worker::read_phone_library(
        file, time_limit, [&](std::string_view line) { (lines += line) += '\n'; }, limits);
    return lines;
}

PhoneLibrary read_library(const std::filesystem::path& database, Log log)
{
    return phone_library_of(library_lines(database, log));
}

nlohmann::json make_roll(const std::filesystem::path& folder, const std::string& options)
{
    const auto [status, said] =
        run_command(std::string{SIMPHONE_BINARY} + " make-roll '" + folder.native() + "' " + options);
    if (status != 0) throw std::runtime_error{"simphone make-roll: " + said};
    return nlohmann::json::parse(std::ifstream{folder.native() + ".truth.json"});
}

const PhoneAsset& asset_of(const PhoneLibrary& library, const std::string& uuid)
{
    for (const PhoneAsset& asset : library.assets)
        if (asset.uuid == uuid) return asset;
    throw std::runtime_error{"no item " + uuid};
}

const PhoneAlbum& album_of(const PhoneLibrary& library, const std::string& uuid)
{
    for (const PhoneAlbum& album : library.albums)
        if (album.uuid == uuid) return album;
    throw std::runtime_error{"no album " + uuid};
}

} // namespace photosafe::test
