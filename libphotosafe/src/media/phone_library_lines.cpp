// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading the lines that phone_library_json.cpp writes.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include <nlohmann/json.hpp>

#include <photosafe/error.hpp>

#include "core/bounded.hpp"
#include "core/phone_object.hpp"
#include "media/phone_library_json.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_line = std::size_t{4} << 20;

[[noreturn]] void refuse(const std::string& what)
{
    throw MediaError{ErrorCode::protocol, "The media worker's answer makes no sense (" + what + ")."};
}

/// Takes lines one by one.
class Reader {
public:
    /// `lines`: how many there are, for room to be made once.
    Reader(const PhoneLibraryLimits& limits, std::size_t lines) : limits_{limits}
    {
        library_.assets.reserve(std::min(lines, limits.assets));
    }

    void take(std::string_view text)
    try {
        if (ended_) refuse("more after the end");
        if (text.size() > longest_line) refuse("a line is too long");
        const Json json = parse(text);
        if (!json.is_object() || json.size() != 1) refuse("not one thing");
        const auto only = json.begin();
        const std::string& key = only.key();
        const Json& value = only.value();
        if ((key == "library") == begun_) refuse("it doesn't begin with what the library is");
        if (key == "library") return begin(PhoneObject{value});
        if (key == "asset") return add_asset(phone_asset_of(value));
        if (key == "album") return add_album(value);
        if (key == "members") return add_members(value);
        if (key == "trouble") return add_sentence(library_.troubles, value);
        if (key == "lost_fact") return add_sentence(library_.lost_facts, value);
        if (key == "end") return end(PhoneObject{value});
        refuse("an unknown line");
    } catch (const BadPhoneFact& fact) {
        refuse(fact.what());
    }

    PhoneLibrary finish()
    {
        if (!ended_) refuse("it has no end");
        return std::move(library_);
    }

private:
    /// Lines are flat; each level of a deep one would cost many times the byte that it is written with.
    static Json parse(std::string_view text)
    try {
        constexpr int deepest = 5;
        return Json::parse(text, [](int depth, Json::parse_event_t, Json&) {
            if (depth > deepest) refuse("it is too deep");
            return true;
        });
    } catch (const Json::exception&) {
        refuse("it is no JSON");
    }

    void begin(const PhoneObject& object)
    {
        begun_ = true;
        library_.uuid = object.checked("uuid", is_phone_uuid);
        library_.model_version = object.number("model_version");
        library_.asset_table = object.text("asset_table");
        library_.album_table = object.text("album_table");
    }

    void add_asset(PhoneAsset&& asset)
    {
        if (library_.assets.size() >= limits_.assets) refuse("too many items");
        if (!library_.albums.empty()) refuse("items after albums");
        if (!asset.uuid.empty() && !uuids_.insert(asset.uuid).second) refuse("two items of one identifier");
        library_.assets.push_back(std::move(asset));
    }

    std::optional<std::uint32_t> place(const PhoneObject& object, const char* key, std::size_t most) const
    {
        const auto found = object.count(key, UINT32_MAX);
        if (!found) return std::nullopt;
        if (*found >= most) refuse(key);
        return static_cast<std::uint32_t>(*found);
    }

    void add_album(const Json& json)
    {
        if (library_.albums.size() >= limits_.albums) refuse("too many albums");
        const PhoneObject object{json};
        PhoneAlbum album = phone_album_of(json);
        album.parent = place(object, "parent", limits_.albums);
        album.key = place(object, "key", library_.assets.size());
        library_.albums.push_back(std::move(album));
        album_of_.resize(library_.assets.size());
    }

    void add_members(const Json& list)
    {
        if (library_.albums.empty() || !list.is_array()) refuse("members");
        auto& members = library_.albums.back().members;
        for (const Json& one : list) {
            if (!one.is_number_unsigned() || one.get<std::uint64_t>() >= library_.assets.size() ||
                ++members_ > limits_.members)
                refuse("members");
            const auto member = one.get<std::uint32_t>();
            const auto number = static_cast<std::uint32_t>(library_.albums.size());
            if (std::exchange(album_of_[member], number) == number) refuse("a member twice");
            members.push_back(member);
        }
    }

    static void add_sentence(std::vector<std::string>& list, const Json& sentence)
    {
        if (list.size() >= phone_list_limit || !sentence.is_string() ||
            !is_kept_text(sentence.get_ref<const std::string&>()))
            refuse("what could not be read");
        list.push_back(sentence.get<std::string>());
    }

    /// Parents are folders, and no folder is within itself.
    void check_folders() const
    {
        const auto& albums = library_.albums;
        for (const PhoneAlbum& album : albums) {
            std::size_t steps = 0;
            for (auto at = album.parent; at; at = albums[*at].parent) {
                if (*at >= albums.size() || albums[*at].kind != PhoneAlbum::Kind::folder ||
                    ++steps > folder_depth_limit)
                    refuse("folders");
            }
        }
    }

    void end(const PhoneObject& object)
    {
        ended_ = true;
        if (object.number("assets") != static_cast<std::int64_t>(library_.assets.size()) ||
            object.number("albums") != static_cast<std::int64_t>(library_.albums.size()))
            refuse("something is missing");
        check_folders();
        for (PhoneAlbum& album : library_.albums) album.members.shrink_to_fit();
    }

    PhoneLibraryLimits limits_;
    PhoneLibrary library_;
    std::unordered_set<std::string> uuids_;
    std::vector<std::uint32_t> album_of_; ///< number of the last album that an item was in; 0: none yet
    std::size_t members_ = 0;
    bool begun_ = false, ended_ = false;
};

} // namespace

PhoneLibrary phone_library_of(std::string_view lines, const PhoneLibraryLimits& limits)
{
    Reader reader{limits, static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'))};
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        reader.take(lines.substr(at, end - at));
        at = end + 1;
    }
    return reader.finish();
}

} // namespace photosafe
