// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/bounded.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace photosafe {

namespace {

void mend(std::string& text)
{
    std::string result;
    for (std::string_view rest = text; !rest.empty();) {
        const Character next = first_character(rest);
        if (!next.code) {
            result += "\uFFFD";
        } else if (is_control(*next.code)) {
            result += ' ';
        } else {
            result += rest.substr(0, next.bytes);
        }
        rest.remove_prefix(next.bytes);
    }
    text = std::move(result);
}

template <class List>
bool cut_list(List& list)
{
    if (list.size() <= list_limit) return false;
    list.resize(list_limit);
    return true;
}

bool cut_raw(std::vector<RawTag>& raw)
{
    bool shortened = false;
    std::size_t size = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        shortened |= keep_text(raw[i].key);
        shortened |= keep_text(raw[i].value);
        size += raw[i].key.size() + raw[i].value.size();
        if (size <= raw_limit && i < raw_count_limit) continue;
        raw.resize(i);
        return true;
    }
    return shortened;
}

} // namespace

bool keep_text(std::string& text)
{
    if (is_kept_text(text)) return false;
    const bool endless = text.size() > 2 * text_limit;
    if (endless) text.resize(2 * text_limit); // before the work of mending it
    mend(text);
    if (text.size() <= text_limit) return endless;
    text = cut_at_character(text, text_limit);
    return true;
}

Metadata bounded(Metadata m)
{
    bool shortened = false;
    for (std::string* text :
         {&m.mime, &m.taken.local, &m.make, &m.model, &m.lens, &m.software, &m.content_id, &m.burst_id,
          &m.codec, &m.title, &m.caption, &m.label, &m.location, &m.colour_profile, &m.edited_by})
        shortened |= keep_text(*text);
    for (auto* list : {&m.keywords, &m.aux, &m.troubles}) {
        shortened |= cut_list(*list);
        for (std::string& text : *list) shortened |= keep_text(text);
    }
    shortened |= cut_list(m.people);
    for (Region& one : m.people) shortened |= keep_text(one.name);
    shortened |= cut_raw(m.raw);
    if (!shortened) return m;
    m.troubles.resize(std::min(m.troubles.size(), list_limit - 1));
    m.troubles.emplace_back("Some of it is too long to be kept, and was cut.");
    return m;
}

bool is_kept_text(std::string_view text)
{
    if (text.size() > text_limit) return false;
    while (!text.empty()) {
        if (text.front() >= ' ' && text.front() < 0x7f) { // most of them are
            text.remove_prefix(1);
            continue;
        }
        const Character next = first_character(text);
        if (!next.code || is_control(*next.code)) return false;
        text.remove_prefix(next.bytes);
    }
    return true;
}

} // namespace photosafe
