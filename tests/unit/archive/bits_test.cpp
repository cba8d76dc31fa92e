// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/bits.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include <photosafe/error.hpp>

#include "archive/slot.hpp"
#include "archive/trait.hpp"

namespace photosafe {
namespace {

Bits bits_of(const std::set<unsigned>& places)
{
    Bits bits;
    for (const unsigned at : places) bits.set(at);
    return bits;
}

TEST(Bits, AreReadBackAsTheyWereWritten)
{
    std::mt19937 random{1};
    for (const unsigned count : {0u, 1u, 2u, 100u, 255u, 256u, 257u, 2000u, 4096u}) {
        std::set<unsigned> places;
        while (places.size() < count) places.insert(static_cast<unsigned>(random() % 4096));
        const Bits bits = bits_of(places);
        EXPECT_EQ(bits.count(), count);
        EXPECT_EQ(bits.empty(), count == 0);
        const auto bytes = encoded(bits);
        EXPECT_LE(bytes.size(), 512u);
        Bits again;
        add_encoded(bytes, again);
        EXPECT_EQ(again, bits) << count;
        std::set<unsigned> visited;
        again.for_each([&](unsigned at) { visited.insert(at); });
        EXPECT_EQ(visited, places);
    }
}

TEST(Bits, AddUpFromSeveralRows)
{
    Bits both;
    add_encoded(encoded(bits_of({1, 5, 4095})), both);
    add_encoded(encoded(bits_of({0, 5})), both);
    EXPECT_EQ(both, bits_of({0, 1, 5, 4095}));
}

TEST(Bits, OfADamagedCatalogAreRefused)
{
    const auto code_of = [](std::vector<std::byte> bytes) {
        Bits bits;
        try {
            add_encoded(bytes, bits);
        } catch (const ArchiveError& e) {
            return std::string{name(e.code())};
        }
        return std::string{};
    };
    EXPECT_EQ(code_of(std::vector<std::byte>(3)), "damaged");
    EXPECT_EQ(code_of(std::vector<std::byte>(514)), "damaged");
    EXPECT_EQ(code_of({std::byte{0}, std::byte{0x10}}), "damaged"); // place 4,096
    EXPECT_EQ(code_of({std::byte{0xff}, std::byte{0x0f}}), "");
}

TEST(Slot, KeepsTheOrderOfBlocksForTimesBefore1970Too)
{
    constexpr std::int64_t day = 86'400'000;
    std::int64_t last = block_of_time(-200'000 * day);
    for (std::int64_t time = -200'000 * day; time < 200'000 * day; time += 5 * day) {
        const std::int64_t block = block_of_time(time);
        ASSERT_TRUE(block == last || block == last + 1) << time;
        last = block;
        ASSERT_LE(first_time(block), time);
        ASSERT_GT(first_time(block + 1), time);
        const std::int64_t slot = first_slot(block) + 5000;
        ASSERT_EQ(block_of_slot(slot), block);
        ASSERT_EQ(block_of_chunk(chunk_of_slot(slot)), block);
        ASSERT_EQ(chunk_of_slot(slot), first_chunk(block) + 1);
        ASSERT_EQ(first_slot_of_chunk(chunk_of_slot(slot)) + place_in_chunk(slot), slot);
    }
}

TEST(Trait, BinsGrowWithTheirAmountAndHoldAQuarterOfADoubling)
{
    std::int64_t last = -1;
    for (std::uint64_t amount = 0; amount < 100'000; ++amount) {
        const std::int64_t bin = bin_of(amount);
        ASSERT_GE(bin, last);
        last = bin;
    }
    for (std::uint64_t amount = 16; amount < (std::uint64_t{1} << 62); amount += amount / 4) {
        EXPECT_EQ(bin_of(amount * 2), bin_of(amount) + 4) << amount;
        EXPECT_LT(bin_of(amount), bin_of(amount + amount / 4 + 1));
    }
    EXPECT_LT(bin_of(~std::uint64_t{0}), 256);
}

} // namespace
} // namespace photosafe
