// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "worker/boxes.hpp"

namespace photosafe::test {

/// The nine numbers of a QuickTime matrix, of which only those that turn and mirror matter.
struct Matrix {
    int a = 1, b = 0, c = 0, d = 1;
};

/// A QuickTime movie with one video track, whatever a test wants it to say, around frames nobody could
/// decode.
struct MovieMaker {
    std::string brand = "qt  ";
    std::uint64_t created = 3'800'000'000; ///< seconds since 1904, UTC: 2024-05-31 11:33:20
    unsigned frames = 60, frames_a_second = 30;
    unsigned width = 1920, height = 1080;
    Matrix matrix;
    std::string codec = "hvc1", codec_boxes; ///< after the description of the picture
    bool moov_first = false;
    std::string user_data; ///< content of `udta`
    std::string more_tracks;

    /// A key and its value, of one of Apple's well-known types: 1 UTF-8, 21 signed, 22 unsigned, …
    MovieMaker& key(std::string name, unsigned type, std::string value)
    {
        keys_.push_back({std::move(name), type, std::move(value)});
        return *this;
    }
    MovieMaker& key(std::string name, std::string text) { return key(std::move(name), 1, std::move(text)); }
    MovieMaker& track_key(std::string name, std::string text)
    {
        track_keys_.push_back({std::move(name), 1, std::move(text)});
        return *this;
    }
    /// A track of timed metadata with this key.
    MovieMaker& timed(const std::string& name)
    {
        const std::string entry =
            box("mebx", std::string(6, '\0') + u16(1) +
                            box("keys", u32(16 + name.size() + 4) + u32(1) + box("keyd", "mdta" + name)));
        more_tracks += track("meta", full_box("stsd", u32(1) + entry), 1, 0, 0);
        return *this;
    }

    /// `hole`: that many bytes between head and tail belong to nobody.
    std::pair<std::string, std::string> file(std::uint64_t hole = 0) const
    {
        const std::string brands = box("ftyp", brand + u32(0) + brand);
        const std::uint64_t media = frames + hole;
        const std::string head =
            media >> 31 ? u32(1) + "mdat" + u64(media + 16) : u32(media + 8) + std::string{"mdat"};
        const std::string data(frames, 'f');
        const auto moov = [&](std::uint64_t at) {
            return box("moov", full_box("mvhd", u32(created) + u32(created) + u32(scale) + u32(duration()) +
                                                    u32(0x10000) + u16(0x100) + std::string(10, '\0') +
                                                    matrix_bytes({}) + std::string(24, '\0') + u32(2)) +
                                   track("vide", samples(at), frames, width, height) + more_tracks +
                                   meta(keys_) + (user_data.empty() ? "" : box("udta", user_data)));
        };
        if (moov_first) {
            const std::string first = moov(brands.size() + moov(0).size() + head.size());
            return {brands + first + head + data, ""};
        }
        return {brands + head + data, moov(brands.size() + head.size())};
    }
    std::string bytes() const
    {
        const auto [head, tail] = file();
        return head + tail;
    }

private:
    static constexpr unsigned scale = 2400; // holds 30 and 240 frames a second without a remainder
    struct Key {
        std::string name;
        unsigned type;
        std::string value;
    };

    std::uint64_t duration() const { return std::uint64_t{frames} * scale / frames_a_second; }
    static std::string matrix_bytes(const Matrix& m)
    {
        const auto fixed = [](int value) { return u32(static_cast<std::uint32_t>(value * 0x10000)); };
        return fixed(m.a) + fixed(m.b) + u32(0) + fixed(m.c) + fixed(m.d) + u32(0) + u32(0) + u32(0) +
               u32(0x40000000);
    }
    static std::string meta(const std::vector<Key>& keys)
    {
        if (keys.empty()) return {};
        std::string names = u32(keys.size()), values;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            names += box("mdta", keys[i].name);
            const std::string data = box("data", u32(keys[i].type) + u32(0) + keys[i].value);
            values += u32(data.size() + 8) + u32(i + 1) + data;
        }
        return box("meta", full_box("hdlr", u32(0) + "mdta" + std::string(14, '\0')) +
                               full_box("keys", names) + box("ilst", values));
    }
    std::string samples(std::uint64_t at) const
    {
        const std::string entry =
            box(codec, std::string(6, '\0') + u16(1) + std::string(16, '\0') + u16(width) + u16(height) +
                           u32(0x480000) + u32(0x480000) + u32(0) + u16(1) + std::string(32, '\0') + u16(24) +
                           u16(0xffff) + codec_boxes);
        return full_box("stsd", u32(1) + entry) +
               full_box("stts", u32(1) + u32(frames) + u32(scale / frames_a_second)) +
               full_box("stsc", u32(1) + u32(1) + u32(frames) + u32(1)) +
               full_box("stsz", u32(1) + u32(frames)) + full_box("stco", u32(1) + u32(at));
    }
    std::string track(const std::string& type, const std::string& table, std::uint64_t count, unsigned w,
                      unsigned h) const
    {
        const bool video = type == "vide";
        const std::string header = video ? full_box("vmhd", std::string(8, '\0'), 0, 1) : box("gmhd", "");
        const std::string rest = video ? ""
                                       : full_box("stts", u32(1) + u32(count) + u32(1)) +
                                             full_box("stsc", u32(1) + u32(1) + u32(1) + u32(1)) +
                                             full_box("stsz", u32(1) + u32(count)) +
                                             full_box("stco", u32(1) + u32(0));
        return box(
            "trak",
            full_box("tkhd",
                     u32(created) + u32(created) + u32(video ? 1 : 2) + u32(0) + u32(duration()) +
                         std::string(16, '\0') + matrix_bytes(video ? matrix : Matrix{}) +
                         u32(std::uint64_t{w} << 16) + u32(std::uint64_t{h} << 16),
                     0, 0xf) +
                box("mdia",
                    full_box("mdhd", u32(created) + u32(created) + u32(scale) + u32(duration()) + u32(0)) +
                        full_box("hdlr", "mhlr" + type + std::string(13, '\0')) +
                        box("minf", header +
                                        box("dinf", full_box("dref", u32(1) + full_box("alis", "", 0, 1))) +
                                        box("stbl", table + rest))) +
                (video ? meta(track_keys_) : ""));
    }

    std::vector<Key> keys_, track_keys_;
};

} // namespace photosafe::test
