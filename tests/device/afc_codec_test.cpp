// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include <photosafe/error.hpp>

#include "device/codec.hpp"
#include "source/device_folder.hpp"

namespace photosafe::afc {
namespace {

std::vector<std::byte> bytes(std::string_view text)
{
    const auto span = std::as_bytes(std::span{text});
    return {span.begin(), span.end()};
}

template <std::size_t size>
std::string_view list(const char (&text)[size])
{
    return {text, size - 1};
}

std::array<std::byte, header_bytes> header(std::uint64_t entire, std::uint64_t own, std::uint64_t operation)
{
    std::array<std::byte, header_bytes> out{};
    std::memcpy(out.data(), "CFA6LPAA", 8);
    const std::array<std::uint64_t, 4> fields{entire, own, 7, operation};
    std::memcpy(out.data() + 8, fields.data(), 32); // the tests run on little-endian machines
    return out;
}

TEST(AfcCodec, WritesARequestAsItGoesOverTheWire)
{
    std::vector<std::byte> out;
    append(out, open_to_read("/DCIM"), 3);

    std::string expected{"CFA6LPAA"};
    for (const char field : {'\x36', '\x36', '\x03', '\x0d', '\x01'}) {
        expected += field;
        expected.append(7, '\0');
    }
    expected += list("/DCIM\0");
    EXPECT_EQ(as_text(out), expected);
}

TEST(AfcCodec, RefusesToAskForAPathThatEndsEarlierThanItSeems)
{
    EXPECT_THROW(file_info(list("/DCIM\0x")), DeviceError);
}

TEST(AfcCodec, TakesTheHeadersThatPhonesSend)
{
    EXPECT_EQ(parse_header(header(1000, 40, 2)).payload(), 960u);
    EXPECT_EQ(parse_header(header(48, 48, 1)).packet_number, 7u);
    EXPECT_EQ(parse_header(header(40, 40, 2)).payload(), 0u);
}

TEST(AfcCodec, RefusesHeadersThatCantBe)
{
    auto wrong_mark = header(48, 48, 1);
    wrong_mark[3] = std::byte{'7'};
    EXPECT_THROW(parse_header(wrong_mark), DeviceError);
    EXPECT_THROW(parse_header(header(39, 39, 2)), DeviceError);
    EXPECT_THROW(parse_header(header(0, 0, 2)), DeviceError);
    EXPECT_THROW(parse_header(header(40, 41, 2)), DeviceError);
    EXPECT_THROW(parse_header(header(40, ~0ULL, 2)), DeviceError);
    EXPECT_THROW(parse_header(header(47, 40, 1)), DeviceError) << "a status is 8 bytes";
    EXPECT_THROW(parse_header(header(56, 56, 0x0e)), DeviceError);
    EXPECT_THROW(parse_header(header(40, 40, 1)), DeviceError);
    EXPECT_THROW(parse_header(header(48, 48, 0x0a)), DeviceError) << "a request is no reply";
    EXPECT_THROW(parse_header(header(48, 48, ~0ULL)), DeviceError);
}

TEST(AfcCodec, ReadsWhatAPhoneSaysOfAFile)
{
    const auto info = parse_file_info(bytes(list("st_size\0"
                                                 "5000000000\0st_blocks\0"
                                                 "8\0st_nlink\0"
                                                 "1\0st_ifmt\0S_IFREG\0"
                                                 "st_mtime\0"
                                                 "1717156800123456789\0st_birthtime\0"
                                                 "1717156799000000000\0")));
    EXPECT_EQ(info.kind, FileKind::file);
    EXPECT_EQ(info.bytes, 5'000'000'000u);
    EXPECT_EQ(info.modified.time_since_epoch().count(), 1717156800123456789);
    ASSERT_TRUE(info.born);
    EXPECT_EQ(info.born->time_since_epoch().count(), 1717156799000000000);
}

TEST(AfcCodec, KnowsNoBirthTimeWhereThereIsNone)
{
    EXPECT_FALSE(parse_file_info(bytes(list("st_ifmt\0S_IFREG\0st_size\0"
                                            "1\0st_mtime\0"
                                            "2\0st_birthtime\0"
                                            "0\0")))
                     .born);
    EXPECT_FALSE(parse_file_info(bytes(list("st_ifmt\0S_IFREG\0st_size\0"
                                            "1\0st_mtime\0"
                                            "2\0")))
                     .born);
}

TEST(AfcCodec, TellsKindsApart)
{
    EXPECT_EQ(parse_file_info(bytes(list("st_ifmt\0S_IFDIR\0"))).kind, FileKind::folder);
    EXPECT_EQ(parse_file_info(bytes(list("st_ifmt\0S_IFLNK\0LinkTarget\0/etc\0"))).kind, FileKind::link);
    EXPECT_EQ(parse_file_info(bytes(list("st_ifmt\0S_IFSOCK\0"))).kind, FileKind::other);
}

class BadFileInfo : public ::testing::TestWithParam<std::string_view> {};

TEST_P(BadFileInfo, IsAnError) { EXPECT_THROW(parse_file_info(bytes(GetParam())), DeviceError); }

INSTANTIATE_TEST_SUITE_P(Lists, BadFileInfo,
                         ::testing::Values(list(""), list("\0"), list("st_ifmt\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0"),
                                           list("st_size\0"
                                                "1\0st_mtime\0"
                                                "2\0"),
                                           list("st_ifmt\0S_IFREG\0st_mtime\0"
                                                "2\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0"
                                                "1\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0\0st_mtime\0"
                                                "2\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0-1\0st_mtime\0"
                                                "2\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0"
                                                "1x\0st_mtime\0"
                                                "2\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0 1\0st_mtime\0"
                                                "2\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0"
                                                "18446744073709551615\0st_mtime\0"
                                                "2\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0"
                                                "18446744073709551617\0st_mtime\0"
                                                "2\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0"
                                                "1\0st_mtime\0"
                                                "99999999999999999999\0"),
                                           list("st_ifmt\0S_IFREG\0st_size\0"
                                                "1\0st_mtime\0"
                                                "1.5\0")));

TEST(FolderNames, SettlesWhenTwoListingsAgreeWhateverTheirOrder)
{
    FolderNames names;
    EXPECT_EQ(names.add(bytes(list(".\0..\0b\0a\0"))), FolderNames::Verdict::list_again);
    EXPECT_EQ(names.add(bytes(list(".\0..\0a\0b\0a\0"))), FolderNames::Verdict::agreed);
    EXPECT_EQ(names.next(), "a");
    EXPECT_EQ(names.next(), "b");
    EXPECT_EQ(names.next(), std::nullopt);
}

TEST(FolderNames, TakesAllThatWasSeenWhenListingsKeepChanging)
{
    FolderNames names;
    EXPECT_EQ(names.add(bytes(list("a\0"))), FolderNames::Verdict::list_again);
    EXPECT_EQ(names.add(bytes(list("b\0"))), FolderNames::Verdict::list_again);
    EXPECT_EQ(names.add(bytes(list("c\0"))), FolderNames::Verdict::list_again);
    EXPECT_EQ(names.add(bytes(list("d\0"))), FolderNames::Verdict::list_again);
    EXPECT_EQ(names.add(bytes(list("e\0"))), FolderNames::Verdict::kept_changing);
    std::string all;
    while (const auto name = names.next()) all += *name;
    EXPECT_EQ(all, "abcde");
}

TEST(FolderNames, ShowsNamesThatCantBeAskedFor)
{
    EXPECT_FALSE(unusable("").empty());
    EXPECT_FALSE(unusable("../../etc/passwd").empty());
    EXPECT_TRUE(unusable("IMG_0001.HEIC").empty());
    EXPECT_EQ(path_to_show("DCIM", "../x"), "DCIM/..\\x2fx");
}

} // namespace
} // namespace photosafe::afc
