// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <photosafe/assess.hpp>

#include "archive/impl.hpp"
#include "ingest/selection.hpp"
#include "phone/read_library.hpp"

namespace photosafe {

/// Decides what single items are. All that it says of one is proven by the catalog and the archive's folder
/// as they are now.
class Judge {
public:
    Judge(Archive::Impl& archive, std::string source, const Selection& selection,
          const PhoneLibrary& library);

    /// A file that was listed, and what an import would do with it, as a part of its shot.
    struct Listed {
        SourceFile file;
        Fate wanted;
    };

    /// An item by its files; `item`: what the library says of it, if it names it.
    AssessedItem judge(std::span<const Listed> files, const PhoneAsset* item);
    /// The item of the library whose shot the archive knows this file for, though the library doesn't name
    /// it: what iCloud brought has names of its own, so only contents say what it is a part of. nullptr:
    /// none.
    const PhoneAsset* item_of_shot(const SourceFile& file);
    /// An item that the library names and that no listed file is of.
    AssessedItem judge_absent(const PhoneAsset& item);

    /// When the originals of items found safe were last proven, of that for which it is longest ago.
    const std::optional<Instant>& oldest_proof() const noexcept { return oldest_proof_; }
    /// Items whose original is safe, and of which something could not be compared: the library says that it
    /// is on the phone, and it was not listed; or it doesn't say where a part is, and the archive lacks it.
    std::uint64_t not_compared() const noexcept { return not_compared_; }

private:
    struct Verdict {
        ItemState state = ItemState::safe;
        std::string reason;
        Remedy remedy = Remedy::none;
    };

    Verdict judge_file(const SourceFile& file, Fate wanted, std::optional<std::int64_t>& asset);
    /// A file of an item that was listed and is safe.
    struct Shown {
        Role role;
        std::uint64_t bytes;
    };

    bool add_missing_parts(AssessedItem& judged, const PhoneAsset& item, std::span<const Shown> shown);
    std::optional<std::int64_t> stored_original(const PhoneAsset& item);
    bool archive_has(std::optional<std::int64_t> asset, const PhoneResource& wanted, const PhoneAsset& item);
    bool archive_has_some(std::optional<std::int64_t> asset, Role role);
    bool any_part(std::optional<std::int64_t> asset, const std::function<bool(const Asset&)>& is);
    bool is_there(const Asset& asset) const;
    void note_proof(const Asset& asset);

    Archive::Impl* archive_;
    std::string source_;
    const Selection* selection_;
    std::int64_t library_ = 0;                    ///< its row; 0: no import has read it
    bool metadata_pending_ = false;               ///< of some original it is not known yet
    bool tells_ = false;                          ///< the library says of some item where its original is
    std::map<std::string, std::string> failures_; ///< of the last import, by path: why
    std::optional<Instant> oldest_proof_;
    std::uint64_t not_compared_ = 0;
};

} // namespace photosafe
