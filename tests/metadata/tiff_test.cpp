// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/tiff_check.hpp"

#include <gmock/gmock.h>

#include "metadata/made.hpp"

namespace photosafe::worker {
namespace {

using made::Folder;
using namespace std::string_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Tiff, SaysWhereItsFoldersAreBroken)
{
    const Folder good = Folder{}.longs(0x0100, {640}).longs(0x0101, {480}).ascii(0x010f, "Apple");
    const std::string whole = made::tiff(Folder{good}.below(0x8769, Folder{}.ascii(0x9003, "2024")));
    EXPECT_THAT(made::read(whole.substr(0, 40)).troubles, Contains("The TIFF ends within a folder."));
    EXPECT_THAT(made::read(whole.substr(0, 16)).troubles, Contains("The TIFF ends within a folder."));
    EXPECT_THAT(made::read(whole.substr(0, whole.size() - 4)).troubles, Contains(HasSubstr("lie outside")));
    for (const Folder& circle : {Folder{good}.next(8), Folder{good}.pointing(0x014a, 4, 1, 8),
                                 Folder{good}.pointing(0x8769, 4, 1, 8)})
        EXPECT_THAT(made::read(made::tiff(circle)).troubles, Contains(HasSubstr("leads back into itself")));
    EXPECT_THAT(made::read(made::tiff(Folder{good}.next(60'000))).troubles,
                Contains(HasSubstr("isn't in it")));

    std::string pages = made::tiff(Folder{good}.next(8 + 2 + 3 * 12 + 4 + 6));
    pages += good.render(ByteOrder::big, pages.size());
    EXPECT_THAT(made::read(pages).troubles, IsEmpty());
    // Pixels where others have folders below, as Sony's first RAWs have them.
    std::string pixels = made::tiff(Folder{good}.pointing(0x014a, 4, 1, 100));
    pixels += std::string(1000, '\xff');
    EXPECT_THAT(made::read(pixels).troubles, IsEmpty());
}

TEST(Tiff, TellsAZoneOfIptcOnlyWhereItHasOne)
{
    const auto in_records = [](const std::string& block) {
        return Folder{}.undefined(0x83bb, block.substr(26));
    };
    const auto in_photoshops = [](const std::string& block) {
        return Folder{}.bytes(0x8649, block.substr(14));
    };
    const auto in_numbers = [](const std::string& block) {
        std::vector<std::uint32_t> words;
        for (std::size_t at = 26; at + 4 <= block.size(); at += 4)
            words.push_back(made::view(block).u32(at, ByteOrder::little));
        return Folder{}.longs(0x83bb, words);
    };
    const auto block = [](const std::string& time) {
        return made::iptc({{55, "20240531"}, {60, time}, {5, "abcd"}});
    };
    const auto taken = [](const Folder& folder) {
        return made::read(made::tiff(Folder{folder}.ascii(0x010f, "Apple"), ByteOrder::little)).taken;
    };
    for (const std::string time : {"140322+0200", "140322"}) {
        const std::optional<int> offset = time.size() > 6 ? std::optional{120} : std::nullopt;
        for (const Folder& folder :
             {in_records(block(time)), in_photoshops(block(time)), in_numbers(block(time))}) {
            EXPECT_EQ(taken(folder).local, "2024-05-31T14:03:22");
            EXPECT_EQ(taken(folder).offset_minutes, offset);
        }
    }
}

} // namespace
} // namespace photosafe::worker
