// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/event.hpp"

#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace photosafe {
namespace {

constexpr Instant earliest{std::chrono::nanoseconds{std::numeric_limits<std::int64_t>::min()}};
constexpr Instant latest{std::chrono::nanoseconds{std::numeric_limits<std::int64_t>::max()}};
constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

const std::vector<std::string> odd_names{"",
                                         "IMG_0042.HEIC",
                                         "a\nb",
                                         "\x1b[2J",
                                         "\"quoted\\\"",
                                         std::string{"nul\0cut", 7},
                                         "\xff\xfe",
                                         "\xc3",
                                         "e\xcc\x81 \xf0\x9f\x93\xb7",
                                         std::string(255, 'x'),
                                         "../../etc/passwd",
                                         "{\"bytes_hex\":\"00\"}"};

std::array<std::byte, 32> sha(int n)
{
    std::array<std::byte, 32> result{};
    for (auto& b : result) b = static_cast<std::byte>(n++ * 37);
    return result;
}

Stored stored(const std::string& name, Instant at, std::uint64_t bytes)
{
    Digest digest{.sha256 = sha(3), .xxh128 = {}};
    digest.xxh128.back() = std::byte{255};
    return {.digest = digest,
            .path = "originals/2024/Größe/IMG_1 (1a2b3c4d).HEIC",
            .group = "2024/Größe/IMG_1",
            .bytes = bytes,
            .name = name,
            .role = Role::edited_video,
            .modified = at,
            .taken = at,
            .taken_local = "2024-05-31T14:03:22",
            .taken_source = "file_birth",
            .at = at};
}

std::vector<Event> all_events()
{
    std::vector<Event> events;
    for (const std::string& name : odd_names) {
        for (const Instant at : {earliest, Instant{}, latest}) {
            events.emplace_back(Begun{"import", 7, at, "1.0", {name, name, name, name, name}});
            events.emplace_back(stored(name, at, most));
            events.emplace_back(Seen{sha(1), {{}, name, most, at, at, at}});
            events.emplace_back(Seen{sha(1), {{}, name, 0, at, std::nullopt, at}});
            events.emplace_back(Failed{{{}, name, most, "unreadable", name}});
        }
    }
    events.emplace_back(Begun{"verify", std::numeric_limits<std::int64_t>::max() - 1, latest, "", {}});
    Stored bare = stored("x", Instant{}, 0);
    bare.taken.reset();
    events.emplace_back(bare);
    ImportRecord figures;
    figures.seen = figures.stored = figures.known = figures.failed = figures.excluded = figures.stored_bytes =
        most;
    events.emplace_back(Ended{latest, figures});
    events.emplace_back(Verified{earliest, {}});
    events.emplace_back(Verified{earliest, {sha(1), sha(2), sha(3)}});
    for (const AssetState state : {AssetState::present, AssetState::missing, AssetState::damaged})
        events.emplace_back(FoundBad{latest, sha(9), state});
    return events;
}

TEST(Event, IsReadBackAsItWasWritten)
{
    for (const Event& event : all_events()) {
        const std::string line = to_line(event);
        EXPECT_EQ(line.find('\n'), std::string::npos);
        const Event read = from_line(line);
        EXPECT_EQ(read.index(), event.index());
        EXPECT_EQ(to_line(read), line); // the line has every field
    }
    const auto name = [](const std::string& text) {
        return std::get<Stored>(from_line(to_line(stored(text, Instant{}, 1)))).name;
    };
    for (const std::string& odd : odd_names) EXPECT_EQ(name(odd), odd);
}

TEST(Event, IsNotReadFromNonsense)
{
    const std::string good = to_line(stored("IMG_1.HEIC", Instant{}, 5));
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string line = good;
        const auto at = line.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return line.replace(at, from.size(), to);
    };
    std::vector<std::string> lines{
        "",
        "{}",
        "[]",
        "null",
        "5",
        "\"stored\"",
        "{\"type\":5}",
        "{\"type\":\"unheard of\"}",
        "{\"type\":\"stored\"}",
        good.substr(1),
        good.substr(0, good.size() - 1),
        good + good,
        with("\"bytes\":5", "\"bytes\":-5"),
        with("\"bytes\":5", "\"bytes\":5.5"),
        with("\"bytes\":5", "\"bytes\":\"5\""),
        with("\"bytes\":5", "\"bytes\":18446744073709551616"),
        with("edited_video", "cover"),
        with("1970-01-01", "1970-02-31"),
        with("\"name\":\"IMG_1.HEIC\"", "\"name\":{\"bytes_hex\":\"0\"}"),
        with("\"name\":\"IMG_1.HEIC\"", "\"name\":{\"bytes_hex\":7}"),
        with("\"name\":\"IMG_1.HEIC\"", "\"name\":[]"),
        with("originals/2024", "originals/../2024"),
        with("originals/2024", "originals//2024"),
        with("originals/2024", "/originals/2024"),
        with("originals/2024", "catalog/2024"),
        with("originals/2024", "originals/a\\nb"),
        with("\"group\":\"2024", "\"group\":\"../2024"),
        "{\"type\":\"verified\",\"at\":\"1970-01-01T00:00:00Z\",\"sha256\":\"00\"}",
        "{\"type\":\"verified\",\"at\":\"1970-01-01T00:00:00Z\",\"sha256\":[7]}"};
    for (const std::string& line : lines) {
        try {
            (void)from_line(line);
            ADD_FAILURE() << "taken for an event: " << line;
        } catch (const ArchiveError& e) {
            EXPECT_EQ(e.code(), ErrorCode::damaged) << line;
        }
    }
}

TEST(Event, OfALaterPhotoSafeIsNotHalfUnderstood)
{
    std::string line = to_line(Begun{"import", 1, Instant{}, "9.9", {}});
    line.replace(line.find("\"schema\":1"), 10, "\"schema\":2");
    try {
        (void)from_line(line);
        FAIL();
    } catch (const ArchiveError& e) {
        EXPECT_EQ(e.code(), ErrorCode::newer_version);
    }
}

TEST(Event, SurvivesMutatedLines)
{
    std::mt19937 random{20240531};
    const std::vector<Event> events = all_events();
    const std::string spice = "\"{}[]:,\\0eE-+.tfn\xff\xc3 ";
    for (int round = 0; round < 40'000; ++round) {
        std::string line = to_line(events[random() % events.size()]);
        for (unsigned n = random() % 4 + 1; n > 0 && !line.empty(); --n) {
            const std::size_t at = random() % line.size();
            switch (random() % 4) {
            case 0: line[at] = static_cast<char>(random()); break;
            case 1: line.erase(at, random() % 8); break;
            case 2: line.insert(at, 1, spice[random() % spice.size()]); break;
            default: line[at] = spice[random() % spice.size()];
            }
        }
        try {
            (void)to_line(from_line(line)); // what is taken can be written again
        } catch (const ArchiveError&) {
        }
    }
}

} // namespace
} // namespace photosafe
