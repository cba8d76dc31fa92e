// SPDX-License-Identifier: LGPL-2.1-or-later
#include "metadata_report.hpp"

#include "human.hpp"
#include "progress.hpp"
#include "terminal.hpp"

namespace photosafe::cli {

MetadataReport read_metadata(Archive& archive, const Run& run, bool again)
{
    Progress progress{run.terminal, "Reading"};
    ReadMetadataOptions options{.again = again, .stop = run.stop};
    options.on_progress = [&](const MetadataProgress& at) {
        progress.update({at.items_done, at.items_total, 0, 0, at.current});
    };
    const MetadataReport report = photosafe::read_metadata(archive, options);
    progress.finish();
    return report;
}

std::vector<std::string> lines_of(const MetadataReport& report)
{
    std::vector<std::string> lines;
    if (report.failed > 0)
        lines.push_back(count_text(report.failed, "file") +
                        " without readable metadata: the bytes are safe, and `photosafe find parse:failed` "
                        "says why.");
    if (!report.trouble.empty())
        lines.push_back("What the files say of themselves could not be read: " + report.trouble);
    if (report.absent > 0)
        lines.push_back(count_text(report.absent, "original") +
                        " not read, for they are not in their place as they were stored: `photosafe verify` "
                        "says which.");
    if (report.killed > 0)
        lines.push_back(count_text(report.killed, "file") +
                        " not read, since somebody, or the system for want of memory, killed the program "
                        "that reads them: the bytes are safe, and `photosafe metadata` tries again.");
    const std::uint64_t told = report.absent + report.killed;
    if (report.pending > told)
        lines.push_back(count_text(report.pending - told, "file") +
                        " whose metadata is not read yet: the bytes are safe, and `photosafe metadata` reads "
                        "the rest.");
    return lines;
}

Json json_of(const MetadataReport& report)
{
    Json facts{{"read", report.read},       {"failed", report.failed}, {"regrouped", report.regrouped},
               {"pending", report.pending}, {"absent", report.absent}, {"killed", report.killed}};
    if (!report.trouble.empty()) facts["trouble"] = json_sentence(report.trouble);
    return facts;
}

} // namespace photosafe::cli
