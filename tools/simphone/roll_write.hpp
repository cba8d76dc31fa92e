// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"
#include "roll_content.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace simphone {

/// Writes the files of a roll under a folder that it makes, and fills in their sizes and digests. Existing
/// files are never replaced. Throws std::system_error. Not for several threads.
class RollWriter {
public:
    explicit RollWriter(std::filesystem::path root);

    void write(RollFile& file, const Content& content);
    void copy(RollFile& file, const std::filesystem::path& from);
    void hard_link(RollFile& file, const std::filesystem::path& from);
    /// A file that is in its place already: only its times are set.
    void adopt(RollFile& file);
    /// Gives every folder the time of the newest file below it, so that nothing tells when the roll was made.
    void finish(const Roll& roll);

private:
    std::filesystem::path place(const RollFile& file);
    void measure(RollFile& file, const std::filesystem::path& from);

    std::filesystem::path root_;
    std::set<std::string> folders_;
    std::string buffer_;
};

/// Writes every file of `roll` from `options`. Throws std::runtime_error.
void write_roll(Roll& roll, const RollOptions& options, const std::filesystem::path& root);

} // namespace simphone
