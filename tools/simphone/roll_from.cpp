// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_from.hpp"

#include "roll_names.hpp"
#include "roll_write.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <sys/stat.h>
#include <system_error>

namespace simphone {
namespace {

namespace fs = std::filesystem;

constexpr std::array extensions{".heic", ".heif", ".hif", ".avif", ".jpg", ".jpeg", ".png", ".gif", ".webp",
                                ".tif",  ".tiff", ".bmp", ".jxl",  ".dng", ".cr2",  ".cr3", ".nef", ".arw",
                                ".raf",  ".orf",  ".rw2", ".mov",  ".mp4", ".m4v",  ".3gp", ".aae", ".xmp"};

std::string cased(std::string text, int (*change)(int))
{
    for (char& c : text) c = static_cast<char>(change(static_cast<unsigned char>(c)));
    return text;
}

std::string lower_extension(const std::string& path) { return cased(extension_of(path), std::tolower); }

bool is_media(const std::string& path)
{
    const std::string extension = lower_extension(path);
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

// IMG_E1853 is the edit and IMG_O1853 the first recipe of IMG_1853.
char letter_of(const std::string& stem)
{
    const bool numbered =
        stem.size() > 5 && stem.starts_with("IMG_") && std::isdigit(static_cast<unsigned char>(stem[5])) != 0;
    return numbered && (stem[4] == 'E' || stem[4] == 'O') ? stem[4] : '\0';
}

std::string shot_key(const std::string& path)
{
    std::string stem = stem_of(path);
    if (letter_of(stem) != '\0') stem.erase(4, 1);
    return folder_of(path) + "/" + stem;
}

// Paths relative to `from`, in the order of their bytes. Links aren't followed.
std::map<std::string, std::vector<std::string>> find_shots(const fs::path& from, Roll& roll)
{
    std::map<std::string, std::vector<std::string>> shots;
    for (const auto& entry : fs::recursive_directory_iterator{from}) {
        if (entry.is_symlink() || !entry.is_regular_file()) continue;
        const std::string path = entry.path().lexically_relative(from).string();
        if (is_media(path))
            shots[shot_key(path)].push_back(path);
        else
            ++roll.skipped[lower_extension(path)];
    }
    for (auto& [key, paths] : shots) std::sort(paths.begin(), paths.end());
    return shots;
}

std::int64_t mtime_of(const fs::path& path)
{
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
        throw std::system_error(errno, std::generic_category(), "Asking about " + path.string());
    return std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
}

std::string role_of(const std::string& path, bool first)
{
    const std::string extension = lower_extension(path);
    if (extension == ".aae" || extension == ".xmp") return "sidecar";
    if (letter_of(stem_of(path)) == 'E') return "edited_render";
    return first ? "primary" : "part";
}

class Layer {
public:
    Layer(fs::path from, const fs::path& root, Naming naming, Take take)
        : from_{std::move(from)}, writer_{root}, naming_{naming}, take_{take}
    {
    }

    Roll lay()
    {
        for (const auto& [key, paths] : find_shots(from_, roll_)) lay_shot(paths);
        writer_.finish(roll_);
        return std::move(roll_);
    }

private:
    // Two files that would take one name (a.jpg and a.JPG) become two shots.
    void lay_shot(const std::vector<std::string>& paths)
    {
        std::vector<std::string> left = paths;
        while (!left.empty()) {
            const auto name = counter_.next();
            Shot shot;
            shot.id = roll_.shots.size();
            shot.kind = ShotKind::own;
            std::vector<std::string> later;
            for (const auto& path : left)
                if (!lay_file(path, name, shot)) later.push_back(path);
            roll_.shots.push_back(std::move(shot));
            left = std::move(later);
        }
    }

    bool lay_file(const std::string& path, const CameraCounter::Name& name, Shot& shot)
    {
        RollFile file;
        file.path = "DCIM/" + name.folder + "/" + new_name(path, name);
        if (!taken_.insert(file.path).second) return false;
        file.kind = FileKind::own;
        file.role = role_of(path, shot.files.empty());
        file.shot = shot.id;
        file.mtime_ns = file.birthtime_ns = mtime_of(from_ / path);
        if (take_ == Take::hard_link)
            writer_.hard_link(file, from_ / path);
        else
            writer_.copy(file, from_ / path);
        if (shot.original_name.empty()) shot.original_name = path;
        shot.files.push_back(roll_.files.size());
        roll_.files.push_back(std::move(file));
        return true;
    }

    std::string new_name(const std::string& path, const CameraCounter::Name& name) const
    {
        if (naming_ == Naming::keep) return stem_of(path) + extension_of(path);
        std::string extension = cased(extension_of(path), std::toupper);
        if (extension == ".JPEG") extension = ".JPG";
        const char letter = letter_of(stem_of(path));
        return "IMG_" + (letter == '\0' ? std::string{} : std::string(1, letter)) + name.digits + extension;
    }

    fs::path from_;
    RollWriter writer_;
    Naming naming_;
    Take take_;
    CameraCounter counter_{1};
    std::set<std::string> taken_;
    Roll roll_;
};

} // namespace

Roll lay_out(const fs::path& from, const fs::path& root, Naming naming, Take take)
{
    return Layer{from, root, naming, take}.lay();
}

} // namespace simphone
