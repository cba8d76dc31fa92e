// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <photosafe/asset.hpp>

#include "archive/read_back.hpp"
#include "archive/rendition_mark.hpp"
#include "archive/sidecar_mark.hpp"
#include "core/digest.hpp"
#include "core/file.hpp"

namespace photosafe {

/// A file on its way in, below `.photosafe/incoming`: written and hashed in one pass, then published or gone.
///
/// Errors: ArchiveError; FixityError from verify(). Threads: one at a time, it may be handed over.
class StagedFile {
public:
    /// An empty one. `key` names what is being transferred: `staging_key`.
    static StagedFile begin(const Folder& root, const std::string& key);
    /// What an earlier transfer of the same thing left, where it left a checkpoint and the disk still holds
    /// what the checkpoint says; its bytes are hashed again for that.
    static std::optional<StagedFile> resume(const Folder& root, const std::string& key);

    void write(std::span<const std::byte> bytes);
    std::uint64_t bytes() const noexcept { return bytes_; }
    Digest digest() const { return digester_.digest(); }

    /// Gives it its time, and has the kernel begin to write it out; nothing may be written after.
    void seal(Instant modified);
    /// Makes it durable, and asks the kernel to fetch it from the disk again, past the page cache: `verify`
    /// then needn't wait for each in turn. One after the other, the files of a batch share the file system's
    /// commit.
    void sync();
    /// Reads it back from the disk, durable by then. Throws FixityError{mismatch} unless both digests are
    /// those of what was written.
    void verify();
    /// The same file for others, who can't change it.
    File open_to_read() const;
    /// Its mark, where it is a rendition of PhotoSafe's and unchanged; once all of it is written.
    std::optional<RenditionMark> mark() const { return read_mark(file_); }
    /// Whether it is a sidecar of PhotoSafe's and unchanged; once all of it is written.
    bool is_own_sidecar() const { return read_sidecar_mark(file_).has_value(); }
    /// Names it `path` below the root; false, and still staged, when that name is taken. The caller syncs the
    /// folder.
    bool publish(const std::string& path);
    /// Leaves it for a later transfer to go on from, if it is large enough to be worth it.
    void keep();
    void discard();

    StagedFile(StagedFile&&) noexcept = default;
    StagedFile& operator=(StagedFile&&) noexcept = default;
    ~StagedFile();

private:
    StagedFile(const Folder& root, std::string key, File file);
    void checkpoint();
    void close() noexcept;
    std::string part_path() const;
    std::string note_path() const;

    const Folder* root_ = nullptr;
    std::string key_; ///< empty: published, kept or discarded
    File file_;
    Digester digester_;
    std::uint64_t bytes_ = 0;
    std::uint64_t started_ = 0;      ///< until here the kernel was told to write
    std::uint64_t checkpointed_ = 0; ///< until here a later transfer can rely on it
    bool durable_ = false;
    std::unique_ptr<ReadBack> read_back_; ///< of a large one; behind file_, whose writing it follows
};

/// Names a transfer: the same file, size and time of the same source have the same key.
std::string staging_key(const std::string& source, const std::string& path, std::uint64_t bytes,
                        Instant modified);
/// Removes what transfers from this source have left, but for what is still `wanted`.
void forget_transfers(const Folder& root, const std::string& source,
                      const std::function<bool(const std::string& key)>& wanted);

/// Removes what no later transfer can go on from; how many files remain that one can.
std::uint64_t clean_incoming(const Folder& root);
std::uint64_t count_incoming(const Folder& root);

} // namespace photosafe
