// SPDX-License-Identifier: LGPL-2.1-or-later
#include "phone/roll.hpp"

#include <fstream>
#include <stdexcept>

#include "core/sqlite.hpp"
#include "support/archive_facts.hpp"

namespace photosafe::test {

namespace {

/// A folder that looks like a phone: the roots that one is listed by, and a library.
class FolderPhone final : public Source {
public:
    explicit FolderPhone(const std::filesystem::path& root) : folder_{open_folder(root)} {}

    SourceInfo info() const override
    {
        return {
            .id = "device:roll", .kind = "device", .name = "Roll", .model = "iPhone16,1", .version = "18.1"};
    }
    Listing list(const ListOptions& options) override
    {
        Listing listing = folder_->list(options);
        const auto elsewhere = [&](const auto& entry) {
            const auto below = [&](std::string_view root) { return entry.path.starts_with(root); };
            if (entry.path.starts_with("DCIM/.MISC")) return true;
            return !below("DCIM/") && !below("PhotoData/CPLAssets/") && !below("PhotoData/Mutations/") &&
                   !(options.shared_albums && below("PhotoData/PhotoCloudSharingData/"));
        };
        std::erase_if(listing.files, elsewhere);
        std::erase_if(listing.skipped, elsewhere);
        return listing;
    }
    SourceFile look(const std::string& path) override { return folder_->look(path); }
    std::optional<LibraryPlace> library() const override
    {
        return LibraryPlace{"PhotoData/Photos.sqlite", ""};
    }
    std::unique_ptr<Reader> open(const SourceFile& file, std::uint64_t offset, std::stop_token stop) override
    {
        return folder_->open(file, offset, std::move(stop));
    }

private:
    std::unique_ptr<Source> folder_;
};

MediaOptions media() { return {.worker = MEDIA_WORKER}; }

} // namespace

const char* const small_roll = "--photo-bytes 3kB --movie-bytes 6kB --picture-size 64x64 --pictures 4 ";

Roll::Roll(const std::string& options) : root_{folder_.path() / "roll"}
{
    const auto [status, said] =
        run_command(std::string{SIMPHONE_BINARY} + " make-roll '" + root_.native() + "' " + options);
    if (status != 0) throw std::runtime_error{"simphone make-roll: " + said};
    truth_ = nlohmann::json::parse(std::ifstream{root_.native() + ".truth.json"});
}

const nlohmann::json& Roll::item(const std::string& path) const
{
    for (const auto& one : library().at("assets"))
        if (one.at("path") == path) return one;
    throw std::runtime_error{"no item " + path};
}

std::unique_ptr<Source> Roll::phone() const { return std::make_unique<FolderPhone>(root_); }

void Roll::change(const std::string& sql) const
{
    // Photos' own triggers keep an R*Tree, which a schema that isn't trusted may not touch.
    Database::open(database(), Database::Mode::write).run("PRAGMA trusted_schema=ON; " + sql);
}

IngestReport import(const Roll& roll, Archive& archive, const IngestFilter& filter)
{
    IngestOptions options;
    options.media = media();
    options.filter = filter;
    return ingest(*roll.phone(), archive, options);
}

Judged judge(const Roll& roll, Archive& archive, bool full)
{
    Judged result;
    AssessOptions options;
    options.media = media();
    options.full = full;
    options.on_item = [&](const AssessedItem& item) {
        if (!result.items.emplace(item.path, item).second)
            throw std::runtime_error{"told twice: " + item.path};
    };
    result.assessment = assess(*roll.phone(), archive, options);
    return result;
}

} // namespace photosafe::test
