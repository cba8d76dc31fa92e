// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/tiff_check.hpp"

#include <algorithm>
#include <vector>

namespace photosafe::worker {

namespace {

constexpr std::uint16_t sub_folders = 0x014a, exif_folder = 0x8769, gps_folder = 0x8825;
constexpr std::size_t most_folders = 64, most_below = 8;

class FolderCheck {
public:
    explicit FolderCheck(const TiffBlock& block) : block_{block} {}

    bool ends_within = false, leads_back = false, points_outside = false, values_outside = false;

    /// The first folder and those that follow it, so many together, each with what is below.
    void run(std::size_t in_a_row)
    {
        std::uint32_t at = block_.first;
        for (std::size_t i = 0; i < in_a_row; ++i) {
            const auto folder = enter(at);
            if (!folder) return;
            look_below(*folder);
            at = folder->next;
        }
    }

private:
    /// The folder at a place; none where there is none, or where it was entered from before. An `unsure` one
    /// may be no folder: Sony's first RAWs have their pixels where others have folders below.
    std::optional<TiffFolder> enter(std::uint32_t at, bool unsure = false)
    {
        if (at == 0 || left_ == 0) return std::nullopt;
        --left_;
        if (std::find(way_.begin(), way_.end(), at) != way_.end()) {
            leads_back = true;
            return std::nullopt;
        }
        auto folder = block_.folder(at);
        if (!folder) {
            const bool begins = block_.bytes.has(at, 2);
            const bool is_none = begins && block_.bytes.u16(at, block_.order) > TiffFolder::most_entries;
            ends_within |= begins && !is_none;
            points_outside |= !begins || (is_none && !unsure);
            return std::nullopt;
        }
        way_.push_back(at);
        values_outside |=
            std::any_of(folder->entries.begin(), folder->entries.end(), [](const TiffEntry& entry) {
                return entry.count > 0 && entry.value.size() == 0 && tiff_type_bytes(entry.type) > 0;
            });
        return folder;
    }

    void look_below(const TiffFolder& folder)
    {
        for (const std::uint16_t pointer : {sub_folders, exif_folder, gps_folder}) {
            const TiffEntry* entry = folder.find(pointer);
            const std::size_t count = entry ? std::min<std::size_t>(entry->count, most_below) : 0;
            for (std::size_t i = 0; i < count; ++i) {
                const auto below = enter(block_.number(*entry, i).value_or(0), pointer == sub_folders);
                if (!below) continue;
                look_below(*below);
                way_.pop_back();
            }
        }
    }

    const TiffBlock& block_;
    std::size_t left_ = most_folders;
    std::vector<std::uint32_t> way_; ///< to the folder at hand
};

void check(const TiffBlock& block, const std::string& what, std::size_t in_a_row, Gathered& found)
{
    FolderCheck folders{block};
    folders.run(in_a_row);
    if (folders.ends_within) found.trouble(what + " ends within a folder.");
    if (folders.leads_back) found.trouble(what + " has a folder that leads back into itself.");
    if (folders.points_outside) found.trouble(what + " points to a folder that isn't in it.");
    if (folders.values_outside) found.trouble(what + " has values that lie outside of it.");
}

} // namespace

void check_tiff(const TiffBlock& block, Gathered& found) { check(block, "The TIFF", most_folders, found); }

void check_exif(const TiffBlock& block, Gathered& found) { check(block, "EXIF", 1, found); }

} // namespace photosafe::worker
