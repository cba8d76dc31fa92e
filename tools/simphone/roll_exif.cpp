// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_exif.hpp"

#include "roll_bytes.hpp"
#include "roll_plist.hpp"
#include "roll_random.hpp"
#include "roll_tiff.hpp"
#include "roll_time.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace simphone {
namespace {

std::vector<Ifd::Ratio> degrees(double value)
{
    const auto hundredths = std::llround(std::abs(value) * 3600 * 100);
    return {{hundredths / 360000, 1}, {hundredths / 6000 % 60, 1}, {hundredths % 6000, 100}};
}

Ifd gps_directory(const RollFile& file)
{
    const Place& place = *file.place;
    const unsigned second = utc_second_of_day(file.captured);
    Ifd gps;
    gps.ascii(0x01, place.latitude < 0 ? "S" : "N").ratio(0x02, degrees(place.latitude));
    gps.ascii(0x03, place.longitude < 0 ? "W" : "E").ratio(0x04, degrees(place.longitude));
    gps.byte(0x05, std::string(1, place.altitude < 0 ? '\1' : '\0'));
    gps.ratio(0x06, {to_ratio(std::abs(place.altitude))});
    gps.ratio(0x07, {{second / 3600, 1}, {second / 60 % 60, 1}, {second % 60, 1}});
    gps.ascii(0x0c, "K").ratio(0x0d, {{0, 1}}).ascii(0x10, "T").ratio(0x11, {{file.seed % 36000, 100}});
    gps.ascii(0x1d, gps_date(file.captured)).ratio(0x1f, {{475, 100}});
    return gps;
}

// Layout and tags as in files of real iPhones: ten letters, a version, the byte order, then a directory whose
// offsets count from the note's own beginning.
std::string maker_note(const RollFile& file)
{
    Random random{derive_seed(file.seed, "maker note")};
    Ifd note;
    note.s32(0x0001, 14).undefined(0x0003, run_time_plist(random.below(1'000'000'000'000'000)));
    note.s32(0x0004, 1).s32(0x0005, static_cast<int>(random.between(90, 200)));
    note.s32(0x0006, static_cast<int>(random.between(90, 200))).s32(0x0007, 1);
    note.signed_ratio(0x0008, {{random.between(-1000, 1000), 1000},
                               {random.between(-1000, 1000), 1000},
                               {random.between(-1000, 1000), 1000}});
    note.s32(0x000a, 4);
    if (!file.burst_uuid.empty()) note.ascii(0x000b, file.burst_uuid);
    if (!file.content_identifier.empty()) {
        note.ascii(0x0011, file.content_identifier);
        note.s32(0x0017, static_cast<int>(random.below(1'000'000)));
    }
    note.s32(0x0014, file.kind == FileKind::burst ? 5 : 10);
    note.signed_ratio(0x0021, {{random.between(1'000'000, 3'000'000), 1'000'000}});
    constexpr std::size_t header_size = 14;
    return Bytes{}.text("Apple iOS").u8(0).u16(1).text("MM").text(note.render(header_size)).take();
}

Ifd exif_directory(const RollFile& file)
{
    const Camera& camera = *file.camera;
    Random random{derive_seed(file.seed, "exposure")};
    const std::string date = exif_time(file.captured);
    const std::string zone = zone_text(file.captured);
    const std::string milliseconds = milliseconds_text(file.captured);
    Ifd exif;
    exif.ratio(0x829a, {{1, random.between(30, 4000)}}).ratio(0x829d, {to_ratio(camera.f_number)});
    exif.u16(0x8822, {2}).u16(0x8827, {static_cast<unsigned>(random.between(25, 1600))});
    exif.undefined(0x9000, "0232").ascii(0x9003, date).ascii(0x9004, date);
    exif.ascii(0x9010, zone).ascii(0x9011, zone).ascii(0x9012, zone);
    exif.undefined(0x9101, Bytes{}.u32(0x01020300).take());
    exif.signed_ratio(0x9204, {{0, 1}}).u16(0x9207, {5}).u16(0x9209, {16});
    exif.ratio(0x920a, {to_ratio(camera.focal_mm)});
    exif.ascii(0x9291, milliseconds).ascii(0x9292, milliseconds).undefined(0xa000, "0100");
    exif.u16(0xa001, {0xffff}).u32(0xa002, file.width).u32(0xa003, file.height);
    exif.u16(0xa217, {2}).undefined(0xa301, "\1").u16(0xa402, {0}).u16(0xa403, {0});
    exif.u16(0xa405, {static_cast<unsigned>(camera.focal_35mm)}).u16(0xa406, {0});
    if (camera.make == "Apple") {
        exif.undefined(0x927c, maker_note(file));
        exif.ratio(0xa432, {to_ratio(camera.focal_mm), to_ratio(camera.focal_mm), to_ratio(camera.f_number),
                            to_ratio(camera.f_number)});
        exif.ascii(0xa433, camera.make);
    }
    exif.ascii(0xa434, camera.lens);
    return exif;
}

Ifd first_directory(const RollFile& file)
{
    const Camera& camera = *file.camera;
    Ifd first;
    first.ascii(0x010f, camera.make).ascii(0x0110, camera.model);
    first.u16(0x0112, {static_cast<unsigned>(file.orientation)});
    first.ratio(0x011a, {{72, 1}}).ratio(0x011b, {{72, 1}}).u16(0x0128, {2});
    first.ascii(0x0131, camera.software).ascii(0x0132, exif_time(file.captured));
    if (camera.make == "Apple") first.ascii(0x013c, camera.model);
    first.directory(0x8769, exif_directory(file));
    if (file.place) first.directory(0x8825, gps_directory(file));
    return first;
}

} // namespace

std::string exif_block(const RollFile& file, const std::string& thumbnail)
{
    const Ifd first = first_directory(file);
    if (thumbnail.empty()) return render_tiff(first);
    Ifd second;
    second.u16(0x0103, {6}).ratio(0x011a, {{72, 1}}).ratio(0x011b, {{72, 1}}).u16(0x0128, {2});
    second.pointer(0x0201, thumbnail).u32(0x0202, static_cast<std::uint32_t>(thumbnail.size()));
    return render_tiff(first, &second);
}

std::string screenshot_exif_block(const RollFile& file)
{
    Ifd exif;
    exif.ascii(0x9003, exif_time(file.captured));
    exif.undefined(0x9286, std::string{"ASCII\0\0\0", 8} + "Screenshot");
    exif.u16(0xa001, {1}).u32(0xa002, file.width).u32(0xa003, file.height);
    return render_tiff(Ifd{}.u16(0x0112, {1}).directory(0x8769, exif));
}

std::string dng(const RollFile& file, const std::string& preview)
{
    constexpr unsigned raw_width = 64;
    constexpr unsigned raw_height = 48;
    std::string strip(std::size_t{raw_width} * raw_height * 3 * 2, '\0');
    Random{derive_seed(file.seed, "raw")}.fill(strip.data(), strip.size());

    Ifd raw;
    raw.u32(0x00fe, 0).u32(0x0100, raw_width).u32(0x0101, raw_height).u16(0x0102, {16, 16, 16});
    raw.u16(0x0103, {1}).u16(0x0106, {34892}); // linear raw
    raw.pointer(0x0111, strip).u16(0x0115, {3}).u32(0x0116, raw_height);
    raw.u32(0x0117, static_cast<std::uint32_t>(strip.size())).u16(0x011c, {1});

    Ifd first = first_directory(file);
    first.u32(0x00fe, 1).u32(0x0100, file.width).u32(0x0101, file.height).u16(0x0102, {8, 8, 8});
    first.u16(0x0103, {7}).u16(0x0106, {6}).u16(0x0115, {3}).u32(0x0116, file.height).u16(0x011c, {1});
    first.pointer(0x0111, preview).u32(0x0117, static_cast<std::uint32_t>(preview.size()));
    first.directory(0x014a, raw).byte(0xc612, {"\1\4\0\0", 4}).byte(0xc613, {"\1\3\0\0", 4});
    first.ascii(0xc614, file.camera->model + " back camera");
    first.signed_ratio(0xc621, {{1, 1}, {0, 1}, {0, 1}, {0, 1}, {1, 1}, {0, 1}, {0, 1}, {0, 1}, {1, 1}});
    first.ratio(0xc628, {{45, 100}, {1, 1}, {54, 100}}).u16(0xc65a, {21});
    return render_tiff(first);
}

std::string xmp_packet(const RollFile& file)
{
    std::string date = exif_time(file.captured);
    date[4] = date[7] = '-';
    date[10] = 'T';
    const bool screenshot = file.kind == FileKind::screenshot_png;
    const std::string comment =
        "   <exif:UserComment><rdf:Alt><rdf:li xml:lang=\"x-default\">Screenshot</rdf:li></rdf:Alt>"
        "</exif:UserComment>\n";
    return "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"XMP Core 6.0.0\">\n"
           " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
           "  <rdf:Description rdf:about=\"\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\""
           " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
           " xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\">\n" +
           (file.camera ? "   <xmp:CreatorTool>" + file.camera->software + "</xmp:CreatorTool>\n"
                        : std::string{}) +
           (screenshot ? comment : std::string{}) + "   <photoshop:DateCreated>" + date +
           "</photoshop:DateCreated>\n"
           "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n";
}

} // namespace simphone
