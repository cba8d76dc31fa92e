// SPDX-License-Identifier: LGPL-2.1-or-later
// Gathers the facts that checks.cpp judges. One check that fails is a finding, and the others go on.
#include <photosafe/doctor.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <new>
#include <optional>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>

#include <photosafe/archive.hpp>
#include <photosafe/version.hpp>

#include "core/text.hpp"
#include "core/time.hpp"
#include "doctor/checks.hpp"
#include "media/worker_pool.hpp"

namespace photosafe {

namespace {

namespace fs = std::filesystem;

/// The year in which this program was built, from the compiler's `Mmm dd yyyy`.
int year_built()
{
    static constexpr std::string_view date = __DATE__;
    int year = 0;
    (void)std::from_chars(date.data() + date.size() - 4, date.data() + date.size(), year);
    return year;
}

/// What libimobiledevice says of itself: it learnt to in 1.4.0, so the function is looked for by its name.
std::string library_version()
{
    using Version = const char* (*)();
    const auto version = reinterpret_cast<Version>(::dlsym(RTLD_DEFAULT, "libimobiledevice_version"));
    const char* const text = version != nullptr ? version() : nullptr;
    return text != nullptr ? text : "";
}

class Examination {
public:
    Examination(const fs::path& root, const DeviceOptions& options, const MediaOptions& media)
        : root_{root}, options_{options}, media_{media}
    {
    }

    std::vector<Finding> run()
    {
        check("usbmuxd", {}, [this] { phones(); });
        add(doctor::about_library(library_version(), phones_));
        check("media", {}, [this] { media(); });
        if (root_.empty()) {
            add({.severity = Severity::note,
                 .code = "archive",
                 .subject = {},
                 .message = "No archive was named.",
                 .next = "Make one: photosafe init ~/Pictures/PhotoSafe"});
        } else {
            check("archive", root_.native(), [this] { archive(); });
            check("file_system", root_.native(), [this] { disk(); });
        }
        add(doctor::about_clock(wall_now(), year_built(), newest_));
        return std::move(findings_);
    }

private:
    void add(Finding finding) { findings_.push_back(std::move(finding)); }

    template <class Work>
    void check(const char* code, const std::string& subject, Work work)
    try {
        work();
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const Error& e) {
        add({.severity = Severity::problem,
             .code = code,
             .subject = subject,
             .message = e.what(),
             .next = step(e.code())});
    } catch (const std::exception& e) {
        add({.severity = Severity::problem,
             .code = code,
             .subject = subject,
             .message = printable(e.what()),
             .next = "Run it again; if it stays so, report it."});
    }

    static std::string step(ErrorCode code)
    {
        switch (code) {
        case ErrorCode::device_absent: return "Install and start usbmuxd, then connect the phone.";
        case ErrorCode::not_found:
            return "Plug in the disk with the archive, or make one with photosafe init.";
        case ErrorCode::damaged: return "Run photosafe rebuild: it makes the catalog again from the files.";
        case ErrorCode::newer_version: return "Use the later PhotoSafe that wrote it, or update this one.";
        case ErrorCode::busy: return "Wait until the other program is done.";
        case ErrorCode::read_only: return "See to it that you may read and write there.";
        case ErrorCode::cancelled: return "Run it again.";
        default: return "Look at the disk's health and at the system's log.";
        }
    }

    void phones()
    {
        phones_ = list_devices(options_);
        add({.severity = Severity::ok,
             .code = "usbmuxd",
             .subject = {},
             .message = "usbmuxd answers.",
             .next = {}});
        if (phones_.empty()) add(doctor::no_phone());
        for (const DeviceInfo& phone : phones_) {
            for (Finding& finding : doctor::about_phone(phone)) add(std::move(finding));
        }
    }

    void media()
    try {
        const WorkerPool pool{media_};
        for (Finding& finding : doctor::about_media(pool.facts())) add(std::move(finding));
    } catch (const MediaError& e) {
        add({.severity = Severity::problem,
             .code = "media",
             .subject = "photosafe-media-worker",
             .message = printable(e.what()),
             .next = "Install PhotoSafe's media worker again. Imports keep pictures safe without it too."});
    }

    void archive()
    {
        const Archive archive = Archive::open(root_, Access::read);
        const ArchiveSummary summary = archive.summary();
        if (summary.last_import)
            newest_ = summary.last_import->finished.value_or(summary.last_import->started);
        add({.severity = Severity::ok,
             .code = "archive",
             .subject = root_.native(),
             .message = "The archive opens; it holds " + std::to_string(summary.originals) + " originals.",
             .next = {}});
        if (const std::uint64_t hurt = summary.missing + summary.damaged; hurt > 0) {
            add({.severity = Severity::problem,
                 .code = "archive",
                 .subject = root_.native(),
                 .message = std::to_string(hurt) + " originals were found missing or damaged.",
                 .next = "Run photosafe verify: it names each."});
        }
    }

    void disk()
    {
        const std::string& root = root_.native();
        const FileSystem disk = file_system_of(root_);
        add(doctor::about_file_system(root, disk));
        add(doctor::about_free_space(root, disk, phones_));
        if (const auto sync = sync_time()) add(doctor::about_sync(root, disk, *sync));
    }

    /// How long a sync takes, with a file that has no name and leaves nothing behind. None where the file
    /// system can't do that; throws where the folder isn't writable.
    std::optional<std::chrono::nanoseconds> sync_time() const
    {
        const int fd = ::open(root_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
        if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) return std::nullopt;
        if (fd < 0) throw disk_error(errno, "Writing in", root_);
        File file{fd, root_};
        auto best = std::chrono::nanoseconds::max();
        const std::byte bytes[512]{};
        for (int i = 0; i < 3; ++i) {
            file.write(bytes);
            const auto start = std::chrono::steady_clock::now();
            file.sync_data();
            best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - start);
        }
        return best;
    }

    const fs::path root_;
    const DeviceOptions& options_;
    const MediaOptions& media_;
    std::vector<DeviceInfo> phones_;
    std::optional<Instant> newest_; ///< import into the archive
    std::vector<Finding> findings_;
};

} // namespace

std::vector<Finding> diagnose(const fs::path& root, const DeviceOptions& options, const MediaOptions& media)
{
    return Examination{root, options, media}.run();
}

} // namespace photosafe
