// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/trait_writer.hpp"

#include "archive/slot.hpp"

namespace photosafe {

namespace {

constexpr std::size_t most_changes = 4096; ///< 4 MiB of them

} // namespace

void TraitWriter::change(std::int64_t trait, std::int64_t slot, bool added)
{
    const std::pair key{trait, chunk_of_slot(slot)};
    if (changes_.size() >= most_changes && !changes_.contains(key)) flush();
    Change& change = changes_[key];
    Bits one;
    one.set(place_in_chunk(slot));
    (added ? change.added : change.removed) |= one;
    (added ? change.removed : change.added) -= one;
}

void TraitWriter::flush()
{
    for (const auto& [key, change] : changes_) {
        const auto [trait, chunk] = key;
        Bits bits;
        Statement& row = (*sql_)("SELECT bits FROM member WHERE trait=? AND chunk=?");
        if (row.bind(1, trait).bind(2, chunk).step()) add_encoded(row.blob(0), bits);
        row.reset();
        const Bits before = bits;
        (bits -= change.removed) |= change.added;
        if (bits == before) continue;
        if (bits.empty()) {
            (*sql_)("DELETE FROM member WHERE trait=? AND chunk=?").bind(1, trait).bind(2, chunk).run();
            continue;
        }
        (*sql_)("INSERT OR REPLACE INTO member(trait, chunk, bits) VALUES(?,?,?)")
            .bind(1, trait)
            .bind(2, chunk)
            .bind_blob(3, encoded(bits))
            .run();
    }
    changes_.clear();
}

} // namespace photosafe
