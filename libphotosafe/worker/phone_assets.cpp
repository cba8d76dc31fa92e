// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <unordered_set>

#include <photosafe/error.hpp>

#include "worker/phone_reading.hpp"

namespace photosafe::worker {

namespace {

PhoneSubtype subtype_of(std::optional<std::int64_t> kind, std::optional<std::int64_t> subtype)
{
    switch (subtype.value_or(-1)) {
    case 0: return kind == 1 ? PhoneSubtype::video : PhoneSubtype::still;
    case 1: return PhoneSubtype::panorama;
    case 2: return PhoneSubtype::live;
    case 10: return PhoneSubtype::screenshot;
    case 100: return PhoneSubtype::video;
    case 101: return PhoneSubtype::slow_motion;
    case 102: return PhoneSubtype::time_lapse;
    case 103: return PhoneSubtype::screen_recording;
    default: return PhoneSubtype::unknown;
    }
}

/// From ZSAVEDASSETTYPE.
Provenance provenance_of(std::optional<std::int64_t> saved)
{
    switch (saved.value_or(-1)) {
    case 0:
    case 3:
    case 5: return Provenance::local;
    case 4: return Provenance::shared_album;
    case 6: return Provenance::icloud;
    case 8: return Provenance::shared_link;
    case 10: return Provenance::referenced;
    case 12: return Provenance::shared_with_you;
    default: return Provenance::unknown;
    }
}

/// ZAVALANCHEPICKTYPE is made of bits: 2 nobody picked it, 4 Photos would, 8 a person did, 16 it lies on top.
constexpr std::int64_t burst_picked = 8, burst_key = 16;
constexpr std::int64_t invisible = 2; // ZVISIBILITYSTATE
constexpr double unknown_date = std::numeric_limits<double>::lowest();

/// Reads row after row of one SELECT over the items, their attributes and their captions.
class AssetRows {
public:
    explicit AssetRows(PhoneReading& reading)
        : reading_{reading}, resources_{read_resources(reading)}, people_{read_people(reading)},
          keywords_{read_keywords(reading)}, columns_{reading.schema}, query_{reading.database, sql()},
          values_{query_, reading.troubles}
    {
    }

    void read()
    {
        while (query_.step()) {
            const auto key = values_.number(key_);
            if (!key || (!reading_.items.empty() && *key <= reading_.items.back().key)) {
                reading_.troubles.add(PhoneTrouble::number); // keys are what Core Data counts up
                continue;
            }
            if (reading_.items.size() >= reading_.limits.assets)
                throw MediaError{ErrorCode::unreadable, "The library has more items than can be read."};
            const PhoneAsset read = asset(*key);
            const auto seconds = [&](int column) { return query_.real(column).value_or(unknown_date); };
            reading_.items.push_back({*key, read.created ? seconds(created_) : unknown_date,
                                      seconds(published_), values_.number(share_).value_or(no_key)});
            reading_.put(asset_line(read));
        }
    }

private:
    int of_asset(const char* column) { return columns_.add(reading_.schema.asset_table(), "a", column); }
    int of_attributes(const char* column) { return columns_.add(attributes_table_, "t", column); }

    std::string sql()
    {
        const std::string from = joins();
        key_ = of_asset("Z_PK");
        uuid_ = of_asset("ZUUID");
        folder_ = of_asset("ZDIRECTORY");
        name_ = of_asset("ZFILENAME");
        kind_ = of_asset("ZKIND");
        subtype_ = of_asset("ZKINDSUBTYPE");
        saved_ = of_asset("ZSAVEDASSETTYPE");
        created_ = of_asset("ZDATECREATED");
        added_ = of_asset("ZADDEDDATE");
        modified_ = of_asset("ZMODIFICATIONDATE");
        trashed_at_ = of_asset("ZTRASHEDDATE");
        edited_at_ = of_asset("ZADJUSTMENTTIMESTAMP");
        latitude_ = of_asset("ZLATITUDE");
        longitude_ = of_asset("ZLONGITUDE");
        favorite_ = of_asset("ZFAVORITE");
        hidden_ = of_asset("ZHIDDEN");
        trashed_ = of_asset("ZTRASHEDSTATE");
        adjustments_ = of_asset("ZADJUSTMENTSSTATE");
        has_adjustments_ = of_asset("ZHASADJUSTMENTS");
        burst_ = of_asset("ZAVALANCHEUUID");
        pick_ = of_asset("ZAVALANCHEPICKTYPE");
        visibility_ = of_asset("ZVISIBILITYSTATE");
        group_ = of_asset("ZMEDIAGROUPUUID");
        in_shared_library_ = of_asset("ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE");
        share_ = of_asset("ZCOLLECTIONSHARE");
        published_ = of_asset("ZCLOUDBATCHPUBLISHDATE");
        attributes_ = of_attributes("Z_PK");
        original_name_ = of_attributes("ZORIGINALFILENAME");
        zone_ = of_attributes("ZTIMEZONENAME");
        offset_ = of_attributes("ZTIMEZONEOFFSET");
        title_ = of_attributes("ZTITLE");
        editor_ = of_attributes("ZEDITORBUNDLEID");
        app_ = of_attributes("ZIMPORTEDBYBUNDLEIDENTIFIER");
        old_app_ = of_attributes("ZCREATORBUNDLEID");
        app_name_ = of_attributes("ZIMPORTEDBYDISPLAYNAME");
        caption_ = columns_.add(description_table_, "d", "ZLONGDESCRIPTION");
        return "SELECT " + columns_.sql() + " FROM " + reading_.schema.asset_table() + " a" + from +
               " ORDER BY a.Z_PK";
    }

    /// Both sides of each relation name the other; either will do. A table that can't be joined isn't asked.
    std::string joins()
    {
        PhoneSchema& schema = reading_.schema;
        constexpr const char *attributes = "ZADDITIONALASSETATTRIBUTES", *description = "ZASSETDESCRIPTION";
        const std::string& asset = schema.asset_table();
        if (!schema.has(asset, "Z_PK"))
            throw MediaError{ErrorCode::unreadable,
                             "The table of its items has no keys: it is not Photos' database."};
        std::string sql;
        if (schema.has(attributes, "Z_PK") && schema.has(asset, "ZADDITIONALATTRIBUTES"))
            sql = " LEFT JOIN ZADDITIONALASSETATTRIBUTES t ON t.Z_PK = a.ZADDITIONALATTRIBUTES";
        else if (schema.has(attributes, "ZASSET"))
            sql = " LEFT JOIN ZADDITIONALASSETATTRIBUTES t ON t.ZASSET = a.Z_PK";
        if (sql.empty())
            reading_.troubles.add_lost(
                "Original names, time zones and titles can't be known: the database has no "
                "table that holds them.");
        else
            attributes_table_ = attributes;

        std::string captions;
        if (schema.has(description, "Z_PK") && schema.has(attributes_table_, "ZASSETDESCRIPTION"))
            captions = " LEFT JOIN ZASSETDESCRIPTION d ON d.Z_PK = t.ZASSETDESCRIPTION";
        else if (schema.has(description, "ZASSETATTRIBUTES") && schema.has(attributes_table_, "Z_PK"))
            captions = " LEFT JOIN ZASSETDESCRIPTION d ON d.ZASSETATTRIBUTES = t.Z_PK";
        if (captions.empty())
            reading_.troubles.add_lost("Captions can't be known: the database has no table that holds them.");
        else
            description_table_ = description;
        return sql + captions;
    }

    PhoneAsset asset(std::int64_t key)
    {
        PhoneAsset asset;
        asset.uuid = values_.uuid(uuid_);
        if (!asset.uuid.empty() && !uuids_.insert(asset.uuid).second) {
            reading_.troubles.add(PhoneTrouble::twin_uuid);
            asset.uuid.clear();
        }
        asset.path = values_.path(folder_, name_);
        asset.original_name = values_.text(original_name_);
        const auto kind = values_.number(kind_);
        asset.kind = kind == 0 ? MediaKind::photo : kind == 1 ? MediaKind::video : MediaKind::unknown;
        asset.subtype = subtype_of(kind, values_.number(subtype_));
        asset.provenance = provenance_of(values_.number(saved_));
        asset.app = first_text({app_, old_app_, app_name_});
        asset.created = values_.instant(created_);
        asset.added = values_.instant(added_);
        asset.modified = values_.instant(modified_);
        asset.time_zone = values_.text(zone_);
        asset.offset_minutes = offset();
        asset.position = values_.position(latitude_, longitude_);
        asset.favorite = values_.flag(favorite_);
        asset.hidden = values_.flag(hidden_);
        asset.trashed = is_trashed();
        asset.trashed_at = values_.instant(trashed_at_);
        asset.edited = values_.flag(adjustments_) || values_.flag(has_adjustments_);
        asset.edited_at = values_.instant(edited_at_);
        asset.edited_by = values_.text(editor_);
        asset.title = values_.text(title_);
        asset.caption = values_.caption(caption_);
        asset.burst_uuid = values_.text(burst_);
        const auto pick = values_.number(pick_).value_or(0);
        asset.burst_picked = (pick & burst_picked) != 0;
        asset.burst_key = (pick & burst_key) != 0;
        asset.shown = values_.number(visibility_) != invisible;
        asset.live_uuid = values_.text(group_);
        asset.in_shared_library = values_.flag(in_shared_library_);
        asset.people = names(people_, key);
        if (const auto attributes = values_.number(attributes_))
            asset.keywords = names(keywords_, *attributes);
        add_resources(asset, key);
        return asset;
    }

    std::string first_text(std::initializer_list<int> columns) const
    {
        for (const int column : columns)
            if (std::string text = values_.text(column); !text.empty()) return text;
        return {};
    }

    std::optional<int> offset() const
    {
        const auto seconds = values_.number(offset_);
        if (!seconds) return std::nullopt;
        if (*seconds >= -60 * most_offset_minutes && *seconds <= 60 * most_offset_minutes)
            return static_cast<int>(*seconds / 60);
        reading_.troubles.add(PhoneTrouble::number);
        return std::nullopt;
    }

    /// Only what is known to be deleted counts as that: it might be left out of an import.
    bool is_trashed() const
    {
        const auto state = values_.number(trashed_);
        if (state.value_or(0) != 0 && state != 1) reading_.troubles.add(PhoneTrouble::trash_state);
        return state == 1;
    }

    static std::vector<std::string> names(const Belongings<std::string>& all, std::int64_t key)
    {
        std::vector<std::string> result;
        const auto [first, last] = belonging_to(all, key);
        for (auto at = first; at != last && result.size() < phone_list_limit; ++at)
            if (std::find(result.begin(), result.end(), at->second) == result.end())
                result.push_back(at->second);
        return result;
    }

    /// Where several rows are of the original, it is on the phone when one of them is.
    void add_resources(PhoneAsset& asset, std::int64_t key) const
    {
        const auto [first, last] = belonging_to(resources_, key);
        for (auto at = first; at != last; ++at) {
            if (asset.resources.size() == phone_list_limit)
                return reading_.troubles.add(PhoneTrouble::too_many_files);
            const ResourceRow& row = at->second;
            PhoneResource resource{row.role, row.video, std::nullopt, row.locality};
            if (row.bytes >= 0) resource.bytes = static_cast<std::uint64_t>(row.bytes);
            asset.resources.push_back(resource);
            if (row.role == Role::original && (asset.locality != Locality::on_phone))
                asset.locality = row.locality;
        }
    }

    PhoneReading& reading_;
    const Belongings<ResourceRow> resources_;
    const Belongings<std::string> people_, keywords_;
    std::string attributes_table_, description_table_; ///< empty: not to be asked
    PhoneColumns columns_;
    int key_{}, uuid_{}, folder_{}, name_{}, kind_{}, subtype_{}, saved_{}, created_{}, added_{}, modified_{},
        trashed_at_{}, edited_at_{}, latitude_{}, longitude_{}, favorite_{}, hidden_{}, trashed_{},
        adjustments_{}, has_adjustments_{}, burst_{}, pick_{}, visibility_{}, group_{}, in_shared_library_{},
        share_{}, published_{}, attributes_{}, original_name_{}, zone_{}, offset_{}, title_{}, editor_{},
        app_{}, old_app_{}, app_name_{}, caption_{};
    std::unordered_set<std::string> uuids_;
    PhoneQuery query_;
    PhoneValues values_;
};

} // namespace

void read_assets(PhoneReading& reading) { AssetRows{reading}.read(); }

} // namespace photosafe::worker
