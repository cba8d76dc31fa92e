// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes the first inputs of the readers' fuzz targets: `make_corpus SIMPHONE CORPUS`. Files of a simulated
// roll, and files with structures that such a roll doesn't have.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "media/metadata_json.hpp"
#include "support/temp_folder.hpp"
#include "worker/avi_maker.hpp"
#include "worker/heif_maker.hpp"
#include "worker/movie_maker.hpp"

namespace fs = std::filesystem;
using namespace photosafe::test;

namespace {

fs::path corpus;

void write(const fs::path& name, const std::string& content)
{
    fs::create_directories((corpus / name).parent_path());
    std::ofstream out{corpus / name, std::ios::binary | std::ios::trunc};
    if (!(out << content).flush()) throw std::runtime_error{"Writing " + name.string() + " failed"};
}

/// What one of each kind of file in a roll is called here.
std::map<std::string, std::string> roll_files(const std::string& simphone)
{
    const TempFolder folder;
    const fs::path root = folder / "roll";
    const std::string command =
        simphone + " make-roll '" + root.string() +
        "' --items 40 --picture-size 64x64 --tile 64 --pictures 2 --layout modern >/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error{"simphone made no roll"};
    const auto truth = nlohmann::json::parse(content_of(root.string() + ".truth.json"));
    std::map<std::string, std::string> files;
    for (const auto& file : truth.at("files")) {
        if (!file.at("path").is_string()) continue;
        const std::string path = file.at("path"), kind = file.at("kind");
        const bool portrait = file.value("aux", nlohmann::json::array()).size() > 1;
        files.try_emplace(kind + (portrait ? "_portrait" : "") + fs::path{path}.extension().string(),
                          content_of(root / path));
    }
    return files;
}

/// The EXIF block of a JPEG whose first segment that is.
std::string exif_of(const std::string& jpeg)
{
    const std::size_t at = jpeg.find(std::string_view{"Exif\0\0", 6});
    if (at == std::string::npos) throw std::runtime_error{"a JPEG without EXIF"};
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(jpeg.at(i)); };
    const std::size_t size = std::size_t{byte(at - 2)} << 8 | byte(at - 1);
    return jpeg.substr(at + 6, size - 8);
}

std::string heif_of_all()
{
    HeifMaker maker{"mif1heictmap"};
    const unsigned hevc = maker.hevc(10), size = maker.size(64, 48);
    const unsigned rotation = maker.rotation(3), mirror = maker.mirror(1);
    const unsigned picture = maker.item("hvc1", "picture", {hevc, size, maker.nclx(9, 16), rotation, mirror});
    for (const char* urn :
         {"urn:com:apple:photo:2020:aux:hdrgainmap", "urn:mpeg:hevc:2015:auxid:2",
          "urn:com:apple:photo:2018:aux:portraiteffectsmatte", "urn:mpeg:hevc:2015:auxid:1"})
        maker.refer("auxl", maker.item("hvc1", "more", {hevc, size, maker.auxiliary(urn)}), {picture});
    maker.refer("thmb", maker.item("hvc1", "thumbnail", {hevc, size}), {picture});
    maker.refer("cdsc", maker.item("Exif", u32(6) + std::string{"Exif\0\0", 6} + "MM"), {picture});
    maker.refer("cdsc", maker.item("mime", "<x/>", {}, std::string{"application/rdf+xml"} + '\0'), {picture});
    return maker.file();
}

std::string heif_of_tiles()
{
    HeifMaker maker;
    const unsigned hevc = maker.hevc(), tile = maker.size(64, 64), whole = maker.size(100, 100);
    std::vector<unsigned> tiles;
    for (int i = 0; i < 4; ++i) tiles.push_back(maker.item("hvc1", "tile", {hevc, tile}));
    maker.main = maker.item("grid", u16(0) + u8(1) + u8(1) + u16(100) + u16(100), {whole});
    maker.refer("dimg", maker.main, tiles);
    maker.group("ster", 100, {1, 2});
    return maker.file();
}

std::string movie_of_all()
{
    MovieMaker maker;
    maker.frames = 4;
    maker.codec_boxes =
        box("hvcC", u8(1) + u8(2) + std::string(15, '\0') + u8(0xfa) + u8(0xfa) + std::string(4, '\0')) +
        box("colr", "nclx" + u16(9) + u16(18) + u16(9) + u8(0)) +
        box("vexu", box("eyes", full_box("stri", u8(3))));
    maker.key("com.apple.quicktime.creationdate", "2024-05-31T14:03:22+0200")
        .key("com.apple.quicktime.location.ISO6709", "+34.6648-086.4704+197.095/")
        .key("com.apple.quicktime.full-frame-rate-playback-intent", 21, u64(1))
        .key("com.apple.quicktime.content.identifier", "A")
        .track_key("com.apple.quicktime.camera.lens_model", "lens")
        .timed("com.apple.quicktime.still-image-time");
    return maker.bytes();
}

std::string matroska()
{
    const auto element = [](std::string_view id, const std::string& content) {
        return std::string{id} + u8(0x40 | content.size() >> 8) + u8(content.size() & 0xff) + content;
    };
    const std::string video = element("\xb0", u16(320)) + element("\xba", u16(240));
    const std::string track = element("\xd7", u8(1)) + element("\x73\xc5", u8(1)) + element("\x83", u8(1)) +
                              element("\x86", "V_VP9") + element("\xe0", video);
    const std::string info = element("\x2a\xd7\xb1", u32(1'000'000)) + element("\x44\x89", u32(0x44fa0000));
    return element("\x1a\x45\xdf\xa3", element("\x42\x82", "matroska")) +
           element("\x18\x53\x80\x67",
                   element("\x15\x49\xa9\x66", info) + element("\x16\x54\xae\x6b", element("\xae", track)));
}

/// One of everything that is read out of XMP.
const std::string packet =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
    "<rdf:Description xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
    " xmlns:mwg-rs=\"http://www.metadataworkinggroup.com/schemas/regions/\""
    " xmlns:stArea=\"http://ns.adobe.com/xmp/sType/Area#\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\""
    " xmlns:MP=\"http://ns.microsoft.com/photo/1.2/\" "
    "xmlns:MPRI=\"http://ns.microsoft.com/photo/1.2/t/RegionInfo#\""
    " xmlns:MPReg=\"http://ns.microsoft.com/photo/1.2/t/Region#\""
    " xmp:Rating=\"4\" xmp:Label=\"Red\" xmp:CreateDate=\"2024-05-31T14:03:22.5+02:00\""
    " exif:GPSLatitude=\"41,54.1N\" exif:GPSLongitude=\"12,29.5E\">"
    "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">A title</rdf:li></rdf:Alt></dc:title>"
    "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">Words</rdf:li></rdf:Alt></dc:description>"
    "<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>sand</rdf:li></rdf:Bag></dc:subject>"
    "<mwg-rs:Regions rdf:parseType=\"Resource\"><mwg-rs:RegionList><rdf:Bag><rdf:li "
    "rdf:parseType=\"Resource\">"
    "<mwg-rs:Name>Ada</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type>"
    "<mwg-rs:Area stArea:x=\"0.5\" stArea:y=\"0.5\" stArea:w=\"0.1\" stArea:h=\"0.1\"/>"
    "</rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    "<MP:RegionInfo rdf:parseType=\"Resource\"><MPRI:Regions><rdf:Bag><rdf:li "
    "MPReg:Rectangle=\"0.1,0.1,0.2,0.2\""
    " MPReg:PersonDisplayName=\"Ada\"/></rdf:Bag></MPRI:Regions></MP:RegionInfo>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>";

/// A resource block of Photoshop with title, keywords, caption, date and time of IPTC.
std::string iptc()
{
    const auto set = [](unsigned number_of_set, const std::string& value) {
        return u8(0x1c) + u8(2) + u8(number_of_set) + u16(value.size()) + value;
    };
    const std::string sets = set(5, "A title") + set(25, "sea") + set(25, "sand") + set(120, "Words") +
                             set(55, "20240531") + set(60, "140322+0200");
    return "8BIM" + u16(0x404) + u16(0) + u32(sets.size()) + sets;
}

/// Facts with something in every field.
std::string full_answer()
{
    using namespace photosafe;
    Metadata facts;
    facts.kind = MediaKind::photo;
    facts.mime = "image/heic";
    facts.taken = {TimeSource::exif_offset, Instant{std::chrono::seconds{1'717'156'998}},
                   "2024-05-31T14:03:22.123", 120};
    facts.width = facts.height = 64;
    facts.orientation = 6;
    facts.make = facts.model = facts.lens = facts.software = facts.content_id = facts.burst_id = facts.codec =
        "x";
    facts.position = {41.9, 12.5, 21.5};
    facts.live_index = facts.capture_type = facts.bit_depth = 8;
    facts.hdr = facts.slow_motion = facts.spatial = facts.panorama = facts.screenshot = true;
    facts.duration_s = facts.frame_rate = 29.97;
    facts.rating = 5;
    facts.title = facts.caption = facts.label = facts.colour_profile = facts.edited_by = "y";
    facts.keywords = facts.aux = facts.troubles = {"one", "two"};
    facts.people = {{"Ada", 0.5, 0.5, 0.1, 0.1}};
    facts.tiles = 4;
    facts.edited_at = facts.taken.instant;
    facts.raw = {{"Exif.Photo.FNumber", "9/5"}};
    return nlohmann::json{{"metadata", to_json(std::move(facts))}}.dump();
}

const std::map<std::string_view, std::string> answers{
    {"metadata", full_answer()},
    {"hello",
     R"({"hello":{"photosafe":"0.1.0","versions":"libheif 1.19.7","libheif":"1.19.7","hevc_decoders":["x"],)"
     R"("jail":[{"name":"seccomp","held":true,"reason":""}]}})"},
    {"error", R"({"error":{"code":"unreadable","message":"It is empty."}})"},
    {"picture",
     R"({"picture":{"width":64,"height":48,"lost":["depth"],"decoder":"libavcodec","embedded":true}})"},
    {"request", R"({"job":"render","quality":90})"}};

std::string webp(const std::string& exif)
{
    return chunk("RIFF", "WEBP" +
                             chunk("VP8X", u8(0x0c) + std::string(3, '\0') + little(63, 3) + little(47, 3)) +
                             chunk("VP8L", std::string{"\x2f\x3f\xc0\x0b\0", 5}) + chunk("EXIF", exif) +
                             chunk("XMP ", "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>"));
}

std::string jxl(const std::string& exif)
{
    return box("JXL ", "\r\n\x87\n") + box("ftyp", "jxl " + u32(0) + "jxl ") + box("Exif", u32(0) + exif) +
           box("jxlc", "\xff\x0a\x12\x34");
}

/// A library as small as SQLite makes it, in the words of iOS 18, and what its log adds.
constexpr const char* library_tables =
    "PRAGMA page_size=512; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;"
    "CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR);"
    "CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, "
    "ZKIND INTEGER, "
    "ZKINDSUBTYPE INTEGER, ZSAVEDASSETTYPE INTEGER, ZDATECREATED TIMESTAMP, ZLATITUDE FLOAT, ZLONGITUDE "
    "FLOAT, ZFAVORITE "
    "INTEGER, ZTRASHEDSTATE INTEGER, ZADJUSTMENTSSTATE INTEGER, ZAVALANCHEPICKTYPE INTEGER, ZMEDIAGROUPUUID "
    "VARCHAR, "
    "ZADDITIONALATTRIBUTES INTEGER, ZCOLLECTIONSHARE INTEGER);"
    "CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZORIGINALFILENAME VARCHAR, "
    "ZTIMEZONEOFFSET INTEGER, "
    "ZTITLE VARCHAR, ZASSETDESCRIPTION INTEGER);"
    "CREATE TABLE ZASSETDESCRIPTION (Z_PK INTEGER PRIMARY KEY, ZLONGDESCRIPTION VARCHAR);"
    "CREATE TABLE ZINTERNALRESOURCE (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZDATASTORESUBTYPE INTEGER, "
    "ZRESOURCETYPE "
    "INTEGER, ZVERSION INTEGER, ZLOCALAVAILABILITY INTEGER, ZREMOTEAVAILABILITY INTEGER, ZDATALENGTH "
    "INTEGER);"
    "CREATE TABLE ZKEYWORD (Z_PK INTEGER PRIMARY KEY, ZTITLE VARCHAR);"
    "CREATE TABLE Z_1KEYWORDS (Z_1ASSETATTRIBUTES INTEGER, Z_47KEYWORDS INTEGER);"
    "CREATE TABLE ZPERSON (Z_PK INTEGER PRIMARY KEY, ZFULLNAME VARCHAR, ZMERGETARGETPERSON INTEGER);"
    "CREATE TABLE ZDETECTEDFACE (Z_PK INTEGER PRIMARY KEY, ZASSETFORFACE INTEGER, ZPERSONFORFACE INTEGER);"
    "CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR, ZPARENTFOLDER "
    "INTEGER, "
    "ZCUSTOMSORTKEY INTEGER, ZCUSTOMSORTASCENDING INTEGER, ZCUSTOMKEYASSET INTEGER);"
    "CREATE TABLE Z_30ASSETS (Z_30ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK_3ASSETS INTEGER);"
    "CREATE TABLE ZSHARE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZTITLE VARCHAR);"
    "INSERT INTO Z_PRIMARYKEY VALUES (30, 'Album'), (63, 'CollectionShare');"
    "INSERT INTO ZASSET VALUES (1, 'A-1', 'DCIM/100APPLE', 'IMG_0001.HEIC', 0, 2, 3, 754165280.19, 41.9, "
    "12.5, 1, 0, 2, 0, "
    "'G', 1, 5), (2, 'A-2', 'DCIM/100APPLE', 'IMG_0002.MOV', 1, 101, 6, -1.5, -180, -180, 0, 1, 0, 20, NULL, "
    "2, NULL);"
    "INSERT INTO ZADDITIONALASSETATTRIBUTES VALUES (1, 'IMG_7.HEIC', 7200, 'T', 1), (2, 'b', -3600, NULL, "
    "NULL);"
    "INSERT INTO ZASSETDESCRIPTION VALUES (1, 'two' || char(10) || 'lines');"
    "INSERT INTO ZINTERNALRESOURCE VALUES (1, 1, 1, 0, 0, 1, 0, 9), (2, 1, 18, 3, 0, -1, 1, 8), (3, 2, 1, 1, "
    "0, -1, 1, 7);"
    "INSERT INTO ZKEYWORD VALUES (1, 'sea'); INSERT INTO Z_1KEYWORDS VALUES (1, 1);"
    "INSERT INTO ZPERSON VALUES (1, 'Ada', NULL), (2, 'A.', 1); INSERT INTO ZDETECTEDFACE VALUES (1, 1, 2);"
    "INSERT INTO ZGENERICALBUM VALUES (1, 3999, NULL, NULL, 0, 1, NULL), (2, 4000, 'F', 1, 0, 1, NULL), (3, "
    "2, 'Rome', 2, 1, "
    "0, 1);"
    "INSERT INTO Z_30ASSETS VALUES (3, 1, 20), (3, 2, 10); INSERT INTO ZSHARE VALUES (5, 63, 'Family');"
    "PRAGMA wal_checkpoint(TRUNCATE);";
constexpr const char* library_changes =
    "UPDATE ZASSET SET ZFAVORITE = 0; INSERT INTO ZGENERICALBUM VALUES (4, 2, 'Late', "
    "1, 0, 1, NULL); INSERT INTO Z_30ASSETS VALUES (4, 1, 5)";

/// As the fuzz target takes it: the length of the log, the database, the log.
std::string phone_library(bool with_log)
{
    const TempFolder folder;
    const std::string file = folder / "library";
    sqlite3* db = nullptr;
    const std::string sql = std::string{library_tables} + (with_log ? library_changes : "");
    if (sqlite3_open(file.c_str(), &db) != SQLITE_OK ||
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) != SQLITE_OK ||
        sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK ||
        sqlite3_close(db) != SQLITE_OK)
        throw std::runtime_error{"SQLite made no library"};
    const std::string log = with_log ? content_of(file + "-wal") : "";
    return little(log.size(), 2) + content_of(file) + log;
}

constexpr const char* library_lines =
    R"({"library":{"uuid":"L-1","model_version":18600,"asset_table":"ZASSET"}}
{"asset":{"uuid":"A-1","path":"DCIM/100APPLE/IMG_0001.HEIC","kind":"photo","subtype":"live","created":1700000000000000000,"offset_minutes":-90,"latitude":1.5,"longitude":2,"favorite":true,"caption":"a\nb","keywords":["k"],"shown":false,"resources":[{"role":"live_video","video":true,"bytes":9,"locality":"only_in_icloud"}],"locality":"on_phone"}}
{"album":{"kind":"folder","title":"F"}}
{"album":{"parent":0,"order":"newest_first","key":0}}
{"members":[0]}
{"trouble":"Something."}
{"end":{"assets":1,"albums":2}})";

} // namespace

int main(int count, char** words)
try {
    if (count != 3) throw std::runtime_error{"usage: make_corpus SIMPHONE CORPUS"};
    corpus = words[2];
    const auto roll = roll_files(words[1]);
    const std::string& jpeg = roll.at("jpeg.JPG");
    const std::string exif = exif_of(jpeg);

    write("exif/phone", exif);
    write("exif/burst", exif_of(roll.at("raw_jpeg.JPG")));
    write("exif/small", std::string{"II*\0\10\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0", 26});
    write("aae/xml", roll.at("aae.AAE"));
    write("aae/binary", roll.at("adjustments_plist.plist"));
    write("words/packet", packet);
    write("sidecar/theirs", packet);
    std::string ours = packet;
    const std::string_view description = "<rdf:Description";
    ours.insert(
        ours.find(description) + description.size(),
        " xmlns:s=\"urn:photosafe:sidecar:1/\" s:Written=\"{&quot;rating&quot;:{&quot;Xmp.xmp.Rating&quot;:"
        "&quot;4&quot;},&quot;keywords&quot;:[&quot;sea&quot;]}\"");
    write("sidecar/ours", ours);
    write("words/iptc", iptc());
    for (const auto& [name, text] : answers) {
        write("protocol/" + std::string{name}, text);
        write("protocol/" + std::string{name} + "_message",
              "PSM1" + little(text.size(), 4) + little(0, 8) + text);
    }
    write("phone_library/small", phone_library(false));
    write("phone_library/with_log", phone_library(true));
    write("phone_lines/all", library_lines);
    write("heif/all", heif_of_all());
    write("heif/tiles", heif_of_tiles());
    write("heif/phone", roll.at("heic.HEIC"));
    write("video/all", movie_of_all());
    MovieMaker first;
    first.frames = 2;
    first.moov_first = true;
    first.brand = "mp42";
    write("video/mp4", first.bytes());
    write("video/avi", avi_file());
    write("video/matroska", matroska());

    const std::map<std::string, std::string> whole{{"jpeg", jpeg},
                                                   {"heic", roll.at("heic.HEIC")},
                                                   {"gif", roll.at("gif.GIF")},
                                                   {"aae", roll.at("aae.AAE")},
                                                   {"mov", movie_of_all()},
                                                   {"webp", webp(exif)},
                                                   {"jxl", jxl(exif)},
                                                   {"tiff", exif},
                                                   {"avi", avi_file()},
                                                   {"png", roll.at("screenshot_png.PNG").substr(0, 2000)},
                                                   {"dng", roll.at("raw_dng.DNG").substr(0, 4000)}};
    for (const auto& [name, content] : whole) write("metadata/" + name, content);
    // The first byte chooses what is asked of the drawing.
    for (const char* name : {"jpeg", "heic", "gif", "png", "dng", "webp"}) {
        write(std::string{"render/"} + name, '\1' + whole.at(name));
    }
    write("render/jpeg_thumbnail", '\x1a' + jpeg);
    return 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
