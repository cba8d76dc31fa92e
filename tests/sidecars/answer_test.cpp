// SPDX-License-Identifier: LGPL-2.1-or-later
// What goes to a worker and comes back: facts in bounds, and no answer that is none.
#include "media/protocol.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "core/bounded.hpp"
#include "core/text.hpp"
#include "media/sidecar_json.hpp"

namespace photosafe::test {
namespace {

Message said(std::string json, std::string_view payload = {})
{
    Message message;
    message.json = std::move(json);
    const auto bytes = std::as_bytes(std::span{payload});
    message.payload.assign(bytes.begin(), bytes.end());
    return message;
}

SidecarFacts everything()
{
    SidecarFacts facts;
    facts.rating = -1;
    facts.favourite = true;
    facts.title = "写真";
    facts.caption = "Zoë \"&\" \\ <Ärger>";
    facts.label = "Red";
    facts.keywords = {"sea", "Übung"};
    facts.people = {{"Ada", Region{{}, 0.5, 0.25, 0.125, 0.0625}}, {"Bob", {}}};
    facts.place = {"Köln", "NRW", "Germany", "DE", "Dom"};
    facts.position = GeoPoint{-33.856784, 151.21529700000001, -12.25};
    facts.taken = {TimeSource::none, Instant{std::chrono::nanoseconds{-1'700'000'000'123'456'789}},
                   "1916-02-18T02:13:19.876", -90};
    facts.width = 4032;
    facts.height = 3024;
    return facts;
}

TEST(SidecarFacts, ArriveAsTheyWere)
{
    const std::string text = to_text(everything());
    EXPECT_EQ(to_text(sidecar_facts_of(text)), text);
    for (const std::string_view part : {"写真", "NRW", "Dom", "0.0625", "151.215297", "-90", "4032", "Bob"})
        EXPECT_NE(text.find(part), std::string::npos) << part;
    EXPECT_EQ(to_text(sidecar_facts_of(to_text({}))), to_text({}));
}

TEST(SidecarFacts, AreBoundedAndText)
{
    SidecarFacts facts;
    facts.caption = std::string(1 << 20, 'x') + "\xff";
    facts.title = "a\0b\x1b[31m\n\xc3"
                  "c\xed\xa0\x80";
    facts.keywords.assign(5000, std::string(10'000, 'k'));
    facts.people.assign(5000, {"p", Region{{}, std::numeric_limits<double>::quiet_NaN(), 0, 0, 0}});
    facts.position = GeoPoint{std::numeric_limits<double>::infinity(), 0, {}};

    const std::string text = to_text(facts);
    const SidecarFacts read = sidecar_facts_of(text);

    EXPECT_TRUE(is_utf8(text));
    EXPECT_EQ(read.caption.size(), text_limit);
    EXPECT_TRUE(is_kept_text(read.title)) << read.title;
    EXPECT_EQ(read.keywords.size(), list_limit);
    EXPECT_EQ(read.people.size(), list_limit);
    EXPECT_FALSE(read.people.front().region);
    EXPECT_FALSE(read.position);
    for (const char* nonsense :
         {"", "[]", "1", R"({"rating":"x"})", R"({"people":[{}]})", R"({"position":[1]})"})
        EXPECT_THROW((void)sidecar_facts_of(nonsense), MediaError) << nonsense;
}

TEST(SidecarAnswer, IsXmpOrNothing)
{
    const std::string xmp = "<?xml version=\"1.0\"?><x:xmpmeta></x:xmpmeta>\n";
    const MergedSidecar merged = sidecar_answer(said(R"({"sidecar":{"changed":true}})", xmp));
    EXPECT_TRUE(merged.changed);
    EXPECT_EQ(merged.text, xmp);
    EXPECT_FALSE(sidecar_answer(said(R"({"sidecar":{"changed":false}})")).changed);

    const std::string changed = R"({"sidecar":{"changed":true}})", kept = R"({"sidecar":{"changed":false}})";
    const std::vector<std::pair<std::string, std::string>> lies{
        {changed, ""},
        {kept, xmp},
        {changed, "hello"},
        {changed, xmp.substr(1)},
        {changed, xmp + "more"},
        {changed, "<?xml \xff</x:xmpmeta>\n"},
        {changed, std::string{"<?xml \0</x:xmpmeta>\n", 21}},
        {changed, "<?xml " + std::string(largest_sidecar, ' ') + "</x:xmpmeta>\n"},
        {R"({"sidecar":true})", xmp},
        {R"({"sidecar":{"changed":"yes"}})", xmp},
        {R"({"picture":{}})", xmp},
        {"nonsense", xmp}};
    for (const auto& [json, payload] : lies)
        EXPECT_THROW((void)sidecar_answer(said(json, payload)), MediaError) << json << ' ' << payload.size();
}

} // namespace
} // namespace photosafe::test
