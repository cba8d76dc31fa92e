// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pairing.hpp"

#include "text.hpp"
#include "tls.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <openssl/rand.h>
#include <sstream>
#include <system_error>

namespace simphone {
namespace {

RsaKey load_or_generate(const std::string& folder)
{
    if (folder.empty()) return RsaKey::generate();
    std::filesystem::create_directories(folder);
    const std::string path = folder + "/device_key.pem";
    if (const auto pem = read_whole(path)) return RsaKey::from_pem(*pem);
    RsaKey key = RsaKey::generate();
    write_whole(path, key.private_pem());
    return key;
}

Plist to_plist(const Pairing& pairing)
{
    Plist record = Plist::dict();
    record.set("HostID", pairing.host_id).set("SystemBUID", pairing.system_buid);
    record.set("RootCertificate", Plist::data(pairing.root_certificate));
    record.set("HostCertificate", Plist::data(pairing.host_certificate));
    record.set("DeviceCertificate", Plist::data(pairing.device_certificate));
    record.set("EscrowBag", Plist::data(pairing.escrow_bag));
    return record;
}

} // namespace

Pairings::Pairings(std::string folder) : folder_(std::move(folder)), key_(load_or_generate(folder_))
{
    if (folder_.empty()) return;
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
        if (file.path().extension() != ".host") continue;
        const auto bytes = read_whole(file.path());
        const auto record = bytes ? Plist::parse_dict(*bytes) : std::nullopt;
        if (!record) continue;
        Pairing pairing;
        pairing.host_id = record->text_at("HostID").value_or("");
        pairing.system_buid = record->text_at("SystemBUID").value_or("");
        pairing.root_certificate = record->data_at("RootCertificate").value_or("");
        pairing.host_certificate = record->data_at("HostCertificate").value_or("");
        pairing.device_certificate = record->data_at("DeviceCertificate").value_or("");
        pairing.escrow_bag = record->data_at("EscrowBag").value_or("");
        hosts_[pairing.host_id] = pairing;
    }
}

void Pairings::remember(const Pairing& pairing)
{
    const std::lock_guard lock(mutex_);
    hosts_[pairing.host_id] = pairing;
    contexts_.erase(pairing.host_id);
    save();
}

std::optional<Pairing> Pairings::find(const std::string& host_id) const
{
    const std::lock_guard lock(mutex_);
    const auto found = hosts_.find(host_id);
    if (found == hosts_.end()) return std::nullopt;
    return found->second;
}

std::shared_ptr<ssl_ctx_st> Pairings::tls_context(const std::string& host_id)
{
    const std::lock_guard lock(mutex_);
    const auto host = hosts_.find(host_id);
    if (host == hosts_.end()) return nullptr;
    auto& context = contexts_[host_id];
    if (!context) context = make_tls_context(key_, host->second);
    return context;
}

bool Pairings::forget(const std::string& host_id)
{
    const std::lock_guard lock(mutex_);
    contexts_.erase(host_id);
    const bool known = hosts_.erase(host_id) != 0;
    save();
    return known;
}

void Pairings::forget_all()
{
    const std::lock_guard lock(mutex_);
    hosts_.clear();
    contexts_.clear();
    save();
}

void Pairings::save() const
{
    if (folder_.empty()) return;
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
        if (file.path().extension() == ".host") std::filesystem::remove(file.path());
    }
    for (const auto& [id, pairing] : hosts_) {
        write_whole(folder_ + "/" + to_hex(id).substr(0, 200) + ".host", to_plist(pairing).xml());
    }
}

std::optional<std::string> read_whole(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

void write_whole(const std::string& path, const std::string& bytes)
{
    const std::string neighbour = path + ".new";
    std::ofstream file(neighbour, std::ios::binary | std::ios::trunc);
    file << bytes;
    file.close();
    if (!file) throw std::system_error(errno, std::generic_category(), "writing " + path);
    std::filesystem::rename(neighbour, path);
}

std::string random_hex(std::size_t bytes)
{
    std::string random(bytes, '\0');
    RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes));
    std::string hex = to_hex(random);
    std::transform(hex.begin(), hex.end(), hex.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return hex;
}

std::string random_uuid()
{
    const std::string hex = random_hex(16);
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) +
           "-" + hex.substr(20);
}

} // namespace simphone
