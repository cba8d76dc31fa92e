// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/xmp.hpp"

#include <gmock/gmock.h>

#include "core/text.hpp"
#include "core/time.hpp"
#include "metadata/made.hpp"

namespace photosafe::worker {
namespace {

using made::Folder;
using namespace std::string_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Of a sidecar, which is nothing but the packet.
Metadata of(std::string_view properties) { return made::read(made::xmp(properties)); }

std::string utf16(std::string_view ascii)
{
    std::string text = "\xff\xfe";
    for (const char c : ascii) text += c + std::string(1, '\0');
    return text;
}

constexpr std::string_view words = "<dc:title><rdf:Alt><rdf:li xml:lang='de'>Titel</rdf:li><rdf:li "
                                   "xml:lang='x-default'>Title</rdf:li></rdf:Alt>"
                                   "</dc:title><dc:description><rdf:Alt><rdf:li xml:lang='x-default'>A "
                                   "caption</rdf:li></rdf:Alt></dc:description>"
                                   "<dc:subject><rdf:Bag><rdf:li>Käfer</rdf:li><rdf:li>red</"
                                   "rdf:li><rdf:li>red</rdf:li></rdf:Bag></dc:subject>"
                                   "<xmp:Rating>4</xmp:Rating><xmp:Label>Green</xmp:Label>";

TEST(Xmp, ReadsASidecar)
{
    const Metadata m = of(words);

    EXPECT_EQ(m.kind, MediaKind::sidecar);
    EXPECT_EQ(m.mime, "application/rdf+xml");
    EXPECT_EQ(m.title, "Title");
    EXPECT_EQ(m.caption, "A caption");
    EXPECT_EQ(m.label, "Green");
    EXPECT_EQ(m.rating, 4);
    EXPECT_THAT(m.keywords, ElementsAre("Käfer", "red"));
    EXPECT_EQ(made::raw(m, "Xmp.xmp.Label"), "Green");
    EXPECT_THAT(m.troubles, IsEmpty());
}

TEST(Xmp, ReadsUtf16AndLatin1)
{
    EXPECT_EQ(made::read(utf16(made::xmp("<xmp:Label>Green</xmp:Label>"))).label, "Green");
    EXPECT_EQ(of("<xmp:Label>Gr\xfcn</xmp:Label>").label, "Grün");
}

TEST(Xmp, HeedsTheEncodingThatItTells)
{
    const auto label = [](const std::string& encoding, const std::string& bytes) {
        return made::read("<?xml version='1.0' encoding='" + encoding + "'?>" +
                          made::xmp("<xmp:Label>" + bytes + "</xmp:Label>"));
    };
    EXPECT_EQ(label("ISO-8859-1", "M\xfcller").label, "Müller");
    EXPECT_EQ(label("UTF-8", "Müller").label, "Müller");
    EXPECT_EQ(label("Shift_JIS", "\x8eR").label, "山");
    const Metadata other = label("ISO-8859-2", "Miko\xb3"
                                               "aj");
    EXPECT_EQ(other.label, "");
    EXPECT_THAT(other.troubles, ElementsAre("XMP is there and can't be read."));
}

TEST(Xmp, TakesTimesWithAndWithoutAZone)
{
    EXPECT_EQ(of("<photoshop:DateCreated>2024-05-31T14:03:22.5+02:00</photoshop:DateCreated>").taken.local,
              "2024-05-31T14:03:22.5");
    const Metadata both = of("<xmp:CreateDate>2020-01-01T00:00:00</xmp:CreateDate>"
                             "<exif:DateTimeOriginal>1978-08-12T15:00:00</exif:DateTimeOriginal>");
    EXPECT_EQ(both.taken.source, TimeSource::xmp);
    EXPECT_EQ(both.taken.local, "1978-08-12T15:00:00");
    EXPECT_FALSE(both.taken.instant);
    EXPECT_THAT(of("<xmp:CreateDate>once upon</xmp:CreateDate>").troubles, Contains(HasSubstr("once upon")));
}

TEST(Xmp, ReadsPlacesInAllFormsThatAreAround)
{
    const auto position = [](std::string_view latitude, std::string_view longitude,
                             std::string_view more = {}) {
        return of("<exif:GPSLatitude>" + std::string{latitude} + "</exif:GPSLatitude><exif:GPSLongitude>" +
                  std::string{longitude} + "</exif:GPSLongitude>" + std::string{more})
            .position;
    };
    EXPECT_NEAR(position("47,21.251N", "10,11.4789W").value().latitude, 47.354183, 1e-6);
    EXPECT_NEAR(position("47,21.251N", "10,11.4789W").value().longitude, -10.191315, 1e-6);
    EXPECT_NEAR(position("47,21,15S", "10,11,29E").value().latitude, -47.354167, 1e-6);
    EXPECT_NEAR(position("+47.3541841", "-10.1913155").value().longitude, -10.1913155, 1e-9);
    const auto apple =
        position("34.128", "118.117",
                 "<exif:GPSLatitudeRef>N</exif:GPSLatitudeRef><exif:GPSLongitudeRef>W</exif:GPSLongitudeRef>"
                 "<exif:GPSAltitude>2029/10</exif:GPSAltitude>");
    EXPECT_NEAR(apple.value().longitude, -118.117, 1e-9);
    EXPECT_NEAR(apple.value().altitude_m.value(), 202.9, 1e-9);
    for (const auto& [side, metres] : {std::pair{"0", 430}, {"1", -430}, {"2", 430}, {"3", -430}}) {
        const auto high = position("47,21.251N", "10,11.4789W",
                                   "<exif:GPSAltitude>430/1</exif:GPSAltitude><exif:GPSAltitudeRef>" +
                                       std::string{side} + "</exif:GPSAltitudeRef>");
        EXPECT_EQ(high.value().altitude_m, metres) << side;
    }
    for (const std::string_view wrong :
         {"91,0N", "47,61N", "47,21.2", "N", "nan", "inf", "47,1,2,3N", "1e999"})
        EXPECT_FALSE(position(wrong, "10,11.4789W")) << wrong;
    EXPECT_FALSE(position("0", "0"));
}

TEST(Xmp, KnowsPeopleByBothKindsOfRegions)
{
    const Metadata m =
        of("<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag>"
           "<rdf:li><rdf:Description mwg-rs:Name='Marie' mwg-rs:Type='Face'><mwg-rs:Area stArea:x='0.3' "
           "stArea:y='0.6' "
           "stArea:w='0.2' stArea:h='0.1' stArea:unit='normalized'/></rdf:Description></rdf:li>"
           "<rdf:li><rdf:Description mwg-rs:Name='Rex' mwg-rs:Type='Pet'><mwg-rs:Area stArea:x='0.3' "
           "stArea:y='0.6' "
           "stArea:w='0.2' stArea:h='0.1'/></rdf:Description></rdf:li>"
           "<rdf:li><rdf:Description mwg-rs:Name='Giant' mwg-rs:Type='Face'><mwg-rs:Area stArea:x='3' "
           "stArea:y='0.6' "
           "stArea:w='0.2' stArea:h='0.1'/></rdf:Description></rdf:li>"
           "</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
           "<MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions><rdf:Bag>"
           "<rdf:li MPReg:PersonDisplayName='Marie' MPReg:Rectangle='0.2, 0.55, 0.2, 0.1'/>"
           "<rdf:li MPReg:PersonDisplayName='Pierre' MPReg:Rectangle='0.5, 0.5, 0.25, 0.125'/>"
           "<rdf:li MPReg:PersonDisplayName='Nobody' MPReg:Rectangle='0.5, 0.5'/>"
           "</rdf:Bag></MPRI:Regions></MP:RegionInfo>");

    ASSERT_EQ(m.people.size(), 2u);
    EXPECT_EQ(m.people[0].name, "Marie");
    EXPECT_DOUBLE_EQ(m.people[0].x, 0.3);
    EXPECT_DOUBLE_EQ(m.people[0].height, 0.1);
    EXPECT_EQ(m.people[1].name, "Pierre");
    EXPECT_DOUBLE_EQ(m.people[1].x, 0.625); // of its centre
    EXPECT_DOUBLE_EQ(m.people[1].y, 0.5625);
}

TEST(Xmp, KnowsScreenshotsAndPanoramas)
{
    EXPECT_TRUE(of("<exif:UserComment><rdf:Alt><rdf:li xml:lang='x-default'>Screenshot</rdf:li></rdf:Alt>"
                   "</exif:UserComment>")
                    .screenshot);
    EXPECT_TRUE(of("<GPano:ProjectionType>equirectangular</GPano:ProjectionType>").panorama);
    EXPECT_FALSE(of(words).panorama);
    EXPECT_FALSE(of(words).screenshot);
}

TEST(Xmp, BelievesRatingsThatCanBe)
{
    EXPECT_EQ(of("<xmp:Rating>-1</xmp:Rating>").rating, -1);
    EXPECT_EQ(of("<xmp:Rating>3.0</xmp:Rating>").rating, 3);
    for (const std::string_view wrong : {"6", "-2", "nan", "three", "99999999999999999999"}) {
        const Metadata m = of("<xmp:Rating>" + std::string{wrong} + "</xmp:Rating>");
        EXPECT_FALSE(m.rating) << wrong;
        EXPECT_THAT(m.troubles, Contains(HasSubstr("rating")));
    }
}

TEST(Xmp, SaysThatAPacketCantBeRead)
{
    std::string broken = made::xmp(words);
    broken.resize(broken.size() / 2);
    EXPECT_THAT(made::read(broken).troubles, Contains(HasSubstr("XMP is there and can't be read")));

    const std::string jpeg = made::jpeg({{0xe1, "http://ns.adobe.com/xap/1.0/\0"s + broken}});
    EXPECT_THAT(made::read(jpeg).troubles, Contains(HasSubstr("XMP is there and can't be read")));
    EXPECT_EQ(made::read(jpeg).width, 4032u);
}

TEST(Xmp, TellsNothingOfAPacketThatIsTooLarge)
{
    Gathered found;
    const std::string packet = made::xmp("<xmp:Label>" + std::string(5u << 20, 'x') + "</xmp:Label>");
    read_xmp(made::view(packet), found);
    EXPECT_THAT(found.facts.troubles, Contains(HasSubstr("too large")));
    EXPECT_THAT(found.facts.raw, IsEmpty());
}

TEST(Xmp, GoesBeforeIptcAndExifInWordsAndAfterExifInTheRest)
{
    const Folder exif = Folder{}.ascii(0x010e, "EXIF's caption").ascii(0x010f, "EXIF's make");
    const std::string jpeg = made::jpeg(
        {{0xe1, "Exif\0\0"s + made::tiff(exif)},
         {0xe1,
          "http://ns.adobe.com/xap/1.0/\0"s +
              made::xmp(
                  "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>XMP's caption</rdf:li></rdf:Alt>"
                  "</dc:description><tiff:Make>XMP's make</tiff:Make><tiff:Model>XMP's model</tiff:Model>"
                  "<dc:subject><rdf:Bag><rdf:li>one</rdf:li></rdf:Bag></dc:subject>")},
         {0xed, made::iptc({{5, "IPTC's title"}, {120, "IPTC's caption"}, {25, "one"}, {25, "two"}})}});
    const Metadata m = made::read(jpeg);

    EXPECT_EQ(m.caption, "XMP's caption");
    EXPECT_EQ(m.title, "IPTC's title");
    EXPECT_EQ(m.make, "EXIF's make");
    EXPECT_EQ(m.model, "XMP's model");
    EXPECT_THAT(m.keywords, ElementsAre("one", "two"));
    EXPECT_EQ(made::raw(m, "Iptc.Application2.ObjectName"), "IPTC's title");
}

TEST(Xmp, NamesThePlaceTheNarrowestFirst)
{
    EXPECT_EQ(
        of("<photoshop:Country>Italia</photoshop:Country><photoshop:City>Roma</photoshop:City>"
           "<Iptc4xmpCore:Location xmlns:Iptc4xmpCore='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'>Foro"
           "</Iptc4xmpCore:Location>")
            .location,
        "Foro, Roma, Italia");
    const std::string lists =
        "<Iptc4xmpExt:LocationShown xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'><rdf:Bag>"
        "<rdf:li rdf:parseType='Resource'><Iptc4xmpExt:CountryName>Italia</Iptc4xmpExt:CountryName>"
        "<Iptc4xmpExt:City>Ostia</Iptc4xmpExt:City></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>";
    EXPECT_EQ(of(lists).location, "Ostia, Italia");
    EXPECT_EQ(of(lists + "<photoshop:Country>Italia</photoshop:Country>").location, "Italia, Ostia");
}

TEST(Iptc, NamesThePlaceWhereXmpDoesNot)
{
    const std::string iptc = made::iptc({{90, "Z\xfcrich"}, {92, "See"}, {95, "ZH"}, {101, "Schweiz"}});
    EXPECT_EQ(made::read(made::jpeg({{0xed, iptc}})).location, "See, Zürich, ZH, Schweiz");
    const std::string other =
        std::string{"Photoshop 3.0\0", 14} + std::string{"8BIM\x04\x25\0\0\0\0\0\x02xx", 14};
    EXPECT_EQ(made::read(made::jpeg({{0xed, other}, {0xed, iptc}})).location, "See, Zürich, ZH, Schweiz");
    const std::string xmp =
        "http://ns.adobe.com/xap/1.0/\0"s + made::xmp("<photoshop:City>Turicum</photoshop:City>");
    EXPECT_EQ(made::read(made::jpeg({{0xe1, xmp}, {0xed, iptc}})).location, "Turicum");
}

TEST(Xmp, SaysThatNotAllKeywordsAreTaken)
{
    const auto with = [](int count) {
        std::string list;
        for (int i = 0; i < count; ++i) list += "<rdf:li>k" + std::to_string(i) + "</rdf:li>";
        return made::read(made::xmp("<dc:subject><rdf:Bag>" + list + "</rdf:Bag></dc:subject>"));
    };
    EXPECT_THAT(with(1000).troubles, IsEmpty());
    EXPECT_EQ(with(1001).keywords.size(), 1000u);
    EXPECT_THAT(with(1001).troubles, Contains(HasSubstr("more than 1000 keywords")));
}

TEST(Iptc, TellsAZoneOnlyWhereItHasOne)
{
    const auto taken = [](const std::string& time) {
        return made::read(made::jpeg({{0xed, made::iptc({{55, "20240531"}, {60, time}})}})).taken;
    };
    EXPECT_EQ(taken("140322+0200").offset_minutes, 120);
    EXPECT_EQ(taken("140322+0000").offset_minutes, 0);
    EXPECT_EQ(taken("140322").local, "2024-05-31T14:03:22");
    EXPECT_FALSE(taken("140322").offset_minutes);
}

TEST(Iptc, KeepsATimeThatIsNoneWholeCharacters)
{
    const Metadata m =
        made::read(made::jpeg({{0xed, made::iptc({{55, "20240531"}, {60, "28\x7f\xff\xff\xbf\xff"}})}}));
    for (const std::string& trouble : m.troubles) EXPECT_TRUE(is_utf8(trouble)) << trouble;
    EXPECT_TRUE(is_utf8(m.taken.local)) << m.taken.local;
}

TEST(Iptc, ReadsLatin1)
{
    EXPECT_EQ(made::read(made::jpeg({{0xed, made::iptc({{120, "Gr\xfc\xdf"
                                                              "e"}})}}))
                  .caption,
              "Grüße");
}

TEST(Iptc, LeavesOutACharacterThatItsFieldCutsWhereItIsToldToBeUtf8)
{
    const std::string field = std::string(63, 'x') + "\xc3";
    const auto title = [&](bool told) {
        return made::read(made::jpeg({{0xed, made::iptc({{5, field}}, told)}})).title;
    };
    EXPECT_EQ(title(true), std::string(63, 'x'));
    EXPECT_EQ(title(false), std::string(63, 'x') + "Ã") << "it may be Windows-1252";
}

TEST(Iptc, EndsWhereItsRecordsAreCut)
{
    std::string block = made::iptc({{120, "a caption"}});
    block.resize(block.size() - 4);
    const Metadata m = made::read(made::jpeg({{0xed, block}}));
    EXPECT_EQ(m.width, 4032u);
    EXPECT_EQ(m.caption, "");
}

} // namespace
} // namespace photosafe::worker
