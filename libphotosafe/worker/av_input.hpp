// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

struct AVFormatContext;
struct AVInputFormat;
struct AVIOContext;
struct AVStream;

namespace photosafe::worker {

/// What libav* has to say goes to nobody; also where libheif uses it.
void quieten_libavcodec();

/// Throws CannotRender: what was being done, and libav*'s reason for the code `rc`, if it is one.
void check_av(int rc, std::string_view doing);

struct AvInputOptions {
    const AVInputFormat* format = nullptr; ///< none: whatever the bytes look like
    std::uint64_t most_bytes = UINT64_MAX; ///< read at most so many, then end as if the file did
    double most_seconds = 1e9;             ///< of processor time since it was opened; the same then
    bool xmp = false;                      ///< keep a movie's XMP packet, as `xmp` of its metadata
};

/// A file opened by libavformat, by its header alone. It is read by position, so that the descriptor's own
/// offset doesn't matter and stays; no other file and no address is ever opened for it. The descriptor stays
/// the caller's and has to outlive it.
///
/// Errors: CannotRender. Threads: one at a time.
class AvInput {
public:
    AvInput(int fd, const AvInputOptions& options);

    AVFormatContext& operator*() const noexcept { return *context_; }
    AVFormatContext* operator->() const noexcept { return context_.get(); }
    AVFormatContext* get() const noexcept { return context_.get(); }
    /// Whether a limit of the options has come into effect.
    bool cut() const noexcept;

private:
    struct Place;
    struct FreePlace {
        void operator()(Place* one) const noexcept;
    };
    struct FreeIo {
        void operator()(AVIOContext* one) const noexcept;
    };
    struct CloseContext {
        void operator()(AVFormatContext* one) const noexcept;
    };
    static int read(void* opaque, std::uint8_t* to, int size);
    static std::int64_t seek(void* opaque, std::int64_t offset, int whence);

    std::unique_ptr<Place, FreePlace> place_;
    std::unique_ptr<AVIOContext, FreeIo> io_;
    std::unique_ptr<AVFormatContext, CloseContext> context_;
};

/// EXIF's number for the turn and mirroring that a movie's matrix asks for.
int orientation_of(const AVStream& stream);

} // namespace photosafe::worker
