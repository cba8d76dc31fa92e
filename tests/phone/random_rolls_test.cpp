// SPDX-License-Identifier: LGPL-2.1-or-later
// Random rolls with random losses: never a wrong yes, sums that close, and each loss named. A few here;
// PHOTOSAFE_ROLLS says how many, PHOTOSAFE_FIRST_ROLL where to begin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "phone/roll.hpp"
#include "support/archive_facts.hpp"

namespace photosafe::test {

namespace {

unsigned number_of(const char* variable, unsigned usual)
{
    const char* text = std::getenv(variable); // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? usual : static_cast<unsigned>(std::stoul(text));
}

/// One roll, its import, and what was done to it.
class Story {
public:
    explicit Story(unsigned seed) : random_{seed}, roll_{options(seed)} {}

    void run()
    {
        if (chance(4)) filter_.hidden = false;
        if (chance(6)) filter_.videos = false;
        import(roll_, *archive_, filter_);
        note_what_the_roll_lacks();
        const unsigned losses = upto(4);
        for (unsigned i = 0; i < losses; ++i) lose();
        check(judge(roll_, *archive_, true));
    }

private:
    unsigned upto(unsigned most) { return std::uniform_int_distribution<unsigned>{0, most}(random_); }
    bool chance(unsigned one_in) { return upto(one_in - 1) == 0; }

    std::string options(unsigned seed)
    {
        constexpr std::array generations{"ios11", "ios12", "ios14", "ios16", "ios17.6", "ios18", "ios26"};
        return std::string{small_roll} + "--items " + std::to_string(8 + upto(12)) + " --seed " +
               std::to_string(seed) + " --library " + generations[upto(generations.size() - 1)] +
               " --only-in-icloud " + std::to_string(chance(2) ? 0 : upto(3)) + " --vanished " +
               std::to_string(chance(2) ? 0 : upto(2)) + " --trashed " + std::to_string(upto(2)) +
               " --hidden " + std::to_string(upto(2)) + " --unlisted " + std::to_string(upto(1));
    }

    /// What nobody can save of it, or was told not to: by the roll's truth, not by the catalog.
    void note_what_the_roll_lacks()
    {
        for (const auto& one : roll_.library().at("assets")) {
            const std::string path = one.at("path");
            if (one.at("trashed") || path.starts_with("PhotoData/Sync/") ||
                one.at("provenance") == "shared_album")
                continue;
            const bool listed = std::filesystem::exists(roll_.root() / path);
            if (one.at("hidden") && !filter_.hidden)
                planted_[path] = {ItemState::excluded, ItemState::only_in_icloud};
            else if (one.at("locality") == "only_in_icloud")
                planted_[path] = {ItemState::only_in_icloud, ItemState::excluded};
            else if (!listed)
                planted_[path] = {ItemState::failed};
            else if (one.at("kind") == "video" && !filter_.videos)
                planted_[path] = {ItemState::excluded};
            for (const auto& part : one.at("resources"))
                if (part.at("role") == "live_video" && !part.at("local").get<bool>() &&
                    !planted_.contains(path))
                    planted_[path] = {ItemState::only_in_icloud};
        }
    }

    std::vector<Asset> assets()
    {
        std::vector<Asset> result;
        archive_->for_each_asset([&](const Asset& asset) {
            result.push_back(asset);
            return true;
        });
        return result;
    }

    void lose()
    {
        switch (upto(3)) {
        case 0: return lose_stored(false);
        case 1: return lose_stored(true);
        case 2: return change_on_phone();
        default: return add_to_phone();
        }
    }

    /// All places that an archived file is for have lost it.
    void lose_stored(bool only_rot)
    {
        const auto all = assets();
        if (all.empty()) return;
        const Asset& asset = all[upto(static_cast<unsigned>(all.size()) - 1)];
        const std::filesystem::path file = archive_.root() / asset.path;
        if (!std::filesystem::exists(file)) return;
        if (only_rot) {
            std::string bytes = content_of(file);
            if (bytes.empty()) return;
            bytes[upto(static_cast<unsigned>(bytes.size()) - 1)] ^= 0x10;
            std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
        } else {
            std::filesystem::remove(file);
        }
        any_loss_ = true;
        for (const Place& place : archive_->places(asset)) lost_files_.insert(place.path);
    }

    void change_on_phone()
    {
        for (const auto& one : roll_.library().at("assets")) {
            const std::string path = one.at("path");
            if (!path.starts_with("DCIM/") || one.at("trashed") || planted_.contains(path) || !chance(5))
                continue;
            if (!std::filesystem::exists(roll_.root() / path)) continue;
            std::ofstream{roll_.root() / path, std::ios::app} << "edited";
            any_loss_ = true;
            lost_files_.insert(path);
            return;
        }
    }

    void add_to_phone()
    {
        std::filesystem::create_directories(roll_.root() / "DCIM/990APPLE");
        const std::string path = "DCIM/990APPLE/IMG_" + std::to_string(1000 + added_++) + ".JPG";
        std::ofstream{roll_.root() / path} << "new " << path;
        any_loss_ = true;
        planted_[path] = {ItemState::not_imported};
    }

    void check(const Judged& judged) const
    {
        const Assessment& a = judged.assessment;
        EXPECT_EQ(a.items, a.safe + a.changed + a.not_imported + a.only_in_icloud + a.failed + a.excluded);
        EXPECT_EQ(a.items, judged.items.size());
        EXPECT_THAT(a.unknowns, ::testing::IsEmpty());
        for (const auto& [path, states] : planted_) {
            const auto found = judged.items.find(path);
            if (found == judged.items.end()) {
                ADD_FAILURE() << path << " is not named";
                continue;
            }
            const AssessedItem& item = found->second;
            const bool worse = lost_files_.contains(path) && item.state == ItemState::failed;
            if (!worse && !std::ranges::count(states, item.state))
                ADD_FAILURE() << path << " is " << name(item.state) << ": " << item.reason;
            EXPECT_FALSE(item.reason.empty()) << path;
            EXPECT_TRUE(item.would_be_lost) << path;
        }
        // A lost file is named by its item: itself, or what it is a part of.
        if (any_loss_ || !planted_.empty())
            EXPECT_EQ(a.safe_to_wipe, false);
        else
            EXPECT_EQ(a.safe_to_wipe, true);
        for (const std::string& path : lost_files_) {
            const bool named = std::ranges::any_of(judged.items, [&](const auto& one) {
                return one.second.state != ItemState::safe &&
                       (one.first == path || one.second.part == path ||
                        one.second.path.substr(0, one.second.path.rfind('.')) ==
                            path.substr(0, path.rfind('.')));
            });
            const bool edit = path.find("/Adjustments/") != std::string::npos ||
                              path.find("IMG_E") != std::string::npos ||
                              path.find("IMG_O") != std::string::npos;
            EXPECT_TRUE(named || edit) << path << " was lost and is not named";
        }
    }

    std::mt19937 random_;
    IngestFilter filter_;
    Roll roll_;
    TempArchive archive_;
    std::map<std::string, std::vector<ItemState>> planted_; ///< by path of the item: what it may be
    std::set<std::string> lost_files_;
    bool any_loss_ = false;
    unsigned added_ = 0;
};

TEST(RandomRolls, NeverAWrongYes)
{
    const unsigned first = number_of("PHOTOSAFE_FIRST_ROLL", 1), rolls = number_of("PHOTOSAFE_ROLLS", 25);
    for (unsigned seed = first; seed < first + rolls; ++seed) {
        SCOPED_TRACE("PHOTOSAFE_FIRST_ROLL=" + std::to_string(seed) + " PHOTOSAFE_ROLLS=1");
        Story{seed}.run();
        if (HasFailure()) break;
    }
}

} // namespace

} // namespace photosafe::test
