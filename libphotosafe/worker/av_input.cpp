// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/av_input.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <ctime>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

extern "C" {
#include <libavformat/avformat.h>
}

#include "worker/pixels.hpp"

namespace photosafe::worker {

namespace {

constexpr int buffer_bytes = 64 << 10;
constexpr int most_streams = 64;

/// Seconds of processor time that this thread has taken.
double processor_time()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

[[noreturn]] void out_of_memory() { throw CannotRender{"Memory ran out."}; }

} // namespace

struct AvInput::Place {
    int fd;
    std::int64_t at, size;
    std::uint64_t left;
    double deadline; ///< on the clock of this thread's processor time
    bool cut = false;
};

void AvInput::FreePlace::operator()(Place* one) const noexcept { delete one; }

void AvInput::FreeIo::operator()(AVIOContext* one) const noexcept
{
    av_freep(&one->buffer); // it may have grown into another one than it was made with
    avio_context_free(&one);
}

void AvInput::CloseContext::operator()(AVFormatContext* one) const noexcept { avformat_close_input(&one); }

int AvInput::read(void* opaque, std::uint8_t* to, int size)
{
    auto* place = static_cast<Place*>(opaque);
    if (place->left == 0 || processor_time() > place->deadline) place->cut = true;
    if (place->cut) return AVERROR_EOF;
    const auto wanted = std::min(static_cast<std::uint64_t>(std::max(size, 0)), place->left);
    ssize_t n = 0;
    do {
        n = ::pread(place->fd, to, wanted, place->at);
    } while (n < 0 && errno == EINTR);
    if (n < 0) return AVERROR(errno);
    place->at += n;
    place->left -= static_cast<std::uint64_t>(n);
    return n == 0 ? AVERROR_EOF : static_cast<int>(n);
}

std::int64_t AvInput::seek(void* opaque, std::int64_t offset, int whence)
{
    auto* place = static_cast<Place*>(opaque);
    if (whence & AVSEEK_SIZE) return place->size;
    const std::int64_t base = (whence & 3) == SEEK_CUR   ? place->at
                              : (whence & 3) == SEEK_END ? place->size
                                                         : 0;
    if (offset > 0 && base > INT64_MAX - offset) return AVERROR(EINVAL);
    if (base + offset < 0) return AVERROR(EINVAL);
    return place->at = base + offset;
}

bool AvInput::cut() const noexcept { return place_->cut; }

AvInput::AvInput(int fd, const AvInputOptions& options)
{
    struct stat facts {};
    if (::fstat(fd, &facts) != 0) throw CannotRender{"It can't be looked at."};
    place_.reset(
        new Place{fd, 0, facts.st_size, options.most_bytes, processor_time() + options.most_seconds});
    auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_bytes));
    if (!buffer) out_of_memory();
    io_.reset(avio_alloc_context(buffer, buffer_bytes, 0, place_.get(), read, nullptr, seek));
    if (!io_) {
        av_free(buffer);
        out_of_memory();
    }
    AVFormatContext* raw = avformat_alloc_context();
    if (!raw) out_of_memory();
    raw->pb = io_.get();
    raw->max_streams = most_streams;
    raw->protocol_whitelist = av_strdup(""); // a playlist or a reference in the file leads nowhere
    AVDictionary* settings = nullptr;
    if (options.xmp) av_dict_set(&settings, "export_xmp", "1", 0);
    const int rc = avformat_open_input(&raw, nullptr, options.format, &settings); // frees it when it fails
    av_dict_free(&settings);
    check_av(rc, "libavformat refuses it");
    context_.reset(raw);
}

void quieten_libavcodec() { av_log_set_level(AV_LOG_QUIET); }

void check_av(int rc, std::string_view doing)
{
    if (rc >= 0) return;
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(rc, text.data(), text.size());
    throw CannotRender{std::string{doing} + ": " + text.data() + '.'};
}

int orientation_of(const AVStream& stream)
{
    std::size_t size = 0;
    const std::uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (!data || size < 9 * sizeof(std::int32_t)) return 1;
    const auto* matrix = reinterpret_cast<const std::int32_t*>(data);
    // A point (x, y) goes to (a x + c y, b x + d y), y down. Only the directions matter: a quarter turn has
    // its weight in b and c.
    const double a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
    if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) {
        if (a >= 0) return d >= 0 ? 1 : 4;
        return d >= 0 ? 2 : 3;
    }
    if (b >= 0) return c >= 0 ? 5 : 6;
    return c >= 0 ? 8 : 7;
}

} // namespace photosafe::worker
