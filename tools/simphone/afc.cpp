// SPDX-License-Identifier: LGPL-2.1-or-later
#include "afc.hpp"

#include "afc_files.hpp"
#include "fault_acts.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace simphone {
namespace {

constexpr std::uint64_t most_arguments = 64 * 1024;

/// One AFC connection.
class AfcConversation {
public:
    AfcConversation(Session& session, const AfcRoot& root, const std::string& service)
        : s_(session), service_(service), files_(session.phone, root), times_(session.phone.link())
    {
    }
    void run()
    {
        while (read_request() && answer()) {
        }
    }

private:
    bool read_request();
    bool answer();
    bool drain();
    std::size_t read_payload(char* into, std::size_t most);
    void perform(AfcCall& call);
    FaultEvent event_of(const AfcCall& call) const;
    void spoil(const AfcCall& call);
    void log(const AfcCall& call);

    Session& s_;
    std::string service_;
    AfcFiles files_;
    ReplyTimes times_;
    AfcHeader header_{};
    std::string arguments_;
    std::uint64_t payload_left_ = 0;
    bool broken_ = false; ///< the request made no sense: answered, then the connection ends
    AfcReply reply_;
    FaultList met_; ///< faults of this request
};

bool changes_file(const Fault& fault)
{
    return fault.kind >= FaultKind::change && fault.kind <= FaultKind::remove;
}

bool takes_payload(std::uint64_t op)
{
    return op == static_cast<std::uint64_t>(AfcOp::file_write) ||
           op == static_cast<std::uint64_t>(AfcOp::write_with_offset);
}

bool AfcConversation::read_request()
{
    arguments_.clear();
    payload_left_ = 0;
    if (!s_.stream.read_exact(&header_, sizeof header_)) return false;
    broken_ = !from_wire(header_);
    if (broken_) return true;
    std::uint64_t arguments = header_.this_length - sizeof header_;
    payload_left_ = header_.entire_length - header_.this_length;
    if (!takes_payload(header_.operation)) { // some hosts count a path as payload
        arguments += payload_left_;
        payload_left_ = 0;
    }
    if (arguments > most_arguments) {
        broken_ = true;
        return true;
    }
    arguments_.resize(arguments);
    return s_.stream.read_exact(arguments_.data(), arguments_.size());
}

std::size_t AfcConversation::read_payload(char* into, std::size_t most)
{
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(most, payload_left_));
    if (n == 0 || !s_.stream.read_exact(into, n)) return 0;
    payload_left_ -= n;
    return n;
}

/// What of the request's payload nobody took.
bool AfcConversation::drain()
{
    std::array<char, 16 * 1024> scratch;
    while (payload_left_ > 0) {
        if (read_payload(scratch.data(), scratch.size()) == 0) return false;
    }
    return true;
}

bool AfcConversation::answer()
{
    if (broken_) {
        reply_.status(AfcStatus::header_invalid);
        reply_.seal(header_.packet_number);
        s_.stream.write(reply_.bytes(), reply_.size());
        return false;
    }
    AfcCall call = files_.parse(header_.operation, arguments_, payload_left_);
    met_.clear();
    if (s_.phone.faults.any()) met_ = s_.phone.faults.meet(FaultStage::before, event_of(call));
    perform(call);
    if (!drain()) return false;
    s_.stream.wire().ready_since(times_.wait(s_.stream.wire().arrival()));
    spoil(call);
    ++s_.phone.requests;
    s_.phone.bytes_sent += reply_.size();
    if (s_.log.enabled()) log(call);
    for (const Fault& fault : met_) log_fault(s_, fault);
    if (met_.empty()) return s_.stream.write(reply_.bytes(), reply_.size());
    return write_with_faults(s_, reply_.bytes(), reply_.size(), met_);
}

FaultEvent AfcConversation::event_of(const AfcCall& call) const
{
    FaultEvent event;
    event.op = afc_op_name(header_.operation);
    event.path = call.path;
    event.service = service_;
    event.afc = true;
    event.connection = s_.index;
    event.has_range = call.has_range;
    event.offset = call.offset;
    event.length = call.length;
    event.sent_before = s_.phone.bytes_sent;
    return event;
}

/// Does what is asked, or what a fault makes of it.
void AfcConversation::perform(AfcCall& call)
{
    const auto payload = [this](char* into, std::size_t most) { return read_payload(into, most); };
    const Fault* instead = nullptr;
    for (const Fault& fault : met_) {
        const bool lies = fault.kind == FaultKind::lie && call.op != AfcOp::get_file_info;
        if (lies || fault.kind == FaultKind::status) instead = &fault;
        if (fault.kind == FaultKind::short_read) call.length = fault.bytes.value_or(call.length / 2);
        if (changes_file(fault) && !fault.later) act_on_file(files_, fault, call.path);
        act_on_phone(s_.phone, fault);
    }
    if (!instead || call.op == AfcOp::file_close) files_.run(call, payload, reply_);
    if (instead && instead->kind == FaultKind::lie) files_.pretend(call, reply_);
    if (instead && instead->kind == FaultKind::status) reply_.status(static_cast<AfcStatus>(instead->code));
    for (const Fault& fault : met_) {
        if (changes_file(fault) && fault.later) act_on_file(files_, fault, call.path);
    }
}

/// Makes the reply ready, with what faults do to it.
void AfcConversation::spoil(const AfcCall& call)
{
    if (s_.phone.faults.any()) {
        FaultEvent event = event_of(call);
        event.reply_size = reply_.size();
        if (call.has_range && reply_.is_data()) event.length = reply_.payload_size();
        FaultList more = s_.phone.faults.meet(FaultStage::reply, event);
        std::move(more.begin(), more.end(), std::back_inserter(met_));
    }
    for (const Fault& fault : met_) spoil_payload(fault, call, reply_);
    reply_.seal(header_.packet_number);
    for (const Fault& fault : met_) spoil_header(fault, reply_);
}

void AfcConversation::log(const AfcCall& call)
{
    JsonObject entry = Log::entry("afc");
    entry.add("conn", s_.connection).add("service", service_).add("op", afc_op_name(header_.operation));
    entry.add("packet", header_.packet_number);
    if (!call.path.empty()) entry.add("path", call.path);
    if (!call.second_path.empty()) entry.add("to", call.second_path);
    if (call.has_handle) entry.add("handle", call.handle);
    if (reply_.op() == AfcOp::file_open_result) entry.add("handle", reply_.value());
    if (call.has_range) entry.add("offset", call.offset).add("length", call.length);
    entry.add("bytes", reply_.is_data() ? reply_.payload_size() : 0);
    entry.add("status", reply_.op() == AfcOp::status ? reply_.value() : 0);
    s_.log.write(entry);
}

} // namespace

void serve_afc(Session& session, const AfcRoot& root, const std::string& service)
{
    AfcConversation(session, root, service).run();
}

} // namespace simphone
