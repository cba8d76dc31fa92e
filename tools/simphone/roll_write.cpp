// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_write.hpp"

#include "roll_names.hpp"
#include "roll_random.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace simphone {
namespace {

constexpr std::size_t piece = std::size_t{1} << 20;

[[noreturn]] void fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

class File {
public:
    File(const std::filesystem::path& path, int flags)
        : path_{path}, descriptor_{::open(path.c_str(), flags | O_CLOEXEC, 0644)}
    {
        if (descriptor_ < 0) fail("Opening " + path_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File()
    {
        if (descriptor_ >= 0) static_cast<void>(::close(descriptor_));
    }

    void write(const char* data, std::size_t size)
    {
        while (size > 0) {
            const ssize_t written = ::write(descriptor_, data, size);
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail("Writing " + path_);
            data += written;
            size -= static_cast<std::size_t>(written);
        }
    }

    std::size_t read(char* data, std::size_t size)
    {
        for (;;) {
            const ssize_t got = ::read(descriptor_, data, size);
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno != EINTR) fail("Reading " + path_);
        }
    }

    void skip(std::uint64_t bytes)
    {
        if (::lseek(descriptor_, static_cast<off_t>(bytes), SEEK_CUR) < 0) fail("Seeking in " + path_);
    }

    struct stat facts() const
    {
        struct stat result {};
        if (::fstat(descriptor_, &result) != 0) fail("Asking about " + path_);
        return result;
    }

    /// A file system without extended attributes shows its own birth times.
    void set_times(const RollFile& file)
    {
        const std::string birth = std::to_string(file.birthtime_ns);
        if (::fsetxattr(descriptor_, "user.simphone.birthtime", birth.data(), birth.size(), 0) != 0 &&
            errno != ENOTSUP && errno != EPERM)
            fail("Noting the birth time of " + path_);
        const timespec times[2] = {to_timespec(file.mtime_ns), to_timespec(file.mtime_ns)};
        if (::futimens(descriptor_, times) != 0) fail("Setting the time of " + path_);
    }

    void close()
    {
        if (::close(std::exchange(descriptor_, -1)) != 0) fail("Closing " + path_);
    }

    static timespec to_timespec(std::int64_t ns) { return {ns / 1'000'000'000, ns % 1'000'000'000}; }

private:
    std::string path_;
    int descriptor_;
};

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

class Digest {
public:
    Digest() : context_{EVP_MD_CTX_new()}
    {
        if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
            throw std::runtime_error("OpenSSL has no SHA-256");
    }

    void add(const char* data, std::size_t size)
    {
        if (EVP_DigestUpdate(context_.get(), data, size) != 1)
            throw std::runtime_error("OpenSSL failed at SHA-256");
    }

    std::string hex()
    {
        unsigned char bytes[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        if (EVP_DigestFinal_ex(context_.get(), bytes, &size) != 1)
            throw std::runtime_error("OpenSSL failed at SHA-256");
        static constexpr char digits[] = "0123456789abcdef";
        std::string text;
        for (unsigned i = 0; i < size; ++i) (text += digits[bytes[i] >> 4]) += digits[bytes[i] & 15];
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, FreeDigest> context_;
};

void put_hole(std::uint64_t bytes, Digest& digest)
{
    const std::string zeros(piece, '\0');
    for (; bytes > 0; bytes -= std::min<std::uint64_t>(bytes, piece))
        digest.add(zeros.data(), static_cast<std::size_t>(std::min<std::uint64_t>(bytes, piece)));
}

} // namespace

RollWriter::RollWriter(std::filesystem::path root) : root_{std::move(root)}, buffer_(piece, '\0')
{
    std::filesystem::create_directories(root_);
}

std::filesystem::path RollWriter::place(const RollFile& file)
{
    if (const std::string folder = folder_of(file.path); folders_.insert(folder).second)
        std::filesystem::create_directories(root_ / folder);
    return root_ / file.path;
}

void RollWriter::write(RollFile& file, const Content& content)
{
    File out{place(file), O_WRONLY | O_CREAT | O_EXCL};
    Digest digest;
    const auto put = [&](const char* data, std::size_t size) {
        digest.add(data, size);
        out.write(data, size);
    };
    // Noise goes out together with what is before it: one call for a small file.
    std::size_t filled = content.head.size();
    if (buffer_.size() < filled + piece) buffer_.resize(filled + piece);
    content.head.copy(buffer_.data(), filled);
    if (content.hole) {
        put(buffer_.data(), std::exchange(filled, 0));
        put_hole(content.filling, digest);
        out.skip(content.filling);
    }
    Random random{content.seed};
    for (std::uint64_t left = content.hole ? 0 : content.filling; left > 0;) {
        const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece));
        random.fill(buffer_.data() + filled, size);
        put(buffer_.data(), std::exchange(filled, 0) + size);
        left -= size;
    }
    put(buffer_.data(), filled);
    put(content.tail.data(), content.tail.size());
    file.bytes = content.head.size() + content.filling + content.tail.size();
    file.sha256 = digest.hex();
    out.set_times(file);
    out.close();
}

void RollWriter::copy(RollFile& file, const std::filesystem::path& from)
{
    File in{from, O_RDONLY};
    File out{place(file), O_WRONLY | O_CREAT | O_EXCL};
    Digest digest;
    file.bytes = 0;
    while (const std::size_t size = in.read(buffer_.data(), piece)) {
        digest.add(buffer_.data(), size);
        out.write(buffer_.data(), size);
        file.bytes += size;
    }
    file.sha256 = digest.hex();
    out.set_times(file);
    out.close();
}

void RollWriter::measure(RollFile& file, const std::filesystem::path& from)
{
    File in{from, O_RDONLY};
    Digest digest;
    file.bytes = 0;
    while (const std::size_t size = in.read(buffer_.data(), piece)) {
        digest.add(buffer_.data(), size);
        file.bytes += size;
    }
    file.sha256 = digest.hex();
}

void RollWriter::hard_link(RollFile& file, const std::filesystem::path& from)
{
    measure(file, from);
    std::filesystem::create_hard_link(from, place(file));
}

void RollWriter::adopt(RollFile& file)
{
    const std::filesystem::path path = place(file);
    measure(file, path);
    File{path, O_WRONLY}.set_times(file);
}

void RollWriter::finish(const Roll& roll)
{
    std::map<std::string, std::int64_t> newest;
    for (const auto& file : roll.files)
        for (std::string folder = file.path; !folder.empty();) {
            folder = folder_of(folder);
            auto& time = newest.try_emplace(folder, file.mtime_ns).first->second;
            time = std::max(time, file.mtime_ns);
        }
    for (const auto& [folder, time] : newest) {
        const timespec times[2] = {File::to_timespec(time), File::to_timespec(time)};
        const auto path = root_ / folder;
        if (::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0) fail("Setting the time of " + path.string());
    }
}

void write_roll(Roll& roll, const RollOptions& options, const std::filesystem::path& root)
{
    PictureBank bank{options.seed, options.tile};
    RollWriter writer{root};
    for (auto& file : roll.files)
        writer.write(file, make_content(file.same_as ? roll.files[*file.same_as] : file, bank));
    writer.finish(roll);
}

} // namespace simphone
