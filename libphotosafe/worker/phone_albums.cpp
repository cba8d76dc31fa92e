// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <photosafe/error.hpp>

#include "worker/phone_reading.hpp"

namespace photosafe::worker {

namespace {

std::optional<PhoneAlbum::Kind> kind_of(std::optional<std::int64_t> number)
{
    switch (number.value_or(-1)) {
    case 2: return PhoneAlbum::Kind::album;
    case 1505: return PhoneAlbum::Kind::shared;
    case 1506: return PhoneAlbum::Kind::import_session;
    case 1508: return PhoneAlbum::Kind::project;
    case 4000: return PhoneAlbum::Kind::folder;
    default: return std::nullopt; // Photos' own: roots, progress bars, what it fills by itself
    }
}

/// From ZCUSTOMSORTKEY and ZCUSTOMSORTASCENDING.
PhoneAlbum::Order order_of(std::optional<std::int64_t> key, std::optional<std::int64_t> ascending)
{
    switch (key.value_or(-1)) {
    case 0: return PhoneAlbum::Order::manual;
    case 1: return ascending == 0 ? PhoneAlbum::Order::newest_first : PhoneAlbum::Order::oldest_first;
    case 5: return PhoneAlbum::Order::title;
    default: return PhoneAlbum::Order::unknown;
    }
}

/// An album with what the database says of its place.
struct AlbumRow {
    PhoneAlbum album;
    std::int64_t key = 0, position = 0;
    std::int64_t folder = no_key;    ///< key of the folder
    std::int64_t custom = no_key;    ///< key of the key picture that a person chose
    std::int64_t automatic = no_key; ///< and of Photos' own
    bool is_share = false;           ///< its key is one of ZSHARE
};

struct Member {
    std::uint32_t album, item;
    std::int64_t order; ///< Z_FOK
};

using Places = std::unordered_map<std::int64_t, std::uint32_t>; ///< of rows, by key

class Albums {
public:
    explicit Albums(PhoneReading& reading) : reading_{reading} {}

    std::size_t read()
    {
        read_rows();
        read_shares();
        // Neighbours in a folder stand as Photos shows them.
        std::stable_sort(rows_.begin(), rows_.end(),
                         [](const AlbumRow& a, const AlbumRow& b) { return a.position < b.position; });
        for (std::uint32_t i = 0; i < rows_.size(); ++i)
            (rows_[i].is_share ? shares_ : albums_)[rows_[i].key] = i;
        place_in_folders();
        read_members();
        read_shared_members();
        read_key_pictures();
        for (const AlbumRow& row : rows_) {
            reading_.put(album_line(row.album));
            for (std::size_t first = 0; first < row.album.members.size(); first += members_of_a_line)
                reading_.put(members_line(row.album, first));
        }
        return rows_.size();
    }

private:
    PhoneSchema& schema() { return reading_.schema; }

    void add(AlbumRow&& row)
    {
        if (rows_.size() >= reading_.limits.albums)
            reading_.troubles.add(PhoneTrouble::too_many_albums);
        else
            rows_.push_back(std::move(row));
    }

    void read_rows()
    {
        constexpr const char* table = "ZGENERICALBUM";
        if (!schema().has(table, "Z_PK") || !schema().has(table, "ZKIND")) {
            reading_.troubles.add_lost("Albums can't be known: the database has no table that holds them.");
            return;
        }
        PhoneColumns columns{schema()};
        const auto column = [&](const char* name) { return columns.add(table, "g", name); };
        const int key = column("Z_PK"), kind = column("ZKIND"), uuid = column("ZUUID"),
                  title = column("ZTITLE"), owner = column("ZCLOUDOWNERFULLNAME"),
                  folder = column("ZPARENTFOLDER"), position = column("Z_FOK_PARENTFOLDER"),
                  sort_key = column("ZCUSTOMSORTKEY"), ascending = column("ZCUSTOMSORTASCENDING"),
                  created = column("ZCREATIONDATE"), trashed = column("ZTRASHEDSTATE"),
                  custom = column("ZCUSTOMKEYASSET"), automatic = column("ZKEYASSET");
        PhoneQuery query{reading_.database,
                         "SELECT " + columns.sql() + " FROM " + table + " g ORDER BY g.Z_PK"};
        const PhoneValues values{query, reading_.troubles, PhoneValues::About::facts};
        while (query.step()) {
            const auto pk = values.number(key);
            const auto what = kind_of(values.number(kind));
            if (!pk) continue;
            if (!what) {
                if (own_.size() < reading_.limits.albums) own_.insert(*pk);
                continue;
            }
            AlbumRow row;
            row.key = *pk;
            row.album.kind = *what;
            row.album.uuid = values.uuid(uuid);
            row.album.title = values.text(title);
            row.album.owner = values.text(owner);
            row.album.order = order_of(values.number(sort_key), values.number(ascending));
            row.album.created = values.instant(created);
            row.album.trashed = values.flag(trashed);
            row.folder = values.number(folder).value_or(no_key);
            row.position = values.number(position).value_or(0);
            row.custom = values.number(custom).value_or(no_key);
            row.automatic = values.number(automatic).value_or(no_key);
            add(std::move(row));
        }
    }

    /// Since iOS 26 a shared album is a share of the kind CollectionShare, which items name themselves.
    void read_shares()
    {
        const auto entity = reading_.schema.entity("CollectionShare");
        if (!entity || !schema().has("ZSHARE", "Z_ENT") || !schema().has("ZSHARE", "Z_PK")) return;
        PhoneColumns columns{schema()};
        const auto column = [&](const char* name) { return columns.add("ZSHARE", "s", name); };
        const int key = column("Z_PK"), uuid = column("ZUUID"), title = column("ZTITLE"),
                  created = column("ZCREATIONDATE"), trashed = column("ZTRASHEDSTATE");
        PhoneQuery query{reading_.database, "SELECT " + columns.sql() + " FROM ZSHARE s WHERE s.Z_ENT = " +
                                                std::to_string(*entity) + " ORDER BY s.Z_PK"};
        const PhoneValues values{query, reading_.troubles, PhoneValues::About::facts};
        while (query.step()) {
            const auto pk = values.number(key);
            if (!pk) continue;
            AlbumRow row;
            row.key = *pk;
            row.album.kind = PhoneAlbum::Kind::shared;
            row.album.uuid = values.uuid(uuid);
            row.album.title = values.text(title);
            row.album.created = values.instant(created);
            row.album.trashed = values.flag(trashed);
            row.is_share = true;
            add(std::move(row));
        }
    }
    void place_in_folders()
    {
        for (AlbumRow& row : rows_) {
            if (row.folder == no_key) continue;
            const auto found = albums_.find(row.folder);
            if (found != albums_.end() && rows_[found->second].album.kind == PhoneAlbum::Kind::folder)
                row.album.parent = found->second;
            else if (!own_.contains(row.folder)) // a root, mostly
                reading_.troubles.add(PhoneTrouble::missing_folder);
        }
        // Folders first: what makes the circle is taken apart, not what lies in it.
        for (const bool folders : {true, false})
            for (AlbumRow& row : rows_)
                if ((row.album.kind == PhoneAlbum::Kind::folder) == folders && is_too_deep(row)) {
                    reading_.troubles.add(PhoneTrouble::folder_cycle);
                    row.album.parent.reset();
                }
    }

    bool is_too_deep(const AlbumRow& row) const
    {
        std::size_t steps = 0;
        for (auto at = row.album.parent; at; at = rows_[*at].album.parent)
            if (++steps > folder_depth_limit) return true;
        return false;
    }

    void read_members()
    {
        const auto join = schema().album_assets();
        if (!join) {
            reading_.troubles.add_lost(
                "What is in albums can't be known: the database has no table that says it.");
            return;
        }
        const std::string order = join->order.empty() ? "NULL" : join->order;
        PhoneQuery query{reading_.database,
                         "SELECT " + join->left + ", " + join->right + ", " + order + " FROM " + join->name};
        const PhoneValues values{query, reading_.troubles, PhoneValues::About::facts};
        std::vector<Member> members;
        while (query.step()) {
            const auto album = values.number(0), item = values.number(1);
            if (!album || !item) continue;
            const auto row = albums_.find(*album);
            const auto place = reading_.place(*item);
            if (row == albums_.end() && own_.contains(*album)) continue;
            if (row == albums_.end())
                reading_.troubles.add(PhoneTrouble::missing_album);
            else if (!place)
                reading_.troubles.add(PhoneTrouble::missing_member);
            else if (members.size() >= reading_.limits.members)
                reading_.troubles.add(PhoneTrouble::too_many_members);
            else
                members.push_back({row->second, *place, values.number(2).value_or(0)});
        }
        fill(std::move(members));
    }

    /// Of shared albums that are shares: items say themselves which they are in, and when they came into it.
    void read_shared_members()
    {
        std::vector<Member> members;
        for (std::uint32_t i = 0; i < reading_.items.size(); ++i)
            if (const auto row = shares_.find(reading_.items[i].share); row != shares_.end())
                members.push_back({row->second, i, 0});
        std::stable_sort(members.begin(), members.end(), [&](const Member& a, const Member& b) {
            return reading_.items[a.item].published < reading_.items[b.item].published;
        });
        for (std::size_t i = 0; i < members.size(); ++i) members[i].order = static_cast<std::int64_t>(i);
        fill(std::move(members));
    }

    void fill(std::vector<Member>&& members)
    {
        std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
            return std::tie(a.album, a.order, a.item) < std::tie(b.album, b.order, b.item);
        });
        std::vector<std::uint32_t> album_of(reading_.items.size()); // number of the last album of each item
        for (const Member& member : members) {
            if (std::exchange(album_of[member.item], member.album + 1) == member.album + 1)
                reading_.troubles.add(PhoneTrouble::twin_member);
            else
                rows_[member.album].album.members.push_back(member.item);
        }
        for (AlbumRow& row : rows_) sort_by_date(row.album);
    }

    void sort_by_date(PhoneAlbum& album) const
    {
        const bool newest = album.order == PhoneAlbum::Order::newest_first;
        if (!newest && album.order != PhoneAlbum::Order::oldest_first) return;
        std::stable_sort(album.members.begin(), album.members.end(), [&](std::uint32_t a, std::uint32_t b) {
            const double one = reading_.items[a].created, other = reading_.items[b].created;
            return newest ? one > other : one < other;
        });
    }

    void read_key_pictures()
    {
        if (const auto join = schema().key_assets()) {
            const std::string order = join->order.empty() ? "" : " ORDER BY " + join->order + " DESC";
            PhoneQuery query{reading_.database,
                             "SELECT " + join->left + ", " + join->right + " FROM " + join->name + order};
            const PhoneValues values{query, reading_.troubles, PhoneValues::About::facts};
            while (query.step()) { // the first in order is the last to be seen
                const auto album = values.number(0), item = values.number(1);
                if (!album || !item) continue;
                if (const auto row = albums_.find(*album); row != albums_.end())
                    rows_[row->second].automatic = *item;
            }
        }
        for (AlbumRow& row : rows_)
            for (const std::int64_t key : {row.custom, row.automatic}) {
                if (key == no_key || row.album.key) continue;
                row.album.key = reading_.place(key);
                if (!row.album.key) reading_.troubles.add(PhoneTrouble::missing_key);
            }
    }

    PhoneReading& reading_;
    std::vector<AlbumRow> rows_;
    std::unordered_set<std::int64_t> own_; ///< keys of Photos' own albums and folders
    Places albums_, shares_;
};

} // namespace

std::size_t read_albums(PhoneReading& reading) { return Albums{reading}.read(); }

} // namespace photosafe::worker
