// SPDX-License-Identifier: LGPL-2.1-or-later
// lockdownd, at port 62078: facts about the phone, pairing, sessions, starting services.
#include "fault_acts.hpp"
#include "lockdown_values.hpp"
#include "services.hpp"

#include <array>
#include <functional>
#include <string_view>

namespace simphone {
namespace {

/// What a host got: an answer, or the name of an error.
struct Answer {
    Plist body = Plist::dict();
    std::string error;
};

Answer failure(std::string error) { return {Plist::dict(), std::move(error)}; }

/// One conversation with lockdownd.
class Lockdown {
public:
    explicit Lockdown(Session& session) : s_(session), times_(session.phone.link()) {}

    void run();

private:
    struct After {
        bool start_tls = false;
        bool stop_tls = false;
        bool close = false;
    };

    Answer answer(const std::string& request, const Plist& body, After& after);
    std::string injected_error(const std::string& request, const Plist& body);
    Answer query_type();
    Answer get_value(const Plist& body);
    Answer set_value(const Plist& body);
    Answer remove_value(const Plist& body);
    Answer pair(const Plist& body);
    Answer validate_pair(const Plist& body);
    Answer unpair(const Plist& body);
    Answer start_session(const Plist& body, After& after);
    Answer stop_session(const Plist& body, After& after);
    Answer start_service(const Plist& body);
    bool in_session() const { return !session_id_.empty(); }
    bool reply(const std::string& request, Answer answer, const Plist& body, bool binary);
    bool follow(const After& after);

    Session& s_;
    ReplyTimes times_;
    std::string session_id_;
    std::string host_id_;
};

void Lockdown::run()
{
    for (;;) {
        bool binary = false;
        const auto body = read_plist_frame(s_.stream, &binary);
        if (!body) {
            if (!s_.stream.tls_closed_by_client()) return;
            s_.stream.stop_tls(); // a host may end TLS and go on in plain
            session_id_.clear();
            continue;
        }
        After after;
        const std::string request = body->text_at("Request").value_or("");
        const std::string injected = injected_error(request, *body);
        Answer said = injected.empty() ? answer(request, *body, after) : failure(injected);
        s_.stream.wire().ready_since(times_.wait(s_.stream.wire().arrival()));
        const bool failed = !said.error.empty();
        if (!reply(request, std::move(said), *body, binary)) return;
        if (!failed && !follow(after)) return;
    }
}

std::string Lockdown::injected_error(const std::string& request, const Plist& body)
{
    if (!s_.phone.faults.any()) return {};
    FaultEvent event;
    event.op = request;
    event.service = body.text_at("Service").value_or("");
    FaultList met = s_.phone.faults.meet(FaultStage::lockdown, event);
    if (request == "StartService" && met.empty()) met = s_.phone.faults.meet(FaultStage::service, event);
    if (met.empty()) return {};
    log_fault(s_, met.front());
    return met.front().error;
}

bool Lockdown::reply(const std::string& request, Answer said, const Plist& body, bool binary)
{
    said.body.set("Request", request);
    if (!said.error.empty()) said.body.set("Error", said.error);
    if (s_.log.enabled()) {
        JsonObject entry = Log::entry("lockdown");
        entry.add("conn", s_.connection).add("udid", s_.phone.spec().udid).add("op", request);
        for (const char* key : {"Domain", "Key", "Service", "HostID"}) {
            if (const auto value = body.text_at(key)) entry.add(key, *value);
        }
        s_.log.write(entry.add("status", said.error.empty() ? "ok" : said.error));
    }
    const std::string frame = plist_frame(said.body, binary);
    if (!s_.phone.faults.any()) return s_.stream.write(frame);
    FaultEvent event;
    event.op = request;
    event.service = "lockdown";
    event.reply_size = frame.size();
    const FaultList met = s_.phone.faults.meet(FaultStage::reply, event);
    for (const Fault& fault : met) log_fault(s_, fault);
    return write_with_faults(s_, frame.data(), frame.size(), met);
}

bool Lockdown::follow(const After& after)
{
    if (after.close) return false;
    if (after.stop_tls && s_.stream.tls()) s_.stream.stop_tls();
    if (!after.start_tls) return true;
    const auto context = s_.phone.pairings().tls_context(host_id_);
    return context && s_.stream.start_tls(context.get());
}

Answer Lockdown::answer(const std::string& request, const Plist& body, After& after)
{
    if (request == "QueryType") return query_type();
    if (request == "GetValue") return get_value(body);
    if (request == "SetValue") return set_value(body);
    if (request == "RemoveValue") return remove_value(body);
    if (request == "Pair") return pair(body);
    if (request == "ValidatePair") return validate_pair(body);
    if (request == "Unpair") return unpair(body);
    if (request == "StartSession") return start_session(body, after);
    if (request == "StopSession") return stop_session(body, after);
    if (request == "StartService") return start_service(body);
    if (request == "Goodbye") {
        after.close = true;
        Answer goodbye;
        goodbye.body.set("Result", "Success");
        return goodbye;
    }
    return failure("InvalidRequest");
}

Answer Lockdown::query_type()
{
    Answer a;
    a.body.set("Type", "com.apple.mobile.lockdown");
    return a;
}

Answer Lockdown::get_value(const Plist& body)
{
    const std::string domain = body.text_at("Domain").value_or("");
    const auto key = body.text_at("Key");
    auto value = lockdown_value(s_, domain, key, in_session());
    if (!value) return failure(in_session() ? "MissingValue" : "GetProhibited");
    Answer a;
    if (!domain.empty()) a.body.set("Domain", domain);
    if (key) a.body.set("Key", *key);
    a.body.set("Value", std::move(*value));
    return a;
}

Answer Lockdown::set_value(const Plist& body)
{
    static constexpr std::array<std::string_view, 5> fixed = {"UniqueDeviceID", "SerialNumber", "ProductType",
                                                              "ProductVersion", "DevicePublicKey"};
    if (!in_session()) return failure("SetProhibited");
    const auto key = body.text_at("Key");
    auto value = body.copy_at("Value");
    if (!key) return failure("MissingKey");
    if (!value) return failure("MissingValue");
    const std::string domain = body.text_at("Domain").value_or("");
    for (const auto name : fixed) {
        if (domain.empty() && *key == name) return failure("ImmutableValue");
    }
    if (domain.empty() && *key == "DeviceName" && !value->as_text()) return failure("MissingValue");
    Answer a;
    a.body.set("Key", *key).set("Value", value->copy());
    if (!s_.phone.set_value(domain, *key, std::move(*value))) return failure("SetProhibited");
    return a;
}

Answer Lockdown::remove_value(const Plist& body)
{
    if (!in_session()) return failure("RemoveProhibited");
    const auto key = body.text_at("Key");
    if (!key) return failure("MissingKey");
    s_.phone.remove_value(body.text_at("Domain").value_or(""), *key);
    Answer a;
    a.body.set("Key", *key);
    return a;
}

std::optional<Pairing> pairing_of(const Plist& body)
{
    const auto record = body.dict_at("PairRecord");
    if (!record) return std::nullopt;
    Pairing pairing;
    pairing.host_id = record->text_at("HostID").value_or("");
    pairing.system_buid = record->text_at("SystemBUID").value_or("");
    pairing.root_certificate = record->data_at("RootCertificate").value_or("");
    pairing.host_certificate = record->data_at("HostCertificate").value_or("");
    pairing.device_certificate = record->data_at("DeviceCertificate").value_or("");
    return pairing;
}

Answer Lockdown::pair(const Plist& body)
{
    auto pairing = pairing_of(body);
    if (!pairing) return failure("MissingPairRecord");
    if (const auto wrong = check_pairing(*pairing)) return failure(*wrong);
    const auto known = s_.phone.pairings().find(pairing->host_id);
    if (!known) {
        if (s_.medium == Medium::network) return failure("PairingProhibitedOverThisConnection");
        if (s_.phone.locked) return failure("PasswordProtected");
        if (s_.phone.trust == Trust::ask) return failure("PairingDialogResponsePending");
        if (s_.phone.trust == Trust::deny) return failure("UserDeniedPairing");
    }
    pairing->escrow_bag = known ? known->escrow_bag : random_hex(16);
    try {
        make_tls_context(s_.phone.pairings().device_key(), *pairing);
    } catch (const std::exception&) {
        return failure("InvalidPairRecord"); // a certificate for another key than ours
    }
    s_.phone.pairings().remember(*pairing);
    Answer a;
    a.body.set("EscrowBag", Plist::data(pairing->escrow_bag));
    return a;
}

Answer Lockdown::validate_pair(const Plist& body)
{
    const auto pairing = pairing_of(body);
    if (!pairing) return failure("MissingPairRecord");
    if (!s_.phone.pairings().find(pairing->host_id)) return failure("InvalidHostID");
    return {};
}

Answer Lockdown::unpair(const Plist& body)
{
    const auto pairing = pairing_of(body);
    if (!pairing) return failure("MissingPairRecord");
    if (!s_.phone.pairings().forget(pairing->host_id)) return failure("InvalidHostID");
    return {};
}

Answer Lockdown::start_session(const Plist& body, After& after)
{
    if (in_session()) return failure("SessionActive");
    const auto host_id = body.text_at("HostID");
    if (!host_id) return failure("MissingHostID");
    if (!s_.phone.pairings().find(*host_id)) return failure("InvalidHostID");
    host_id_ = *host_id;
    session_id_ = random_uuid();
    after.start_tls = true;
    Answer a;
    a.body.set("EnableSessionSSL", true).set("SessionID", session_id_);
    return a;
}

Answer Lockdown::stop_session(const Plist& body, After& after)
{
    if (!in_session()) return failure("SessionInactive");
    const auto id = body.text_at("SessionID");
    if (!id) return failure("MissingSessionID");
    if (*id != session_id_) return failure("InvalidSessionID");
    session_id_.clear();
    after.stop_tls = true;
    return {};
}

Answer Lockdown::start_service(const Plist& body)
{
    const auto service = body.text_at("Service");
    if (!service) return failure("MissingService");
    const bool insecure = *service == "com.apple.mobile.insecure_notification_proxy";
    if (!in_session() && !insecure) return failure("SessionInactive");
    if (!is_known_service(*service)) return failure("InvalidService");
    if (s_.phone.locked && !insecure) return failure("PasswordProtected");
    const bool tls = s_.phone.spec().service_tls && in_session();
    auto context = tls ? s_.phone.pairings().tls_context(host_id_) : nullptr;
    if (tls && !context) return failure("InvalidHostID"); // forgotten since
    const std::uint16_t port = s_.phone.open_port({*service, std::move(context)});
    Answer a;
    a.body.set("Service", *service).set("Port", std::uint64_t{port});
    if (tls) a.body.set("EnableServiceSSL", true);
    return a;
}

} // namespace

void serve_lockdown(Session& session) { Lockdown(session).run(); }

} // namespace simphone
