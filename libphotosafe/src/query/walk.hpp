// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "query/criterion.hpp"

namespace photosafe {

/// A place in the order of capture.
struct OrderKey {
    std::int64_t time = 0; ///< milliseconds of the local wall clock
    std::int64_t asset = 0;
    auto operator<=>(const OrderKey&) const = default;

    /// `2024-05-31T14:03:22.123/42`.
    std::string text() const;
    /// What `text` wrote; none for anything else.
    static std::optional<OrderKey> read(std::string_view text);
};

/// Goes through an archive in the order of capture, and finds what meets a criterion. Blocks are looked at in
/// windows, first one, then twice as many each time: what is frequent is found at once, what is rare in few
/// steps.
class Walk {
public:
    Walk(const SearchContext& context, Criterion& criterion, FindUnit unit, std::optional<OrderKey> after);

    /// Calls `visit(slot, key)` with each that is found, in order, until it returns false.
    template <class Visit>
    void run(Visit visit)
    {
        const auto visit_if_it_meets = [&](std::int64_t slot, OrderKey key) {
            return !criterion_.meets(slot) || visit(slot, key);
        };
        while (next_window(&Criterion::perhaps))
            for (const std::int64_t block : blocks())
                if (!visit_block(block, visit_if_it_meets)) return;
    }
    std::uint64_t count();

private:
    using Visit = std::function<bool(std::int64_t slot, OrderKey key)>;
    using Ask = SlotSet (Criterion::*)(const SlotSet&, const Window&);
    bool next_window(Ask ask);
    std::vector<std::int64_t> blocks() const;
    bool visit_block(std::int64_t block, const Visit& visit);
    bool visit_few(const std::vector<std::int64_t>& slots, const Visit& visit);
    bool visit_many(std::int64_t block, const Visit& visit);
    bool is_after(OrderKey key) const;

    const SearchContext& context_;
    Criterion& criterion_;
    std::int64_t universe_; ///< the trait of all that can be found
    std::optional<OrderKey> after_;
    bool newest_first_;
    std::int64_t next_chunk_, last_chunk_; ///< where the next window begins, and the last ends
    std::int64_t size_ = 1;                ///< chunks of the next window
    Window window_;
    std::optional<SlotSet> universe_in_window_, found_;
};

} // namespace photosafe
