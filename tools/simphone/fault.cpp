// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fault.hpp"

#include "text.hpp"

#include <array>
#include <stdexcept>

namespace simphone {
namespace {

struct KindWords {
    std::string_view word;
    FaultKind kind;
    FaultStage stage;
    std::string_view how; ///< the keys that this kind takes besides those that say when, between spaces
};

constexpr std::array<KindWords, 21> kinds = {{
    {"cut", FaultKind::cut, FaultStage::reply, " at how wire-at "},
    {"stall", FaultKind::stall, FaultStage::reply, " at for "},
    {"short", FaultKind::short_read, FaultStage::before, " bytes "},
    {"packet-number", FaultKind::packet_number, FaultStage::reply, " value "},
    {"bad-header", FaultKind::bad_header, FaultStage::reply, " field value "},
    {"bad-list", FaultKind::bad_list, FaultStage::reply, " what "},
    {"listing", FaultKind::listing, FaultStage::reply, " what count name "},
    {"status", FaultKind::status, FaultStage::before, " code "},
    {"flip", FaultKind::flip, FaultStage::reply, " at xor "},
    {"change", FaultKind::change, FaultStage::before, " at target keep-time when "},
    {"grow", FaultKind::grow, FaultStage::before, " bytes target keep-time when "},
    {"shrink", FaultKind::shrink, FaultStage::before, " bytes target keep-time when "},
    {"replace", FaultKind::replace, FaultStage::before, " bytes from target keep-time when "},
    {"remove", FaultKind::remove, FaultStage::before, " target when "},
    {"unplug", FaultKind::unplug, FaultStage::reply, " at for "},
    {"lock", FaultKind::lock, FaultStage::before, " for drop "},
    {"no-space", FaultKind::no_space, FaultStage::before, " for "},
    {"lie", FaultKind::lie, FaultStage::before, " size mtime "},
    {"refuse", FaultKind::refuse, FaultStage::service, " error "},
    {"lockdown-error", FaultKind::lockdown_error, FaultStage::lockdown, " error "},
    {"mux-error", FaultKind::mux_error, FaultStage::mux, " code "},
}};

const KindWords& find_kind(std::string_view word)
{
    for (const KindWords& kind : kinds) {
        if (kind.word == word) return kind;
    }
    throw std::invalid_argument("there is no fault '" + std::string(word) + "'");
}

bool set_when(Fault& fault, const std::string& key, const std::string& value)
{
    if (key == "path")
        fault.path = value;
    else if (key == "op")
        fault.op = value;
    else if (key == "service")
        fault.service = value;
    else if (key == "udid")
        fault.udid = value;
    else if (key == "conn")
        fault.connection = parse_bytes(value);
    else if (key == "offset")
        fault.offset = parse_bytes(value);
    else if (key == "after-bytes")
        fault.after_bytes = parse_bytes(value);
    else if (key == "after")
        fault.after = parse_duration(value);
    else if (key == "nth")
        fault.nth = parse_bytes(value);
    else if (key == "every")
        fault.every = parse_bytes(value);
    else if (key == "times")
        fault.times = value == "always" ? always : parse_bytes(value);
    else
        return false;
    return true;
}

void set_how(Fault& fault, const std::string& key, const std::string& value)
{
    const auto choice = [&](std::string_view first, std::string_view second) {
        if (value != first && value != second) {
            throw std::invalid_argument(key + " is " + std::string(first) + " or " + std::string(second));
        }
        return value == second;
    };
    if (key == "at")
        fault.at = parse_bytes(value);
    else if (key == "wire-at")
        fault.wire_at = parse_bytes(value);
    else if (key == "bytes" || key == "count")
        fault.bytes = parse_bytes(value);
    else if (key == "for")
        fault.lasting = parse_duration(value);
    else if (key == "how")
        fault.how = choice("fin", "rst") ? Cut::rst : Cut::fin;
    else if (key == "when")
        fault.later = choice("before", "after");
    else if (key == "code")
        fault.code = parse_bytes(value);
    else if (key == "error")
        fault.error = value;
    else if (key == "what")
        fault.what = value;
    else if (key == "field")
        fault.field = value;
    else if (key == "value")
        fault.value = value;
    else if (key == "name")
        fault.name = value;
    else if (key == "target")
        fault.target = value;
    else if (key == "from")
        fault.from = value;
    else if (key == "size")
        fault.size = value;
    else if (key == "mtime")
        fault.mtime = value;
    else if (key == "xor")
        fault.flip_mask = static_cast<unsigned>(parse_bytes(value) & 0xFF);
    else if (key == "drop")
        fault.drop = parse_switch(value);
    else
        fault.keep_time = parse_switch(value);
}

void one_of(const std::string& word, std::initializer_list<std::string_view> words, const char* what)
{
    std::string all;
    for (const auto known : words) {
        if (word == known) return;
        all += " " + std::string(known);
    }
    throw std::invalid_argument(std::string(what) + " is one of" + all + "; not '" + word + "'");
}

/// Defaults that depend on the kind, and what only one kind can get wrong.
void complete(Fault& fault, bool times_given, bool every_given)
{
    if (every_given && !times_given) fault.times = always;
    if (fault.nth == 0 || fault.every == 0) throw std::invalid_argument("nth and every begin at 1");
    if (fault.wire_at) fault.stage = FaultStage::opened;
    const bool on_time =
        fault.kind == FaultKind::unplug || fault.kind == FaultKind::lock || fault.kind == FaultKind::no_space;
    if (on_time && fault.after) fault.stage = FaultStage::timer;
    if (fault.kind == FaultKind::bad_header) {
        one_of(fault.field, {"magic", "entire", "this", "packet", "operation"}, "field");
        if (fault.field != "magic") told_number(fault.value, 0);
    }
    if (fault.kind == FaultKind::bad_list) {
        if (fault.what.empty()) fault.what = "odd";
        one_of(fault.what,
               {"odd", "no-size", "junk-size", "negative-size", "huge-size", "no-kind", "no-nul", "empty"},
               "what");
    }
    if (fault.kind == FaultKind::listing) {
        if (fault.what.empty()) fault.what = "drop";
        one_of(fault.what, {"drop", "add", "twice", "reverse"}, "what");
    }
    if (fault.kind == FaultKind::packet_number && fault.value.empty()) fault.value = "+1";
    if (fault.kind == FaultKind::packet_number) told_number(fault.value, 0);
    if (fault.size) told_number(*fault.size, 0);
    if (fault.mtime) told_number(*fault.mtime, 0);
    if (fault.kind == FaultKind::refuse && fault.error.empty()) fault.error = "InvalidService";
    if (fault.kind == FaultKind::lockdown_error && fault.error.empty()) {
        throw std::invalid_argument("lockdown-error needs error=NAME");
    }
    if (fault.kind == FaultKind::mux_error) {
        if (!fault.op) fault.op = "Connect";
        if (fault.code == 0) fault.code = 3;
    }
    if (fault.kind == FaultKind::status && fault.code == 0)
        throw std::invalid_argument("status needs code=NUMBER");
}

} // namespace

std::uint64_t told_number(const std::string& word, std::uint64_t truth)
{
    if (word.starts_with("+")) return truth + parse_bytes(word.substr(1));
    if (word.starts_with("-")) return truth - parse_bytes(word.substr(1));
    return parse_bytes(word);
}

Fault parse_fault(std::string_view spec)
{
    const auto colon = spec.find(':');
    const KindWords& kind = find_kind(spec.substr(0, colon));
    Fault fault;
    fault.kind = kind.kind;
    fault.stage = kind.stage;
    fault.spec = spec;
    bool times_given = false, every_given = false;
    if (colon != std::string_view::npos) {
        for (const auto& [key, value] : parse_pairs(spec.substr(colon + 1))) {
            times_given |= key == "times";
            every_given |= key == "every";
            if (set_when(fault, key, value)) continue;
            if (kind.how.find(" " + key + " ") == std::string_view::npos) {
                throw std::invalid_argument("the fault '" + std::string(kind.word) + "' has no '" + key +
                                            "'");
            }
            set_how(fault, key, value);
        }
    }
    complete(fault, times_given, every_given);
    return fault;
}

} // namespace simphone
