// SPDX-License-Identifier: LGPL-2.1-or-later
// The program that dies in the tests of this folder: does one thing with an archive, and writes a line to its
// standard output the moment the library tells it something.
//
//   ingest_once create ARCHIVE
//   ingest_once open ARCHIVE             opens to write, and closes
//   ingest_once import ARCHIVE FOLDER    as it should go
//   ingest_once flaky ARCHIVE FOLDER     from a source that fails some files at first: three batches, a
//   resumed file ingest_once large ARCHIVE FOLDER     one file of its own making, large enough for a
//   checkpoint ingest_once verify ARCHIVE ingest_once rebuild ARCHIVE ingest_once sidecars ARCHIVE
//
// Lines: `stored SHA256 PATH`, `known SHA256 PATH`, `failed PATH REASON`, `error CODE MESSAGE`, parted by
// tabs. Exit codes: 0, 1 (an error ended it), 3 (some files failed).
#include <map>
#include <string>
#include <utility>

#include <unistd.h>

#include <photosafe/photosafe.hpp>

#include "crash/large_source.hpp"

namespace {

using namespace photosafe;

void say(std::string line)
{
    line += '\n';
    if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(9);
}

void tell(const IngestedFile& file)
{
    const std::string digest = file.digest ? sha256_hex(*file.digest) : "-";
    switch (file.outcome) {
    case Outcome::stored: return say("stored\t" + digest + '\t' + file.asset_path);
    case Outcome::known: return say("known\t" + digest + '\t' + file.asset_path);
    case Outcome::failed: return say("failed\t" + file.file.path + '\t' + file.reason);
    case Outcome::excluded: return say("excluded\t" + file.file.path);
    }
}

/// Gives half of what is asked for, then fails.
class TornReader final : public Reader {
public:
    TornReader(std::unique_ptr<Reader> inner, std::string path)
        : inner_{std::move(inner)}, path_{std::move(path)}
    {
    }
    std::span<const std::byte> next() override
    {
        if (std::exchange(given_, true))
            throw DeviceError{ErrorCode::unreadable, "The phone gave an error", path_};
        return inner_->next();
    }
    void finish() override { inner_->finish(); }

private:
    std::unique_ptr<Reader> inner_;
    std::string path_;
    bool given_ = false;
};

/// Movies fail at first: Live ones to be opened once, others in the middle, twice.
class FlakySource final : public Source {
public:
    explicit FlakySource(std::unique_ptr<Source> inner) : inner_{std::move(inner)} {}
    SourceInfo info() const override { return inner_->info(); }
    Listing list(const ListOptions& options) override { return inner_->list(options); }
    SourceFile look(const std::string& path) override { return inner_->look(path); }
    std::unique_ptr<Reader> open(const SourceFile& file, std::uint64_t offset, std::stop_token stop) override
    {
        auto reader = inner_->open(file, offset, stop);
        if (!file.path.ends_with(".MOV")) return reader;
        const unsigned times = ++times_[file.path];
        if (file.bytes < (1u << 20)) {
            if (times == 1) throw DeviceError{ErrorCode::unreadable, "The phone gave an error", file.path};
        } else if (times <= 2) {
            return std::make_unique<TornReader>(std::move(reader), file.path);
        }
        return reader;
    }

private:
    std::unique_ptr<Source> inner_;
    std::map<std::string, unsigned> times_;
};

int import(Source& source, const char* root)
{
    Archive archive = Archive::open(root, Access::write);
    IngestOptions options;
    options.on_file = tell;
    options.backoff = std::chrono::milliseconds{0};
    const IngestReport report = ingest(source, archive, options);
    return report.failed == 0 ? 0 : 3;
}

int run(const std::string& verb, char** arguments)
{
    const char* root = arguments[0];
    if (verb == "create") return Archive::create(root), 0;
    if (verb == "open") return Archive::open(root, Access::write), 0;
    if (verb == "rebuild") return rebuild(root), 0;
    if (verb == "verify") {
        Archive archive = Archive::open(root, Access::write);
        const FixityReport report = check_fixity(archive);
        return report.matched == report.checked ? 0 : 3;
    }
    if (verb == "large") {
        test::LargeSource source;
        return import(source, root);
    }
    if (verb == "sidecars") {
        Archive archive = Archive::open(root, Access::write);
        const SidecarReport report = write_sidecars(archive, {.media = {.worker = MEDIA_WORKER}});
        return report.failed == 0 ? 0 : 3;
    }
    const auto folder = open_folder(arguments[1]);
    if (verb == "import") return import(*folder, root);
    FlakySource flaky{open_folder(arguments[1])};
    return import(flaky, root);
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc < 3) return 2;
    ::alarm(60); // a hang ends as a death by SIGALRM
    return run(argv[1], argv + 2);
} catch (const photosafe::Error& e) {
    say("error\t" + std::string{name(e.code())} + '\t' + e.what());
    return 1;
}
