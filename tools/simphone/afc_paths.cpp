// SPDX-License-Identifier: LGPL-2.1-or-later
// Operations on paths.
#include "afc_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <limits>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace simphone {
namespace {

constexpr int deepest = 512;
constexpr char birth_attribute[] = "user.simphone.birthtime"; ///< nanoseconds since 1970, in decimal

std::uint64_t nanoseconds(const statx_timestamp& t)
{
    return t.tv_sec < 0 ? 0 : static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

const char* kind_name(unsigned mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return "S_IFREG";
    case S_IFDIR: return "S_IFDIR";
    case S_IFLNK: return "S_IFLNK";
    case S_IFBLK: return "S_IFBLK";
    case S_IFCHR: return "S_IFCHR";
    case S_IFIFO: return "S_IFIFO";
    default: return "S_IFSOCK";
    }
}

void add_pair(std::string& list, std::string_view key, std::string_view value)
{
    list.append(key).push_back('\0');
    list.append(value).push_back('\0');
}

/// Without a trailing slash; "" for the root.
std::string trimmed(std::string path)
{
    while (!path.empty() && path.back() == '/') path.pop_back();
    if (!path.empty() && path.front() != '/') path.insert(path.begin(), '/');
    return path;
}

int names_in(int folder, std::vector<std::string>& names)
{
    const int fd = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    DIR* dir = ::fdopendir(fd);
    if (!dir) {
        ::close(fd);
        return ENOMEM;
    }
    while (const dirent* entry = ::readdir(dir)) names.emplace_back(entry->d_name);
    ::closedir(dir);
    std::sort(names.begin(), names.end()); // the same listing on every machine
    return 0;
}

int remove_tree(int folder, const char* name, int depth)
{
    if (depth > deepest) return ELOOP;
    if (::unlinkat(folder, name, 0) == 0) return 0;
    if (errno != EISDIR && errno != EPERM) return errno;
    const Fd inner(::openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!inner) return errno;
    std::vector<std::string> names;
    if (const int error = names_in(inner.get(), names)) return error;
    for (const std::string& entry : names) {
        if (entry == "." || entry == "..") continue;
        if (const int error = remove_tree(inner.get(), entry.c_str(), depth + 1)) return error;
    }
    return ::unlinkat(folder, name, AT_REMOVEDIR) == 0 ? 0 : errno;
}

std::string attribute_path(const MediaRoot::Place& place)
{
    std::string path = "/proc/self/fd/" + std::to_string(place.folder.get());
    if (!place.name.empty()) path += "/" + place.name;
    return path;
}

} // namespace

int AfcFiles::resolve(const std::string& path, std::string& inside) const
{
    const auto injected = injected_.find(path);
    if (injected != injected_.end()) {
        inside = injected->second->target;
        return inside.empty() ? ENOENT : 0;
    }
    inside = path;
    if (view_.view == AfcRoot::View::all) return 0;
    // ".." is refused, not resolved: below /Documents it could lead out of it.
    const std::string whole = trimmed(path) + "/";
    if (whole.find("/../") != std::string::npos) return EPERM;
    return whole == "/" || whole.starts_with("/Documents/") ? 0 : EPERM;
}

bool AfcFiles::run_on_path(const AfcCall& call, AfcReply& reply)
{
    int error = 0;
    switch (call.op) {
    case AfcOp::read_dir: read_dir(call, reply); return true;
    case AfcOp::get_file_info: file_info(call, reply); return true;
    case AfcOp::get_file_hash: hash(call, false, reply); return true;
    case AfcOp::get_file_hash_range: hash(call, true, reply); return true;
    case AfcOp::remove_path: error = remove_path(call.path); break;
    case AfcOp::remove_path_contents: error = remove_all(call.path); break;
    case AfcOp::make_dir: error = make_dir(call.path); break;
    case AfcOp::make_link: error = make_link(call); break;
    case AfcOp::rename_path: error = rename_path(call); break;
    case AfcOp::truncate: error = truncate_path(call); break;
    case AfcOp::set_mod_time: error = set_time(call); break;
    case AfcOp::set_immutable_hint: break;
    case AfcOp::get_size_of_path: error = ENOENT; break; // what the one report of a real phone says
    default: return false;
    }
    reply.status(afc_status(error));
    return true;
}

int AfcFiles::list(const std::string& path, std::vector<std::string>& names) const
{
    std::string inside;
    if (const int error = resolve(path, inside)) return error;
    if (view_.view == AfcRoot::View::documents && trimmed(path).empty()) {
        names = {".", "..", "Documents"};
        return 0;
    }
    Fd folder;
    if (const int error = root_.open(inside, O_RDONLY | O_DIRECTORY, 0, folder)) return error;
    if (const int error = names_in(folder.get(), names)) return error;
    const std::string here = trimmed(path);
    for (const auto& [whole, entry] : injected_) {
        if (trimmed(entry->folder) == here) names.push_back(entry->name);
    }
    return 0;
}

void AfcFiles::read_dir(const AfcCall& call, AfcReply& reply) const
{
    std::vector<std::string> names;
    if (const int error = list(call.path, names)) return reply.status(afc_status(error));
    std::size_t size = 0;
    for (const std::string& name : names) size += name.size() + 1;
    char* out = reply.room(size);
    for (const std::string& name : names) {
        out = std::copy(name.begin(), name.end(), out);
        *out++ = '\0';
    }
    reply.data(size);
}

std::uint64_t AfcFiles::birth_time(const MediaRoot::Place& place, std::uint64_t birth,
                                   std::uint64_t modified) const
{
    std::array<char, 32> text{};
    const std::string path = attribute_path(place);
    const ssize_t length = place.name.empty()
                               ? ::getxattr(path.c_str(), birth_attribute, text.data(), text.size() - 1)
                               : ::lgetxattr(path.c_str(), birth_attribute, text.data(), text.size() - 1);
    if (length > 0) return std::strtoull(text.data(), nullptr, 10);
    return std::min(birth, modified); // a copy is younger than what it is a copy of
}

void AfcFiles::file_info(const AfcCall& call, AfcReply& reply) const
{
    std::string inside;
    MediaRoot::Place place;
    if (const int error = resolve(call.path, inside)) return reply.status(afc_status(error));
    if (const int error = root_.place(inside, place)) return reply.status(afc_status(error));
    struct statx facts {};
    if (::statx(place.folder.get(), place.name.c_str(), AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH,
                STATX_BASIC_STATS | STATX_BTIME, &facts) != 0) {
        return reply.status(afc_status(errno));
    }
    const std::uint64_t modified = nanoseconds(facts.stx_mtime);
    const bool has_birth = (facts.stx_mask & STATX_BTIME) != 0;
    const std::uint64_t birth = has_birth ? nanoseconds(facts.stx_btime) : modified;
    std::string list;
    list.reserve(256);
    add_pair(list, "st_size", std::to_string(facts.stx_size));
    add_pair(list, "st_blocks", std::to_string(facts.stx_blocks));
    add_pair(list, "st_nlink", std::to_string(facts.stx_nlink));
    add_pair(list, "st_ifmt", kind_name(facts.stx_mode));
    add_pair(list, "st_mtime", std::to_string(modified));
    add_pair(list, "st_birthtime", std::to_string(birth_time(place, birth, modified)));
    if (S_ISLNK(facts.stx_mode)) {
        std::array<char, 4096> target{};
        const ssize_t n = ::readlinkat(place.folder.get(), place.name.c_str(), target.data(), target.size());
        add_pair(list, "LinkTarget", {target.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0))});
    }
    reply.data(list);
}

void AfcFiles::device_info(AfcReply& reply) const
{
    Fd root;
    struct statvfs fs {};
    if (root_.open("/", O_RDONLY | O_DIRECTORY, 0, root) == 0) ::fstatvfs(root.get(), &fs);
    std::uint64_t total = fs.f_blocks * fs.f_frsize;
    std::uint64_t left = fs.f_bavail * fs.f_frsize;
    if (phone_.spec().capacity != 0) total = phone_.spec().capacity;
    left = phone_.full ? 0 : std::min(left, total);
    std::string list;
    add_pair(list, "Model", phone_.spec().model);
    add_pair(list, "FSTotalBytes", std::to_string(total));
    add_pair(list, "FSFreeBytes", std::to_string(left));
    add_pair(list, "FSBlockSize", "4096");
    reply.data(list);
}

int AfcFiles::remove_path(const std::string& path) const
{
    std::string inside;
    MediaRoot::Place place;
    if (const int error = resolve(path, inside)) return error;
    if (const int error = root_.place(inside, place)) return error;
    if (place.name.empty()) return EPERM;
    if (::unlinkat(place.folder.get(), place.name.c_str(), 0) == 0) return 0;
    if (errno != EISDIR && errno != EPERM) return errno;
    return ::unlinkat(place.folder.get(), place.name.c_str(), AT_REMOVEDIR) == 0 ? 0 : errno;
}

int AfcFiles::remove_all(const std::string& path) const
{
    std::string inside;
    MediaRoot::Place place;
    if (const int error = resolve(path, inside)) return error;
    if (const int error = root_.place(inside, place)) return error;
    if (place.name.empty()) return EPERM;
    return remove_tree(place.folder.get(), place.name.c_str(), 0);
}

int AfcFiles::make_dir(const std::string& path) const
{
    std::string inside;
    if (const int error = resolve(path, inside)) return error;
    if (phone_.full) return ENOSPC;
    // Folders on the way are made as well, as hosts that send one request for a deep path expect.
    const std::string whole = trimmed(inside);
    int error = whole.empty() ? EEXIST : 0;
    for (std::size_t slash = 0; slash != std::string::npos && !whole.empty();) {
        slash = whole.find('/', slash + 1);
        MediaRoot::Place place;
        if (const int wrong = root_.place(whole.substr(0, slash), place)) return wrong;
        error = ::mkdirat(place.folder.get(), place.name.c_str(), 0755) == 0 ? 0 : errno;
        if (error != 0 && (error != EEXIST || slash == std::string::npos)) return error;
    }
    return error;
}

int AfcFiles::make_link(const AfcCall& call) const
{
    std::string inside;
    MediaRoot::Place link;
    if (const int error = resolve(call.second_path, inside)) return error;
    if (const int error = root_.place(inside, link)) return error;
    if (call.number == 2) {
        return ::symlinkat(call.path.c_str(), link.folder.get(), link.name.c_str()) == 0 ? 0 : errno;
    }
    if (call.number != 1) return EINVAL;
    MediaRoot::Place target;
    if (const int error = resolve(call.path, inside)) return error;
    if (const int error = root_.place(inside, target)) return error;
    const int failed =
        ::linkat(target.folder.get(), target.name.c_str(), link.folder.get(), link.name.c_str(), 0);
    return failed ? errno : 0;
}

int AfcFiles::rename_path(const AfcCall& call) const
{
    std::string inside;
    MediaRoot::Place from, to;
    if (const int error = resolve(call.path, inside)) return error;
    if (const int error = root_.place(inside, from)) return error;
    if (const int error = resolve(call.second_path, inside)) return error;
    if (const int error = root_.place(inside, to)) return error;
    if (from.name.empty() || to.name.empty()) return EPERM;
    const int failed = ::renameat(from.folder.get(), from.name.c_str(), to.folder.get(), to.name.c_str());
    return failed ? errno : 0;
}

int AfcFiles::truncate_path(const AfcCall& call) const
{
    std::string inside;
    Fd file;
    if (const int error = resolve(call.path, inside)) return error;
    if (const int error = root_.open(inside, O_WRONLY | O_NONBLOCK, 0, file)) return error;
    return ::ftruncate(file.get(), static_cast<off_t>(call.number)) == 0 ? 0 : errno;
}

int AfcFiles::set_time(const AfcCall& call) const
{
    std::string inside;
    MediaRoot::Place place;
    if (const int error = resolve(call.path, inside)) return error;
    if (const int error = root_.place(inside, place)) return error;
    timespec times[2] = {};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = static_cast<time_t>(call.number / 1'000'000'000);
    times[1].tv_nsec = static_cast<long>(call.number % 1'000'000'000);
    if (::utimensat(place.folder.get(), place.name.c_str(), times, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) !=
        0) {
        return errno;
    }
    // A phone forgets the birth time then. Where attributes can't be had, neither can this be shown.
    ::lsetxattr(attribute_path(place).c_str(), birth_attribute, "0", 1, 0);
    return 0;
}

void AfcFiles::hash(const AfcCall& call, bool range, AfcReply& reply) const
{
    std::string inside;
    Fd file;
    if (!phone_.spec().file_hash) return reply.status(AfcStatus::not_supported);
    if (const int error = resolve(call.path, inside)) return reply.status(afc_status(error));
    if (const int error = root_.open(inside, O_RDONLY | O_NONBLOCK, 0, file))
        return reply.status(afc_status(error));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> sha1(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(sha1.get(), EVP_sha1(), nullptr);
    std::vector<char> chunk(1 << 20);
    std::uint64_t at = range ? call.offset : 0;
    std::uint64_t left = range ? call.length : std::numeric_limits<std::uint64_t>::max();
    while (left > 0) {
        const auto most = std::min<std::uint64_t>(left, chunk.size());
        const ssize_t n = ::pread(file.get(), chunk.data(), most, static_cast<off_t>(at));
        if (n < 0) return reply.status(afc_status(errno));
        if (n == 0) break;
        EVP_DigestUpdate(sha1.get(), chunk.data(), static_cast<std::size_t>(n));
        at += static_cast<std::uint64_t>(n);
        left -= static_cast<std::uint64_t>(n);
    }
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_DigestFinal_ex(sha1.get(), digest, &length);
    reply.data({reinterpret_cast<const char*>(digest), length});
}

} // namespace simphone
