// SPDX-License-Identifier: LGPL-2.1-or-later
// The rows that an asset has.
#include "library_writer.hpp"

#include "roll_time.hpp"

#include <algorithm>
#include <array>

namespace simphone {
namespace {

int saved_asset_type(const std::string& provenance)
{
    if (provenance == "shared_album") return 4;
    if (provenance == "icloud") return 6;
    return provenance == "synced" ? 2 : 3; // 2 is a guess
}

int kind_subtype(const std::string& subtype)
{
    static constexpr std::array<std::pair<const char*, int>, 5> numbers{
        {{"live", 2}, {"screenshot", 10}, {"video", 100}, {"slow_motion", 101}, {"still", 0}}};
    for (const auto& [name, number] : numbers)
        if (subtype == name) return number;
    return 0;
}

int playback_style(const LibraryAsset& asset)
{
    if (asset.movie) return 4;
    if (asset.uti == "com.compuserve.gif") return 2;
    return asset.subtype == "live" ? 3 : 1;
}

struct ResourceNumbers {
    int store_subtype, type, version, recipe;
};

ResourceNumbers numbers_of(const LibraryResource& resource)
{
    const int kind = resource.movie ? 1 : 0;
    if (resource.role == "live_video") return {18, 3, 0, 0};
    if (resource.role == "raw") return {17, 4, 0, 0};
    if (resource.role == "edited")
        return {resource.movie ? 16 : 2, kind, 2, resource.movie ? 131'072 : 65'938};
    if (resource.role == "edited_video") return {19, 3, 2, 131'272};
    if (resource.role == "sidecar") return {22, 5, 0, 0};
    if (resource.role == "thumbnail") return {5, 0, 3, 65'743};
    return {1, kind, 0, 0};
}

// Of Apple's fingerprints only the look is known.
std::string fingerprint(const std::string& uuid, const std::string& role)
{
    static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Random random{derive_seed(1, uuid + role)};
    std::string text = "A";
    for (int i = 0; i < 27; ++i) text += letters[random.below(64)];
    return text;
}

// "GMT+0200", as Photos names a zone of which it knows the offset only.
std::string zone_name(int minutes)
{
    std::string text = zone_text({0, minutes});
    text.erase(3, 1);
    return "GMT" + text;
}

} // namespace

Rows LibraryWriter::rows(TableKind kind)
{
    return {database_, table_name(kind, generation_), columns_of(kind, generation_)};
}

LibraryWriter::LibraryWriter(const Library& library, const Generation& generation, Database& database)
    : library_{library}, generation_{generation}, database_{database}, assets_{rows(TableKind::asset)},
      attributes_{rows(TableKind::attributes)}, descriptions_{rows(TableKind::description)},
      adjustments_{rows(TableKind::adjustment)}, resources_{rows(TableKind::resource)}, faces_{rows(
                                                                                            TableKind::face)},
      asset_keywords_{rows(TableKind::asset_keywords)}, albums_{rows(TableKind::album)},
      album_assets_{rows(TableKind::album_assets)}, album_lists_{rows(TableKind::album_lists)},
      shared_in_(library.assets.size())
{
    for (std::size_t i = 0; i < library_.albums.size(); ++i)
        if (library_.albums[i].kind == LibraryAlbum::Kind::shared)
            for (const std::size_t member : library_.albums[i].members) shared_in_[member] = i;
}

std::string LibraryWriter::numbered(const char* before, int number, const char* after) const
{
    return before + std::to_string(number) + after;
}

void LibraryWriter::people_and_keywords()
{
    Rows people = rows(TableKind::person);
    for (std::size_t i = 0; i < library_.people.size(); ++i) {
        const std::string& name = library_.people[i];
        people.set("Z_PK", key(i)).set("Z_ENT", generation_.person()).set("Z_OPT", 1).set("ZTYPE", 0);
        people.set("ZVERIFIEDTYPE", name.empty() ? 0 : 1).set("ZFULLNAME", name);
        people.set("ZDISPLAYNAME", name.substr(0, name.find(' ')));
        people.set("ZPERSONUUID", "PERSON-" + std::to_string(i)).insert();
    }
    Rows keywords = rows(TableKind::keyword);
    for (std::size_t i = 0; i < library_.keywords.size(); ++i)
        keywords.set("Z_PK", key(i))
            .set("Z_ENT", generation_.keyword)
            .set("Z_OPT", 1)
            .set("ZTITLE", library_.keywords[i])
            .set("ZUUID", "KEYWORD-" + std::to_string(i))
            .insert();
}

void LibraryWriter::asset(std::size_t number)
{
    const LibraryAsset& asset = library_.assets[number];
    const std::int64_t pk = key(number);
    const auto& late = library_.late_favourites;
    const bool late_heart = std::find(late.begin(), late.end(), number) != late.end();
    const bool edited = asset.edited_ns.has_value();
    bool in_icloud = false;
    for (const LibraryResource& resource : asset.resources) in_icloud |= resource.in_icloud;

    assets_.set("Z_PK", pk)
        .set("Z_ENT", generation_.asset + (generation_.generic_asset() ? 1 : 0))
        .set("Z_OPT", 3);
    assets_.set("ZADJUSTMENTSSTATE", !edited                          ? 0
                                     : asset.subtype == "slow_motion" ? 3
                                                                      : 2)
        .set("ZHASADJUSTMENTS", edited);
    assets_.set("ZAVALANCHEUUID", asset.burst_uuid).set("ZAVALANCHEPICKTYPE", asset.burst_pick);
    assets_.set("ZAVALANCHEKIND", asset.burst_uuid.empty() ? 0 : 1);
    assets_.set("ZVISIBILITYSTATE", asset.burst_pick == 2 ? 2 : 0);
    assets_.set("ZBUNDLESCOPE", asset.provenance == "shared_album" ? 2 : 0);
    assets_.set("ZCLOUDISMYASSET", 0).set("ZCLOUDLOCALSTATE", in_icloud).set("ZCLOUDPLACEHOLDERKIND", 0);
    assets_.set("ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE", 0).set("ZCOMPLETE", 1);
    assets_.set("ZFAVORITE", asset.favourite && !late_heart).set("ZHIDDEN", asset.hidden);
    assets_.set("ZTRASHEDSTATE", asset.trashed).set_time("ZTRASHEDDATE", asset.trashed_ns);
    assets_.set("ZKIND", asset.movie ? 1 : 0).set("ZKINDSUBTYPE", kind_subtype(asset.subtype));
    assets_.set("ZISDETECTEDSCREENSHOT", asset.subtype == "screenshot")
        .set("ZPLAYBACKSTYLE", playback_style(asset));
    assets_.set("ZSAVEDASSETTYPE", saved_asset_type(asset.provenance))
        .set("ZSPATIALTYPE", 0)
        .set("ZHDRTYPE", 0);
    assets_.set("ZWIDTH", static_cast<std::int64_t>(asset.width))
        .set("ZHEIGHT", static_cast<std::int64_t>(asset.height));
    assets_.set("ZORIENTATION", asset.orientation)
        .set("ZDURATION", asset.seconds)
        .set("ZADDITIONALATTRIBUTES", pk);
    assets_.set_time("ZDATECREATED", asset.created_ns).set_time("ZADDEDDATE", asset.added_ns);
    assets_.set_time("ZMODIFICATIONDATE", asset.modified_ns)
        .set_time("ZADJUSTMENTTIMESTAMP", asset.edited_ns);
    assets_.set("ZSORTTOKEN", core_data_seconds(asset.added_ns));
    assets_.set("ZLATITUDE", asset.place ? asset.place->latitude : -180.0);
    assets_.set("ZLONGITUDE", asset.place ? asset.place->longitude : -180.0);
    assets_.set("ZDIRECTORY", asset.folder).set("ZFILENAME", asset.name).set("ZUUID", asset.uuid);
    assets_.set("ZMEDIAGROUPUUID", asset.group_uuid).set("ZUNIFORMTYPEIDENTIFIER", asset.uti);
    if (const auto album = shared_in_[number]) {
        assets_.set("ZCOLLECTIONSHARE", album_key(*album));
        assets_.set_time("ZCLOUDBATCHPUBLISHDATE", asset.added_ns);
    }
    assets_.insert();
    attributes(pk, asset);
    for (const LibraryResource& each : asset.resources) resource(pk, asset, each);
    for (const std::size_t keyword : asset.keywords)
        asset_keywords_.set("Z_1ASSETATTRIBUTES", pk)
            .set(numbered("Z_", generation_.keyword, "KEYWORDS"), key(keyword))
            .insert();
    faces(pk, asset);
}

void LibraryWriter::attributes(std::int64_t pk, const LibraryAsset& asset)
{
    const LibraryResource& original = asset.resources.front();
    attributes_.set("Z_PK", pk).set("Z_ENT", 1).set("Z_OPT", 2).set("ZASSET", pk);
    if (generation_.generic_asset())
        attributes_.set(numbered("Z", generation_.asset, "_ASSET"), generation_.asset + 1);
    attributes_.set("ZIMPORTEDBY", asset.provenance == "camera" ? 1 : asset.provenance == "app" ? 3 : 0);
    attributes_.set("ZIMPORTEDBYBUNDLEIDENTIFIER", asset.app).set("ZCREATORBUNDLEID", asset.app);
    attributes_.set("ZORIGINALFILENAME", asset.original_name).set("ZTITLE", asset.title);
    attributes_.set("ZORIGINALFILESIZE", static_cast<std::int64_t>(original.bytes));
    attributes_.set("ZORIGINALWIDTH", static_cast<std::int64_t>(asset.width));
    attributes_.set("ZORIGINALHEIGHT", static_cast<std::int64_t>(asset.height));
    attributes_.set("ZORIGINALORIENTATION", asset.orientation);
    for (const char* column : {"ZMASTERFINGERPRINT", "ZORIGINALSTABLEHASH"})
        attributes_.set(column, fingerprint(asset.uuid, "original"));
    if (asset.offset_minutes) {
        const Moment moment{asset.created_ns, *asset.offset_minutes};
        attributes_.set("ZTIMEZONEOFFSET", *asset.offset_minutes * 60)
            .set("ZTIMEZONENAME", zone_name(*asset.offset_minutes));
        attributes_.set("ZEXIFTIMESTAMPSTRING", exif_time(moment));
    }
    if (!asset.caption.empty()) {
        descriptions_.set("Z_PK", ++description_count_)
            .set("Z_ENT", generation_.asset_description())
            .set("Z_OPT", 1);
        descriptions_.set("ZASSETATTRIBUTES", pk).set("ZLONGDESCRIPTION", asset.caption).insert();
        attributes_.set("ZASSETDESCRIPTION", description_count_);
    }
    if (asset.edited_ns) {
        const bool slow = asset.subtype == "slow_motion";
        adjustments_.set("Z_PK", ++adjustment_count_).set("Z_ENT", generation_.adjustment()).set("Z_OPT", 1);
        adjustments_.set("ZASSETATTRIBUTES", pk).set_time("ZADJUSTMENTTIMESTAMP", asset.edited_ns);
        adjustments_.set("ZADJUSTMENTFORMATIDENTIFIER", slow ? "com.apple.video.slomo" : "com.apple.photo");
        adjustments_.set("ZADJUSTMENTFORMATVERSION", slow ? "1.1" : "1.5");
        adjustments_.set("ZEDITORLOCALIZEDNAME", slow ? "" : "Photos").insert();
        attributes_.set("ZUNMANAGEDADJUSTMENT", adjustment_count_);
        attributes_.set("ZEDITORBUNDLEID", slow ? "com.apple.camera" : "com.apple.Photos");
    }
    attributes_.insert();
}

void LibraryWriter::resource(std::int64_t pk, const LibraryAsset& asset, const LibraryResource& resource)
{
    const ResourceNumbers numbers = numbers_of(resource);
    resources_.set("Z_PK", ++resource_count_)
        .set("Z_ENT", generation_.resource())
        .set("Z_OPT", 1)
        .set("ZASSET", pk);
    if (generation_.generic_asset())
        resources_.set(numbered("Z", generation_.asset, "_ASSET"), generation_.asset + 1);
    resources_.set("ZDATASTORECLASSID", 0).set("ZDATASTORESUBTYPE", numbers.store_subtype);
    resources_.set("ZRESOURCETYPE", numbers.type)
        .set("ZVERSION", numbers.version)
        .set("ZRECIPEID", numbers.recipe);
    resources_.set("ZLOCALAVAILABILITY", resource.local ? 1 : -1).set("ZLOCALAVAILABILITYTARGET", 0);
    resources_.set("ZREMOTEAVAILABILITY", resource.in_icloud).set("ZREMOTEAVAILABILITYTARGET", 0);
    resources_.set("ZCLOUDLOCALSTATE", resource.in_icloud ? 3 : 0).set("ZTRASHEDSTATE", asset.trashed);
    resources_.set_time("ZTRASHEDDATE", asset.trashed_ns);
    resources_.set("ZDATALENGTH", static_cast<std::int64_t>(resource.bytes))
        .set("ZCOMPACTUTI", resource.movie ? "23" : "3");
    if (numbers.version == 0)
        for (const char* column : {"ZFINGERPRINT", "ZSTABLEHASH"})
            resources_.set(column, fingerprint(asset.uuid, resource.role));
    resources_.insert();
}

void LibraryWriter::faces(std::int64_t pk, const LibraryAsset& asset)
{
    for (std::size_t i = 0; i < asset.people.size(); ++i) {
        faces_.set("Z_PK", ++face_count_).set("Z_ENT", generation_.face()).set("Z_OPT", 1);
        faces_.set("ZHIDDEN", 0).set("ZISINTRASH", 0).set("ZASSET", pk).set("ZASSETFORFACE", pk);
        if (generation_.generic_asset())
            faces_.set(numbered("Z", generation_.asset, "_ASSET"), generation_.asset + 1);
        faces_.set("ZPERSON", key(asset.people[i])).set("ZPERSONFORFACE", key(asset.people[i]));
        faces_.set("ZCENTERX", 0.2 + 0.15 * static_cast<double>(i)).set("ZCENTERY", 0.6).set("ZSIZE", 0.12);
        faces_.set("ZUUID", "FACE-" + std::to_string(face_count_)).insert();
    }
}

} // namespace simphone
