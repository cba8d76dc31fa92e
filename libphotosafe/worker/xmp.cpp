// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/xmp.hpp"

#include <charconv>
#include <cmath>

#include "core/text.hpp"
#include "worker/exiv2_image.hpp"
#include "worker/file_text.hpp"
#include "worker/forget_namespaces.hpp"
#include "worker/xmp_people.hpp"

namespace photosafe::worker {

namespace {

constexpr std::size_t largest_packet = 4u << 20; // those of cameras and editors have kilobytes
constexpr const char* default_language = "x-default";
constexpr std::uint8_t record_begin = 0x1c; // of IPTC

/// The properties of a packet, by key.
class Properties {
public:
    explicit Properties(const Exiv2::XmpData& data) : data_{&data} {}

    std::string text(const char* key) const
    {
        const Exiv2::Xmpdatum* datum = find(key);
        if (!datum) return {};
        const auto* languages = dynamic_cast<const Exiv2::LangAltValue*>(&datum->value());
        if (!languages) return clean_text(datum->toString());
        const auto in_default = languages->value_.find(default_language);
        if (in_default != languages->value_.end()) return clean_text(in_default->second);
        return languages->value_.empty() ? std::string{} : clean_text(languages->value_.begin()->second);
    }
    std::vector<std::string> texts(const char* key) const
    {
        std::vector<std::string> result;
        const Exiv2::Xmpdatum* datum = find(key);
        for (long i = 0; datum && i < datum->count(); ++i) result.push_back(clean_text(datum->toString(i)));
        return result;
    }
    /// The first that has a text.
    std::string first(std::initializer_list<const char*> keys) const
    {
        for (const char* key : keys) {
            std::string found = text(key);
            if (!found.empty()) return found;
        }
        return {};
    }

private:
    const Exiv2::Xmpdatum* find(const char* key) const
    {
        const auto found = data_->findKey(Exiv2::XmpKey{key});
        return found == data_->end() ? nullptr : &*found;
    }
    const Exiv2::XmpData* data_;
};

std::optional<double> number_of(std::string_view text)
{
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

/// `1234/100`, as XMP has it, or a plain number.
std::optional<double> ratio_of(std::string_view text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return number_of(text);
    const auto over = number_of(text.substr(0, slash)), under = number_of(text.substr(slash + 1));
    if (!over || !under || *under == 0) return std::nullopt;
    return *over / *under;
}

/// `47,21,15N` or `47,21.251N`; `+47.3541`, which drones write; or, as Apple has it, a plain number with
/// `ref` beside it.
std::optional<double> coordinate_of(std::string_view text, std::string_view ref, std::string_view signs,
                                    double most)
{
    const std::size_t sign = text.empty() ? std::string_view::npos : signs.find(text.back());
    double result = 0;
    if (sign == std::string_view::npos) {
        const auto plain = number_of(text);
        if (!plain || (*plain < 0 && !ref.empty())) return std::nullopt;
        result = ref == signs.substr(1) ? -*plain : *plain;
    } else {
        text.remove_suffix(1);
        double unit = 1;
        for (int parts = 0; parts == 0 || (parts < 3 && !text.empty()); ++parts, unit *= 60) {
            const std::size_t comma = std::min(text.find(','), text.size());
            const auto part = number_of(text.substr(0, comma));
            if (!part || *part < 0 || (parts > 0 && *part > 60)) return std::nullopt;
            result += *part / unit;
            text.remove_prefix(std::min(comma + 1, text.size()));
        }
        if (!text.empty()) return std::nullopt;
        if (sign % 2 == 1) result = -result;
    }
    if (std::abs(result) > most) return std::nullopt;
    return result;
}

void take_position(const Properties& xmp, Gathered& found)
{
    const std::string latitude = xmp.text("Xmp.exif.GPSLatitude"),
                      longitude = xmp.text("Xmp.exif.GPSLongitude");
    if (latitude.empty() && longitude.empty()) return;
    const auto north = coordinate_of(latitude, xmp.text("Xmp.exif.GPSLatitudeRef"), "NS", 90);
    const auto east = coordinate_of(longitude, xmp.text("Xmp.exif.GPSLongitudeRef"), "EW", 180);
    if (!north || !east || (*north == 0 && *east == 0))
        return found.trouble("XMP has a position that is none: " + latitude + ' ' + longitude + '.');
    GeoPoint position{*north, *east, {}};
    const auto altitude = ratio_of(xmp.text("Xmp.exif.GPSAltitude"));
    const std::string side = xmp.text("Xmp.exif.GPSAltitudeRef");
    const bool below = side == "1" || side == "3"; // 3 is EXIF 3.0's
    if (altitude && std::abs(*altitude) <= 1'000'000) position.altitude_m = below ? -*altitude : *altitude;
    found.xmp_camera.position = position;
}

void take_rating(const Properties& xmp, Gathered& found)
{
    const std::string text = xmp.text("Xmp.xmp.Rating");
    if (text.empty()) return;
    const auto value = number_of(text); // a real number, by the standard
    if (value && *value >= -1 && *value <= 5) {
        found.xmp.rating = static_cast<int>(*value);
    } else {
        found.trouble("XMP has a rating that is none: " + text + '.');
    }
}

void add(std::vector<std::string>& to, std::string text)
{
    if (!text.empty()) to.push_back(std::move(text));
}

/// Where it was taken, and what it shows: IPTC has lists of both, of which the first counts.
/// counts.
std::string location_of(const Properties& xmp)
{
    std::vector<std::string> names;
    for (const char* key :
         {"Xmp.iptc.Location", "Xmp.photoshop.City", "Xmp.photoshop.State", "Xmp.photoshop.Country"})
        names.push_back(xmp.text(key));
    for (const char* where : {"Created", "Shown"})
        for (const char* part : {"Sublocation", "City", "ProvinceState", "CountryName"})
            names.push_back(
                xmp.text(("Xmp.iptcExt.Location" + std::string{where} + "[1]/Iptc4xmpExt:" + part).c_str()));
    return joined_names(names);
}

bool is_panorama(const Properties& xmp)
{
    return !xmp.text("Xmp.GPano.ProjectionType").empty() || xmp.text("Xmp.GPano.UsePanoramaViewer") == "True";
}

/// Whether IPTC's time of creation has a zone: it is `142530+0200` then, else `142530`. Exiv2 shows one that
/// has none as one of UTC.
bool tells_zone(ByteView records)
{
    constexpr std::uint8_t application = 2, time_created = 60;
    constexpr std::size_t with_zone = 11;
    for (std::uint64_t at = 0; records.u8(at) == record_begin;) {
        const std::uint16_t size = records.u16(at + 3, ByteOrder::big);
        if (records.u8(at + 1) == application && records.u8(at + 2) == time_created) return size == with_zone;
        at += 5u + size;
    }
    return false;
}

} // namespace

void take_xmp(const Exiv2::XmpData& data, Gathered& found)
{
    const Properties xmp{data};
    Words& words = found.xmp;
    words.title = xmp.text("Xmp.dc.title");
    words.caption = xmp.text("Xmp.dc.description");
    words.label = xmp.text("Xmp.xmp.Label");
    words.keywords = xmp.texts("Xmp.dc.subject");
    words.location = location_of(xmp);
    take_rating(xmp, found);
    add(found.time.xmp_original, xmp.text("Xmp.exif.DateTimeOriginal"));
    add(found.time.xmp_original, xmp.text("Xmp.photoshop.DateCreated"));
    add(found.time.xmp_created, xmp.text("Xmp.xmp.CreateDate"));
    add(found.time.xmp_created, xmp.text("Xmp.exif.DateTimeDigitized"));
    found.xmp_camera.make = xmp.text("Xmp.tiff.Make");
    found.xmp_camera.model = xmp.text("Xmp.tiff.Model");
    found.xmp_camera.lens = xmp.first({"Xmp.exifEX.LensModel", "Xmp.aux.Lens"});
    found.xmp_camera.software = xmp.text("Xmp.xmp.CreatorTool");
    take_position(xmp, found);
    found.facts.people = people_of(data);
    found.facts.panorama |= is_panorama(xmp);
    found.facts.screenshot |= xmp.text("Xmp.exif.UserComment") == "Screenshot";
    for (const Exiv2::Xmpdatum& datum : data) found.raw(datum.key(), clean_text(datum.toString()));
}

void read_xmp(ByteView packet, Gathered& found)
{
    if (packet.size() == 0) return;
    if (packet.size() > largest_packet)
        return found.trouble("XMP of " + std::to_string(packet.size()) + " bytes is too large to be read.");
    try {
        const ForgetNamespaces after;
        Exiv2::XmpData data;
        if (Exiv2::XmpParser::decode(data, text_as_utf8(packet.bytes())) != 0)
            return found.trouble("XMP is there and can't be read.");
        take_xmp(data, found);
    } catch (...) {
        found.trouble("XMP can't be read: " + clean_text(exiv2_trouble()) + '.');
    }
}

void take_iptc(const Exiv2::IptcData& data, ByteView records, Gathered& found)
{
    constexpr std::size_t without_zone = 8;
    Words& words = found.iptc;
    constexpr std::string_view utf8 = "\x1b%G"; // ISO 2022, as IPTC's 1:90 has it
    const auto encoding = data.findKey(Exiv2::IptcKey{"Iptc.Envelope.CharacterSet"});
    const bool told = encoding != data.end() && encoding->toString() == utf8;
    std::string day, time, district, city, state, country;
    for (const Exiv2::Iptcdatum& datum : data) {
        const std::string key = datum.key();
        const std::string bytes = datum.toString();
        std::string text = told ? clean_utf8(bytes) : clean_text(bytes);
        if (key == "Iptc.Application2.ObjectName") words.title = text;
        if (key == "Iptc.Application2.Caption") words.caption = text;
        if (key == "Iptc.Application2.Keywords") words.keywords.push_back(text);
        if (key == "Iptc.Application2.SubLocation") district = text;
        if (key == "Iptc.Application2.City") city = text;
        if (key == "Iptc.Application2.ProvinceState") state = text;
        if (key == "Iptc.Application2.CountryName") country = text;
        if (key == "Iptc.Application2.DateCreated") day = text;
        if (key == "Iptc.Application2.TimeCreated")
            time = tells_zone(records) ? text : std::string{cut_at_character(text, without_zone)};
        found.raw(key, std::move(text));
    }
    words.location = joined_names({district, city, state, country});
    if (!day.empty()) found.time.xmp_original.push_back(time.empty() ? day : day + 'T' + time);
}

ByteView iptc_in(ByteView blocks)
{
    if (blocks.size() == 0) return {};
    const Exiv2::byte* record = nullptr;
    std::uint32_t header = 0, size = 0;
    const int rc = Exiv2::Photoshop::locateIptcIrb(blocks.data(), static_cast<long>(blocks.size()), &record,
                                                   &header, &size);
    if (rc != 0) return {}; // Photoshop's other blocks: none is of IPTC
    return std::span{record + header, size};
}

void read_iptc(ByteView blocks, Gathered& found)
{
    try {
        const bool bare = blocks.u8(0) == record_begin;
        const ByteView records = bare ? blocks : iptc_in(blocks);
        if (records.size() == 0) return;
        Exiv2::IptcData data;
        if (Exiv2::IptcParser::decode(data, records.data(), static_cast<std::uint32_t>(records.size())) != 0)
            return found.trouble("IPTC is there and can't be read.");
        take_iptc(data, records, found);
    } catch (...) {
        found.trouble("IPTC can't be read: " + clean_text(exiv2_trouble()) + '.');
    }
}

} // namespace photosafe::worker
