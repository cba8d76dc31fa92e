// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/trait_names.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace photosafe {

namespace {

constexpr std::size_t most_known = 10'000;

} // namespace

std::int64_t TraitNames::id(TraitKind kind, const std::string& name, const std::vector<std::string>& labels)
{
    if (const auto found = known_.find({kind, name}); found != known_.end()) return found->second;
    Statement& row = (*sql_)("SELECT id FROM trait WHERE kind=? AND name=?");
    const bool there = row.bind(1, static_cast<std::int64_t>(kind)).bind(2, name).step();
    const std::int64_t id = there ? row.number(0) : make(kind, name);
    row.reset();
    if (!there || kind == TraitKind::device) set_labels(id, labels);
    if (known_.size() >= most_known) known_.clear();
    known_.emplace(std::pair{kind, name}, id);
    return id;
}

std::int64_t TraitNames::make(TraitKind kind, const std::string& name)
{
    Statement& last = (*sql_)("SELECT max(id) FROM trait WHERE id BETWEEN ? AND ?");
    last.bind(1, trait(kind, 0)).bind(2, trait(kind, last_trait_number)).step();
    const std::int64_t id = last.optional_number(0).value_or(trait(kind, 0)) + 1;
    last.reset();
    (*sql_)("INSERT INTO trait(id, kind, name) VALUES(?,?,?)")
        .bind(1, id)
        .bind(2, static_cast<std::int64_t>(kind))
        .bind(3, name)
        .run();
    return id;
}

void TraitNames::set_labels(std::int64_t trait, const std::vector<std::string>& labels)
{
    std::vector<std::string> wanted;
    for (const std::string& label : labels)
        if (!label.empty() && std::ranges::find(wanted, label) == wanted.end()) wanted.push_back(label);

    std::vector<std::pair<std::int64_t, std::string>> there;
    Statement& row = (*sql_)("SELECT id, text FROM label WHERE trait=? ORDER BY id");
    row.bind(1, trait);
    while (row.step()) there.emplace_back(row.number(0), row.text(1));
    if (std::ranges::equal(there, wanted, {}, &std::pair<std::int64_t, std::string>::second)) return;

    for (const auto& [id, text] : there) {
        (*sql_)("INSERT INTO labels(labels, rowid, text) VALUES('delete',?,?)")
            .bind(1, id)
            .bind(2, text)
            .run();
        (*sql_)("DELETE FROM label WHERE id=?").bind(1, id).run();
    }
    for (const std::string& text : wanted) {
        Statement& add = (*sql_)("INSERT INTO label(trait, key, text) VALUES(?,?,?) RETURNING id");
        add.bind(1, trait).bind(2, fold_key(text)).bind(3, text).step();
        const std::int64_t id = add.number(0);
        add.run();
        (*sql_)("INSERT INTO labels(rowid, text) VALUES(?,?)").bind(1, id).bind(2, text).run();
    }
}

} // namespace photosafe
