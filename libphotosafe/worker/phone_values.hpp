// SPDX-License-Identifier: LGPL-2.1-or-later
// Values of a Photos library, none of which is believed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <photosafe/phone_library.hpp>

#include "worker/phone_database.hpp"

namespace photosafe::worker {

/// What can be wrong with a value or a row. Each is counted, and told once.
enum class PhoneTrouble {
    date,
    number,
    number_of_facts, ///< of albums, words and places
    text,
    cut_text,
    path,
    uuid,
    uuid_of_facts,
    twin_uuid,
    trash_state,
    missing_member,
    missing_album,
    missing_key,
    twin_member,
    folder_cycle,
    missing_folder,
    too_many_albums,
    too_many_members,
    too_many_files,
    too_many_words,
    count_, // how many there are
};

class PhoneTroubles {
public:
    void add(PhoneTrouble trouble) { ++counts_[static_cast<std::size_t>(trouble)]; }
    void add(std::string sentence) { sentences_.push_back(std::move(sentence)); }
    /// Of facts that no file depends on.
    void add_lost(std::string sentence) { lost_.push_back(std::move(sentence)); }
    /// A sentence for each: PhoneLibrary::troubles, and PhoneLibrary::lost_facts.
    std::vector<std::string> sentences() const;
    std::vector<std::string> lost_facts() const;

private:
    void add_counted(std::vector<std::string>& to, bool lost) const;

    std::array<std::uint64_t, static_cast<std::size_t>(PhoneTrouble::count_)> counts_{};
    std::vector<std::string> sentences_, lost_;
};

/// Reads columns; what makes no sense is none, and counted.
class PhoneValues {
public:
    /// What is read: items and where their files lie, or facts that no file depends on.
    enum class About { files, facts };
    PhoneValues(const PhoneQuery& query, PhoneTroubles& troubles, About about = About::files)
        : query_{&query}, troubles_{&troubles}, about_{about}
    {
    }

    /// Empty where it is NULL.
    std::string text(int column) const;
    /// With its line ends.
    std::string caption(int column) const;
    std::string uuid(int column) const;
    /// A folder and a name in it, joined; empty where they can't be a path.
    std::string path(int folder_column, int name_column) const;
    std::optional<std::int64_t> number(int column) const;
    /// True for every number but 0.
    bool flag(int column) const { return number(column).value_or(0) != 0; }
    std::optional<std::uint64_t> bytes(int column) const;
    /// Core Data's seconds since 2001. Microseconds are what such a number holds.
    std::optional<Instant> instant(int column) const;
    std::optional<GeoPoint> position(int latitude_column, int longitude_column) const;

private:
    std::optional<double> real(int column) const;
    void no_number() const
    {
        troubles_->add(about_ == About::files ? PhoneTrouble::number : PhoneTrouble::number_of_facts);
    }
    const PhoneQuery* query_;
    PhoneTroubles* troubles_;
    About about_;
};

} // namespace photosafe::worker
