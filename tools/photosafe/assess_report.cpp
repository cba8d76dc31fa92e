// SPDX-License-Identifier: LGPL-2.1-or-later
#include "assess_report.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <unistd.h>

#include <photosafe/error.hpp>

#include "cli.hpp"
#include "escape.hpp"
#include "human.hpp"

namespace photosafe::cli {
namespace {

/// For a spreadsheet: quoted, and nothing that it would take for a formula.
std::string csv(const std::string& text)
{
    std::string result = "\"";
    const std::string shown = printable(text);
    if (!shown.empty() && std::string_view{"=+-@"}.find(shown.front()) != std::string_view::npos)
        result += '\'';
    for (const char c : shown) {
        if (c == '"') result += '"';
        result += c;
    }
    return result + '"';
}

std::string html(const std::string& text)
{
    std::string result;
    for (const char c : printable(text)) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        default: result += c;
        }
    }
    return result;
}

constexpr std::string_view html_head =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Is it safe?</title>\n"
    "<style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}"
    "td,th{border-bottom:1px solid #ccc;padding:.2em .8em;text-align:left;vertical-align:top}"
    "tr.lost{background:#fdd}</style>\n<table>\n"
    "<tr><th>State<th>On the phone<th>Name<th>Why<th>Of it\n";

std::string counted(std::uint64_t count, std::string_view what)
{
    return count_text(count) + " " + std::string{what};
}

std::string_view is_or_are(std::uint64_t count) { return count == 1 ? " is " : " are "; }

} // namespace

std::string verdict_of(const Assessment& a, std::uint64_t left_out_at_no_loss)
{
    const std::string of = " of “" + a.source.name + "”";
    if (a.safe_to_wipe == true) {
        const std::string rest = left_out_at_no_loss == 0
                                     ? "."
                                     : "; " + count_text(left_out_at_no_loss) +
                                           " were left out: in Recently Deleted, of others, or put there by "
                                           "a computer.";
        return (a.safe == 1 ? "The 1 item" : "All " + count_text(a.safe, "item")) + of +
               std::string{is_or_are(a.safe)} + "safe" + rest;
    }
    if (!a.safe_to_wipe.has_value())
        return "NOT KNOWN TO BE SAFE: " + count_text(a.safe, "item") + of + std::string{is_or_are(a.safe)} +
               "safe, and whether that is all can't be known.";
    std::string what;
    const auto add = [&](std::uint64_t count, const std::string& text) {
        if (count != 0) what += (what.empty() ? "" : ", ") + text;
    };
    add(a.only_in_icloud, a.only_in_icloud == 1 ? "1 item is only in iCloud, or a part of it"
                                                : count_text(a.only_in_icloud) +
                                                      " items are only in iCloud, or a part of them");
    add(a.failed, counted(a.failed, "failed"));
    add(a.not_imported, counted(a.not_imported, "not imported yet"));
    add(a.changed, counted(a.changed, "changed since the import"));
    add(a.excluded - left_out_at_no_loss, counted(a.excluded - left_out_at_no_loss, "left out as you asked"));
    return "NOT SAFE TO WIPE “" + a.source.name + "”: " + what + ".";
}

AssessFile::AssessFile(std::filesystem::path file)
    : file_{std::move(file)}, part_{file_.native() + ".part"}, html_{file_.extension() == ".html"}
{
    if (!html_ && file_.extension() != ".csv")
        throw UsageError("--report takes a FILE.csv or a FILE.html, not `" + printable(file_.native()) +
                         "`.");
    out_.reset(std::fopen(part_.c_str(), "wb"));
    if (!out_)
        throw ArchiveError{ErrorCode::io, "Making " + part_.native() + ": " + std::strerror(errno), part_};
    write(html_ ? std::string{html_head} : "state,path,name,reason,part,uuid,would_be_lost\r\n");
}

AssessFile::~AssessFile()
{
    if (out_) ::unlink(part_.c_str());
}

void AssessFile::write(const std::string& text)
{
    if (std::fwrite(text.data(), 1, text.size(), out_.get()) != text.size())
        throw ArchiveError{ErrorCode::io, "Writing " + part_.native() + ": " + std::strerror(errno), part_};
}

void AssessFile::add(const AssessedItem& item)
{
    const std::string state{name(item.state)};
    if (html_)
        write(std::string{"<tr"} + (item.would_be_lost ? " class=\"lost\"" : "") + "><td>" + state + "<td>" +
              html(item.path) + "<td>" + html(item.name) + "<td>" + html(item.reason) + "<td>" +
              html(item.part) + "\n");
    else
        write(state + ',' + csv(item.path) + ',' + csv(item.name) + ',' + csv(item.reason) + ',' +
              csv(item.part) + ',' + csv(item.uuid) + ',' + (item.would_be_lost ? "yes" : "no") + "\r\n");
}

void AssessFile::finish(const Assessment& assessment, const std::string& verdict)
{
    if (html_) {
        std::string end = "</table>\n<p><strong>" + html(verdict) + "</strong>\n";
        for (const std::string& unknown : assessment.unknowns) end += "<p>" + html(unknown) + "\n";
        write(end);
    }
    if (std::fflush(out_.get()) != 0 || ::fsync(::fileno(out_.get())) != 0 ||
        std::rename(part_.c_str(), file_.c_str()) != 0)
        throw ArchiveError{ErrorCode::io, "Writing " + file_.native() + ": " + std::strerror(errno), file_};
    out_.reset();
}

} // namespace photosafe::cli
