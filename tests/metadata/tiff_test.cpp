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

} // namespace
} // namespace photosafe::worker
