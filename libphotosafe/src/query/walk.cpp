// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/walk.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "archive/trait.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

constexpr std::int64_t most_chunks = 128; ///< of a window: 64 KiB a set

/// The instant that a local wall clock would show, were it UTC.
Instant as_instant(std::int64_t time) { return Instant{std::chrono::milliseconds{time}}; }

/// Blocks are of times that an Instant holds; a span may be of any.
std::int64_t block_within(std::int64_t time)
{
    constexpr std::int64_t bound = std::int64_t{1} << (62 - block_number_bits + block_time_bits);
    return block_of_time(std::clamp(time, -bound, bound));
}

} // namespace

std::string OrderKey::text() const
{
    std::string local = to_rfc3339(as_instant(time));
    local.pop_back(); // it is no UTC
    return local + '/' + std::to_string(asset);
}

std::optional<OrderKey> OrderKey::read(std::string_view text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto local = from_rfc3339(std::string{text.substr(0, slash)} + 'Z');
    OrderKey key;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, key.asset);
    if (!local || error != std::errc{} || stop != end) return std::nullopt;
    const auto [seconds, nanoseconds] = split(*local);
    key.time = seconds * 1000 + nanoseconds / 1'000'000;
    return key;
}

Walk::Walk(const SearchContext& context, Criterion& criterion, FindUnit unit, std::optional<OrderKey> after)
    : context_{context}, criterion_{criterion}, universe_{trait(unit == FindUnit::shots ? WholeSet::shots
                                                                                        : WholeSet::files)},
      after_{after}, newest_first_{context.order == FindOrder::newest_first}
{
    TimeSpan span = criterion.times();
    if (after) (newest_first_ ? span.to : span.from) = std::min(std::max(span.from, after->time), span.to);
    const std::int64_t first = first_chunk(block_within(span.from));
    const std::int64_t last = first_chunk(block_within(span.to) + 1) - 1;
    next_chunk_ = newest_first_ ? last : first;
    last_chunk_ = newest_first_ ? first : last;
}

/// Takes the next blocks that have anything, and finds what of them meets the criterion.
bool Walk::next_window(Ask ask)
{
    if (newest_first_ ? next_chunk_ < last_chunk_ : next_chunk_ > last_chunk_) return false;
    Statement& edge =
        newest_first_
            ? context_.sql("SELECT min(chunk) FROM (SELECT chunk FROM member WHERE trait=? AND chunk<=? "
                           "AND chunk>=? ORDER BY chunk DESC LIMIT ?)")
            : context_.sql("SELECT max(chunk) FROM (SELECT chunk FROM member WHERE trait=? AND chunk>=? "
                           "AND chunk<=? ORDER BY chunk LIMIT ?)");
    edge.bind(1, universe_).bind(2, next_chunk_).bind(3, last_chunk_).bind(4, size_).step();
    const std::optional<std::int64_t> chunk = edge.optional_number(0);
    edge.reset();
    if (!chunk) return false;

    // Whole blocks, so that what is found in a window can be put into order.
    const std::int64_t block = block_of_chunk(*chunk);
    const std::int64_t first = newest_first_ ? first_chunk(block) : next_chunk_;
    const std::int64_t last = newest_first_ ? next_chunk_ : first_chunk(block + 1) - 1;
    std::vector<Bits> bits;
    window_.chunks.clear();
    Statement& row =
        context_.sql("SELECT chunk, bits FROM member WHERE trait=? AND chunk BETWEEN ? AND ? ORDER BY chunk");
    row.bind(1, universe_).bind(2, first).bind(3, last);
    while (row.step()) {
        window_.chunks.push_back(row.number(0));
        add_encoded(row.blob(1), bits.emplace_back());
    }
    row.reset();
    SlotSet& universe = universe_in_window_.emplace(window_);
    for (std::size_t i = 0; i < bits.size(); ++i) universe[i] = bits[i];
    found_ = (criterion_.*ask)(universe, window_);
    next_chunk_ = newest_first_ ? first - 1 : last + 1;
    size_ = std::min(size_ * 2, most_chunks);
    return true;
}

std::vector<std::int64_t> Walk::blocks() const
{
    std::vector<std::int64_t> blocks;
    for (const std::int64_t chunk : window_.chunks) blocks.push_back(block_of_chunk(chunk));
    blocks.erase(std::ranges::unique(blocks).begin(), blocks.end());
    if (newest_first_) std::ranges::reverse(blocks);
    return blocks;
}

bool Walk::is_after(OrderKey key) const { return !after_ || (newest_first_ ? key < *after_ : key > *after_); }

bool Walk::visit_block(std::int64_t block, const Visit& visit)
{
    // To look up one costs as much as to pass eight in the index.
    constexpr unsigned few = 8;
    unsigned found = 0, all = 0;
    std::vector<std::int64_t> slots;
    for (std::size_t i = 0; i < window_.chunks.size(); ++i) {
        if (block_of_chunk(window_.chunks[i]) != block) continue;
        found += (*found_)[i].count();
        all += (*universe_in_window_)[i].count();
    }
    if (found == 0) return true;
    if (found * few >= all) return visit_many(block, visit);
    for (std::size_t i = 0; i < window_.chunks.size(); ++i) {
        if (block_of_chunk(window_.chunks[i]) != block) continue;
        (*found_)[i].for_each(
            [&](unsigned at) { slots.push_back(first_slot_of_chunk(window_.chunks[i]) + at); });
    }
    return visit_few(slots, visit);
}

bool Walk::visit_few(const std::vector<std::int64_t>& slots, const Visit& visit)
{
    std::vector<std::pair<OrderKey, std::int64_t>> rows;
    for (const std::int64_t slot : slots) {
        Statement& row = context_.sql("SELECT time, asset FROM metadata WHERE slot=?").bind(1, slot);
        if (row.step()) {
            const OrderKey key{row.number(0), row.number(1)};
            if (is_after(key)) rows.emplace_back(key, slot);
        }
        row.reset();
    }
    std::ranges::sort(rows);
    if (newest_first_) std::ranges::reverse(rows);
    return std::ranges::all_of(rows, [&](const auto& one) { return visit(one.second, one.first); });
}

bool Walk::visit_many(std::int64_t block, const Visit& visit)
{
    std::int64_t from = first_time(block), to = first_time(block + 1) - 1;
    if (after_) (newest_first_ ? to : from) = std::clamp(after_->time, from, to);
    Statement& row =
        newest_first_
            ? context_.sql("SELECT time, asset, slot FROM metadata INDEXED BY metadata_by_time WHERE time "
                           "BETWEEN ? AND ? ORDER BY time DESC, asset DESC")
            : context_.sql("SELECT time, asset, slot FROM metadata INDEXED BY metadata_by_time WHERE time "
                           "BETWEEN ? AND ? ORDER BY time, asset");
    row.bind(1, from).bind(2, to);
    bool more = true;
    while (more && row.step()) {
        const OrderKey key{row.number(0), row.number(1)};
        if (found_->has(window_, row.number(2)) && is_after(key)) more = visit(row.number(2), key);
    }
    row.reset();
    return more;
}

std::uint64_t Walk::count()
{
    std::uint64_t sum = 0;
    while (next_window(&Criterion::among)) sum += found_->count();
    return sum;
}

} // namespace photosafe
