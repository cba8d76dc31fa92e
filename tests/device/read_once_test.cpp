// SPDX-License-Identifier: LGPL-2.1-or-later
// What an import asks a phone for, by the phone's own log: each byte once, and little besides.

#include "wire_help.hpp"

namespace photosafe::test {
namespace {

constexpr std::uint64_t mib = 1u << 20;

/// What a phone was asked about one file.
struct Asked {
    std::map<std::uint64_t, std::uint64_t> reads; ///< offset, and bytes that came; of reads that brought some
    std::uint64_t bytes = 0;
    std::uint64_t read_requests = 0;
    std::uint64_t opens = 0;
    std::uint64_t looks = 0;
    std::uint64_t others = 0; ///< all that is no read
    bool overlap = false;
};

/// By path, from request number `from` on.
std::map<std::string, Asked> asked(const SimPhone& phone, std::size_t from = 0)
{
    std::map<std::string, Asked> all;
    const auto requests = phone.requests();
    for (std::size_t i = from; i < requests.size(); ++i) {
        const auto& request = requests[i];
        const std::string op = request.at("op");
        if (op == "ReadDir") continue;
        Asked& file = all[request.at("path").get<std::string>().substr(1)];
        if (op != "FileRead") {
            ++file.others;
            file.opens += op == "FileOpen";
            file.looks += op == "GetFileInfo";
            continue;
        }
        ++file.read_requests;
        const std::uint64_t came = request.at("bytes");
        file.bytes += came;
        if (came > 0) file.overlap |= !file.reads.emplace(request.at("offset"), came).second;
    }
    for (auto& [path, file] : all) {
        std::uint64_t end = 0;
        for (const auto& [offset, count] : file.reads) {
            file.overlap |= offset < end;
            end = offset + count;
        }
    }
    return all;
}

class NothingReadTwice : public ::testing::TestWithParam<Wire> {
protected:
    NothingReadTwice()
    {
        unsigned i = 0;
        for (const std::uint64_t size :
             {std::uint64_t{0}, std::uint64_t{1}, mib - 1, mib, mib + 1, 64 * 1024ul, 5 * mib,
              9 * mib + 12'345, 892ul, 40'000ul, 3'100'000ul, 262'144ul}) {
            const auto path =
                "DCIM/10" + std::to_string(i % 3) + "APPLE/IMG_" + std::to_string(1000 + i) + ".HEIC";
            roll_.write(path, picture(size, i));
            sizes_[path] = size;
            ++i;
        }
    }

    MemoryFolders memory_;
    TempFolder roll_;
    std::map<std::string, std::uint64_t> sizes_;
};

TEST_P(NothingReadTwice, ByAFirstImportNorByAllLaterOnes)
{
    for (const std::uint64_t chunk : {std::uint64_t{0}, std::uint64_t{64 * 1024}, 8 * mib}) {
        SCOPED_TRACE("reads of " + std::to_string(chunk));
        SimPhone phone{roll_, {"--service-tls", GetParam().tls}};
        DeviceOptions options;
        options.chunk_bytes = static_cast<std::uint32_t>(chunk);
        const auto source = open_phone(phone, options);
        TempArchive archive;
        ASSERT_TRUE(attempt(*source, archive).complete);
        const auto first = asked(phone);
        for (const auto& [path, size] : sizes_) {
            const auto& file = first.at(path);
            EXPECT_EQ(file.bytes, size) << path;
            EXPECT_FALSE(file.overlap) << path;
            const auto largest = chunk == 0 ? mib : chunk;
            EXPECT_LE(file.read_requests, std::max<std::uint64_t>(1, (size + largest - 1) / largest)) << path;
            EXPECT_LE(file.others, 4u)
                << path << ": looked at in the listing, opened, closed, looked at again";
        }
        const auto so_far = phone.requests().size();
        const auto again = attempt(*open_phone(phone, options), archive);
        EXPECT_EQ(again.report.known, sizes_.size());
        EXPECT_EQ(again.report.read_bytes, 0u);
        for (const auto& [path, file] : asked(phone, so_far)) {
            EXPECT_EQ(file.opens + file.read_requests, 0u) << path;
            EXPECT_LE(file.looks, 1u) << path;
            EXPECT_EQ(file.others, file.looks) << path;
        }
    }
}

TEST_P(NothingReadTwice, ExceptWhereReadingTwiceIsAskedFor)
{
    SimPhone phone{roll_, {"--service-tls", GetParam().tls}};
    const auto source = open_phone(phone);
    TempArchive archive;
    auto options = few_tries();
    options.proof = Proof::reread;
    ASSERT_TRUE(attempt(*source, archive, options).complete);
    const auto requests = asked(phone);
    for (const auto& [path, size] : sizes_) EXPECT_EQ(requests.at(path).bytes, 2 * size) << path;
}

/// A movie that is cut off: what came completely isn't asked for again, by the same import or by the next.
TEST_P(NothingReadTwice, WhenItGoesOnAfterACut)
{
    constexpr auto path = "DCIM/100APPLE/IMG_2000.MOV";
    constexpr std::uint64_t size = 40 * mib + 777;
    TempFolder roll;
    roll.write(path, picture(size, 5));
    const auto right = hashes(tree_below(roll));
    for (const bool reachable : {true, false}) {
        for (const std::uint64_t at : {3 * mib, 17 * mib + 5, 40 * mib + 3}) {
            SCOPED_TRACE(std::to_string(at) + (reachable ? ", reachable" : ", gone"));
            SimPhone phone{roll, {"--service-tls", GetParam().tls}};
            auto options = impatient();
            options.chunk_bytes = mib;
            TempArchive archive;
            {
                const auto source = open_phone(phone, options);
                (void)phone.control("fault cut:op=FileRead,offset=" + std::to_string(at) +
                                    ",at=300,how=" + GetParam().how);
                if (!reachable) refuse_connections(phone);
                EXPECT_EQ(attempt(*source, archive).complete, reachable);
            }
            (void)phone.control("clear-faults");
            archive.reopen();
            if (!reachable) {
                EXPECT_EQ(archive->summary().unfinished, 1u);
                EXPECT_TRUE(attempt(*open_phone(phone, options), archive).complete);
            }
            EXPECT_EQ(wrong_bytes(archive, right), 0u);
            EXPECT_EQ(hashes(originals(archive)), right);
            const auto file = asked(phone).at(path);
            EXPECT_LE(file.bytes, size + 4 * mib)
                << "what was asked for when it was cut, once more; nothing else";
            EXPECT_GE(file.bytes, size);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Wires, NothingReadTwice, ::testing::Values(wires[0], wires[3]), wire_name);

} // namespace
} // namespace photosafe::test
