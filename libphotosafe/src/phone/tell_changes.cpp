// SPDX-License-Identifier: LGPL-2.1-or-later
#include "phone/tell_changes.hpp"

#include <map>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "core/phone_facts.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

constexpr std::size_t events_at_once = 500;
constexpr std::size_t keys_at_once = 1000;

class Teller {
public:
    Teller(Catalog& catalog, const std::string& source, const LibraryReading& reading,
           const OriginalOf& original_of, const std::function<void(std::vector<Event>)>& put)
        : catalog_{catalog}, source_{source}, reading_{reading}, original_of_{original_of}, put_{put}
    {
    }

    void run();

private:
    void put(Event event)
    {
        events_.push_back(std::move(event));
        if (events_.size() >= events_at_once) flush();
    }
    void flush()
    {
        if (!events_.empty()) put_(std::exchange(events_, {}));
    }
    void tell_items();
    void tell_item(const PhoneAsset& item);
    void tell_albums();
    AlbumTold told(const PhoneAlbum& album, std::size_t place) const;
    template <class Gone>
    void tell_gone(std::vector<std::string> keys);
    bool is_trashed(const std::string& key) const;

    Catalog& catalog_;
    const std::string& source_;
    const LibraryReading& reading_;
    const OriginalOf& original_of_;
    const std::function<void(std::vector<Event>)>& put_;
    std::int64_t library_ = 0;
    std::vector<Event> events_;
    std::unordered_set<std::string_view> trashed_;
};

void Teller::run()
{
    Looked look{
        .at = wall_now(), .files = reading_.files, .items = 0, .albums = 0, .trouble = {}, .troubles = {}};
    if (!reading_.known()) {
        look.files.clear();
        look.trouble = reading_.trouble;
        put(std::move(look));
        return flush();
    }
    const PhoneLibrary& library = reading_.library;
    look.items = library.assets.size();
    look.albums = library.albums.size();
    look.troubles = library.troubles;
    look.troubles.insert(look.troubles.end(), library.lost_facts.begin(), library.lost_facts.end());
    put(LibraryFound{library.uuid, library.model_version});
    flush(); // now it has a row
    library_ = catalog_.phones().library(source_, library.uuid);
    tell_items();
    tell_albums();
    put(std::move(look));
    flush();
}

void Teller::tell_items()
{
    std::unordered_set<std::string_view> there;
    there.reserve(reading_.library.assets.size());
    for (const PhoneAsset& item : reading_.library.assets) {
        const std::string& key = phone_key(item);
        if (key.empty() || !there.insert(key).second) continue;
        if (item.trashed) trashed_.insert(key);
        tell_item(item);
    }
    std::vector<std::string> gone;
    for (std::string& key : catalog_.phones().item_keys(library_))
        if (!there.contains(key)) gone.push_back(std::move(key));
    tell_gone<ItemsGone>(std::move(gone));
}

void Teller::tell_item(const PhoneAsset& item)
{
    const auto known = catalog_.phones().item(library_, phone_key(item));
    auto original = original_of_(item);
    if (!original && known) original = known->asset;
    if (known && !known->gone && known->asset == original && known->facts == phone_asset_json(item).dump())
        return;
    ItemTold event{.item = item, .original = {}};
    if (original)
        if (const auto asset = catalog_.find(*original)) event.original = asset->digest.sha256;
    put(std::move(event));
}

AlbumTold Teller::told(const PhoneAlbum& album, std::size_t place) const
{
    const PhoneLibrary& library = reading_.library;
    AlbumTold result{.album = album, .folder = {}, .key_item = {}, .place = place, .members = {}};
    result.album.members.clear();
    result.album.parent.reset();
    result.album.key.reset();
    if (album.parent) result.folder = phone_key(library.albums[*album.parent]);
    if (album.key) result.key_item = phone_key(library.assets[*album.key]);
    for (const std::uint32_t member : album.members) {
        const std::string& key = phone_key(library.assets[member]);
        if (!key.empty()) result.members.push_back(key);
    }
    return result;
}

bool Teller::is_trashed(const std::string& key) const { return trashed_.contains(key); }

void Teller::tell_albums()
{
    std::map<std::string, std::string> known; // by key, as a line
    for (AlbumTold& album : catalog_.phones().albums(library_)) {
        std::erase_if(album.members, [&](const std::string& key) { return is_trashed(key); });
        known.emplace(phone_key(album.album), json(album).dump());
    }
    std::unordered_set<std::string> there;
    const auto& albums = reading_.library.albums;
    for (std::size_t i = 0; i < albums.size(); ++i) {
        AlbumTold now = told(albums[i], i);
        const std::string key = phone_key(now.album);
        if (key.empty() || !there.insert(key).second) continue;
        // What is in the bin comes and goes without the person's doing.
        AlbumTold compared = now;
        std::erase_if(compared.members, [&](const std::string& one) { return is_trashed(one); });
        const auto found = known.find(key);
        if (found == known.end() || found->second != json(compared).dump()) put(std::move(now));
    }
    std::vector<std::string> gone;
    for (const auto& [key, line] : known)
        if (!there.contains(key)) gone.push_back(key);
    tell_gone<AlbumsGone>(std::move(gone));
}

template <class Gone>
void Teller::tell_gone(std::vector<std::string> keys)
{
    for (std::size_t at = 0; at < keys.size(); at += keys_at_once) {
        Gone event;
        for (std::size_t i = at; i < std::min(keys.size(), at + keys_at_once); ++i)
            event.keys.push_back(std::move(keys[i]));
        put(std::move(event));
    }
}

} // namespace

void tell_changes(Catalog& catalog, const std::string& source, const LibraryReading& reading,
                  const OriginalOf& original_of, const std::function<void(std::vector<Event>)>& put)
{
    Teller{catalog, source, reading, original_of, put}.run();
}

} // namespace photosafe
