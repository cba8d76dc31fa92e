// SPDX-License-Identifier: LGPL-2.1-or-later
// Apple's QuickTime File Format Specification, ISO/IEC 14496-12, and Apple's "QuickTime and ISO base media
// file formats and spatial and immersive media" for vexu.
#include "worker/quicktime.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

#include "worker/byte_view.hpp"

namespace photosafe::worker {

namespace {

constexpr int most_boxes = 10'000;                // of a whole file; phones have some hundred
constexpr std::uint64_t most_content = 1 << 20;   // bytes of one box that is read whole
constexpr std::uint64_t most_contents = 16 << 20; // of all of them
constexpr std::size_t most_tags = 512;
constexpr auto order = ByteOrder::big;

struct Box {
    std::string_view type; ///< four bytes
    ByteView content;
};

/// The boxes in `bytes` one after the other, until they end or make no sense.
template <class Visit>
void each_box(ByteView bytes, Visit&& visit)
{
    for (std::uint64_t at = 0; bytes.has(at, 8);) {
        const std::uint32_t size = bytes.u32(at, order);
        if (size < 8) return;
        visit(Box{bytes.text(at + 4, 4), bytes.part(at + 8, size - 8)});
        at += size;
    }
}

ByteView find_box(ByteView bytes, std::string_view type)
{
    ByteView found;
    each_box(bytes, [&](const Box& box) {
        if (box.type == type && found.size() == 0) found = box.content;
    });
    return found;
}

/// Whether a box at the top of a file is one that movies have: cameras put other things behind the last one,
/// which aren't boxes.
bool is_of_movies(std::string_view type)
{
    static constexpr std::array<std::string_view, 9> known{"ftyp", "moov", "mdat", "free", "skip",
                                                           "wide", "uuid", "moof", "pnot"};
    return std::find(known.begin(), known.end(), type) != known.end();
}

std::string real(double value)
{
    if (!std::isfinite(value)) return {};
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.9g", value);
    return text.data();
}

/// A number of one to eight bytes.
std::optional<std::uint64_t> whole(ByteView bytes)
{
    if (bytes.size() == 0 || bytes.size() > 8) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) value = value << 8 | bytes.u8(i);
    return value;
}

/// A value of one of Apple's well-known types as text; empty for pictures and other bytes.
std::string shown(std::uint32_t type, ByteView bytes)
{
    switch (type) {
    case 1: return clean_text(bytes.text());
    case 2: return clean_utf16(bytes.bytes(), order);
    case 23: return bytes.size() == 4 ? real(std::bit_cast<float>(bytes.u32(0, order))) : "";
    case 24: return bytes.size() == 8 ? real(std::bit_cast<double>(bytes.u64(0, order))) : "";
    case 21:
    case 65:
    case 66:
    case 67:
    case 74:
        if (const auto value = whole(bytes)) {
            const unsigned unused = static_cast<unsigned>(64 - 8 * bytes.size()); // for the sign to move down
            return std::to_string(static_cast<std::int64_t>(*value << unused) >> unused);
        }
        return {};
    case 22:
    case 75:
    case 76:
    case 77:
    case 78: {
        const auto value = whole(bytes);
        return value ? std::to_string(*value) : std::string{};
    }
    default: return {};
    }
}

/// Keys and values of a `meta` box, which in MP4 begins with a version and in QuickTime doesn't.
void read_keys(ByteView meta, std::vector<RawTag>& tags)
{
    if (meta.text(4, 4) != "hdlr") meta = meta.part(4);
    std::vector<std::string> keys;
    each_box(find_box(meta, "keys").part(8), [&](const Box& key) {
        if (keys.size() < most_tags) keys.push_back(key.type == "mdta" ? clean_text(key.content.text()) : "");
    });
    std::uint64_t at = 0;
    const ByteView items = find_box(meta, "ilst");
    while (items.has(at, 8)) {
        const std::uint32_t size = items.u32(at, order), number = items.u32(at + 4, order);
        if (size < 8) return;
        const ByteView data = find_box(items.part(at + 8, size - 8), "data");
        at += size;
        if (number == 0 || number > keys.size() || keys[number - 1].empty() || tags.size() >= most_tags)
            continue;
        tags.push_back({keys[number - 1], shown(data.u32(0, order), data.part(8))});
    }
}

/// What the descriptions of a track's samples say: `stsd`.
void read_descriptions(ByteView descriptions, QuickTimeFacts& facts)
{
    constexpr std::uint64_t of_video = 78; // bytes before the boxes of a visual sample entry
    each_box(descriptions.part(8), [&](const Box& entry) {
        if (entry.type == "mebx") {
            each_box(find_box(entry.content.part(8), "keys"), [&](const Box& key) {
                const ByteView name = find_box(key.content, "keyd");
                if (name.text(0, 4) == "mdta" && facts.timed.size() < most_tags)
                    facts.timed.push_back(clean_text(name.part(4).text()));
            });
            return;
        }
        const ByteView views =
            find_box(find_box(find_box(entry.content.part(of_video), "vexu"), "eyes"), "stri");
        constexpr int both_eyes = 3;
        if ((views.u8(4) & both_eyes) == both_eyes) facts.two_views = true;
    });
}

class Reader {
public:
    Reader(int fd, std::uint64_t size) : fd_{fd}, size_{size} {}

    QuickTimeFacts read()
    {
        each(0, size_, [&](std::string_view type, std::uint64_t from, std::uint64_t to) {
            if (type == "moov") read_movie(from, to);
        });
        return std::move(facts_);
    }

private:
    /// Visits the boxes of a stretch of the file: type, and where the content begins and ends.
    template <class Visit>
    void each(std::uint64_t at, std::uint64_t end, Visit&& visit)
    {
        while (end - at >= 8 && ++boxes_ <= most_boxes) {
            std::array<std::uint8_t, 16> bytes{};
            const ByteView head{std::span{bytes}.first(fill(at, bytes))};
            std::uint64_t size = head.u32(0, order), head_size = 8;
            if (size == 1) {
                size = head.u64(8, order);
                head_size = 16;
            } else if (size == 0) {
                size = end - at; // the last one reaches to the end
            }
            if (size < head_size) return;
            if (size > end - at && end == size_ && is_of_movies(head.text(4, 4))) facts_.cut = true;
            const std::uint64_t next = size > end - at ? end : at + size;
            visit(head.text(4, 4), at + head_size, std::max(next, at + head_size));
            at = next;
        }
    }

    void read_movie(std::uint64_t begin, std::uint64_t end)
    {
        each(begin, end, [&](std::string_view type, std::uint64_t from, std::uint64_t to) {
            if (type == "meta") read_keys(content(from, to), facts_.tags);
            if (type == "trak") read_track(from, to);
        });
    }

    void read_track(std::uint64_t begin, std::uint64_t end)
    {
        each(begin, end, [&](std::string_view type, std::uint64_t from, std::uint64_t to) {
            if (type == "meta") read_keys(content(from, to), facts_.tags);
            if (type == "mdia") read_media(from, to, 0);
        });
    }

    /// From the box of a track's media down to the descriptions of its samples.
    void read_media(std::uint64_t begin, std::uint64_t end, std::size_t depth)
    {
        static constexpr std::array<std::string_view, 3> way{"minf", "stbl", "stsd"};
        each(begin, end, [&](std::string_view type, std::uint64_t from, std::uint64_t to) {
            if (type != way[depth]) return;
            if (depth + 1 < way.size()) return read_media(from, to, depth + 1);
            read_descriptions(content(from, to), facts_);
        });
    }

    /// The beginning of a stretch, as much of it as may be read; good until the next call.
    ByteView content(std::uint64_t from, std::uint64_t to)
    {
        const std::uint64_t count = std::min({to - from, most_content, left_});
        left_ -= count;
        buffer_.resize(static_cast<std::size_t>(count));
        return ByteView{std::span{buffer_}.first(fill(from, buffer_))};
    }

    std::size_t fill(std::uint64_t at, std::span<std::uint8_t> to) const
    {
        std::size_t done = 0;
        while (done < to.size()) {
            const ssize_t n = ::pread(fd_, to.data() + done, to.size() - done, static_cast<off_t>(at + done));
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) break;
            done += static_cast<std::size_t>(n);
        }
        return done;
    }

    int fd_;
    std::uint64_t size_;
    int boxes_ = 0;
    std::uint64_t left_ = most_contents;
    std::vector<std::uint8_t> buffer_;
    QuickTimeFacts facts_;
};

} // namespace

QuickTimeFacts read_quicktime(int fd)
{
    struct stat facts {};
    if (::fstat(fd, &facts) != 0 || facts.st_size <= 0) return {};
    return Reader{fd, static_cast<std::uint64_t>(facts.st_size)}.read();
}

} // namespace photosafe::worker
