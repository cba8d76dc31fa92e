// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/device_listing.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "device/any_stop.hpp"
#include "device/connection.hpp"
#include "source/device_absence.hpp"
#include "source/device_folder.hpp"

namespace photosafe {

namespace {

using namespace std::chrono_literals;

constexpr std::array roots{"DCIM", "PhotoData/CPLAssets", "PhotoData/Mutations"};
constexpr const char* shared_albums = "PhotoData/PhotoCloudSharingData";
constexpr std::string_view counter_folder = "DCIM/.MISC";
constexpr unsigned deepest = 32;           // a phone's own tree has six levels
constexpr std::size_t longest_path = 4096; // of what can be asked for
constexpr unsigned in_flight = 64;         // requests on each connection
constexpr unsigned most_fruitless = 5;     // connections lost in a row without a single answer
constexpr auto progress_interval = 200ms;

struct Folder {
    std::string path;
    unsigned depth = 0; // 0: a root, which may be missing
    FolderNames names;
};

/// One request: to list the folder, or to ask for one name in it.
struct Task {
    std::shared_ptr<Folder> folder;
    std::optional<std::string_view> name;

    std::string path() const { return name ? folder->path + "/" + std::string{*name} : folder->path; }
};

/// A connection and how much it has to do.
struct Line {
    std::shared_ptr<afc::Connection> connection;
    unsigned busy = 0;
};

bool missing(std::uint64_t status)
{
    return status == afc::status::not_found || status == afc::status::read_error;
}

/// The walk through all folders. Answers are worked on by the threads of the connections, which also send the
/// next requests; the caller only waits. Kept alive by its requests.
class Walk : public std::enable_shared_from_this<Walk> {
public:
    Listing run(Session& session, const ListOptions& options);
    /// Roots that the phone can't read or find.
    const std::vector<std::string>& unread_roots() const noexcept { return unread_roots_; }

private:
    // All below with mutex_ held.
    void fill(const std::shared_ptr<Line>& line);
    void fill_all();
    void renew_lines(const Session& session);
    bool send(const std::shared_ptr<Line>& line, Task&& task);
    std::optional<Task> next_task();
    void on_answer(const std::shared_ptr<Line>& line, Task&& task, afc::Outcome&& outcome);
    void on_listing(Task&& task, afc::Outcome&& outcome);
    void on_info(const Task& task, const afc::Outcome& outcome);
    void take(std::string&& path, unsigned depth, const afc::FileInfo& info);
    void skip(std::string path, bool excluded, std::string reason);
    void make_room(std::size_t count);
    bool done() const { return tasks_open_ == 0 && again_.empty() && to_list_.empty() && to_ask_.empty(); }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<std::shared_ptr<Line>> lines_;
    std::vector<std::shared_ptr<Folder>> to_list_; // the last one first: so few are open at a time
    std::deque<std::shared_ptr<Folder>> to_ask_;   // their names are known
    std::vector<Task> again_;                      // lost with a connection
    std::size_t tasks_open_ = 0;
    std::uint64_t answers_ = 0;
    std::exception_ptr lost_;
    std::exception_ptr failure_;
    bool halted_ = false;
    Listing listing_;
    std::vector<std::string> unread_roots_;
};

Listing Walk::run(Session& session, const ListOptions& options)
{
    const AnyStop stop{options.stop, session.options().stop};
    std::unique_lock lock{mutex_};
    for (const char* root : roots) to_list_.push_back(std::make_shared<Folder>(Folder{root, 0, {}}));
    if (options.shared_albums) to_list_.push_back(std::make_shared<Folder>(Folder{shared_albums, 0, {}}));
    unsigned fruitless = 0;
    std::uint64_t answers_before = 0;
    try {
        for (;;) {
            lock.unlock();
            session.restore(stop.token());
            lock.lock();
            lost_ = nullptr; // each request of a connection that ended said so
            renew_lines(session);
            fill_all();
            while (!done() && !lost_ && !failure_) {
                changed_.wait_for(lock, stop.token(), progress_interval,
                                  [&] { return done() || lost_ || failure_; });
                if (stop.token().stop_requested())
                    throw DeviceError{ErrorCode::cancelled, "Stopped as asked."};
                const auto files = listing_.files.size();
                lock.unlock();
                if (options.on_progress) options.on_progress(files);
                lock.lock();
            }
            if (failure_) std::rethrow_exception(failure_);
            if (!lost_) break;
            fruitless = answers_ == std::exchange(answers_before, answers_) ? fruitless + 1 : 0;
            if (fruitless > most_fruitless) std::rethrow_exception(lost_);
            lock.unlock();
            if (fruitless > 1) pause(fruitless * 100ms, stop.token());
            lock.lock();
        }
    } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        halted_ = true;
        throw;
    }
    return std::move(listing_);
}

void Walk::renew_lines(const Session& session)
{
    std::vector<std::shared_ptr<Line>> lines;
    for (auto& connection : session.alive()) {
        const auto known =
            std::ranges::find(lines_, connection, [](const auto& line) { return line->connection; });
        lines.push_back(known != lines_.end() ? *known
                                              : std::make_shared<Line>(Line{std::move(connection), 0}));
    }
    lines_ = std::move(lines);
}

void Walk::fill_all()
{
    for (const auto& line : lines_) fill(line);
}

void Walk::fill(const std::shared_ptr<Line>& line)
{
    while (!halted_ && line->busy < in_flight) {
        auto task = next_task();
        if (!task) return;
        if (!send(line, std::move(*task))) return;
    }
}

bool Walk::send(const std::shared_ptr<Line>& line, Task&& task)
{
    const auto path = "/" + task.path();
    auto request = task.name ? afc::file_info(path) : afc::read_folder(path);
    auto done = [self = shared_from_this(), line, task](afc::Outcome&& outcome) mutable {
        const std::scoped_lock lock{self->mutex_};
        self->on_answer(line, std::move(task), std::move(outcome));
    };
    if (line->connection->submit(std::move(request), std::move(done))) {
        ++line->busy;
        ++tasks_open_;
        return true;
    }
    lost_ = line->connection->ended();
    again_.push_back(std::move(task));
    changed_.notify_all();
    return false;
}

std::optional<Task> Walk::next_task()
{
    if (!again_.empty()) {
        auto task = std::move(again_.back());
        again_.pop_back();
        return task;
    }
    while (!to_ask_.empty()) {
        const auto folder = to_ask_.front();
        const auto name = folder->names.next();
        if (!name) {
            to_ask_.pop_front();
            continue;
        }
        Task task{folder, name};
        if (const auto reason = unusable(*name); !reason.empty())
            skip(path_to_show(folder->path, *name), false, std::string{reason});
        else if (task.path() == counter_folder)
            skip(task.path(), true, "The phone's own counters, no pictures.");
        else if (task.path().size() > longest_path)
            skip(task.path(), false, "Its path is too long to ask for.");
        else
            return task;
    }
    if (to_list_.empty()) return std::nullopt;
    Task task{std::move(to_list_.back()), std::nullopt};
    to_list_.pop_back();
    return task;
}

void Walk::on_answer(const std::shared_ptr<Line>& line, Task&& task, afc::Outcome&& outcome)
{
    --line->busy;
    --tasks_open_;
    if (outcome.lost) {
        lost_ = outcome.lost;
        again_.push_back(std::move(task));
    } else {
        ++answers_;
        if (task.name) {
            on_info(task, outcome);
            fill(line);
        } else {
            on_listing(std::move(task), std::move(outcome));
            fill_all();
        }
    }
    if (lost_ || failure_ || done()) changed_.notify_all();
}

void Walk::on_listing(Task&& task, afc::Outcome&& outcome)
{
    Folder& folder = *task.folder;
    if (outcome.status != afc::status::ok) {
        if (folder.depth == 0 && missing(outcome.status) && !folder.names.listed()) {
            unread_roots_.push_back(folder.path);
            return;
        }
        const auto error = afc::status_error(outcome.status, "Listing", folder.path);
        if (folder.depth == 0)
            failure_ = std::make_exception_ptr(error);
        else
            skip(folder.path, false, error.what());
        return;
    }
    switch (folder.names.add(std::move(outcome.list))) {
    case FolderNames::Verdict::list_again: to_list_.push_back(std::move(task.folder)); return;
    case FolderNames::Verdict::kept_changing:
        skip(folder.path, false, "The phone listed it differently each time: import again.");
        [[fallthrough]];
    case FolderNames::Verdict::agreed:
        make_room(folder.names.count());
        to_ask_.push_back(std::move(task.folder));
    }
}

void Walk::on_info(const Task& task, const afc::Outcome& outcome)
{
    if (missing(outcome.status))
        return skip(task.path(), false, "The phone listed it, and then didn't find it: import again.");
    if (outcome.status != afc::status::ok)
        return skip(task.path(), false, afc::status_error(outcome.status, "Looking at", task.path()).what());
    try {
        take(task.path(), task.folder->depth + 1, afc::parse_file_info(outcome.list));
    } catch (const DeviceError& error) {
        skip(task.path(), false, error.what());
    }
}

void Walk::take(std::string&& path, unsigned depth, const afc::FileInfo& info)
{
    switch (info.kind) {
    case afc::FileKind::file:
        path.shrink_to_fit();
        listing_.files.push_back({std::move(path), info.bytes, info.modified, info.born});
        return;
    case afc::FileKind::folder:
        if (depth > deepest) return skip(std::move(path), false, "Its folders are nested too deeply.");
        to_list_.push_back(std::make_shared<Folder>(Folder{std::move(path), depth, {}}));
        return;
    case afc::FileKind::link: return skip(std::move(path), true, "A link; links are not followed.");
    case afc::FileKind::other: return skip(std::move(path), true, "Neither a file nor a folder.");
    }
}

void Walk::skip(std::string path, bool excluded, std::string reason)
{
    listing_.skipped.push_back({std::move(path), excluded, std::move(reason)});
}

/// Grows by a quarter at least, not by twice: an item may cost 200 bytes in all.
void Walk::make_room(std::size_t count)
{
    auto& files = listing_.files;
    const auto needed = files.size() + count;
    if (needed > files.capacity()) files.reserve(std::max(needed, files.size() + files.size() / 4));
}

} // namespace

Listing list_camera_roll(Session& session, const ListOptions& options)
{
    const auto walk = std::make_shared<Walk>();
    Listing listing = walk->run(session, options);
    const AnyStop stop{options.stop, session.options().stop};
    Absence absence{session, stop.token()};
    for (const std::string& root : walk->unread_roots()) {
        if (absence.is_proven(root)) continue; // a phone without iCloud or edits
        const DeviceError error{ErrorCode::unreadable,
                                "The phone doesn't list " + root +
                                    ", and doesn't say that it isn't there: unlock it, and import again",
                                root};
        if (root == roots.front()) throw error;
        listing.skipped.push_back({root, false, error.what()});
    }
    return listing;
}

} // namespace photosafe
