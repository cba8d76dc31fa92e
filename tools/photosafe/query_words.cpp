// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query_words.hpp"

#include "escape.hpp"
#include "human.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

/// The words, as one text.
std::string query_text(const Run& run)
{
    std::string text;
    for (const std::string& word : run.settings.list("query")) text += (text.empty() ? "" : " ") + word;
    return text;
}

ExitCode explain(const QueryError& error, const std::string& query, Terminal& terminal)
{
    terminal.complain(std::string{"photosafe: "} + error.what());
    terminal.complain("  " + printable(query));
    terminal.complain("  " + std::string(display_width(printable(query.substr(0, error.offset()))), ' ') +
                      '^');
    Json told = json_of(static_cast<const Error&>(error));
    told["column"] = error.column();
    terminal.object(told);
    return ExitCode::usage;
}

} // namespace

ExitCode with_query(const Run& run, const std::function<ExitCode(const Query&)>& work)
{
    const std::string text = query_text(run);
    try {
        return work(Query::parse(text));
    } catch (const QueryError& error) {
        return explain(error, text, run.terminal);
    }
}

std::vector<std::int64_t> found_by(const Archive& archive, const Query& query, const Run& run)
{
    std::vector<std::int64_t> ids;
    find(archive, query, {.unit = FindUnit::files, .order = FindOrder::oldest_first}, [&](const Found& one) {
        ids.push_back(one.asset.id);
        return !run.stop.stop_requested();
    });
    return ids;
}

} // namespace photosafe::cli
