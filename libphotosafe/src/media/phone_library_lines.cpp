// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading the lines that phone_library_json.cpp writes.
#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include <nlohmann/json.hpp>

#include <photosafe/error.hpp>

#include "core/bounded.hpp"
#include "media/phone_library_json.hpp"

namespace photosafe {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_line = std::size_t{4} << 20;

// Every word that a fact may be. What has no word here can't come over.
constexpr std::array localities{Locality::unknown, Locality::on_phone, Locality::only_in_icloud};
constexpr std::array subtypes{
    PhoneSubtype::unknown,     PhoneSubtype::still,      PhoneSubtype::panorama,
    PhoneSubtype::live,        PhoneSubtype::screenshot, PhoneSubtype::video,
    PhoneSubtype::slow_motion, PhoneSubtype::time_lapse, PhoneSubtype::screen_recording};
constexpr std::array provenances{
    Provenance::unknown,     Provenance::local,           Provenance::icloud,    Provenance::shared_album,
    Provenance::shared_link, Provenance::shared_with_you, Provenance::referenced};
constexpr std::array media_kinds{MediaKind::unknown, MediaKind::photo, MediaKind::video};
constexpr std::array roles{Role::original, Role::live_video,   Role::raw,
                           Role::edited,   Role::edited_video, Role::sidecar};
constexpr std::array album_kinds{PhoneAlbum::Kind::album, PhoneAlbum::Kind::folder, PhoneAlbum::Kind::shared,
                                 PhoneAlbum::Kind::import_session, PhoneAlbum::Kind::project};
constexpr std::array orders{PhoneAlbum::Order::unknown, PhoneAlbum::Order::manual,
                            PhoneAlbum::Order::oldest_first, PhoneAlbum::Order::newest_first,
                            PhoneAlbum::Order::title};

[[noreturn]] void refuse(const std::string& what)
{
    throw MediaError{ErrorCode::protocol, "The media worker's answer makes no sense (" + what + ")."};
}

/// An object of which each member is taken as what it has to be, or refused.
class Object {
public:
    explicit Object(const Json& json) : json_{&json}
    {
        if (!json.is_object()) refuse("no object");
    }

    std::string text(const char* key) const
    {
        const Json* found = member(key);
        if (found == nullptr) return {};
        if (!found->is_string() || !is_kept_text(found->get_ref<const std::string&>())) refuse(key);
        return found->get<std::string>();
    }

    std::string checked(const char* key, bool (*good)(std::string_view)) const
    {
        const Json* found = member(key);
        if (found == nullptr) return {};
        if (!found->is_string() || !good(found->get_ref<const std::string&>())) refuse(key);
        return found->get<std::string>();
    }

    bool flag(const char* key, bool usual = false) const
    {
        const Json* found = member(key);
        if (found == nullptr) return usual;
        if (!found->is_boolean()) refuse(key);
        return found->get<bool>();
    }

    std::optional<std::int64_t> number(const char* key) const
    {
        const Json* found = member(key);
        if (found == nullptr) return std::nullopt;
        if (!found->is_number_integer() ||
            (found->is_number_unsigned() &&
             found->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)))
            refuse(key);
        return found->get<std::int64_t>();
    }

    /// A number from 0 to `most`.
    std::optional<std::uint64_t> count(const char* key, std::uint64_t most) const
    {
        const auto found = number(key);
        if (!found) return std::nullopt;
        if (*found < 0 || static_cast<std::uint64_t>(*found) > most) refuse(key);
        return static_cast<std::uint64_t>(*found);
    }

    std::optional<Instant> instant(const char* key) const
    {
        const auto found = number(key);
        return found ? std::optional{Instant{std::chrono::nanoseconds{*found}}} : std::nullopt;
    }

    double degrees(const char* key, double most) const
    {
        const Json* found = member(key);
        if (found == nullptr || !found->is_number()) refuse(key);
        const auto value = found->get<double>();
        if (!(value >= -most && value <= most)) refuse(key);
        return value;
    }

    template <class T, std::size_t n>
    T word(const char* key, const std::array<T, n>& words) const
    {
        const Json* found = member(key);
        if (found == nullptr) return T{};
        if (!found->is_string()) refuse(key);
        for (const T fact : words)
            if (found->get_ref<const std::string&>() == name(fact)) return fact;
        refuse(key);
    }

    const Json& list(const char* key, std::size_t most) const
    {
        static const Json none = Json::array();
        const Json* found = member(key);
        if (found == nullptr) return none;
        if (!found->is_array() || found->size() > most) refuse(key);
        return *found;
    }

    std::vector<std::string> texts(const char* key) const
    {
        std::vector<std::string> result;
        for (const Json& one : list(key, phone_list_limit)) {
            if (!one.is_string() || !is_kept_text(one.get_ref<const std::string&>())) refuse(key);
            result.push_back(one.get<std::string>());
        }
        return result;
    }

    const Json* member(const char* key) const
    {
        const auto found = json_->find(key);
        return found == json_->end() ? nullptr : &*found;
    }

private:
    const Json* json_;
};

PhoneResource resource_of(const Json& json)
{
    const Object object{json};
    PhoneResource resource;
    resource.role = object.word("role", roles);
    resource.video = object.flag("video");
    resource.bytes = object.count("bytes", INT64_MAX);
    resource.locality = object.word("locality", localities);
    return resource;
}

PhoneAsset asset_of(const Json& json)
{
    const Object object{json};
    PhoneAsset asset;
    asset.uuid = object.checked("uuid", is_phone_uuid);
    asset.path = object.checked("path", is_phone_path);
    asset.original_name = object.text("original_name");
    asset.kind = object.word("kind", media_kinds);
    asset.subtype = object.word("subtype", subtypes);
    asset.provenance = object.word("provenance", provenances);
    asset.app = object.text("app");
    asset.created = object.instant("created");
    asset.added = object.instant("added");
    asset.modified = object.instant("modified");
    asset.time_zone = object.text("time_zone");
    if (const auto minutes = object.number("offset_minutes")) {
        if (*minutes < -most_offset_minutes || *minutes > most_offset_minutes) refuse("offset_minutes");
        asset.offset_minutes = static_cast<int>(*minutes);
    }
    if (object.member("latitude") != nullptr)
        asset.position = GeoPoint{object.degrees("latitude", 90), object.degrees("longitude", 180), {}};
    asset.favorite = object.flag("favorite");
    asset.hidden = object.flag("hidden");
    asset.trashed = object.flag("trashed");
    asset.trashed_at = object.instant("trashed_at");
    asset.edited = object.flag("edited");
    asset.edited_at = object.instant("edited_at");
    asset.edited_by = object.text("edited_by");
    asset.title = object.text("title");
    asset.caption = object.checked("caption", is_kept_caption);
    asset.keywords = object.texts("keywords");
    asset.people = object.texts("people");
    asset.burst_uuid = object.text("burst_uuid");
    asset.burst_picked = object.flag("burst_picked");
    asset.burst_key = object.flag("burst_key");
    asset.shown = object.flag("shown", true);
    asset.live_uuid = object.text("live_uuid");
    asset.in_shared_library = object.flag("in_shared_library");
    for (const Json& one : object.list("resources", phone_list_limit))
        asset.resources.push_back(resource_of(one));
    asset.locality = object.word("locality", localities);
    return asset;
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
    {
        if (ended_) refuse("more after the end");
        if (text.size() > longest_line) refuse("a line is too long");
        const Json json = parse(text);
        if (!json.is_object() || json.size() != 1) refuse("not one thing");
        const auto only = json.begin();
        const std::string& key = only.key();
        const Json& value = only.value();
        if ((key == "library") == begun_) refuse("it doesn't begin with what the library is");
        if (key == "library") return begin(Object{value});
        if (key == "asset") return add_asset(asset_of(value));
        if (key == "album") return add_album(Object{value});
        if (key == "members") return add_members(value);
        if (key == "trouble") return add_trouble(value);
        if (key == "end") return end(Object{value});
        refuse("an unknown line");
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

    void begin(const Object& object)
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

    std::optional<std::uint32_t> place(const Object& object, const char* key, std::size_t most) const
    {
        const auto found = object.count(key, UINT32_MAX);
        if (!found) return std::nullopt;
        if (*found >= most) refuse(key);
        return static_cast<std::uint32_t>(*found);
    }

    void add_album(const Object& object)
    {
        if (library_.albums.size() >= limits_.albums) refuse("too many albums");
        PhoneAlbum album;
        album.kind = object.word("kind", album_kinds);
        album.uuid = object.checked("uuid", is_phone_uuid);
        album.title = object.text("title");
        album.owner = object.text("owner");
        album.parent = place(object, "parent", limits_.albums);
        album.order = object.word("order", orders);
        album.key = place(object, "key", library_.assets.size());
        album.created = object.instant("created");
        album.trashed = object.flag("trashed");
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

    void add_trouble(const Json& trouble)
    {
        if (library_.troubles.size() >= phone_list_limit || !trouble.is_string() ||
            !is_kept_text(trouble.get_ref<const std::string&>()))
            refuse("trouble");
        library_.troubles.push_back(trouble.get<std::string>());
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

    void end(const Object& object)
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
