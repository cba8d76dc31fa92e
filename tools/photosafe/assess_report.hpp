// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <photosafe/assess.hpp>

namespace photosafe::cli {

/// The sentence that answers whether a source is safe to wipe.
std::string verdict_of(const Assessment& assessment, std::uint64_t left_out_at_no_loss);

/// A list of all items as a file, for a person to keep: `.csv` or `.html`, by its name. It has its name only
/// once it is whole.
class AssessFile {
public:
    /// Throws UsageError for another ending, ArchiveError where it can't be made.
    explicit AssessFile(std::filesystem::path file);
    ~AssessFile();
    void add(const AssessedItem& item);
    /// Writes the verdict, and gives the file its name.
    void finish(const Assessment& assessment, const std::string& verdict);

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    void write(const std::string& text);

    std::filesystem::path file_, part_;
    bool html_;
    std::unique_ptr<std::FILE, Close> out_;
};

} // namespace photosafe::cli
