// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source/folder_reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <fcntl.h>
#include <sys/stat.h>

#include "core/handle.hpp"
#include "core/text.hpp"
#include "source/folder_facts.hpp"

namespace photosafe {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 20;
constexpr std::size_t page_bytes = 4096;

File open_there(const Folder& root, const std::string& path)
try {
    // O_NONBLOCK: where the file was replaced by a pipe, opening it must not wait for a writer.
    return root.open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
} catch (const ArchiveError& e) {
    throw source_error(e);
}

class FolderReader final : public Reader {
public:
    FolderReader(const Folder& root, SourceFile file, std::uint64_t offset, std::stop_token stop)
        : root_{root}, listed_{std::move(file)}, stop_{std::move(stop)},
          file_{open_there(root, listed_.path)}, at_{offset}
    {
        if (offset > listed_.bytes) {
            throw ArchiveError{ErrorCode::invalid,
                               "Reading " + printable(file_.name().native()) + " behind its end.",
                               file_.name()};
        }
        const auto found = folder_facts(file_.fd(), {});
        if (!found || !S_ISREG(found->mode) || !is_as_listed(*found))
            throw changed("not any more as it was listed");
        opened_ = *found;
        (void)::posix_fadvise(file_.fd(), 0, 0, POSIX_FADV_SEQUENTIAL); // only a hint
    }

    std::span<const std::byte> next() override
    {
        if (stop_.stop_requested()) throw stopped(file_.name());
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(chunk_bytes, listed_.bytes - at_));
        if (wanted == 0) return {};
        const std::span<std::byte> chunk = buffer(wanted);
        if (read(chunk, at_) != wanted) throw changed("shorter than it was listed");
        at_ += wanted;
        return chunk;
    }

    void finish() override
    {
        if (at_ != listed_.bytes) {
            throw ArchiveError{ErrorCode::mismatch,
                               "Reading " + printable(file_.name().native()) +
                                   ": it was not read to its end.",
                               file_.name()};
        }
        if (std::byte more{}; read({&more, 1}, at_) != 0) throw changed("longer than it was listed");
        if (folder_facts(file_.fd(), {}) != opened_) throw changed("changed while it was read");
        if (facts_by_name() != opened_) throw changed("replaced while it was read");
    }

private:
    bool is_as_listed(const FolderFacts& facts) const
    {
        return facts.bytes == listed_.bytes && facts.modified == listed_.modified;
    }

    std::size_t read(std::span<std::byte> chunk, std::uint64_t offset) const
    try {
        return file_.read_at(chunk, offset);
    } catch (const ArchiveError& e) {
        throw source_error(e);
    }

    std::span<std::byte> buffer(std::size_t bytes)
    {
        if (!buffer_) {
            // Whole pages, and no more of them than the file needs.
            const std::size_t pages = (bytes + page_bytes - 1) / page_bytes * page_bytes;
            buffer_.reset(static_cast<std::byte*>(std::aligned_alloc(page_bytes, pages)));
            if (!buffer_) throw std::bad_alloc{};
        }
        return {buffer_.get(), bytes};
    }

    std::optional<FolderFacts> facts_by_name() const
    try {
        const File parent = root_.open_file(parent_of(listed_.path), O_PATH | O_DIRECTORY);
        return folder_facts(parent.fd(), std::string{name_of(listed_.path)});
    } catch (const ArchiveError&) {
        return std::nullopt; // its folder is gone: no facts, which is an answer
    }

    ArchiveError changed(const std::string& how) const
    {
        return {ErrorCode::changed, "Reading " + printable(file_.name().native()) + ": it is " + how + '.',
                file_.name()};
    }

    const Folder& root_;
    const SourceFile listed_;
    const std::stop_token stop_;
    const File file_;
    FolderFacts opened_;
    std::uint64_t at_;
    std::unique_ptr<std::byte, FreeWith<std::free>> buffer_;
};

} // namespace

std::unique_ptr<Reader> open_folder_reader(const Folder& root, const SourceFile& file, std::uint64_t offset,
                                           std::stop_token stop)
{
    return std::make_unique<FolderReader>(root, file, offset, std::move(stop));
}

} // namespace photosafe
