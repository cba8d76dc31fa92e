// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <photosafe/ingest.hpp>

#include "json.hpp"

namespace photosafe::cli {

/// Files with the reason they share. Keeps the first names only, so that a hundred thousand failures take no
/// more memory than twenty.
class Reasons {
public:
    explicit Reasons(std::size_t names_kept) : names_left_{names_kept} {}
    void add(const std::string& reason, const std::string& path);
    bool empty() const noexcept { return total_ == 0; }
    /// The reasons, each with its count and the names kept; at the end, if any was named, how many were not.
    std::vector<std::string> lines(std::string_view heading, std::string_view where_the_rest_is) const;
    /// The reasons and their counts alone.
    std::vector<std::string> lines(std::string_view heading) const;

private:
    struct Group {
        std::uint64_t count = 0;
        std::vector<std::string> names;
    };
    std::map<std::string, Group> groups_;
    std::uint64_t total_ = 0;
    std::uint64_t names_shown_ = 0;
    std::size_t names_left_;
};

/// Counts of one import or of several; seen = fresh + known + failed + excluded.
struct ImportTally {
    std::uint64_t seen = 0, fresh = 0, known = 0, failed = 0, excluded = 0;
    std::uint64_t fresh_bytes = 0;
    std::uint64_t read_bytes = 0;
    MetadataReport metadata{};
    LibraryReport library{};

    static ImportTally of(const IngestReport& report);
    static ImportTally of(const IngestPlan& plan);
    ImportTally& operator+=(const ImportTally& other);
    /// The table people read.
    std::vector<std::string> lines(bool planned) const;
    Json json(bool planned) const;
};

/// What the phone's own library says that a person should know.
std::vector<std::string> lines_of(const LibraryReport& report);
Json json_of(const LibraryReport& report);

/// `Anna's iPhone (iPhone16,1, iOS 18.1)`
std::string source_title(const SourceInfo& source);

} // namespace photosafe::cli
