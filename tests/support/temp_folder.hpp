// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace photosafe::test {

/// A new empty folder, gone with all it holds at the end of the scope.
class TempFolder {
public:
    TempFolder()
    {
        std::string name = std::filesystem::temp_directory_path() / "photosafe-test-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::system_error{errno, std::generic_category(), name};
        path_ = std::filesystem::canonical(name);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder()
    {
        std::error_code ignored; // a test that took its own rights away leaves litter, and no more
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const noexcept { return path_; }
    operator const std::filesystem::path&() const noexcept { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

    /// Writes a file below the folder, with the folders on the way to it.
    std::filesystem::path write(const std::filesystem::path& name, std::string_view content) const
    {
        const std::filesystem::path file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream out{file, std::ios::binary | std::ios::trunc};
        out.write(content.data(), static_cast<std::streamsize>(content.size()));
        if (!out.flush()) throw std::system_error{errno, std::generic_category(), file};
        return file;
    }

private:
    std::filesystem::path path_;
};

/// All bytes of a file.
inline std::string content_of(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) throw std::system_error{errno, std::generic_category(), file};
    std::ostringstream content;
    content << in.rdbuf();
    return std::move(content).str();
}

} // namespace photosafe::test
