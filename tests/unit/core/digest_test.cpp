// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/digest.hpp"

#include <string>

#include <gtest/gtest.h>

namespace photosafe {
namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span{text}); }

TEST(Digest, IsThatOfTheStandards)
{
    EXPECT_EQ(sha256_hex(digest_of({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(xxh128_hex(digest_of({})), "99aa06d3014798d86001c324468d497f");
    EXPECT_EQ(sha256_hex(digest_of(bytes("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(digest_of(bytes(std::string(1'000'000, 'a')))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, IsTheSameHoweverTheBytesCome)
{
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += static_cast<char>(i * 7);
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{3}, std::size_t{240}, std::size_t{4096}, text.size()}) {
        Digester digester;
        for (std::size_t at = 0; at < text.size(); at += piece)
            digester.update(bytes(text.substr(at, piece)));
        EXPECT_EQ(digester.digest(), digest_of(bytes(text))) << piece;
    }
}

TEST(Digest, OfAPrefixCanBeHadWithoutEndingIt)
{
    Digester digester;
    digester.update(bytes("first "));
    EXPECT_EQ(digester.digest(), digest_of(bytes("first ")));
    EXPECT_EQ(digester.digest(), digest_of(bytes("first ")));
    digester.update(bytes("light"));
    EXPECT_EQ(digester.digest(), digest_of(bytes("first light")));
}

TEST(Hex, IsReadBackAndNothingElseIs)
{
    std::array<std::byte, 3> read{};
    const std::array value{std::byte{0}, std::byte{0xA9}, std::byte{255}};
    EXPECT_EQ(hex(value), "00a9ff");
    EXPECT_TRUE(from_hex("00a9ff", read));
    EXPECT_EQ(read, value);
    for (const char* wrong : {"", "00", "00A9FF", "00a9fg", "00a9ff0", "00a9ff00", " 0a9ff", "0x00a9"})
        EXPECT_FALSE(from_hex(wrong, read)) << wrong;
}

} // namespace
} // namespace photosafe
