// SPDX-License-Identifier: LGPL-2.1-or-later
// simphone: an iPhone behind a usbmuxd socket, for tests and demonstrations.
#include "control.hpp"
#include "make_roll.hpp"
#include "serve.hpp"
#include "text.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <map>

namespace {

using namespace simphone;

/// What `serve` was told on the command line, before it becomes phones.
struct ServeWords {
    ServeOptions options;
    std::vector<std::string> phones;
    std::map<std::string, std::vector<std::string>> common; ///< long options that every phone gets
};

void declare_serve(CLI::App& app, ServeWords& words)
{
    auto* cmd = app.add_subcommand("serve", "Serve folders as the media of simulated iPhones");
    const auto common = [&](const char* key, const char* help) {
        cmd->add_option(std::string("--") + key, words.common[key], help)->take_last()->type_name("TEXT");
    };
    cmd->add_option("--socket", words.options.socket, "Where to listen: a path, or HOST:PORT")->required();
    common("root", "The folder that is the phone's media folder (holds DCIM)");
    cmd->add_option("--phone", words.phones,
                    "A phone: udid=…,name=…,root=DIR,… (repeatable; keys as the options)");
    cmd->add_option("--state", words.options.state, "Keep keys and pairings in this folder");
    cmd->add_option("--log", words.options.log,
                    "Append one JSON object a request to this file ('-': stderr)");
    cmd->add_option("--control", words.options.control, "Take commands at this UNIX socket ('-': stdin)");
    cmd->add_option("--fault", words.options.faults, "A fault: KIND:key=value,… (repeatable)");
    common("udid", "UDID of the phone");
    common("name", "Name of the phone");
    common("model", "Model, such as iPhone16,1");
    common("ios", "iOS version");
    common("build", "iOS build");
    common("serial", "Serial number");
    common("wifi-address", "Wi-Fi address");
    common("conn", "Reached by: usb, network or both");
    common("attached", "Plugged in from the beginning (yes, no)");
    common("locked", "Locked (yes, no)");
    common("trust", "auto, ask, deny, or trusted (a pair record is there already)");
    common("service-tls", "TLS on services (on, off)");
    common("file-hash", "Answer GetFileHash (on, off)");
    common("capacity", "Bytes of disk that the phone claims to have");
    common("max-read", "The most bytes that one read answers");
    common("max-handles", "Open files of a connection");
    common("heartbeat", "Interval of the heartbeat service");
    common("latency", "Time from request to reply; overlaps for requests in flight");
    common("service-time", "Time of the phone for a request; one after the other");
    common("rate", "Bytes a second of the cable, shared by all connections");
    cmd->add_option("--app", words.common["app"], "An app's container: BUNDLE=DIR (repeatable)");
    cmd->add_option("--inject-entry", words.common["inject-entry"],
                    "An entry of a listing: folder=…,name_hex=…,target=… (repeatable)");
}

void apply_common(const ServeWords& words, PhoneSpec& phone)
{
    for (const auto& [key, values] : words.common) {
        for (const std::string& value : values) apply_phone_option(phone, key, value);
    }
}

ServeOptions phones_of(const ServeWords& words)
{
    ServeOptions options = words.options;
    for (const std::string& text : words.phones) {
        PhoneSpec phone;
        apply_common(words, phone);
        for (const auto& [key, value] : parse_pairs(text)) apply_phone_option(phone, key, value);
        options.phones.push_back(std::move(phone));
    }
    if (options.phones.empty()) apply_common(words, options.phones.emplace_back());
    for (const PhoneSpec& phone : options.phones) {
        if (phone.root.empty()) throw std::invalid_argument("a phone needs a root: --root DIR");
    }
    return options;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"An iPhone behind a usbmuxd socket, for tests and demonstrations"};
    app.set_version_flag("--version", "simphone " SIMPHONE_VERSION);
    app.require_subcommand(1);
    int exit_code = 0;
    ServeWords words;
    declare_serve(app, words);
    add_make_roll(app, exit_code);
    std::string control;
    std::vector<std::string> command;
    auto* ctl = app.add_subcommand("ctl", "Tell a running simphone something");
    ctl->add_option("--control", control, "Its control socket")->required();
    ctl->add_option("command", command, "trust, unplug, fault SPEC, stats, …")->required();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        if (app.got_subcommand("serve")) exit_code = serve(phones_of(words));
        if (app.got_subcommand("ctl")) exit_code = control_client(control, CLI::detail::join(command, " "));
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "simphone: %s\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "simphone: %s\n", error.what());
        return 1;
    }
    return exit_code;
}
