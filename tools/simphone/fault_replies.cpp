// SPDX-License-Identifier: LGPL-2.1-or-later
// Replies that are wrong.
#include "fault_acts.hpp"

#include <algorithm>
#include <cstring>
#include <endian.h>

namespace simphone {
namespace {

using Words = std::vector<std::string>;

Words split(std::string_view list)
{
    Words words;
    while (!list.empty()) {
        const auto end = list.find('\0');
        words.emplace_back(list.substr(0, end));
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    return words;
}

std::string join(const Words& words)
{
    std::string list;
    for (const std::string& word : words) list.append(word).push_back('\0');
    return list;
}

void change_value(Words& pairs, std::string_view key, const std::string& value)
{
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (pairs[i] == key) pairs[i + 1] = value;
    }
}

void drop_pair(Words& pairs, std::string_view key)
{
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (pairs[i] != key) continue;
        const auto at = pairs.begin() + static_cast<std::ptrdiff_t>(i);
        pairs.erase(at, at + 2);
        return;
    }
}

void spoil_list(const Fault& fault, AfcReply& reply)
{
    Words words = split(reply.payload_view());
    if (fault.what == "odd" && !words.empty()) words.pop_back();
    if (fault.what == "no-size") drop_pair(words, "st_size");
    if (fault.what == "no-kind") drop_pair(words, "st_ifmt");
    if (fault.what == "junk-size") change_value(words, "st_size", "12x4");
    if (fault.what == "negative-size") change_value(words, "st_size", "-1");
    if (fault.what == "huge-size") change_value(words, "st_size", "18446744073709551616");
    if (fault.what == "empty") words.clear();
    std::string list = join(words);
    if (fault.what == "no-nul" && !list.empty()) list.pop_back();
    reply.data(list);
}

void spoil_listing(const Fault& fault, AfcReply& reply)
{
    Words names = split(reply.payload_view());
    const auto dots = [](const std::string& name) { return name == "." || name == ".."; };
    const auto first = std::stable_partition(names.begin(), names.end(), dots);
    if (fault.what == "reverse") std::reverse(first, names.end());
    if (fault.what == "add") names.push_back(fault.name.empty() ? "IMG_9999.HEIC" : fault.name);
    if (fault.what == "twice" && first != names.end()) names.push_back(std::string(names.back()));
    if (fault.what == "drop") {
        const auto there = static_cast<std::uint64_t>(names.end() - first);
        names.resize(names.size() - std::min(there, fault.bytes.value_or(1)));
    }
    reply.data(join(names));
}

void flip_bit(const Fault& fault, const AfcCall& call, AfcReply& reply)
{
    const std::size_t size = reply.payload_size();
    std::uint64_t at = fault.at.value_or(size / 2);
    if (fault.offset && !fault.at) at = *fault.offset - call.offset;
    if (at < size)
        reply.payload()[at] = static_cast<char>(reply.payload()[at] ^ static_cast<char>(fault.flip_mask));
}

void lie_about(const Fault& fault, AfcReply& reply)
{
    Words pairs = split(reply.payload_view());
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        const std::uint64_t truth = std::strtoull(pairs[i + 1].c_str(), nullptr, 10);
        if (pairs[i] == "st_size")
            pairs[i + 1] = std::to_string(told_number(fault.size.value_or("+1"), truth));
        if (pairs[i] == "st_mtime" && fault.mtime)
            pairs[i + 1] = std::to_string(told_number(*fault.mtime, truth));
    }
    reply.data(join(pairs));
}

} // namespace

void spoil_payload(const Fault& fault, const AfcCall& call, AfcReply& reply)
{
    if (!reply.is_data()) return;
    if (fault.kind == FaultKind::bad_list) spoil_list(fault, reply);
    if (fault.kind == FaultKind::listing) spoil_listing(fault, reply);
    if (fault.kind == FaultKind::flip) flip_bit(fault, call, reply);
    if (fault.kind == FaultKind::lie && call.op == AfcOp::get_file_info) lie_about(fault, reply);
}

void spoil_header(const Fault& fault, AfcReply& reply)
{
    if (fault.kind != FaultKind::packet_number && fault.kind != FaultKind::bad_header) return;
    AfcHeader* header = reply.header();
    const auto tell = [&](std::uint64_t& field) {
        field = htole64(told_number(fault.value, le64toh(field)));
    };
    const std::string field = fault.kind == FaultKind::packet_number ? "packet" : fault.field;
    if (field == "magic") std::memcpy(header->magic, "CFA6LPAB", sizeof header->magic);
    if (field == "entire") tell(header->entire_length);
    if (field == "this") tell(header->this_length);
    if (field == "packet") tell(header->packet_number);
    if (field == "operation") tell(header->operation);
}

} // namespace simphone
