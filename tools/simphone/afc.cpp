// SPDX-License-Identifier: LGPL-2.1-or-later
#include "afc.hpp"

#include "afc_files.hpp"

#include <algorithm>
#include <array>

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
};

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
    const AfcCall call = files_.parse(header_.operation, arguments_, payload_left_);
    files_.run(
        call, [this](char* into, std::size_t most) { return read_payload(into, most); }, reply_);
    if (!drain()) return false;
    reply_.seal(header_.packet_number);
    times_.wait(s_.stream.wire().arrival());
    ++s_.phone.requests;
    s_.phone.bytes_sent += reply_.size();
    if (s_.log.enabled()) log(call);
    return s_.stream.write(reply_.bytes(), reply_.size());
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
