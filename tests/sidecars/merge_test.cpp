// SPDX-License-Identifier: LGPL-2.1-or-later
// Whose word counts in a sidecar: what we wrote follows the facts, what others wrote stays.
#include "worker/sidecar.hpp"

#include <gmock/gmock.h>

#include <photosafe/error.hpp>

#include "core/text.hpp"
#include "worker/gathered.hpp"
#include "worker/read_metadata.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

class SidecarMerge : public testing::Test {
protected:
    static void SetUpTestSuite() { prepare_readers(); }

    /// Brings the facts into the sidecar. Whether it is another one now.
    bool merge()
    {
        Sidecar merged = merge_sidecar(facts, text);
        EXPECT_EQ(merged.changed, !merged.text.empty());
        if (merged.changed) text.assign(merged.text.begin(), merged.text.end());
        return merged.changed;
    }
    /// Another program writes: the first `from` becomes `to`.
    void write(std::string_view from, std::string_view to)
    {
        const std::size_t at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from << " in " << text;
        text.replace(at, from.size(), to);
    }
    /// What a reader of sidecars finds in it.
    Metadata read() const
    {
        Gathered found;
        read_xmp(std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, found);
        return weighed(std::move(found));
    }

    SidecarFacts facts;
    std::string text; ///< of the sidecar
};

/// A sidecar of another program, with these attributes and elements.
std::string foreign(std::string_view attributes, std::string_view elements = "")
{
    return "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta "
           "xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
           "<rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
           "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:darktable=\"http://darktable.sf.net/\" "
           "xmlns:crs=\"http://ns.adobe.com/camera-raw-settings/1.0/\" "
           "xmlns:mwg-rs=\"http://www.metadataworkinggroup.com/schemas/regions/\" "
           "xmlns:stArea=\"http://ns.adobe.com/xmp/sType/Area#\" "
           "xmlns:odd=\"http://example.org/odd/\" " +
           std::string{attributes} + ">" + std::string{elements} +
           "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";
}

TEST_F(SidecarMerge, TellsAllFacts)
{
    facts.rating = 4;
    facts.title = "Title <&> \"'";
    facts.caption = "Grüße";
    facts.label = "Red";
    facts.keywords = {"sea", "sun", "sea", " ", ""};
    facts.people = {{"Ada", Region{{}, 0.5, 0.25, 0.125, 0.0625}}, {"Bob", {}}};
    facts.place = {"Köln", "NRW", "Germany", "DE", "Dom"};
    facts.position = GeoPoint{-33.99999999999, 151.2153, -12.25};
    facts.taken = {TimeSource::exif_offset, {}, "2024-05-31T14:03:22.5", -90};
    facts.width = 4032;
    facts.height = 3024;
    ASSERT_TRUE(merge());
    EXPECT_FALSE(merge()) << "the same once more";

    const Metadata m = read();
    EXPECT_EQ(m.rating, 4);
    EXPECT_EQ(m.title, facts.title);
    EXPECT_EQ(m.caption, "Grüße");
    EXPECT_EQ(m.label, "Red");
    EXPECT_THAT(m.keywords, ElementsAre("sea", "sun"));
    ASSERT_EQ(m.people.size(), 1u);
    EXPECT_EQ(m.people[0].name, "Ada");
    EXPECT_DOUBLE_EQ(m.people[0].height, 0.0625);
    ASSERT_TRUE(m.position);
    EXPECT_NEAR(m.position->latitude, -34, 1e-8);
    EXPECT_NEAR(m.position->longitude, 151.2153, 1e-8);
    EXPECT_EQ(m.position->altitude_m, -12.25);
    EXPECT_EQ(m.taken.local, "2024-05-31T14:03:22.5");
    EXPECT_EQ(m.taken.offset_minutes, -90);
    for (const std::string_view part : {"<rdf:li>Bob</rdf:li>", "\"Köln\"", "\"NRW\"", "\"DE\"", "\"Dom\"",
                                        "stDim:w=\"4032\"", "34,0.000000S"})
        EXPECT_THAT(text, HasSubstr(part));
}

TEST_F(SidecarMerge, AFavouriteIsFiveStarsUnlessItHasOthers)
{
    facts.favourite = true;
    merge();
    EXPECT_EQ(read().rating, 5);
    facts.rating = 2;
    merge();
    EXPECT_EQ(read().rating, 2);
    facts.rating.reset();
    facts.favourite = false;
    EXPECT_TRUE(merge());
    EXPECT_EQ(read().rating, std::nullopt) << "taken back on the phone";
    EXPECT_FALSE(merge());
}

TEST_F(SidecarMerge, WhatWeWroteFollowsTheFacts)
{
    facts = {.rating = 1,
             .favourite = false,
             .title = "one",
             .caption = "one",
             .label = "",
             .keywords = {"a", "b"},
             .people = {{"Ada", Region{{}, 0.5, 0.5, 0.1, 0.1}}},
             .place = {},
             .position = GeoPoint{1, 2, 3},
             .taken = {}};
    merge();
    facts = {.rating = 2,
             .favourite = false,
             .title = "two",
             .caption = "",
             .label = "",
             .keywords = {"b", "c"},
             .people = {{"Bob", Region{{}, 0.2, 0.2, 0.1, 0.1}}},
             .place = {},
             .position = GeoPoint{4, 5, {}},
             .taken = {}};
    EXPECT_TRUE(merge());
    const Metadata m = read();
    EXPECT_EQ(m.rating, 2);
    EXPECT_EQ(m.title, "two");
    EXPECT_EQ(m.caption, "");
    EXPECT_THAT(m.keywords, ElementsAre("b", "c"));
    ASSERT_EQ(m.people.size(), 1u);
    EXPECT_EQ(m.people[0].name, "Bob");
    EXPECT_NEAR(m.position->latitude, 4, 1e-9);
    EXPECT_FALSE(m.position->altitude_m);

    facts = {};
    EXPECT_TRUE(merge());
    EXPECT_THAT(read().raw, IsEmpty()) << text;
    EXPECT_FALSE(merge());
}

TEST_F(SidecarMerge, WhatOthersWroteStays)
{
    text =
        foreign("xmp:Rating=\"1\" crs:Exposure2012=\"+0.35\" darktable:xmp_version=\"5\" odd:thing=\"kept\"",
                "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">Theirs</rdf:li><rdf:li "
                "xml:lang=\"de\">Ihrer</rdf:li></rdf:Alt></dc:title>"
                "<dc:subject><rdf:Seq><rdf:li>theirs</rdf:li></rdf:Seq></dc:subject>"
                "<darktable:history><rdf:Seq><rdf:li darktable:num=\"0\" darktable:params=\"00ff\"/>"
                "</rdf:Seq></darktable:history>"
                "<odd:deep rdf:parseType=\"Resource\"><odd:a><rdf:Bag><rdf:li>1</rdf:li></rdf:Bag></odd:a>"
                "</odd:deep>");
    const Metadata before = read();
    facts.rating = 4;
    facts.title = "Ours";
    facts.caption = "Ours";
    facts.keywords = {"ours", "theirs"};
    ASSERT_TRUE(merge());

    const Metadata m = read();
    EXPECT_EQ(m.rating, 1);
    EXPECT_EQ(m.title, "Theirs");
    EXPECT_EQ(m.caption, "Ours") << "they said nothing of it";
    EXPECT_THAT(m.keywords, ElementsAre("theirs", "ours"));
    for (const RawTag& tag : before.raw) {
        if (tag.key != "Xmp.dc.subject") {
            EXPECT_THAT(m.raw, Contains(testing::AllOf(testing::Field(&RawTag::key, tag.key),
                                                       testing::Field(&RawTag::value, tag.value))));
        }
    }
    EXPECT_THAT(text, HasSubstr("Ihrer"));
    EXPECT_FALSE(merge());

    facts = {};
    merge();
    EXPECT_THAT(read().keywords, ElementsAre("theirs")) << "theirs was there before us";
    EXPECT_EQ(read().rating, 1);
    EXPECT_EQ(read().caption, "");
}

TEST_F(SidecarMerge, WhatOthersChangedOrRemovedStaysSo)
{
    facts.rating = 3;
    facts.label = "Red";
    facts.keywords = {"a", "b"};
    merge();
    write("xmp:Rating=\"3\"", "xmp:Rating=\"5\"");
    write("xmp:Label=\"Red\"", "");
    write("<rdf:li>a</rdf:li>", "<rdf:li>mine</rdf:li>");
    EXPECT_FALSE(merge());
    facts.rating = 2;
    facts.label = "Blue";
    facts.keywords = {"a", "b", "c"};
    EXPECT_TRUE(merge());
    EXPECT_EQ(read().rating, 5);
    EXPECT_EQ(read().label, "");
    EXPECT_THAT(read().keywords, UnorderedElementsAre("mine", "b", "c"));
    EXPECT_FALSE(merge());
}

TEST_F(SidecarMerge, RegionsOfOthersStay)
{
    const std::string area =
        "<mwg-rs:Area stArea:x=\"0.1\" stArea:y=\"0.2\" stArea:w=\"0.3\" stArea:h=\"0.4\" "
        "stArea:unit=\"normalized\"/>";
    text =
        foreign("", "<mwg-rs:Regions rdf:parseType=\"Resource\"><mwg-rs:RegionList><rdf:Bag>"
                    "<rdf:li><rdf:Description mwg-rs:Name=\"Rex\" mwg-rs:Type=\"Pet\">" +
                        area +
                        "</rdf:Description></rdf:li><rdf:li><rdf:Description mwg-rs:Name=\"Ada\" "
                        "mwg-rs:Type=\"Face\" mwg-rs:Description=\"d\">" +
                        area + "</rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>");
    facts.people = {{"Ada", Region{{}, 0.1, 0.2, 0.3, 0.4}}, {"Bob", Region{{}, 0.6, 0.6, 0.1, 0.1}}};
    facts.width = facts.height = 100;
    EXPECT_TRUE(merge());
    ASSERT_EQ(read().people.size(), 2u) << "Ada is there once";
    EXPECT_EQ(read().people[1].name, "Bob");
    EXPECT_THAT(text, HasSubstr("Rex"));

    facts.people.clear();
    EXPECT_TRUE(merge());
    ASSERT_EQ(read().people.size(), 1u);
    EXPECT_EQ(read().people[0].name, "Ada") << "she was not ours";
    EXPECT_THAT(text, HasSubstr("Rex"));
    EXPECT_THAT(text, HasSubstr("Description=\"d\""));
    EXPECT_FALSE(merge());
}

TEST_F(SidecarMerge, WhatIsNoXmpIsRefused)
{
    facts.rating = 3;
    const std::string whole = foreign("xmp:Rating=\"1\"");
    for (const std::string& other :
         {std::string{"hello"}, std::string{"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"},
          whole.substr(0, whole.size() / 2), std::string(100, '\0'), "\xff\xfe" + whole,
          std::string{"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><x/>"}}) {
        text = other;
        EXPECT_THROW(merge(), MediaError) << other.substr(0, 40);
        EXPECT_EQ(text, other);
    }
}

TEST_F(SidecarMerge, ATextThatExiv2WouldChangeIsNotTouched)
{
    facts.rating = 3;
    for (const std::string& other :
         {foreign("odd:thing=\"type=Bag x\""), foreign("", "<odd:a>type=Seq x</odd:a>")}) {
        text = other;
        EXPECT_THROW(merge(), MediaError);
    }
}

TEST_F(SidecarMerge, AnEmptyFileIsNone)
{
    facts.rating = 3;
    text.clear();
    EXPECT_TRUE(merge());
    EXPECT_EQ(read().rating, 3);
}

TEST_F(SidecarMerge, HostileTextIsText)
{
    facts.title = "type=\"Bag\" lang=de \x01\x1b[31m\xff\xef\xbf\xbe]]><x/>&amp;\n";
    facts.caption = std::string(1 << 20, 'c');
    facts.keywords = {"type=Seq", "lang=\"x\" y", "--> <!-- PhotoSafe sidecar {} proof 00 -->", "\xc0\x80"};
    facts.people = {{"type=Struct", Region{{}, 1e300, -1e300, 0.1, 0.1}}};
    facts.place.city = "type=\"Struct\"";
    facts.taken.local = "not a time";
    ASSERT_TRUE(merge());
    EXPECT_TRUE(is_utf8(text));
    const Metadata m = read();
    EXPECT_THAT(m.title, testing::StartsWith("type=\"Bag\" lang=de"));
    EXPECT_THAT(m.title, testing::EndsWith("]]><x/>&amp;"));
    EXPECT_FALSE(m.caption.empty());
    EXPECT_THAT(m.keywords, ElementsAre("type=Seq", "lang=\"x\" y", facts.keywords[2], testing::_));
    EXPECT_FALSE(merge());
}

TEST_F(SidecarMerge, WhatSomebodyClaimsThatWeWroteIsNotBelievedBlindly)
{
    for (const std::string_view claim :
         {"[[[[", "1", "[]", "{&quot;rating&quot;:5}", "{&quot;keywords&quot;:{&quot;a&quot;:1}}",
          "{&quot;regions&quot;:[1,null]}", "{&quot;rating&quot;:{&quot;Xmp.xmp.Rating&quot;:3}}"}) {
        text = foreign("xmp:Rating=\"1\" xmlns:ps=\"" + std::string{sidecar_namespace} + "\" ps:Written=\"" +
                       std::string{claim} + "\"");
        facts.rating = 4;
        facts.keywords = {"a"};
        EXPECT_TRUE(merge()) << claim;
        EXPECT_EQ(read().rating, 1) << claim;
        EXPECT_THAT(read().keywords, ElementsAre("a")) << claim;
    }
}

} // namespace
} // namespace photosafe::worker
