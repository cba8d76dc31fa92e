// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace photosafe {

// Where an asset stands in the order of capture. Time, in milliseconds of the local wall clock, is cut into
// blocks of 2^30 ms (twelve days). A slot is its asset's block, and then the first number that was free
// there. So sets of slots are dense, and go from block to block in the order of time; within a block,
// `metadata.time` has the order. An asset changes its slot only when it turns out to be of another block.
//
// Sets are kept in chunks of 4,096 slots; a block has as many as it needs, usually one.

constexpr int block_time_bits = 30;                                   ///< of a time, below its block
constexpr int block_number_bits = 32;                                 ///< of a slot, below its block
constexpr int chunk_slot_bits = 12;                                   ///< of a slot, below its chunk
constexpr int block_chunk_bits = block_number_bits - chunk_slot_bits; ///< of a chunk, below its block

constexpr std::int64_t block_of_time(std::int64_t ms) noexcept { return ms >> block_time_bits; }
constexpr std::int64_t block_of_slot(std::int64_t slot) noexcept { return slot >> block_number_bits; }
constexpr std::int64_t block_of_chunk(std::int64_t chunk) noexcept { return chunk >> block_chunk_bits; }
constexpr std::int64_t chunk_of_slot(std::int64_t slot) noexcept { return slot >> chunk_slot_bits; }

/// The first of the times, slots, chunks that are this block's, or this chunk's.
constexpr std::int64_t first_time(std::int64_t block) noexcept { return block << block_time_bits; }
constexpr std::int64_t first_slot(std::int64_t block) noexcept { return block << block_number_bits; }
constexpr std::int64_t first_chunk(std::int64_t block) noexcept { return block << block_chunk_bits; }
constexpr std::int64_t first_slot_of_chunk(std::int64_t chunk) noexcept { return chunk << chunk_slot_bits; }

/// Where a block is on the third axis of the index of positions. Its tree keeps together what is near, and so
/// takes half a year for a degree: a leaf is first of a place and then of a time.
constexpr double position_axis(std::int64_t block) noexcept { return static_cast<double>(block) / 16; }

/// Where within its chunk, 0 to 4,095.
constexpr unsigned place_in_chunk(std::int64_t slot) noexcept
{
    return static_cast<unsigned>(slot & ((std::int64_t{1} << chunk_slot_bits) - 1));
}

} // namespace photosafe
