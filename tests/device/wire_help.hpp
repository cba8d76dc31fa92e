// SPDX-License-Identifier: LGPL-2.1-or-later
// What the proofs over the wire have in common: wires, imports that may break off, and the judgement of an
// archive.
#pragma once

#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <photosafe/fixity.hpp>
#include <photosafe/ingest.hpp>

#include "core/digest.hpp"
#include "phone_help.hpp"
#include "support/temp_archive.hpp"

namespace photosafe::test {

/// How a phone is reached, and how a connection to it ends.
struct Wire {
    const char* tls;
    const char* how;
};
inline constexpr std::array wires{Wire{"on", "fin"}, Wire{"on", "rst"}, Wire{"off", "fin"},
                                  Wire{"off", "rst"}};

inline std::string wire_name(const ::testing::TestParamInfo<Wire>& wire)
{
    return (std::string{wire.param.tls} == "on" ? "Tls_" : "Plain_") + std::string{wire.param.how};
}

/// Thousands of archives are made here, each with its syncs: in memory where there is room for that.
class MemoryFolders {
public:
    MemoryFolders()
    {
        constexpr std::uintmax_t enough = 512u << 20;
        std::error_code none;
        const auto space = std::filesystem::space("/dev/shm", none);
        if (none || space.available < enough) return;
        if (const char* before = std::getenv("TMPDIR")) before_ = before;
        changed_ = ::setenv("TMPDIR", "/dev/shm", 1) == 0;
    }
    ~MemoryFolders()
    {
        if (!changed_) return;
        if (before_)
            (void)::setenv("TMPDIR", before_->c_str(), 1);
        else
            (void)::unsetenv("TMPDIR");
    }
    MemoryFolders(const MemoryFolders&) = delete;
    MemoryFolders& operator=(const MemoryFolders&) = delete;

private:
    bool changed_ = false;
    std::optional<std::string> before_;
};

inline std::string hash_of(std::string_view content)
{
    return sha256_hex(digest_of(std::as_bytes(std::span{content})));
}

/// Paths of files below a folder, and the SHA-256 of each as it is on disk.
using Tree = std::map<std::string, std::string>;

inline Tree tree_below(const std::filesystem::path& folder)
{
    Tree tree;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (entry.is_regular_file())
            tree[entry.path().lexically_relative(folder).native()] = hash_of(content_of(entry.path()));
    }
    return tree;
}

inline Tree originals(const TempArchive& archive)
{
    const auto folder = archive.root() / "originals";
    return std::filesystem::exists(folder) ? tree_below(folder) : Tree{};
}

inline std::set<std::string> hashes(const Tree& tree)
{
    std::set<std::string> all;
    for (const auto& [path, hash] : tree) all.insert(hash);
    return all;
}

/// An import, to its end or to what broke it off.
struct Attempt {
    bool complete = false; ///< it returned, and nothing had failed
    IngestReport report;
    std::string error; ///< the code of what ended it early
};

inline IngestOptions few_tries(unsigned retries = 0)
{
    IngestOptions options;
    options.retries = retries;
    options.backoff = 1ms;
    return options;
}

inline Attempt attempt(Source& source, Archive& archive, const IngestOptions& options = few_tries())
{
    Attempt result;
    try {
        result.report = ingest(source, archive, options);
        result.complete = result.report.failed == 0;
    } catch (const IngestInterrupted& interruption) {
        result.report = interruption.report();
        result.error = name(interruption.code());
    } catch (const DeviceError& error) { // while it was listed
        result.error = name(error.code());
    }
    const auto& r = result.report;
    EXPECT_EQ(r.seen, r.stored + r.known + r.failed + r.excluded) << "the sums of a report close";
    return result;
}

/// The bytes of all that is recorded and isn't one of the `right` contents, or isn't on disk what is
/// recorded.
inline std::uint64_t wrong_bytes(Archive& archive, const std::set<std::string>& right)
{
    std::uint64_t wrong = 0;
    archive.for_each_asset([&](const Asset& asset) {
        if (!right.contains(sha256_hex(asset.digest))) wrong += asset.bytes;
        return true;
    });
    FixityOptions options;
    options.threads = 1;
    options.on_finding = [&](const FixityFinding& finding) {
        wrong += std::max<std::uint64_t>(finding.bytes, 1);
    };
    (void)check_fixity(archive, options);
    return wrong;
}

/// A phone that was asked once and can't be reached again is given up at once.
inline DeviceOptions impatient()
{
    DeviceOptions options;
    options.connections = 1;
    options.reconnect = 0ms;
    return options;
}

/// From now on nobody gets another connection to the phone; those that are open go on.
inline void refuse_connections(const SimPhone& phone)
{
    (void)phone.control("fault mux-error:op=Connect,code=3,times=always");
}

/// How often the faults of this kind that are given now have acted.
inline std::uint64_t acted(const SimPhone& phone, std::string_view kind)
{
    std::uint64_t count = 0;
    const auto stats = phone.control("stats");
    for (const auto& fault : stats.at("phones").at(0).at("faults")) {
        if (fault.at("spec").get<std::string>().starts_with(kind))
            count += fault.at("fired").get<std::uint64_t>();
    }
    return count;
}

/// One line of what was measured, for people who read along.
template <class... Parts>
void figures(const Parts&... parts)
{
    std::cout << "[ figures  ] ";
    (std::cout << ... << parts) << std::endl;
}

/// Of the points of a matrix, each so-manyth: all, but where a sanitizer makes each of them slow.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t point_stride = 9;
#else
inline constexpr std::size_t point_stride = 1;
#endif

/// Whether the whole of a matrix is asked for, which takes long.
inline bool every_cut()
{
    const char* asked = std::getenv("PHOTOSAFE_EVERY_CUT");
    return asked != nullptr && *asked != '\0' && std::string_view{asked} != "0";
}

} // namespace photosafe::test
