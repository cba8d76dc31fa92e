// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/aae.hpp"

#include <gmock/gmock.h>
#include <plist/plist.h>

#include <cstdlib>

#include "core/time.hpp"
#include "metadata/made.hpp"

namespace photosafe::worker {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::string aae(const std::string& more)
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST "
           "1.0//EN\" "
           "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\"><dict>"
           "<key>adjustmentFormatIdentifier</key><string>com.apple.photo</string>" +
           more + "</dict></plist>";
}

const std::string by_photos = "<key>adjustmentEditorBundleID</key><string>com.apple.mobileslideshow</string>"
                              "<key>adjustmentTimestamp</key><date>2024-06-01T22:19:30Z</date>";

std::string in_binary(const std::string& xml)
{
    plist_t list = nullptr;
    plist_from_xml(xml.data(), static_cast<std::uint32_t>(xml.size()), &list);
    char* raw = nullptr;
    std::uint32_t size = 0;
    plist_to_bin(list, &raw, &size);
    std::string bytes{raw, size};
    std::free(raw);
    plist_free(list);
    return bytes;
}

TEST(Aae, TellsWhoEditedAndWhen)
{
    for (const std::string& file : {aae(by_photos), in_binary(aae(by_photos))}) {
        const Metadata m = made::read(file);
        EXPECT_EQ(m.kind, MediaKind::sidecar);
        EXPECT_EQ(m.mime, "application/vnd.apple.photos");
        EXPECT_EQ(m.edited_by, "com.apple.mobileslideshow");
        EXPECT_EQ(to_rfc3339(m.edited_at.value()), "2024-06-01T22:19:30Z");
        EXPECT_EQ(made::raw(m, "AAE.adjustmentFormatIdentifier"), "com.apple.photo");
        EXPECT_EQ(m.taken.source, TimeSource::none); // when it was edited is not when it was taken
        EXPECT_THAT(m.troubles, IsEmpty());
    }
}

TEST(Aae, SaysThatThereIsAnEditWhereTheEditorDoesnt)
{
    const Metadata m = made::read(aae(""));
    EXPECT_EQ(m.edited_by, "com.apple.photo");
    EXPECT_FALSE(m.edited_at);
}

TEST(Aae, TakesNothingOfAnotherTypeForAnAnswer)
{
    const Metadata m = made::read(aae("<key>adjustmentEditorBundleID</key><integer>7</integer>"
                                      "<key>adjustmentTimestamp</key><string>now</string>"));
    EXPECT_EQ(m.edited_by, "com.apple.photo");
    EXPECT_FALSE(m.edited_at);
}

TEST(Aae, SaysThatItsTimeIsBeyondWhatCanBeRead)
{
    for (const char* date : {"9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"}) {
        const std::string file = aae("<key>adjustmentTimestamp</key><date>" + std::string{date} + "</date>");
        for (const Metadata& m : {made::read(file), made::read(in_binary(file))}) {
            EXPECT_FALSE(m.edited_at) << date;
            EXPECT_EQ(made::raw(m, "AAE.adjustmentTimestamp"), "");
            EXPECT_THAT(m.troubles, testing::SizeIs(1)) << date;
        }
    }
}

TEST(Aae, SaysThatARecipeCantBeRead)
{
    const std::string whole = aae(by_photos);
    EXPECT_THAT(made::read(whole.substr(0, 260)).troubles, Contains(HasSubstr("can't be read")));
    std::string binary = in_binary(whole);
    binary.resize(binary.size() - 20);
    EXPECT_THAT(made::read(binary).troubles, Contains(HasSubstr("can't be read")));
}

TEST(Aae, SaysOfAPropertyListThatIsCutBeforeItTells)
{
    const Metadata cut = made::read(aae(by_photos).substr(0, 180));
    EXPECT_EQ(cut.kind, MediaKind::unknown);
    EXPECT_EQ(cut.mime, "application/x-plist");
    EXPECT_THAT(cut.troubles, Contains(HasSubstr("property list can't be read")));
    const std::string another = "<?xml version=\"1.0\"?><plist version=\"1.0\">";
    EXPECT_THAT(made::read(another + "<dict><key>a</key><true/></dict></plist>").troubles, IsEmpty());
    EXPECT_THAT(made::read(another + "<array><true/></array></plist>").troubles, IsEmpty());
}

} // namespace
} // namespace photosafe::worker
