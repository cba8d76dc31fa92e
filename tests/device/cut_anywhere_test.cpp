// SPDX-License-Identifier: LGPL-2.1-or-later
// A connection that ends at any byte or at any request costs time, and nothing else: no wrong byte is ever
// recorded, and the next import completes the archive to what an undisturbed one makes.
//
// By default read sizes and ways to go on take turns; PHOTOSAFE_EVERY_CUT=1 cuts each place with all of them.
#include <random>

#include "wire_help.hpp"

namespace photosafe::test {
namespace {

constexpr std::size_t step = 4096;
constexpr std::array<std::uint32_t, 5> read_sizes{64u << 10, 256u << 10, 1u << 20, 4u << 20, 8u << 20};
constexpr std::size_t header = 40; // of an AFC reply

std::string random_bytes(std::size_t count, unsigned seed)
{
    std::mt19937_64 random{seed};
    std::string bytes(count, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

struct Sums {
    std::uint64_t cuts = 0;
    std::uint64_t wrong = 0;
    friend std::ostream& operator<<(std::ostream& out, const Sums& sums)
    {
        return out << sums.cuts << " cuts, " << sums.wrong << " wrong bytes recorded";
    }
};

class CutAnywhere : public ::testing::TestWithParam<Wire> {
protected:
    /// What an undisturbed import makes of the roll.
    void see_undisturbed(const SimPhone& phone, const DeviceOptions& options = impatient())
    {
        TempArchive archive;
        const auto source = open_phone(phone, options);
        ASSERT_TRUE(attempt(*source, archive).complete);
        whole_ = originals(archive);
        right_ = hashes(whole_);
    }

    /// The phone is out of reach after the cut: the import ends, and the next one completes it.
    void cut_for_good(const SimPhone& phone, const DeviceOptions& options, const std::string& fault)
    {
        TempArchive archive;
        {
            const auto source = open_phone(phone, options);
            (void)phone.control("fault " + fault);
            refuse_connections(phone);
            const auto first = attempt(*source, archive);
            if (!first.complete) ++ended_early_;
            EXPECT_EQ(acted(phone, "cut"), 1u);
            (void)phone.control("clear-faults");
        }
        archive.reopen();
        sums_.wrong += wrong_bytes(archive, right_);
        const auto source = open_phone(phone, options);
        EXPECT_TRUE(attempt(*source, archive).complete);
        expect_whole(archive);
    }

    /// The phone can be reached again at once: the same import goes on.
    void cut_and_resume(const SimPhone& phone, DeviceOptions options, const std::string& fault)
    {
        options.reconnect = 10s;
        TempArchive archive;
        const auto source = open_phone(phone, options);
        (void)phone.control("fault " + fault);
        const auto only = attempt(*source, archive);
        EXPECT_TRUE(only.complete) << only.error;
        EXPECT_EQ(acted(phone, "cut"), 1u);
        (void)phone.control("clear-faults");
        expect_whole(archive);
    }

    enum class Way { for_good, resume, both };

    void cut(const SimPhone& phone, const DeviceOptions& options, const std::string& fault, Way way)
    {
        SCOPED_TRACE(fault + ", reads of " + std::to_string(options.chunk_bytes));
        if (way != Way::resume) {
            cut_for_good(phone, options, fault);
            ++cut_for_good_;
        }
        if (way != Way::for_good) cut_and_resume(phone, options, fault);
        sums_.cuts += way == Way::both ? 2 : 1;
    }

    /// Its number among the wires.
    static std::size_t wire_number()
    {
        const auto same = [](const Wire& w) { return w.tls == GetParam().tls && w.how == GetParam().how; };
        return static_cast<std::size_t>(std::ranges::find_if(wires, same) - wires.begin());
    }

    void expect_whole(TempArchive& archive)
    {
        sums_.wrong += wrong_bytes(archive, right_);
        EXPECT_EQ(originals(archive), whole_) << "nothing twice, nothing missing";
        EXPECT_EQ(archive->summary().originals, whole_.size());
        EXPECT_EQ(archive->summary().unfinished, 0u);
    }

    MemoryFolders memory_;
    TempFolder roll_;
    Tree whole_;
    std::set<std::string> right_;
    Sums sums_;
    std::uint64_t cut_for_good_ = 0;
    std::uint64_t ended_early_ = 0; // imports that the cut ended
};

TEST_P(CutAnywhere, EveryFourKibOfAPicture)
{
    constexpr std::size_t bytes = 3'100'000;
    const auto& wire = GetParam();
    roll_.write("DCIM/100APPLE/IMG_0001.HEIC", random_bytes(bytes, 1));
    SimPhone phone{roll_, {"--service-tls", wire.tls}};
    auto options = impatient();
    ASSERT_NO_FATAL_FAILURE(see_undisturbed(phone, options));
    for (std::size_t at = 0, turn = 0; at < bytes; at += step * point_stride, ++turn) {
        for (std::size_t size = 0; size < read_sizes.size(); ++size) {
            if (!every_cut() && size != turn % read_sizes.size()) continue;
            options.chunk_bytes = read_sizes[size];
            const auto way =
                (turn / read_sizes.size() + wire_number()) % 2 == 0 ? Way::for_good : Way::resume;
            cut(phone, options,
                "cut:op=FileRead,offset=" + std::to_string(at) +
                    ",at=" + std::to_string(header + at % options.chunk_bytes) + ",how=" + wire.how,
                every_cut() ? Way::both : way);
            if (HasFailure()) return;
        }
    }
    EXPECT_EQ(ended_early_, cut_for_good_) << "no cut went unnoticed";
    EXPECT_EQ(sums_.wrong, 0u);
    figures(wire_name({wire, 0}), ", every 4 KiB of a picture: ", sums_);
}

/// A hundred files, most of them small, one empty, two equal, some of several reads.
void make_small_roll(const TempFolder& roll)
{
    std::mt19937 random{7};
    for (unsigned i = 0; i < 100; ++i) {
        const auto bytes = i == 50 ? 0 : i % 20 == 3 ? 300'000 : 1 + random() % 8000;
        const auto name = std::to_string(1000 + i);
        roll.write("DCIM/100APPLE/IMG_" + name + (i % 3 == 0 ? ".JPG" : ".HEIC"),
                   random_bytes(bytes, i == 71 ? 17 : i));
    }
    std::filesystem::copy_file(roll / "DCIM/100APPLE/IMG_1017.HEIC", roll / "DCIM/100APPLE/IMG_1071.HEIC",
                               std::filesystem::copy_options::overwrite_existing);
}

TEST_P(CutAnywhere, EveryRequestOfAnImport)
{
    const auto& wire = GetParam();
    make_small_roll(roll_);
    SimPhone phone{roll_, {"--service-tls", wire.tls}};
    auto options = impatient();
    options.chunk_bytes = read_sizes.front();
    const auto before = phone.requests().size();
    ASSERT_NO_FATAL_FAILURE(see_undisturbed(phone, options));
    ASSERT_EQ(whole_.size(), 99u) << "two have the same content";
    const auto requests = phone.requests().size() - before;
    ASSERT_GT(requests, 500u);
    // Before the reply, in its header, behind it, in what follows, behind the whole of it.
    constexpr std::array<std::size_t, 5> places{0, 20, header, header + 5, 1u << 30};
    std::uint64_t inside = 0;
    const std::size_t stride = every_cut() ? 1 : wires.size() * point_stride;
    for (std::size_t k = every_cut() ? 0 : wire_number(); k < requests; k += stride) {
        for (std::size_t place = 0; place < places.size(); ++place) {
            if (!every_cut() && place != k / stride % places.size()) continue;
            options.connections = k / stride % 2 == 0 ? 1 : 3;
            if (places[place] <= header) ++inside;
            cut(phone, options,
                "cut:nth=" + std::to_string(k + 1) + ",at=" + std::to_string(places[place]) +
                    ",how=" + wire.how,
                Way::both);
            if (HasFailure()) return;
        }
    }
    EXPECT_GE(ended_early_, inside) << "no cut went unnoticed";
    EXPECT_EQ(sums_.wrong, 0u);
    figures(wire_name({wire, 0}), ", every request of ", requests, ": ", sums_);
}

INSTANTIATE_TEST_SUITE_P(Wires, CutAnywhere, ::testing::ValuesIn(wires), wire_name);

} // namespace
} // namespace photosafe::test
