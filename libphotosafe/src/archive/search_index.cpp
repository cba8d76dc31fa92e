// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/search_index.hpp"

#include <algorithm>

#include "archive/asset_row.hpp"
#include "archive/search_part.hpp"
#include "archive/slot.hpp"
#include "archive/trait_names.hpp"
#include "archive/trait_writer.hpp"

namespace photosafe {

namespace {

constexpr std::int64_t shots_at_once = 256;

std::int64_t free_slot(Statements& sql, std::int64_t block)
{
    Statement& last = sql("SELECT max(slot) FROM metadata WHERE slot BETWEEN ? AND ?");
    last.bind(1, first_slot(block)).bind(2, first_slot(block + 1) - 1).step();
    const std::optional<std::int64_t> slot = last.optional_number(0);
    last.reset();
    return slot ? *slot + 1 : first_slot(block);
}

void insert_row(Statements& sql, const SearchPart& part, const std::vector<std::int64_t>& traits)
{
    sql("INSERT INTO metadata(slot, time, traits, bytes, asset) VALUES(?,?,?,?,?)")
        .bind(1, *part.slot)
        .bind(2, capture_time(part))
        .bind_blob(3, encoded_traits(traits))
        .bind(4, static_cast<std::int64_t>(part.asset.bytes))
        .bind(5, part.asset.id)
        .run();
}

/// One run of `catch_up`. What it remembers is right within its transaction only.
class CatchUp {
public:
    CatchUp(Statements& sql, PhoneStore& phones) : sql_{sql}, parts_{sql, phones}, names_{sql}, writer_{sql}
    {
    }
    void run();

private:
    void update_shot(std::int64_t shot);
    void update(SearchPart& part, const std::vector<std::int64_t>& traits, const SearchText& text);
    void update_row(const SearchPart& part, const std::vector<std::int64_t>& traits);
    void write_text(std::int64_t slot, const SearchText& text);
    void erase_text(std::int64_t slot);
    void write_position(std::int64_t slot, const SearchPart& part);

    Statements& sql_;
    SearchParts parts_;
    TraitNames names_;
    TraitWriter writer_;
};

void CatchUp::run()
{
    for (;;) {
        std::vector<std::int64_t> shots;
        Statement& row =
            sql_("SELECT a.shot FROM due d JOIN asset a ON a.id=d.asset ORDER BY d.asset LIMIT ?");
        row.bind(1, shots_at_once);
        while (row.step()) shots.push_back(row.number(0));
        row.reset();
        if (shots.empty()) break;
        std::ranges::sort(shots);
        shots.erase(std::ranges::unique(shots).begin(), shots.end());
        for (const std::int64_t shot : shots) update_shot(shot);
    }
    writer_.flush();
}

void CatchUp::update_shot(std::int64_t shot)
{
    std::vector<SearchPart> parts = parts_.of_shot(shot);
    const std::vector<std::vector<std::int64_t>> traits = traits_of_shot(parts, names_);
    const std::vector<SearchText> texts = text_of_shot(parts);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        update(parts[i], traits[i], texts[i]);
        sql_("DELETE FROM due WHERE asset=?").bind(1, parts[i].asset.id).run();
    }
}

void CatchUp::update(SearchPart& part, const std::vector<std::int64_t>& traits, const SearchText& text)
{
    const std::optional<std::int64_t> old_slot = part.slot;
    const std::int64_t block = block_of_time(capture_time(part));
    if (!old_slot || block_of_slot(*old_slot) != block) part.slot = free_slot(sql_, block);
    const std::int64_t slot = *part.slot;
    const bool moved = old_slot && *old_slot != slot;
    if (moved) {
        for (const std::int64_t trait : part.traits) writer_.remove(trait, *old_slot);
        part.traits.clear();
        erase_text(*old_slot);
        sql_("DELETE FROM position WHERE slot=?").bind(1, *old_slot).run();
    }
    std::vector<std::int64_t> gone, come;
    std::ranges::set_difference(part.traits, traits, std::back_inserter(gone));
    std::ranges::set_difference(traits, part.traits, std::back_inserter(come));
    for (const std::int64_t trait : gone) writer_.remove(trait, slot);
    for (const std::int64_t trait : come) writer_.add(trait, slot);
    if (!old_slot)
        insert_row(sql_, part, traits);
    else if (part.new_facts || !gone.empty() || !come.empty())
        update_row(part, traits);
    write_text(slot, text);
    if (part.new_facts || moved) write_position(slot, part);
}

void CatchUp::update_row(const SearchPart& part, const std::vector<std::int64_t>& traits)
{
    Statement& row = sql_("UPDATE metadata SET slot=?, time=?, traits=?, bytes=? WHERE asset=?");
    row.bind(1, *part.slot).bind(2, capture_time(part)).bind_blob(3, encoded_traits(traits));
    row.bind(4, static_cast<std::int64_t>(part.asset.bytes)).bind(5, part.asset.id).run();
}

void CatchUp::write_text(std::int64_t slot, const SearchText& text)
{
    Statement& row = sql_("SELECT name, title, caption, location FROM words WHERE rowid=?").bind(1, slot);
    const bool there = row.step();
    const bool same = there && SearchText{row.text(0), row.text(1), row.text(2), row.text(3)} == text;
    row.reset();
    if (same) return;
    if (there) erase_text(slot);
    Statement& words = sql_("INSERT INTO words(rowid, name, title, caption, location) VALUES(?,?,?,?,?)");
    words.bind(1, slot).bind(2, text.name);
    if (!text.title.empty()) words.bind(3, text.title);
    if (!text.caption.empty()) words.bind(4, text.caption);
    if (!text.location.empty()) words.bind(5, text.location);
    words.run();
    sql_("INSERT INTO names(rowid, name) VALUES(?,?)").bind(1, slot).bind(2, text.name).run();
}

void CatchUp::erase_text(std::int64_t slot)
{
    Statement& row = sql_("SELECT name FROM words WHERE rowid=?").bind(1, slot);
    const bool there = row.step();
    const std::string name = there ? row.text(0) : std::string{};
    row.reset();
    if (!there) return;
    // It keeps no text of its own, and forgets a row by being told what was in it.
    sql_("INSERT INTO names(names, rowid, name) VALUES('delete',?,?)").bind(1, slot).bind(2, name).run();
    sql_("DELETE FROM words WHERE rowid=?").bind(1, slot).run();
}

void CatchUp::write_position(std::int64_t slot, const SearchPart& part)
{
    const auto& position = part.metadata.position;
    // It keeps single precision: what lies within its rounding is what it has.
    Statement& row = sql_("SELECT south, north, west, east FROM position WHERE slot=?").bind(1, slot);
    const bool there = row.step();
    const bool same = there && position && row.real(0) <= position->latitude &&
                      position->latitude <= row.real(1) && row.real(2) <= position->longitude &&
                      position->longitude <= row.real(3);
    row.reset();
    if (same || (!there && !position)) return;
    if (there) sql_("DELETE FROM position WHERE slot=?").bind(1, slot).run();
    if (!position) return;
    sql_("INSERT INTO position VALUES(?1,?2,?2,?3,?3,?4,?4)")
        .bind(1, slot)
        .bind_real(2, position->latitude)
        .bind_real(3, position->longitude)
        .bind_real(4, position_axis(block_of_slot(slot)))
        .run();
}

} // namespace

void SearchIndex::catch_up() { CatchUp{sql_, phones_}.run(); }

void SearchIndex::admit(std::int64_t asset, const CaptureTime& taken)
{
    Statement& row = sql_("SELECT " PHOTOSAFE_ASSET_COLUMNS " FROM asset WHERE id=?");
    SearchPart part;
    const bool there = row.bind(1, asset).step();
    if (there) part.asset = asset_of(row);
    row.reset();
    if (!there) return;
    part.metadata.taken = taken;
    part.slot = free_slot(sql_, block_of_time(capture_time(part)));
    insert_row(sql_, part, {});
}

} // namespace photosafe
