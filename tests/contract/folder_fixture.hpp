// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>

#include "contract/source_fixture.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {

/// The half of a fixture whose files lie in a real folder: of a folder, and of a simulated phone that serves
/// one.
class OnDisk : public SourceFixture {
public:
    void put(const std::string& path, std::string_view content, Instant modified) override
    {
        std::filesystem::remove(folder_ / path);
        set_time(folder_.write(path, content), modified);
    }

    void overwrite(const std::string& path, std::string_view content, Instant modified) override
    {
        set_time(folder_.write(path, content), modified); // truncates: the same inode goes on
    }

    void remove(const std::string& path) override { std::filesystem::remove(folder_ / path); }

protected:
    const TempFolder& folder() const noexcept { return folder_; }

private:
    static void set_time(const std::filesystem::path& file, Instant modified)
    {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(modified);
        timespec times[2]{};
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec = static_cast<time_t>(seconds.time_since_epoch().count());
        times[1].tv_nsec = static_cast<long>((modified - seconds).count());
        if (::utimensat(AT_FDCWD, file.c_str(), times, 0) != 0) {
            throw std::system_error{errno, std::generic_category(), file};
        }
    }

    TempFolder folder_;
};

class FolderFixture : public OnDisk {
public:
    Source& source() override
    {
        if (!source_) source_ = open_folder(folder());
        return *source_;
    }

private:
    std::unique_ptr<Source> source_;
};

} // namespace photosafe::test
