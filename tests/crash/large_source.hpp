// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <vector>

#include <photosafe/source.hpp>

namespace photosafe::test {

/// A phone with one movie, made as it is read: too large to lie on a disk for a test's sake.
class LargeSource final : public Source {
public:
    static constexpr std::uint64_t size = 272u << 20; // one checkpoint (256 MiB), and something after it

    SourceInfo info() const override
    {
        return {.id = "device:large", .kind = "device", .name = "Large", .model = {}, .version = {}};
    }
    Listing list(const ListOptions&) override
    {
        const Instant time{std::chrono::seconds{1'717'157'002}};
        return {
            .files = {{.path = "DCIM/100APPLE/IMG_0001.MOV", .bytes = size, .modified = time, .born = {}}},
            .skipped = {}};
    }
    std::unique_ptr<Reader> open(const SourceFile&, std::uint64_t offset, std::stop_token) override
    {
        return std::make_unique<Movie>(offset);
    }

private:
    class Movie final : public Reader {
    public:
        explicit Movie(std::uint64_t at) : at_{at}, chunk_(std::size_t{4} << 20) {}
        std::span<const std::byte> next() override
        {
            const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_.size(), size - at_));
            for (std::size_t i = 0; i < n; i += 4096) // each page says where it belongs
                chunk_[i] = static_cast<std::byte>((at_ + i) >> 12),
                chunk_[i + 1] = static_cast<std::byte>((at_ + i) >> 20);
            at_ += n;
            return std::span{chunk_}.first(n);
        }
        void finish() override {}

    private:
        std::uint64_t at_;
        std::vector<std::byte> chunk_;
    };
};

} // namespace photosafe::test
