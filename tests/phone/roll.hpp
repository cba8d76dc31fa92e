// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include <photosafe/assess.hpp>
#include <photosafe/ingest.hpp>

#include "support/temp_archive.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::test {

/// A camera roll that simphone made, and the truth about it.
class Roll {
public:
    /// `options` of `simphone make-roll`.
    explicit Roll(const std::string& options);

    const std::filesystem::path& root() const noexcept { return root_; }
    const nlohmann::json& truth() const noexcept { return truth_; }
    const nlohmann::json& library() const { return truth_.at("library"); }
    std::filesystem::path database() const { return root_ / "PhotoData/Photos.sqlite"; }
    /// The item that lies at `path`, of the truth.
    const nlohmann::json& item(const std::string& path) const;

    /// The phone that has it: it shows what a phone shows.
    std::unique_ptr<Source> phone() const;
    /// Changes the database as Photos would.
    void change(const std::string& sql) const;

private:
    TempFolder folder_;
    std::filesystem::path root_;
    nlohmann::json truth_;
};

/// Small pictures, fast to make.
extern const char* const small_roll;

IngestReport import(const Roll& roll, Archive& archive, const IngestFilter& filter = {});

/// An assessment with all its items, by path.
struct Judged {
    Assessment assessment;
    std::map<std::string, AssessedItem> items;
};
Judged judge(const Roll& roll, Archive& archive, bool full = false);

} // namespace photosafe::test
