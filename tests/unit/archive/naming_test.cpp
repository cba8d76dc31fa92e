// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/naming.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <gmock/gmock.h>

#include <photosafe/error.hpp>

#include "core/text.hpp"

namespace photosafe {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

/// Names as a careless or hostile phone could send them.
std::vector<std::string> hostile_names()
{
    std::vector<std::string> names{"",
                                   ".",
                                   "..",
                                   "...",
                                   "/",
                                   "//",
                                   "../../x",
                                   "/etc/x",
                                   "a/../../b",
                                   "..\\..\\x",
                                   "C:\\x",
                                   "\\\\host\\share",
                                   "a\0b"s,
                                   "\0"s,
                                   "\0.jpg"s,
                                   "-rf",
                                   "--help",
                                   "-",
                                   " ",
                                   "  ",
                                   " a",
                                   "a ",
                                   "a.",
                                   "a..",
                                   "a. .",
                                   ". .",
                                   "~",
                                   "~root",
                                   "$HOME",
                                   "$(reboot)",
                                   "`reboot`",
                                   "a\nb",
                                   "\n",
                                   "\r\n",
                                   "a\tb",
                                   "\x1b]0;x\x07",
                                   "\x1b[2J",
                                   "\x7f",
                                   "\u0080",
                                   "\u009b31m",
                                   "\u202egpj.exe",
                                   "\u2066a",
                                   "\u200e",
                                   "\u061c",
                                   "\u2028",
                                   "\u2029",
                                   "\ufeff",
                                   "\ufffe",
                                   "\uffff",
                                   "\U0001ffff",
                                   "\ufdd0",
                                   "\xff",
                                   "\xfe\xff",
                                   "\xc0\xaf",
                                   "\xc0\xae\xc0\xae/",
                                   "\xe0\x80\xaf",
                                   "\xed\xa0\x80",
                                   "\xed\xbf\xbf",
                                   "\xf4\x90\x80\x80",
                                   "a\xc3",
                                   "\xc3(",
                                   "\u00c9.HEIC",
                                   "E\u0301.HEIC",
                                   "a.jpg",
                                   "A.JPG",
                                   "<>:\"/\\|?*",
                                   "a:b",
                                   "a*b",
                                   "a?b",
                                   "a|b",
                                   "a<b",
                                   "<\u0338",
                                   "\u0301",
                                   "\u0301\u0301",
                                   ".DS_Store",
                                   "._IMG_0001.HEIC",
                                   ".photosafe",
                                   "catalog.sqlite",
                                   "IMG_0001.HEIC/",
                                   "IMG_0001.HEIC\\",
                                   "\uff0e\uff0e\uff0f",
                                   "\u2024\u2024/",
                                   "con .txt",
                                   "con\u00a0",
                                   "CON  ",
                                   "CON             x",
                                   "CONx",
                                   "com",
                                   "com10",
                                   "COM\u00b9",
                                   "lpt\u00b3.jpg",
                                   "CONIN$",
                                   "conout$.x",
                                   "name.",
                                   "name .jpg",
                                   "\u3000",
                                   "\u00a0",
                                   "%2e%2e%2f",
                                   "%00",
                                   "\U0001f468\u200d\U0001f469\u200d\U0001f467.jpg",
                                   "\u0958\u0958",
                                   "desktop.ini",
                                   "a\\"};
    for (const char* device :
         {"CON", "PRN", "AUX", "NUL", "COM0", "COM1", "COM9", "LPT1", "LPT9", "aux", "Nul"}) {
        for (const char* ending : {"", ".jpg", ".", " ", ".tar.gz", "..", " .jpg"})
            names.push_back(device + ""s + ending);
    }
    for (const std::size_t length : {15u, 16u, 17u, 119u, 120u, 121u, 254u, 255u, 256u, 4096u}) {
        names.emplace_back(length, 'a');
        names.emplace_back(length, '.');
        names.emplace_back(length, ' ');
        names.push_back(std::string(length - 1, 'a') + "\u00e9");
        names.push_back(std::string(length - 1, 'a') + ".");
        names.push_back(std::string(length, 'a') + ".HEIC");
    }
    for (int c = 0; c < 256; ++c) names.push_back("a"s + static_cast<char>(c) + "b");
    std::mt19937 random{42};
    for (int i = 0; i < 20'000; ++i) {
        static const std::string alphabet = "a.. --/\\\n\x1b\xc3\xa9\xcc\x81\xe2\x80\xae\xff:CON"s + '\0';
        std::string name;
        for (auto n = random() % 40; n > 0; --n) name += alphabet[random() % alphabet.size()];
        names.push_back(name);
    }
    return names;
}

testing::AssertionResult is_safe(const std::string& name, std::size_t max_bytes)
{
    const auto no = [&](const char* why) {
        return testing::AssertionFailure() << '\'' << printable(name) << "' " << why;
    };
    if (name.empty()) return no("is empty");
    if (name.size() > max_bytes) return no("is too long");
    if (!is_utf8(name)) return no("is no UTF-8");
    if (to_nfc(name) != name) return no("is not NFC");
    if (printable(name) != name) return no("has control characters");
    if (name.find_first_of("<>:\"/\\|?*") != std::string::npos) return no("has a reserved character");
    if (std::string{". -"}.find(name.front()) != std::string::npos) return no("begins badly");
    if (std::string{". "}.find(name.back()) != std::string::npos) return no("ends badly");
    std::string base = fold_key(name.substr(0, name.find('.')));
    base.erase(base.find_last_not_of(' ') + 1);
    static const std::set<std::string> devices{"con",     "prn",       "aux",      "nul",  "com0",
                                               "com1",    "com9",      "lpt1",     "lpt9", "conin$",
                                               "conout$", "com\u00b9", "lpt\u00b3"};
    if (devices.contains(base)) return no("is a DOS device");
    return testing::AssertionSuccess();
}

TEST(SafeComponent, TakesAnyBytes)
{
    const std::vector<std::string> names = hostile_names();
    ASSERT_GE(names.size(), 200u);
    for (const std::string& name : names) {
        for (const std::size_t max_bytes : {16u, 17u, 120u, 200u}) {
            const std::string safe = safe_component(name, max_bytes);
            ASSERT_TRUE(is_safe(safe, max_bytes)) << printable(name);
            ASSERT_EQ(safe_component(name, max_bytes), safe);
            ASSERT_EQ(safe_component(safe, max_bytes), safe)
                << "it must be safe to make a safe name safe again";
        }
    }
}

TEST(SafeComponent, KeepsOrdinaryNames)
{
    for (const char* name :
         {"IMG_0042", "IMG_E0042", "Anna's iPhone", "Zo\u00eb", "\u65e5\u672c", "\U0001f600", "com10", "a-b",
          "a.b", "_x", "Rome 2024 (1)", "100APPLE", "Console", "a&b;c"}) {
        EXPECT_EQ(safe_component(name), name);
    }
}

TEST(SafeComponent, ShowsWhatItReplaced)
{
    EXPECT_EQ(safe_component("../../x"), "_._.._x");
    EXPECT_EQ(safe_component("-rf"), "_rf");
    EXPECT_EQ(safe_component("aux.jpg"), "_aux.jpg");
    EXPECT_EQ(safe_component(".."), "__");
    EXPECT_EQ(safe_component(""), "unknown");
    EXPECT_EQ(safe_component("a\nb\xff"), "a_b_");
    EXPECT_EQ(safe_component("E\u0301"), "\u00c9");
}

TEST(SplitName, FindsTheExtension)
{
    const auto split = [](const char* name) { return split_name(name); };
    using Parts = std::pair<std::string, std::string>;
    EXPECT_EQ(split("IMG_0042.HEIC"), (Parts{"IMG_0042", ".HEIC"}));
    EXPECT_EQ(split("a.tar.gz"), (Parts{"a.tar", ".gz"}));
    EXPECT_EQ(split("IMG_0042"), (Parts{"IMG_0042", ""}));
    EXPECT_EQ(split(".hidden"), (Parts{".hidden", ""}));
    EXPECT_EQ(split("IMG_0042."), (Parts{"IMG_0042.", ""}));
    EXPECT_EQ(split(""), (Parts{"", ""}));
    EXPECT_EQ(split("a.b c"), (Parts{"a.b c", ""}));
    EXPECT_EQ(split("a.jp/g"), (Parts{"a.jp/g", ""}));
    EXPECT_EQ(split("a.123456789012345"), (Parts{"a", ".123456789012345"}));
    EXPECT_EQ(split("a.1234567890123456"), (Parts{"a.1234567890123456", ""}));
}

TEST(SplitName, NeverLosesAByte)
{
    for (const std::string& name : hostile_names()) {
        const auto [stem, extension] = split_name(name);
        ASSERT_EQ(stem + extension, name);
        ASSERT_LE(extension.size(), 16u);
    }
}

TEST(PartName, PutsTheQualifierBeforeTheExtension)
{
    EXPECT_EQ(part_name("IMG_0042", "", ".HEIC"), "IMG_0042.HEIC");
    EXPECT_EQ(part_name("IMG_0042", "edited", ".HEIC"), "IMG_0042.edited.HEIC");
    EXPECT_EQ(part_name("IMG_0042", "", ""), "IMG_0042");
}

TEST(PartName, FitsInAFileNameWithAllThatCanBeAdded)
{
    const std::string stem = safe_component(std::string(500, 'a'));
    const std::string name = part_name(with_digest(stem, {}, 64), "adjustments", ".123456789012345");
    EXPECT_LE(name.size(), 255u);
}

TEST(WithDigest, AddsAsManyDigitsAsAskedFor)
{
    Digest digest;
    digest.sha256[0] = std::byte{0x1a};
    digest.sha256[1] = std::byte{0x2b};
    EXPECT_EQ(with_digest("IMG_0042", digest), "IMG_0042 (1a2b0000)");
    EXPECT_EQ(with_digest("x", digest, 12), "x (1a2b00000000)");
    EXPECT_EQ(with_digest("x", digest, 1), "x (1a2b0000)");
    EXPECT_EQ(with_digest("x", digest, 100).size(), 4 + 64u);
}

ShotFacts shot(std::string name)
{
    ShotFacts facts;
    facts.taken = {2024, 5, 31, 14, 3, 22};
    facts.imported = {2025, 1, 2, 3, 4, 5};
    facts.name = std::move(name);
    facts.device = "Anna's iPhone";
    facts.source_kind = "device";
    facts.kind = "photo";
    return facts;
}

ShotPath placed(const char* layout, const ShotFacts& facts) { return Layout::parse(layout).place(facts); }

TEST(Layout, PlacesAShotByItsDay)
{
    const ShotPath expected{"2024/2024-05-31", "IMG_0042"};
    EXPECT_EQ(placed("{taken:%Y}/{taken:%Y-%m-%d}/{name}", shot("IMG_0042.HEIC")), expected);
}

TEST(Layout, KnowsAllFields)
{
    const ShotFacts facts = shot("IMG_0042.HEIC");
    EXPECT_EQ(placed("{name}", facts), (ShotPath{"", "IMG_0042"}));
    EXPECT_EQ(placed("{stem}.{ext}", facts), (ShotPath{"", "IMG_0042"}));
    EXPECT_EQ(placed("{taken:%Y%m%d_%H%M%S}_{name}", facts), (ShotPath{"", "20240531_140322_IMG_0042"}));
    EXPECT_EQ(placed("{taken:%y %j %%}/{name}", facts), (ShotPath{"24 152 %", "IMG_0042"}));
    EXPECT_EQ(placed("{taken}/{imported:%Y}/{name}", facts), (ShotPath{"2024-05-31/2025", "IMG_0042"}));
    EXPECT_EQ(placed("{device}/{source}/{kind}/{name}", facts),
              (ShotPath{"Anna's iPhone/device/photo", "IMG_0042"}));
    EXPECT_EQ(placed("{camera.make} {camera.model}/{name}", facts),
              (ShotPath{"unknown unknown", "IMG_0042"}));
    EXPECT_EQ(placed("{camera.model,Unknown camera}/{name}", facts),
              (ShotPath{"Unknown camera", "IMG_0042"}));
    EXPECT_EQ(placed("{album,Unsorted}/{name}", facts), (ShotPath{"Unsorted", "IMG_0042"}));
    EXPECT_EQ(placed("{album,}/{name}", facts), (ShotPath{"unknown", "IMG_0042"}));
    EXPECT_EQ(placed("{{x}}/a {album,}{stem} b.{ext}", facts), (ShotPath{"{x}", "a IMG_0042 b"}));
    EXPECT_EQ(placed("{stem}/{name}", facts), (ShotPath{"IMG_0042", "IMG_0042"}));
}

TEST(Layout, UsesAnAlbumWhereThereIsOne)
{
    ShotFacts facts = shot("IMG_0042.HEIC");
    facts.album = "Rome/2024";
    EXPECT_EQ(placed("{album,Unsorted}/{name}", facts), (ShotPath{"Rome_2024", "IMG_0042"}));
}

TEST(Layout, SaysWhatIsWrongWithATemplate)
{
    const std::pair<std::string, const char*> wrong[] = {
        {"", "empty"},
        {"{taken:%Y}", "has to end with"},
        {"a/b", "has to end with"},
        {"/a/{name}", "begins with /"},
        {"a//{name}", "empty"},
        {"{name}/", "last part"},
        {"a/{name}/b", "last part"},
        {"../{name}", "begin with a dot"},
        {"./{name}", "begin with a dot"},
        {"-a/{name}", "begin with"},
        {"a./{name}", "end with a dot"},
        {"a /{name}", "end with a dot"},
        {"a\\b/{name}", "character"},
        {"a:b/{name}", "character"},
        {"a\nb/{name}", "character"},
        {"a\u202e/{name}", "character"},
        {"CON/{name}", "Windows"},
        {"\xff/{name}", "UTF-8"},
        {"{name", "without its }"},
        {"{na/me}", "without its }"},
        {"a}/{name}", "without its {"},
        {"{nam}", "no field {nam}"},
        {"{}/{name}", "no field {}"},
        {"{name}x", "very end"},
        {"{name}{name}", "very end"},
        {"{name:x}", "neither"},
        {"{stem}{ext}", "dot before"},
        {".{ext}", "needs {name} or {stem}"},
        {"{stem}/a.{ext}", "needs {name} or {stem}"},
        {"{taken:%Q}/{name}", "strftime"},
        {"{taken:%}/{name}", "strftime"},
        {"{taken:}/{name}", "empty format"},
        {"{taken,x}/{name}", "no default"},
        {"{album:x}/{name}", "format"},
        {std::string(130, 'a') + "/{name}", "too much"},
        {"{device}{album}{kind}{source}{camera.make}{name}", "too much"},
        {"a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/{name}", "16 parts"},
        {std::string(1001, 'a'), "1000 bytes"},
    };
    for (const auto& [layout, reason] : wrong) {
        try {
            Layout::parse(layout);
            ADD_FAILURE() << printable(layout) << " was taken";
        } catch (const ArchiveError& e) {
            EXPECT_EQ(e.code(), ErrorCode::invalid);
            EXPECT_THAT(e.what(), HasSubstr(reason)) << printable(layout);
            EXPECT_EQ(printable(e.what()), e.what());
        }
    }
}

TEST(Layout, MakesSafePathsOfAnyFacts)
{
    const Layout layout = Layout::parse(
        "{device} {album,}/{camera.make}/x{camera.model}{kind}/{stem}/{taken:%Y} {source}-{name}");
    for (const std::string& name : hostile_names()) {
        ShotFacts facts = shot(name);
        facts.device = facts.album = facts.camera_make = facts.camera_model = facts.kind = facts.source_kind =
            name;
        const ShotPath path = layout.place(facts);
        ASSERT_TRUE(is_safe(path.stem, 120)) << printable(name);
        std::string_view rest = path.folder;
        for (int part = 0; part < 4; ++part) {
            const std::size_t end = std::min(rest.find('/'), rest.size());
            ASSERT_TRUE(is_safe(std::string{rest.substr(0, end)}, 120)) << printable(name);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        ASSERT_TRUE(rest.empty()) << printable(path.folder);
        ASSERT_EQ(layout.place(facts), path);
    }
}

TEST(Layout, KeepsTheShotsNameBesideALongAlbum)
{
    ShotFacts facts = shot("IMG_0042.HEIC");
    facts.album = std::string(300, 'a');
    EXPECT_THAT(placed("{album}-{name}", facts).stem, testing::EndsWith("-IMG_0042"));
}

} // namespace
} // namespace photosafe
