// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "archive/bits.hpp"
#include "archive/slot.hpp"

namespace photosafe {

/// A stretch of time that is looked at at once: whole blocks, by their chunks, the earliest first.
struct Window {
    std::vector<std::int64_t> chunks; ///< not empty

    std::int64_t first_slot() const { return first_slot_of_chunk(chunks.front()); }
    std::int64_t last_slot() const { return first_slot_of_chunk(chunks.back() + 1) - 1; }
    /// Where a chunk is in `chunks`; their number when it isn't.
    std::size_t index(std::int64_t chunk) const
    {
        const auto found = std::ranges::lower_bound(chunks, chunk);
        if (found == chunks.end() || *found != chunk) return chunks.size();
        return static_cast<std::size_t>(found - chunks.begin());
    }
};

/// A set of slots in a window: for each of its chunks those of it.
class SlotSet {
public:
    explicit SlotSet(const Window& window) : bits_(window.chunks.size()) {}

    Bits& operator[](std::size_t index) { return bits_[index]; }
    const Bits& operator[](std::size_t index) const { return bits_[index]; }
    std::size_t chunks() const noexcept { return bits_.size(); }

    /// Adds a slot of the window; one of elsewhere counts for nothing.
    void add(const Window& window, std::int64_t slot)
    {
        const std::size_t index = window.index(chunk_of_slot(slot));
        if (index < bits_.size()) bits_[index].set(place_in_chunk(slot));
    }
    bool has(const Window& window, std::int64_t slot) const
    {
        const std::size_t index = window.index(chunk_of_slot(slot));
        return index < bits_.size() && bits_[index].has(place_in_chunk(slot));
    }
    bool empty() const noexcept
    {
        return std::ranges::all_of(bits_, [](const Bits& bits) { return bits.empty(); });
    }
    std::uint64_t count() const noexcept
    {
        std::uint64_t sum = 0;
        for (const Bits& bits : bits_) sum += bits.count();
        return sum;
    }
    template <class Visit>
    void for_each(const Window& window, Visit visit) const
    {
        for (std::size_t i = 0; i < bits_.size(); ++i) {
            const std::int64_t first = first_slot_of_chunk(window.chunks[i]);
            bits_[i].for_each([&](unsigned at) { visit(first + at); });
        }
    }
    SlotSet& operator|=(const SlotSet& other)
    {
        return with(other, [](Bits& a, const Bits& b) { a |= b; });
    }
    SlotSet& operator&=(const SlotSet& other)
    {
        return with(other, [](Bits& a, const Bits& b) { a &= b; });
    }
    /// Takes out what is in `other`.
    SlotSet& operator-=(const SlotSet& other)
    {
        return with(other, [](Bits& a, const Bits& b) { a -= b; });
    }

private:
    template <class Change>
    SlotSet& with(const SlotSet& other, Change change)
    {
        for (std::size_t i = 0; i < bits_.size(); ++i) change(bits_[i], other.bits_[i]);
        return *this;
    }
    std::vector<Bits> bits_;
};

} // namespace photosafe
