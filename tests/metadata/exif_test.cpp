// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/exif.hpp"

#include <gmock/gmock.h>

#include "core/time.hpp"
#include "metadata/made.hpp"

namespace photosafe::worker {
namespace {

using made::Folder;
using namespace std::string_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

enum Tag : std::uint16_t {
    description = 0x010e,
    make = 0x010f,
    model = 0x0110,
    orientation = 0x0112,
    software = 0x0131,
    rating = 0x4746,
    photo = 0x8769,
    gps = 0x8825,
    taken = 0x9003,
    taken_offset = 0x9011,
    maker_note = 0x927c,
    comment = 0x9286,
    taken_fraction = 0x9291,
    xp_title = 0x9c9b,
    xp_keywords = 0x9c9e,
    custom_rendered = 0xa401,
    lens = 0xa434,
};

Folder camera()
{
    return Folder{}
        .ascii(make, "Apple")
        .ascii(model, "iPhone 15 Pro")
        .shorts(orientation, {6})
        .ascii(software, "18.5");
}

Folder times(std::string_view time = "2024:05:31 14:03:22")
{
    return Folder{}.ascii(taken, time).ascii(taken_offset, "+02:00").ascii(taken_fraction, "123");
}

Folder place()
{
    return Folder{}
        .ascii(1, "N")
        .ratios(2, {{48, 1}, {8, 1}, {1440, 100}})
        .ascii(3, "W")
        .ratios(4, {{11, 1}, {34, 1}, {3000, 100}})
        .bytes(5, "\1"s)
        .ratios(6, {{105, 10}});
}

Metadata of(const Folder& first, ByteOrder order = ByteOrder::big)
{
    return made::read(made::jpeg_with_exif(made::tiff(first, order)));
}

TEST(Exif, TellsCameraTimeAndPlaceInEitherByteOrder)
{
    for (const ByteOrder order : {ByteOrder::big, ByteOrder::little}) {
        const Metadata m =
            of(camera().below(photo, times().ascii(lens, "back camera")).below(gps, place()), order);

        EXPECT_EQ(m.kind, MediaKind::photo);
        EXPECT_EQ(m.mime, "image/jpeg");
        EXPECT_EQ(m.make, "Apple");
        EXPECT_EQ(m.model, "iPhone 15 Pro");
        EXPECT_EQ(m.lens, "back camera");
        EXPECT_EQ(m.software, "18.5");
        EXPECT_EQ(m.orientation, 6);
        EXPECT_EQ(m.width, 4032u);
        EXPECT_EQ(m.height, 3024u);
        EXPECT_EQ(m.taken.source, TimeSource::exif_offset);
        EXPECT_EQ(m.taken.local, "2024-05-31T14:03:22.123");
        EXPECT_EQ(to_rfc3339(m.taken.instant.value()), "2024-05-31T12:03:22.123Z");
        ASSERT_TRUE(m.position);
        EXPECT_NEAR(m.position->latitude, 48.137333, 1e-6);
        EXPECT_NEAR(m.position->longitude, -11.575, 1e-6);
        EXPECT_DOUBLE_EQ(m.position->altitude_m.value(), -10.5);
        EXPECT_THAT(m.troubles, IsEmpty());
        EXPECT_EQ(made::raw(m, "Exif.Image.Model"), "iPhone 15 Pro");
        EXPECT_EQ(made::raw(m, "Exif.GPSInfo.GPSLatitude"), "48/1 8/1 1440/100");
    }
}

TEST(Exif, ReadsApplesMakerNoteWhateverTheOrderOfTheRest)
{
    const std::string note = made::apple_note(Folder{}
                                                  .signed_long(0x000a, 3)
                                                  .ascii(0x000b, "D4E4B3D1-0E45-4987-BE12-76D604E25D2C")
                                                  .ascii(0x0011, "4E1A1B89-CE70-4FF8-873B-E4470B839314")
                                                  .signed_long(0x0014, 12)
                                                  .signed_long(0x0017, -1034412032)
                                                  .ratios(0x0008, {{-1, 2}, {1, 4}, {0, 1}}));
    const Metadata m = of(camera().below(photo, Folder{}.undefined(maker_note, note)), ByteOrder::little);

    EXPECT_EQ(m.burst_id, "D4E4B3D1-0E45-4987-BE12-76D604E25D2C");
    EXPECT_EQ(m.content_id, "4E1A1B89-CE70-4FF8-873B-E4470B839314");
    EXPECT_EQ(m.hdr, true);
    EXPECT_EQ(m.capture_type, 12);
    EXPECT_EQ(m.live_index, -1034412032);
    EXPECT_EQ(made::raw(m, "Exif.Apple.AccelerationVector"), "-1/2 1/4 0/1");
    EXPECT_THAT(m.troubles, IsEmpty());
}

TEST(Exif, ReadsALivePhotosPlaceOfEightBytes)
{
    std::string note = made::apple_note(Folder{}.pointing(0x0017, 16, 1, 14 + 2 + 12 + 4));
    note += made::big(8595224612, 8);

    EXPECT_EQ(of(camera().below(photo, Folder{}.undefined(maker_note, note))).live_index, 8595224612);
}

TEST(Exif, LeavesOtherBrandsNotesAlone)
{
    // Apple's own tags in another's note say nothing of a Live Photo.
    std::string note = made::apple_note(Folder{}.ascii(0x0011, "4E1A1B89-CE70-4FF8-873B-E4470B839314"));
    note.replace(0, 5, "Nikon");

    const Metadata m = of(Folder{}.ascii(make, "NIKON").below(photo, Folder{}.undefined(maker_note, note)));

    EXPECT_EQ(m.content_id, "");
    EXPECT_THAT(m.troubles, IsEmpty());
}

TEST(Exif, SaysThatApplesNoteIsBroken)
{
    const std::string outside = made::apple_note(Folder{}.pointing(0x0011, 2, 37, 60'000));
    const std::string cut = "Apple iOS\0\0\1MM\0\xff\0"s;

    const Metadata m = of(camera().below(photo, Folder{}.undefined(maker_note, outside)));
    EXPECT_EQ(m.content_id, "");
    EXPECT_THAT(m.troubles, Contains(HasSubstr("points outside")));
    EXPECT_THAT(of(camera().below(photo, Folder{}.undefined(maker_note, cut))).troubles,
                Contains(HasSubstr("can't be read")));
}

TEST(Exif, MakesNoPlaceOfWhatIsNone)
{
    const auto with = [](const Folder& folder) { return of(camera().below(gps, folder)); };
    const std::vector<Folder::Ratio> good{{48, 1}, {8, 1}, {0, 1}};
    const auto folder = [&](std::vector<Folder::Ratio> north, std::string_view side) {
        return Folder{}.ascii(1, side).ratios(2, north).ascii(3, "E").ratios(4, good);
    };
    const std::vector<std::pair<Folder, std::string>> places{
        {folder({{0, 0}, {0, 0}, {0, 0}}, "N"), "position that is none"},
        {folder({{48, 1}, {8, 0}, {0, 1}}, "N"), "position that is none"},
        {folder({{91, 1}, {0, 1}, {0, 1}}, "N"), "position that is none"},
        {folder({{90, 1}, {0, 1}, {1, 1}}, "N"), "position that is none"},
        {folder({{48, 1}, {61, 1}, {0, 1}}, "N"), "position that is none"},
        {folder({{-48, 1}, {8, 1}, {0, 1}}, "N"), "position that is none"},
        {folder(good, ""), "which half of the globe"},
        {folder(good, "X"), "which half of the globe"},
        {Folder{}
             .ascii(1, "N")
             .ratios(2, {{0, 1}, {0, 1}, {0, 1}})
             .ascii(3, "E")
             .ratios(4, {{0, 1}, {0, 1}, {0, 1}}),
         "0, 0"}};
    for (const auto& [one, reason] : places) {
        const Metadata m = with(one);
        EXPECT_FALSE(m.position) << reason;
        EXPECT_THAT(m.troubles, Contains(HasSubstr(reason)));
        EXPECT_EQ(m.make, "Apple"); // the rest is as good as ever
    }
    EXPECT_TRUE(with(folder(good, "N")).position);
    EXPECT_FALSE(with(Folder{}.ascii(1, "N").ratios(2, good)).position); // half of it
}

TEST(Exif, KnowsWhichAltitudesAreBelow)
{
    const auto altitude = [](char side) {
        return of(Folder{}.below(gps, Folder{}
                                          .ascii(1, "N")
                                          .ratios(2, {{48, 1}, {0, 1}, {0, 1}})
                                          .ascii(3, "E")
                                          .ratios(4, {{11, 1}, {0, 1}, {0, 1}})
                                          .bytes(5, std::string(1, side))
                                          .ratios(6, {{105, 10}})))
            .position.value()
            .altitude_m;
    };
    EXPECT_EQ(altitude(0), 10.5);
    EXPECT_EQ(altitude(1), -10.5);
    EXPECT_EQ(altitude(2), 10.5); // EXIF 3.0
    EXPECT_EQ(altitude(3), -10.5);
}

TEST(Exif, BelievesNoReceiverThatHasNotHeardOfASatellite)
{
    for (const char* day : {"1970:01:01", "1980:01:06"}) {
        const Metadata m =
            of(Folder{}.below(gps, Folder{}.ratios(7, {{0, 1}, {0, 1}, {0, 1}}).ascii(29, day)));
        EXPECT_EQ(m.taken.source, TimeSource::none) << day;
        EXPECT_THAT(m.troubles, ElementsAre(HasSubstr(day)));
    }
}

TEST(Exif, TakesAPlaceWithoutItsAltitudeWhereThatIsNone)
{
    const Metadata m = of(Folder{}.below(gps, Folder{}
                                                  .ascii(1, "S")
                                                  .ratios(2, {{48, 1}, {0, 1}, {0, 1}})
                                                  .ascii(3, "E")
                                                  .ratios(4, {{11, 1}, {0, 1}, {0, 1}})
                                                  .ratios(6, {{1, 0}})));
    ASSERT_TRUE(m.position);
    EXPECT_EQ(m.position->latitude, -48);
    EXPECT_FALSE(m.position->altitude_m);
    EXPECT_THAT(m.troubles, Contains(HasSubstr("altitude")));
}

TEST(Exif, FindsTheZoneByTheSatellites)
{
    const Folder gps_time = place().ratios(7, {{12, 1}, {3, 1}, {20, 1}}).ascii(29, "2024:05:31");
    const Metadata m =
        of(camera().below(photo, Folder{}.ascii(taken, "2024:05:31 14:03:22")).below(gps, gps_time));

    EXPECT_EQ(m.taken.source, TimeSource::exif_gps);
    EXPECT_EQ(m.taken.offset_minutes, 120);
    EXPECT_EQ(to_rfc3339(m.taken.instant.value()), "2024-05-31T12:03:22Z");
}

TEST(Exif, DistrustsAGpsTimeThatIsNone)
{
    for (const std::vector<Folder::Ratio>& time : {std::vector<Folder::Ratio>{{12, 0}, {3, 1}, {20, 1}},
                                                   {{25, 1}, {3, 1}, {20, 1}},
                                                   {{12, 1}, {3, 1}}}) {
        const Folder folder = place().ratios(7, time).ascii(29, "2024:05:31");
        const Metadata m =
            of(camera().below(photo, Folder{}.ascii(taken, "2024:05:31 14:03:22")).below(gps, folder));
        EXPECT_EQ(m.taken.source, TimeSource::exif_local);
        EXPECT_THAT(m.troubles, Contains(HasSubstr("GPS time")));
    }
}

TEST(Exif, TakesTheTimeOfTheFirstFolderWhereItsOwnHasNone)
{
    const Folder bare = Folder{}.ascii(taken, "2024:05:31 14:03:22");
    EXPECT_EQ(of(bare).taken.source, TimeSource::exif_local);
    EXPECT_EQ(of(bare).taken.local, "2024-05-31T14:03:22");
    const CaptureTime with_all = of(times()).taken;
    EXPECT_EQ(with_all.source, TimeSource::exif_offset);
    EXPECT_EQ(with_all.local, "2024-05-31T14:03:22.123");
    const auto beside = [&](const Folder& below) { return of(Folder{bare}.below(photo, below)).taken; };
    EXPECT_EQ(beside(Folder{}.ascii(taken_offset, "+02:00")).offset_minutes, 120);
    EXPECT_EQ(beside(Folder{}.ascii(taken, "    :  :     :  :  ")).local, "2024-05-31T14:03:22");

    const CaptureTime of_both = of(times().below(photo, Folder{}.ascii(taken, "2023:04:30 13:02:21"))).taken;
    EXPECT_EQ(of_both.local, "2023-04-30T13:02:21");
    EXPECT_FALSE(of_both.offset_minutes); // the other's isn't its
}

TEST(Exif, SaysWhatTimeIsNone)
{
    for (const std::string_view time : {"0000:00:00 00:00:00", "2024:13:31 14:03:22", "yesterday"}) {
        const Metadata m = of(Folder{}.below(photo, Folder{}.ascii(taken, time)));
        EXPECT_EQ(m.taken.source, TimeSource::none) << time;
        EXPECT_THAT(m.troubles, Contains(HasSubstr(std::string{time})));
    }
}

TEST(Exif, MakesTextOfWhateverEncoding)
{
    const Metadata m = of(Folder{}
                              .ascii(make, "Z\xfcrich\n\x1b[31m")
                              .ascii(description, "\x93\x8c\x8b\x9e")
                              .bytes(xp_title, "T\0\xfc\0r\0\0\0"s)
                              .bytes(xp_keywords, "a\0;\0b\0 \0;\0;\0"s));
    EXPECT_EQ(m.make, "Zürich  [31m");
    EXPECT_EQ(m.caption, "東京");
    EXPECT_EQ(m.title, "Tür");
    EXPECT_THAT(m.keywords, testing::ElementsAre("a", "b"));
}

TEST(Exif, KnowsScreenshotsAndPanoramasByWhatTheySay)
{
    const auto with_comment = [](const std::string& text) {
        return of(Folder{}.below(photo, Folder{}.undefined(comment, text)));
    };
    EXPECT_TRUE(with_comment("ASCII\0\0\0Screenshot"s).screenshot);
    EXPECT_TRUE(with_comment("UNICODE\0\0S\0c\0r\0e\0e\0n\0s\0h\0o\0t"s).screenshot);
    EXPECT_FALSE(with_comment("ASCII\0\0\0Screenshot of a screenshot"s).screenshot);
    EXPECT_FALSE(with_comment("ASCII"s).screenshot);
    const Folder panorama = Folder{}.shorts(custom_rendered, {6});
    EXPECT_TRUE(of(camera().below(photo, panorama)).panorama);
    EXPECT_FALSE(
        of(Folder{}.ascii(make, "Canon").below(photo, panorama)).panorama); // theirs means something else
}

TEST(Exif, BelievesRatingsAndOrientationsThatCanBe)
{
    EXPECT_EQ(of(Folder{}.shorts(rating, {4})).rating, 4);
    EXPECT_FALSE(of(Folder{}.shorts(rating, {99})).rating);
    EXPECT_THAT(of(Folder{}.shorts(rating, {99})).troubles, Contains(HasSubstr("99")));
    EXPECT_EQ(of(Folder{}.shorts(orientation, {9})).orientation, 1);
    EXPECT_THAT(of(Folder{}.shorts(orientation, {9})).troubles, Contains(HasSubstr("orientation")));
    EXPECT_THAT(of(Folder{}.shorts(orientation, {0}).ascii(make, "x")).troubles, IsEmpty()); // not known
}

TEST(Exif, EndsWhereTagsLieOutsideOrGoInCircles)
{
    const Metadata outside =
        of(camera().pointing(description, 2, 4'000'000'000, 0xfffffff0).below(photo, times()));
    EXPECT_EQ(outside.make, "Apple");
    EXPECT_EQ(outside.caption, "");
    EXPECT_EQ(outside.taken.source, TimeSource::exif_offset);
    EXPECT_THAT(outside.troubles, Contains(HasSubstr("lie outside")));

    const Metadata circle = of(camera().pointing(photo, 4, 1, 8)); // its own folder again
    EXPECT_EQ(circle.make, "Apple");
    EXPECT_THAT(circle.troubles, Contains(HasSubstr("leads back into itself")));
    EXPECT_THAT(of(camera().pointing(photo, 4, 1, 60'000)).troubles, Contains(HasSubstr("isn't in it")));
    EXPECT_THAT(of(camera().pointing(photo, 4, 4'000'000'000, 8)).troubles,
                Contains(HasSubstr("lie outside")));                         // so many folders below
    EXPECT_EQ(of(camera().pointing(gps, 4, 1, 8).next(8)).make, "Apple");    // and as the following one
    EXPECT_EQ(of(camera().pointing(photo, 4, 1, 0xffffffff)).make, "Apple"); // nowhere
    EXPECT_EQ(of(camera().next(0xfffffff0)).make, "Apple");
}

TEST(Exif, SaysThatABlockCantBeRead)
{
    const Metadata m = made::read(made::jpeg_with_exif("not a TIFF at all"));
    EXPECT_THAT(m.troubles, Contains(HasSubstr("EXIF is there and can't be read")));
    EXPECT_EQ(m.width, 4032u);
    EXPECT_THAT(of(Folder{}).troubles, IsEmpty()); // nothing is in it, and nothing wrong with that
}

TEST(Exif, GivesBlocksThatAreTooLargeForLibexifToExiv2)
{
    const std::string block =
        made::tiff(camera().undefined(0xc4a5, std::string(100'000, 'x')).below(photo, times()));
    Gathered found;
    read_exif(made::view(block), found);
    const Metadata m = weighed(std::move(found));

    EXPECT_EQ(m.make, "Apple");
    EXPECT_EQ(m.taken.local, "2024-05-31T14:03:22.123");
    EXPECT_THAT(m.troubles, IsEmpty());
}

TEST(Exif, BoundsWhatItKeeps)
{
    Folder many = Folder{}.ascii(make, std::string(20'000, 'x'));
    for (std::uint16_t tag = 0xe000; tag < 0xe000 + 900; ++tag) many.ascii(tag, "value");
    const Metadata m = of(many);

    EXPECT_EQ(m.make.size(), 4096u);
    EXPECT_LE(m.raw.size(), 2000u);
    EXPECT_LE(m.troubles.size(), 32u);
}

} // namespace
} // namespace photosafe::worker
