// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/digest.hpp"
#include "support/catalog_rows.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {

/// What lies below `folder`: path and content of each file.
inline std::map<std::string, std::string> files_below(const std::filesystem::path& folder)
{
    std::map<std::string, std::string> result;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (entry.is_regular_file())
            result[entry.path().lexically_relative(folder).native()] = content_of(entry.path());
    }
    return result;
}

/// The contents of all originals, sorted, whatever their names.
inline std::vector<std::string> original_contents(const std::filesystem::path& root)
{
    std::vector<std::string> result;
    for (auto& [path, content] : files_below(root / "originals")) result.push_back(std::move(content));
    std::sort(result.begin(), result.end());
    return result;
}

/// Runs a shell command; its exit status, and what it says.
inline std::pair<int, std::string> run_command(const std::string& command)
{
    std::string said;
    FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return {-1, "no shell"};
    std::array<char, 4096> buffer{};
    for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) != 0;)
        said.append(buffer.data(), n);
    const int status = ::pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
}

/// What sha256sum says of the archive, which needs no PhotoSafe.
inline std::pair<int, std::string> check_sums(const std::filesystem::path& root)
{
    return run_command("cd '" + root.native() + "' && cat manifests/*.sha256 | sha256sum --quiet -c -");
}

} // namespace photosafe::test
