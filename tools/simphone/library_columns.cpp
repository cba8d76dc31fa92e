// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library_columns.hpp"

namespace simphone {
namespace {

constexpr std::string_view text = "VARCHAR", time_stamp = "TIMESTAMP", real = "FLOAT", blob = "BLOB";
constexpr int until_13 = 139, until_16 = 169;

constexpr Column asset_columns[] = {{"Z_PK"},
                                    {"Z_ENT"},
                                    {"Z_OPT"},
                                    {"ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE", "INTEGER", 160},
                                    {"ZADJUSTMENTSSTATE", "INTEGER", 170},
                                    {"ZAVALANCHEKIND", "INTEGER", 180},
                                    {"ZAVALANCHEPICKTYPE"},
                                    {"ZBUNDLESCOPE", "INTEGER", 150},
                                    {"ZCLOUDISMYASSET"},
                                    {"ZCLOUDLOCALSTATE"},
                                    {"ZCLOUDPLACEHOLDERKIND", "INTEGER", 0, 259},
                                    {"ZCOMPLETE"},
                                    {"ZFAVORITE"},
                                    {"ZHASADJUSTMENTS", "INTEGER", 0, until_16},
                                    {"ZHDRTYPE", "INTEGER", 150},
                                    {"ZHEIGHT"},
                                    {"ZHIDDEN"},
                                    {"ZISDETECTEDSCREENSHOT", "INTEGER", 180},
                                    {"ZKIND"},
                                    {"ZKINDSUBTYPE"},
                                    {"ZORIENTATION"},
                                    {"ZPLAYBACKSTYLE"},
                                    {"ZSAVEDASSETTYPE"},
                                    {"ZSPATIALTYPE", "INTEGER", 170},
                                    {"ZTRASHEDSTATE"},
                                    {"ZVISIBILITYSTATE"},
                                    {"ZWIDTH"},
                                    {"ZADDITIONALATTRIBUTES"},
                                    {"ZCOLLECTIONSHARE", "INTEGER", 260},
                                    {"ZIMPORTSESSION", "INTEGER", 130},
                                    {"ZLIBRARYSCOPE", "INTEGER", 160},
                                    {"ZMASTER"},
                                    {"ZMOMENT"},
                                    {"ZTRASHEDBYPARTICIPANT", "INTEGER", 160},
                                    {"ZADDEDDATE", time_stamp},
                                    {"ZADJUSTMENTTIMESTAMP", time_stamp},
                                    {"ZCLOUDBATCHPUBLISHDATE", time_stamp},
                                    {"ZDATECREATED", time_stamp},
                                    {"ZDURATION", real},
                                    {"ZLATITUDE", real},
                                    {"ZLONGITUDE", real},
                                    {"ZMODIFICATIONDATE", time_stamp},
                                    {"ZSORTTOKEN", real},
                                    {"ZTRASHEDDATE", time_stamp},
                                    {"ZAVALANCHEUUID", text},
                                    {"ZCLOUDASSETGUID", text},
                                    {"ZCLOUDOWNERHASHEDPERSONID", text},
                                    {"ZDIRECTORY", text},
                                    {"ZFILENAME", text},
                                    {"ZMEDIAGROUPUUID", text},
                                    {"ZUNIFORMTYPEIDENTIFIER", text},
                                    {"ZUUID", text},
                                    {"ZLOCATIONDATA", blob}};

constexpr Column attribute_columns[] = {{"Z_PK"},
                                        {"Z_ENT"},
                                        {"Z_OPT"},
                                        {"ZCAMERACAPTUREDEVICE"},
                                        {"ZCLOUDAVALANCHEPICKTYPE"},
                                        {"ZEMBEDDEDTHUMBNAILLENGTH"},
                                        {"ZIMPORTEDBY"},
                                        {"ZINFERREDTIMEZONEOFFSET"},
                                        {"ZORIGINALFILESIZE"},
                                        {"ZORIGINALHEIGHT"},
                                        {"ZORIGINALORIENTATION"},
                                        {"ZORIGINALWIDTH"},
                                        {"ZTIMEZONEOFFSET"},
                                        {"ZASSET"},
                                        {"Z@A_ASSET", "INTEGER", 0, until_13},
                                        {"ZASSETDESCRIPTION"},
                                        {"ZUNMANAGEDADJUSTMENT"},
                                        {"ZACCESSIBILITYDESCRIPTION", text, 140},
                                        {"ZADJUSTEDFINGERPRINT", text, 0, 179},
                                        {"ZCREATORBUNDLEID", text, 0, 149},
                                        {"ZEDITORBUNDLEID", text},
                                        {"ZEXIFTIMESTAMPSTRING", text},
                                        {"ZIMPORTEDBYBUNDLEIDENTIFIER", text, 150},
                                        {"ZIMPORTEDBYDISPLAYNAME", text, 140},
                                        {"ZIMPORTSESSIONID", text},
                                        {"ZMASTERFINGERPRINT", text, 0, until_16 + 10},
                                        {"ZORIGINALFILENAME", text},
                                        {"ZORIGINALSTABLEHASH", text, 180},
                                        {"ZTIMEZONENAME", text},
                                        {"ZTITLE", text},
                                        {"ZREVERSELOCATIONDATA", blob}};

constexpr Column description_columns[] = {
    {"Z_PK"}, {"Z_ENT"}, {"Z_OPT"}, {"ZASSETATTRIBUTES"}, {"ZLONGDESCRIPTION", text}};

constexpr Column adjustment_columns[] = {{"Z_PK"},
                                         {"Z_ENT"},
                                         {"Z_OPT"},
                                         {"ZASSETATTRIBUTES"},
                                         {"ZADJUSTMENTTIMESTAMP", time_stamp},
                                         {"ZADJUSTMENTFORMATIDENTIFIER", text},
                                         {"ZADJUSTMENTFORMATVERSION", text},
                                         {"ZEDITORLOCALIZEDNAME", text},
                                         {"ZUUID", text}};

constexpr Column album_columns[] = {{"Z_PK"},
                                    {"Z_ENT"},
                                    {"Z_OPT"},
                                    {"ZCACHEDCOUNT"},
                                    {"ZCLOUDLOCALSTATE"},
                                    {"ZCUSTOMSORTASCENDING"},
                                    {"ZCUSTOMSORTKEY"},
                                    {"ZISPINNED"},
                                    {"ZISPROTOTYPE", "INTEGER", 140},
                                    {"ZKIND"},
                                    {"ZTRASHEDSTATE"},
                                    {"ZCUSTOMKEYASSET"},
                                    {"Z@A_CUSTOMKEYASSET", "INTEGER", 0, until_13},
                                    {"ZKEYASSET", "INTEGER", 0, 179},
                                    {"Z@A_KEYASSET", "INTEGER", 0, until_13},
                                    {"ZPARENTFOLDER"},
                                    {"ZISOWNED"},
                                    {"Z_FOK_PARENTFOLDER"},
                                    {"ZCREATIONDATE", time_stamp},
                                    {"ZENDDATE", time_stamp},
                                    {"ZLASTMODIFIEDDATE", time_stamp, 180},
                                    {"ZSTARTDATE", time_stamp},
                                    {"ZTRASHEDDATE", time_stamp},
                                    {"ZCLOUDGUID", text},
                                    {"ZIMPORTSESSIONID", text},
                                    {"ZTITLE", text},
                                    {"ZUUID", text},
                                    {"ZCLOUDOWNERFULLNAME", text},
                                    {"ZUSERQUERYDATA", blob}};

constexpr Column album_assets_columns[] = {{"Z_@BALBUMS"}, {"Z_@AASSETS"}, {"Z_FOK_@AASSETS"}};
constexpr Column key_assets_columns[] = {
    {"Z_@GALBUMSBEINGKEYASSETS"}, {"Z_@AKEYASSETS"}, {"Z_FOK_@AKEYASSETS"}};
constexpr Column album_list_columns[] = {{"Z_PK"}, {"Z_ENT"}, {"Z_OPT"}, {"ZIDENTIFIER"}, {"ZUUID", text}};
constexpr Column album_lists_columns[] = {{"Z_@GALBUMS"}, {"Z_@LALBUMLISTS"}, {"Z_FOK_@GALBUMS"}};

constexpr Column resource_columns[] = {{"Z_PK"},
                                       {"Z_ENT"},
                                       {"Z_OPT"},
                                       {"ZCLOUDLOCALSTATE"},
                                       {"ZDATALENGTH"},
                                       {"ZDATASTORECLASSID"},
                                       {"ZDATASTORESUBTYPE"},
                                       {"ZLOCALAVAILABILITY"},
                                       {"ZLOCALAVAILABILITYTARGET"},
                                       {"ZRECIPEID"},
                                       {"ZREMOTEAVAILABILITY"},
                                       {"ZREMOTEAVAILABILITYTARGET"},
                                       {"ZRESOURCETYPE"},
                                       {"ZSIDECARINDEX"},
                                       {"ZTRASHEDSTATE"},
                                       {"ZVERSION"},
                                       {"ZASSET"},
                                       {"Z@A_ASSET", "INTEGER", 0, until_13},
                                       {"ZFILESYSTEMBOOKMARK"},
                                       {"ZTRASHEDDATE", time_stamp},
                                       {"ZCOMPACTUTI", text, 150},
                                       {"ZFINGERPRINT", text},
                                       {"ZSTABLEHASH", text, 180},
                                       {"ZDATASTOREKEYDATA", blob}};

constexpr Column keyword_columns[] = {{"Z_PK"},         {"Z_ENT"},      {"Z_OPT"}, {"ZSHORTCUT", text},
                                      {"ZTITLE", text}, {"ZUUID", text}};
constexpr Column asset_keywords_columns[] = {{"Z_1ASSETATTRIBUTES"}, {"Z_@KKEYWORDS"}};

constexpr Column person_columns[] = {{"Z_PK"},
                                     {"Z_ENT"},
                                     {"Z_OPT"},
                                     {"ZFACECOUNT"},
                                     {"ZTYPE"},
                                     {"ZVERIFIEDTYPE"},
                                     {"ZKEYFACE"},
                                     {"ZMERGETARGETPERSON"},
                                     {"ZDISPLAYNAME", text},
                                     {"ZFULLNAME", text},
                                     {"ZPERSONUUID", text}};

constexpr Column face_columns[] = {{"Z_PK"},
                                   {"Z_ENT"},
                                   {"Z_OPT"},
                                   {"ZHIDDEN"},
                                   {"ZISINTRASH"},
                                   {"ZSOURCEHEIGHT"},
                                   {"ZSOURCEWIDTH"},
                                   {"ZASSET", "INTEGER", 0, until_16},
                                   {"Z@A_ASSET", "INTEGER", 0, until_13},
                                   {"ZASSETFORFACE", "INTEGER", 170},
                                   {"ZPERSON", "INTEGER", 0, until_16},
                                   {"ZPERSONFORFACE", "INTEGER", 170},
                                   {"ZCENTERX", real},
                                   {"ZCENTERY", real},
                                   {"ZSIZE", real},
                                   {"ZUUID", text}};

constexpr Column share_columns[] = {{"Z_PK"},
                                    {"Z_ENT"},
                                    {"Z_OPT"},
                                    {"ZSCOPETYPE"},
                                    {"ZSTATUS"},
                                    {"ZTRASHEDSTATE"},
                                    {"ZCLOUDLOCALSTATE"},
                                    {"ZCREATIONDATE", time_stamp},
                                    {"ZENDDATE", time_stamp},
                                    {"ZSTARTDATE", time_stamp},
                                    {"ZSCOPEIDENTIFIER", text},
                                    {"ZTITLE", text},
                                    {"ZUUID", text}};

} // namespace

std::span<const Column> all_columns(TableKind kind)
{
    switch (kind) {
    case TableKind::asset: return asset_columns;
    case TableKind::attributes: return attribute_columns;
    case TableKind::description: return description_columns;
    case TableKind::adjustment: return adjustment_columns;
    case TableKind::album: return album_columns;
    case TableKind::album_assets: return album_assets_columns;
    case TableKind::key_assets: return key_assets_columns;
    case TableKind::album_list: return album_list_columns;
    case TableKind::album_lists: return album_lists_columns;
    case TableKind::resource: return resource_columns;
    case TableKind::keyword: return keyword_columns;
    case TableKind::asset_keywords: return asset_keywords_columns;
    case TableKind::person: return person_columns;
    case TableKind::face: return face_columns;
    case TableKind::share: return share_columns;
    }
    return {};
}

std::string numbered(std::string_view name, const Generation& generation)
{
    std::string result{name};
    const auto at = result.find('@');
    if (at == std::string::npos) return result;
    int number = 0;
    switch (result[at + 1]) {
    case 'A': number = generation.asset; break;
    case 'B': number = generation.album; break;
    case 'G': number = generation.generic_album(); break;
    case 'K': number = generation.keyword; break;
    case 'L': number = generation.album_list(); break;
    }
    return result.replace(at, 2, std::to_string(number));
}

std::string table_name(TableKind kind, const Generation& g)
{
    switch (kind) {
    case TableKind::asset: return g.asset_table();
    case TableKind::attributes: return "ZADDITIONALASSETATTRIBUTES";
    case TableKind::description: return "ZASSETDESCRIPTION";
    case TableKind::adjustment: return "ZUNMANAGEDADJUSTMENT";
    case TableKind::album: return "ZGENERICALBUM";
    case TableKind::album_assets: return g.album_assets();
    case TableKind::key_assets: return g.age >= 180 ? g.key_assets() : "";
    case TableKind::album_list: return "ZALBUMLIST";
    case TableKind::album_lists: return g.album_lists();
    case TableKind::resource: return "ZINTERNALRESOURCE";
    case TableKind::keyword: return "ZKEYWORD";
    case TableKind::asset_keywords: return "Z_1KEYWORDS";
    case TableKind::person: return "ZPERSON";
    case TableKind::face: return "ZDETECTEDFACE";
    case TableKind::share: return g.age >= 160 ? "ZSHARE" : "";
    }
    return {};
}

std::map<std::string, bool, std::less<>> columns_of(TableKind kind, const Generation& generation)
{
    std::map<std::string, bool, std::less<>> names;
    for (const Column& column : all_columns(kind))
        names[numbered(column.name, generation)] =
            column.from <= generation.age && generation.age <= column.until;
    return names;
}

} // namespace simphone
