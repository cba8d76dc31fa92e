// SPDX-License-Identifier: LGPL-2.1-or-later
#include "crash/write_order.hpp"

#include <algorithm>

namespace photosafe::test {

namespace {

bool is_sync(const Call& call)
{
    return (call.call == "fsync" || call.call == "fdatasync") && call.error == 0;
}
bool is_rename(const Call& call) { return (call.call == "rename" || call.call == "link") && call.error == 0; }
bool is_content(const Call& call)
{
    return call.call == "write" || call.call == "pwrite" || call.call == "writev" ||
           call.call == "ftruncate" || call.call == "futimens" || call.call == "openat2" ||
           call.call == "fallocate";
}
bool is_write(const Call& call)
{
    return call.call == "write" || call.call == "pwrite" || call.call == "writev";
}
bool is_log_write(const Call& call) { return is_write(call) && call.path.ends_with("/catalog.sqlite-wal"); }
std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

class Order {
public:
    Order(const std::vector<Call>& trace, const std::string& disk) : trace_{trace}, disk_{disk} {}

    std::vector<std::string> problems()
    {
        for (std::size_t at = 0; at < trace_.size(); ++at) {
            const Call& call = trace_[at];
            if (is_rename(call) && call.second.find("/originals/") != std::string::npos)
                expect_content(call.path, at, "published");
            if (is_rename(call) && call.second.ends_with(".json") && call.in("/incoming/"))
                expect_checkpoint(call, at);
            if (is_write(call) && call.path.ends_with(".ndjson") && call.second == "stored") expect_names(at);
            if (is_write(call) && call.path.ends_with(".sha256"))
                expect_content(folder_of(call.path) + '/' + stem_of(call.path) + ".ndjson", at,
                               "in the sums");
            if (is_log_write(call)) expect_manifests(at);
            if (call.call == "tell" && call.path.starts_with("stored")) expect_told(call, at);
        }
        return problems_;
    }

private:
    static constexpr std::size_t none = std::string::npos;

    static std::string stem_of(const std::string& path)
    {
        const std::string name = path.substr(path.rfind('/') + 1);
        return name.substr(0, name.rfind('.'));
    }

    void report(const std::string& what, std::size_t at)
    {
        problems_.push_back(what + " (" + trace_[at].call + " number " + std::to_string(trace_[at].number) +
                            ")");
    }

    template <class Is>
    std::size_t last_before(std::size_t at, Is is) const
    {
        while (at-- > 0) {
            if (is(trace_[at])) return at;
        }
        return none;
    }
    template <class Is>
    std::size_t first_after(std::size_t at, Is is) const
    {
        if (at == none) return none;
        while (++at < trace_.size()) {
            if (is(trace_[at])) return at;
        }
        return none;
    }

    /// Whether there is a sync of `path` between the two.
    bool synced(const std::string& path, std::size_t after, std::size_t before) const
    {
        const bool times = trace_[after].call == "futimens"; // for these fdatasync is not enough
        const auto sync = [&](const Call& call) {
            return is_sync(call) && call.path == path && (!times || call.call == "fsync");
        };
        return first_after(after, sync) < before;
    }

    void expect_content(const std::string& path, std::size_t at, const char* what)
    {
        const auto changed = last_before(
            at, [&](const Call& call) { return is_content(call) && call.path == path && call.error == 0; });
        if (changed != none && !synced(path, changed, at))
            report(path + " was " + what + " before its sync", at);
    }

    void expect_checkpoint(const Call& call, std::size_t at)
    {
        expect_content(call.path, at, "put in place");
        const std::string part = call.second.substr(0, call.second.size() - 5) + ".part";
        expect_content(part, at, "noted");
    }

    /// The entry of `path`, made at `made`, and those of all new folders above it.
    void expect_entry(const std::string& path, std::size_t made, std::size_t at)
    {
        const std::string folder = folder_of(path);
        if (!synced(folder, made, at)) report(path + " was recorded before the sync of its folder", at);
        if (folder.size() <= disk_.size()) return;
        const auto above = last_before(made, [&](const Call& call) {
            return call.call == "mkdir" && call.error == 0 && call.path == folder;
        });
        if (above != none)
            expect_entry(folder, above, at);
        else
            expect_entry_of_old_folder(folder, at);
    }

    void expect_entry_of_old_folder(const std::string& folder, std::size_t at)
    {
        if (folder.size() <= disk_.size()) return;
        const auto made = last_before(at, [&](const Call& call) {
            return call.call == "mkdir" && call.error == 0 && call.path == folder;
        });
        if (made != none) return expect_entry(folder, made, at);
        expect_entry_of_old_folder(folder_of(folder), at);
    }

    void expect_names(std::size_t at)
    {
        for (std::size_t i = 0; i < at; ++i) {
            if (is_rename(trace_[i]) && trace_[i].second.find("/originals/") != std::string::npos)
                expect_entry(trace_[i].second, i, at);
        }
    }

    void expect_manifests(std::size_t at)
    {
        std::set<std::string> manifests;
        for (std::size_t i = 0; i < at; ++i) {
            if (trace_[i].call == "openat2" && trace_[i].in("/manifests/")) manifests.insert(trace_[i].path);
        }
        for (const std::string& manifest : manifests) {
            const auto made = last_before(at, [&](const Call& call) {
                return call.call == "openat2" && call.path == manifest && call.error == 0;
            });
            const auto gone = last_before(
                at, [&](const Call& call) { return call.call == "unlink" && call.path == manifest; });
            if (made == none || (gone != none && gone > made)) continue;
            expect_content(manifest, at, "taken into the catalog");
            if (!synced(folder_of(manifest), first_opened(manifest), at))
                report(manifest + " is in the catalog before the sync of its folder", at);
        }
    }

    /// When it was made: it may be opened again, to be completed.
    std::size_t first_opened(const std::string& path) const
    {
        const auto found = std::find_if(trace_.begin(), trace_.end(), [&](const Call& call) {
            return call.call == "openat2" && call.path == path && call.error == 0;
        });
        return static_cast<std::size_t>(found - trace_.begin());
    }

    void expect_told(const Call& tell, std::size_t at)
    {
        const std::string path = tell.path.substr(tell.path.rfind('\t') + 1);
        const auto named = last_before(
            at, [&](const Call& call) { return is_rename(call) && call.second.ends_with('/' + path); });
        const auto line = first_after(named == none ? 0 : named, [](const Call& call) {
            return is_write(call) && call.path.ends_with(".ndjson") && call.second == "stored";
        });
        const auto sum = first_after(
            line, [](const Call& call) { return is_write(call) && call.path.ends_with(".sha256"); });
        const auto sum_synced = first_after(
            sum, [](const Call& call) { return is_sync(call) && call.path.ends_with(".sha256"); });
        const auto row = first_after(sum_synced, is_log_write);
        const auto row_synced = first_after(row, [](const Call& call) {
            return is_sync(call) && call.path.ends_with("/catalog.sqlite-wal");
        });
        if (row_synced == none || row_synced > at) report(path + " was told before its row was durable", at);
    }

    const std::vector<Call>& trace_;
    const std::string& disk_;
    std::vector<std::string> problems_;
};

} // namespace

std::vector<std::string> order_problems(const std::vector<Call>& trace, const std::string& disk)
{
    return Order{trace, disk}.problems();
}

bool is_of_sqlite(const Call& call)
{
    return call.in("/catalog.sqlite") || (call.call == "fdatasync" && call.path.ends_with("/Photos"));
}

std::vector<std::string> trusted_failures(const std::vector<Call>& trace)
{
    std::set<std::string> failed;
    std::vector<std::string> problems;
    for (const Call& call : trace) {
        if (is_of_sqlite(call)) continue;
        const bool sync = call.call == "fsync" || call.call == "fdatasync";
        if (sync && failed.contains(call.path)) problems.push_back(call.path + " was synced again");
        if (is_rename(call) && failed.contains(call.path))
            problems.push_back(call.path + " was published all the same");
        if (sync && call.error != 0) failed.insert(call.path);
        if (call.call == "unlink" || call.call == "openat2")
            failed.erase(call.path); // another file of this name
    }
    return problems;
}

} // namespace photosafe::test
