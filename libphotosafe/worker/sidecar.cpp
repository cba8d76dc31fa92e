// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/sidecar.hpp"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include <photosafe/error.hpp>

#include "media/sidecar_json.hpp"
#include "worker/exiv2_image.hpp"
#include "worker/file_text.hpp"
#include "worker/forget_namespaces.hpp"
#include "worker/mapped.hpp"
#include "worker/sidecar_fields.hpp"
#include "worker/sidecar_list.hpp"
#include "worker/sidecar_regions.hpp"

namespace photosafe::worker {

namespace {

using Json = nlohmann::json;
using Values = std::map<std::string, std::string>; ///< by key

constexpr const char* written_key = "Xmp.photosafe.Written";
constexpr const char* default_language = "x-default";
constexpr std::string_view rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
constexpr std::string_view head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view empty_packet = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n <rdf:RDF xmlns:rdf=\""
                                          "http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/>\n</x:xmpmeta>";

/// A packet and what was written into it before; anybody may have changed that too.
class Merge {
public:
    explicit Merge(Exiv2::XmpData& data) : data_{&data}
    {
        Json json = Json::parse(value_of(written_key), nullptr, false);
        if (json.is_object()) before_ = std::move(json);
    }

    void take(const SidecarField& field)
    {
        const Values written = values_written(field.name);
        Values there;
        for (const char* key : field.keys)
            if (std::string value = value_of(key); !value.empty()) there[key] = std::move(value);
        const Values& ours = there == written ? field.wanted : written;
        if (!ours.empty()) now_[field.name] = ours;
        if (there != written) return; // somebody else's
        for (const char* key : field.keys) {
            const auto wanted = field.wanted.find(key);
            if (wanted != field.wanted.end()) {
                set(key, wanted->second, field.by_language);
            } else if (there.contains(key)) {
                erase(key, field.by_language);
            }
        }
    }

    void take(const SidecarList& list)
    {
        const std::vector<std::string> written = list_written(list.name);
        const auto found = data_->findKey(Exiv2::XmpKey{list.key});
        std::vector<std::string> there;
        if (found != data_->end()) {
            if (!dynamic_cast<const Exiv2::XmpArrayValue*>(&found->value())) return keep(list.name, written);
            for (long i = 0; i < found->count(); ++i) there.push_back(found->toString(i));
        }
        const ListMerge merge = merge_lists(there, written, list.wanted);
        keep(list.name, merge.written);
        if (!merge.changes(there.size())) return;
        Exiv2::XmpArrayValue value{found == data_->end() ? Exiv2::xmpBag : found->value().typeId()};
        for (const std::size_t i : merge.kept) value.read(there[i]);
        for (const std::size_t i : merge.added) value.read(list.wanted[i]);
        if (found != data_->end()) data_->erase(found);
        if (value.count() > 0) data_->add(Exiv2::XmpKey{list.key}, &value);
    }

    void take_regions(const SidecarFacts& facts)
    {
        keep("regions", merge_regions(*data_, facts, list_written("regions")));
    }

    /// Notes in the packet itself what in it is ours.
    void close()
    {
        if (now_.empty()) return erase(written_key, false);
        const std::string text = now_.dump(-1, ' ', true);
        if (text != value_of(written_key)) set(written_key, text, false);
    }

private:
    std::string value_of(const char* key) const
    {
        const auto found = data_->findKey(Exiv2::XmpKey{key});
        if (found == data_->end()) return {};
        const auto* languages = dynamic_cast<const Exiv2::LangAltValue*>(&found->value());
        if (!languages) return found->toString();
        const auto in_default = languages->value_.find(default_language);
        if (in_default != languages->value_.end()) return in_default->second;
        return languages->value_.empty() ? std::string{} : languages->value_.begin()->second;
    }

    void set(const char* key, const std::string& text, bool by_language)
    {
        const Exiv2::XmpKey name{key};
        const auto found = data_->findKey(name);
        if (by_language) {
            Exiv2::LangAltValue value;
            if (found != data_->end()) {
                if (const auto* there = dynamic_cast<const Exiv2::LangAltValue*>(&found->value()))
                    value = *there;
            }
            value.value_[default_language] = text;
            return put(name, value);
        }
        Exiv2::XmpTextValue value;
        value.value_ = text; // not `read`, to which some texts are instructions
        put(name, value);
    }

    void put(const Exiv2::XmpKey& name, const Exiv2::Value& value)
    {
        const auto found = data_->findKey(name);
        if (found == data_->end()) {
            data_->add(name, &value);
        } else {
            found->setValue(&value);
        }
    }

    void erase(const char* key, bool by_language)
    {
        const auto found = data_->findKey(Exiv2::XmpKey{key});
        if (found == data_->end()) return;
        const auto* there = dynamic_cast<const Exiv2::LangAltValue*>(&found->value());
        if (by_language && there && there->value_.size() > 1) {
            Exiv2::LangAltValue value = *there;
            value.value_.erase(default_language);
            return found->setValue(&value);
        }
        data_->erase(found);
    }

    void keep(const char* name, const std::vector<std::string>& written)
    {
        if (!written.empty()) now_[name] = written;
    }

    Values values_written(const char* name) const
    {
        Values result;
        const auto found = before_.find(name);
        if (found == before_.end() || !found->is_object()) return result;
        for (const auto& [key, value] : found->items())
            if (value.is_string()) result[key] = value.get<std::string>();
        return result;
    }

    std::vector<std::string> list_written(const char* name) const
    {
        std::vector<std::string> result;
        const auto found = before_.find(name);
        if (found == before_.end() || !found->is_array()) return result;
        for (const Json& one : *found)
            if (one.is_string()) result.push_back(one.get<std::string>());
        return result;
    }

    Exiv2::XmpData* data_;
    Json before_ = Json::object(), now_ = Json::object();
};

/// All that a packet says, in one order.
std::vector<std::tuple<std::string, int, std::string>> told_by(const Exiv2::XmpData& data)
{
    std::vector<std::tuple<std::string, int, std::string>> result;
    for (const Exiv2::Xmpdatum& datum : data)
        result.emplace_back(datum.key(), static_cast<int>(datum.typeId()), datum.toString());
    std::sort(result.begin(), result.end());
    return result;
}

[[noreturn]] void refuse(const std::string& why) { throw MediaError{ErrorCode::unreadable, why}; }

Exiv2::XmpData read_packet(const std::string& text)
{
    Exiv2::XmpData data;
    if (text.empty()) return data;
    // Without it the parser finds nothing in any XML, and is content.
    if (text.find(rdf) == std::string::npos) refuse("It is no XMP.");
    // Texts that begin so are for Exiv2 the kind of a value, and it would write them otherwise.
    for (const char* begin : {"\"type=", "'type=", ">type="})
        if (text.find(begin) != std::string::npos) refuse("It has a text that could not be kept as it is.");
    if (Exiv2::XmpParser::decode(data, text) != 0) refuse("It is XMP that can't be read.");
    return data;
}

std::string write_packet(const Exiv2::XmpData& data)
{
    std::string packet;
    if (data.empty()) return std::string{head} + std::string{empty_packet} + '\n';
    constexpr std::uint16_t form = Exiv2::XmpParser::omitPacketWrapper | Exiv2::XmpParser::useCompactFormat;
    if (Exiv2::XmpParser::encode(packet, data, form) != 0) refuse("It can't be written as XMP.");
    while (packet.ends_with('\n') || packet.ends_with(' ')) packet.pop_back();
    return std::string{head} + packet + '\n';
}

} // namespace

Sidecar merge_sidecar(const SidecarFacts& facts, std::string_view there)
try {
    const ForgetNamespaces after;
    Exiv2::XmpProperties::registerNs(std::string{sidecar_namespace}, "photosafe");
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(there.data());
    Exiv2::XmpData data = read_packet(text_as_utf8({bytes, there.size()}));
    const auto before = told_by(data);
    Merge merge{data};
    for (const SidecarField& field : fields_of(facts)) merge.take(field);
    for (const SidecarList& list : lists_of(facts)) merge.take(list);
    merge.take_regions(facts);
    merge.close();
    const auto wanted = told_by(data);
    if (wanted == before) return {};
    const std::string text = write_packet(data);
    if (text.size() > largest_sidecar) refuse("It would become too large for a sidecar.");
    // What others have written goes through a parser and back; nothing of it may be lost on the way.
    if (told_by(read_packet(text)) != wanted) refuse("It can't be written again without losing some of it.");
    return {true, {text.begin(), text.end()}};
} catch (const Error&) {
    throw;
} catch (const std::bad_alloc&) {
    throw;
} catch (...) {
    refuse("It is XMP that can't be read: " + clean_text(exiv2_trouble()) + '.');
}

Sidecar merge_sidecar(int fd, const nlohmann::json& request)
{
    const auto facts_bytes = request.value("facts_bytes", std::uint64_t{0});
    const auto sidecar_bytes = request.value("sidecar_bytes", std::uint64_t{0});
    const Mapped file{fd};
    const auto bytes = file.bytes();
    if (!file.whole() || facts_bytes > bytes.size() || sidecar_bytes != bytes.size() - facts_bytes)
        refuse("The sizes of facts and sidecar aren't those of the file.");
    const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    return merge_sidecar(sidecar_facts_of(text.substr(0, facts_bytes)), text.substr(facts_bytes));
}

} // namespace photosafe::worker
