// SPDX-License-Identifier: LGPL-2.1-or-later
#include "import_report.hpp"

#include "human.hpp"
#include "metadata_report.hpp"

namespace photosafe::cli {
namespace {

constexpr std::size_t groups_kept = 50;

} // namespace

void Reasons::add(const std::string& reason, const std::string& path)
{
    ++total_;
    const bool room = groups_.size() < groups_kept || groups_.contains(reason);
    Group& group = groups_[room ? reason : std::string{"for other reasons"}];
    ++group.count;
    if (names_left_ == 0) return;
    --names_left_;
    ++names_shown_;
    group.names.push_back(path);
}

std::vector<std::string> Reasons::lines(std::string_view heading, std::string_view where_the_rest_is) const
{
    std::vector<std::string> lines;
    if (empty()) return lines;
    lines.push_back(count_text(total_) + " " + std::string{heading} + ":");
    for (const auto& [reason, group] : groups_) {
        lines.push_back("  " + count_text(group.count) + "  " + reason);
        for (const auto& path : group.names) lines.push_back("      " + path);
    }
    if (names_shown_ > 0 && names_shown_ < total_)
        lines.push_back("  and " + count_text(total_ - names_shown_) + " more" +
                        std::string{where_the_rest_is});
    return lines;
}

std::vector<std::string> Reasons::lines(std::string_view heading) const
{
    Reasons nameless{0};
    nameless.total_ = total_;
    for (const auto& [reason, group] : groups_) nameless.groups_[reason].count = group.count;
    return nameless.lines(heading, "");
}

ImportTally ImportTally::of(const IngestReport& report)
{
    return {report.seen,         report.stored,     report.known,    report.failed, report.excluded,
            report.stored_bytes, report.read_bytes, report.metadata, report.library};
}

ImportTally ImportTally::of(const IngestPlan& plan)
{
    return {plan.seen, plan.to_copy, plan.known,  plan.failed, plan.excluded, plan.bytes_to_copy,
            0,         {},           plan.library};
}

ImportTally& ImportTally::operator+=(const ImportTally& other)
{
    seen += other.seen;
    fresh += other.fresh;
    known += other.known;
    failed += other.failed;
    excluded += other.excluded;
    fresh_bytes += other.fresh_bytes;
    read_bytes += other.read_bytes;
    metadata += other.metadata;
    library.source_has_one |= other.library.source_has_one;
    library.read |= other.library.read;
    library.items += other.library.items;
    library.only_in_icloud += other.library.only_in_icloud;
    library.trashed += other.library.trashed;
    if (library.trouble.empty()) library.trouble = other.library.trouble;
    return *this;
}

std::vector<std::string> ImportTally::lines(bool planned) const
{
    const std::string size = bytes_text(fresh_bytes);
    return table_lines({
        count_row("seen", seen),
        count_row("new", fresh, size + (planned ? ", to be copied" : ", copied and proven")),
        count_row("known", known, "in the archive already"),
        count_row("failed", failed),
        count_row("excluded", excluded),
    });
}

Json ImportTally::json(bool planned) const
{
    Json facts;
    facts["seen"] = seen;
    facts["stored"] = fresh;
    facts["known"] = known;
    facts["failed"] = failed;
    facts["excluded"] = excluded;
    facts["stored_bytes"] = fresh_bytes;
    if (library.source_has_one) facts["library"] = json_of(library);
    if (planned) {
        facts["dry_run"] = true;
    } else {
        facts["read_bytes"] = read_bytes;
        facts["metadata"] = json_of(metadata);
    }
    return facts;
}

std::vector<std::string> lines_of(const LibraryReport& report)
{
    std::vector<std::string> lines;
    if (report.only_in_icloud != 0)
        lines.push_back(
            count_text(report.only_in_icloud, "original") + (report.only_in_icloud == 1 ? " is" : " are") +
            " only in iCloud, and could not be copied. On the phone, choose Download and Keep Originals in "
            "Settings, Photos; then import again.");
    if (!report.trouble.empty())
        lines.push_back("The phone's own library could not be read (" + report.trouble +
                        "): albums, favorites, and what is only in iCloud are not known.");
    return lines;
}

Json json_of(const LibraryReport& report)
{
    Json object{{"read", report.read},
                {"items", report.items},
                {"only_in_icloud", report.only_in_icloud},
                {"trashed", report.trashed}};
    if (!report.trouble.empty()) object["trouble"] = json_sentence(report.trouble);
    return object;
}

std::string source_title(const SourceInfo& source)
{
    std::string about = source.model;
    if (!source.version.empty()) about += (about.empty() ? "iOS " : ", iOS ") + source.version;
    return about.empty() ? source.name : source.name + " (" + about + ")";
}

} // namespace photosafe::cli
