// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands.hpp"

#include <photosafe/convert.hpp>
#include <photosafe/error.hpp>

#include "convert_report.hpp"
#include "parse_value.hpp"
#include "query_words.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace photosafe::cli {
namespace {

constexpr Option query_option = {.name = "query",
                                 .kind = Kind::argument,
                                 .metavar = "QUERY...",
                                 .help = "Of what to make them; without it, of all originals.",
                                 .many = true};
constexpr Option again_option = {.name = "again", .help = "Try again what could not be drawn before."};
constexpr Option workers_option = {.name = "workers",
                                   .kind = Kind::value,
                                   .metavar = "N",
                                   .fallback = "0",
                                   .help = "How many pictures are drawn at once; 0: one a processor."};
constexpr Option dry_run_option = {
    .name = "dry-run", .letter = 'n', .help = "Say what would be made, and make nothing."};
constexpr Option decoder_option = {
    .name = "decoder",
    .kind = Kind::value,
    .metavar = "NAME",
    .fallback = "any",
    .choices = "any libavcodec libde265",
    .help = "What decodes HEIC: libavcodec, libde265, or any: libavcodec, and libde265 where that refuses."};

constexpr Option convert_table[] = {
    query_option,
    {.name = "to",
     .kind = Kind::value,
     .metavar = "FORMAT",
     .fallback = "jpeg",
     .choices = "jpeg",
     .help = "What to make."},
    {.name = "quality",
     .kind = Kind::value,
     .metavar = "N",
     .fallback = "90",
     .help = "Of the JPEG, 1 to 100."},
    {.name = "max-size",
     .kind = Kind::value,
     .metavar = "PX",
     .fallback = "0",
     .help = "Longest edge in pixels; 0: as large as the original. Nothing is enlarged."},
    {.name = "progressive", .help = "Make JPEGs that build up while they load."},
    {.name = "srgb", .help = "Convert colours to sRGB. Else they keep their profile, such as Display P3."},
    {.name = "keep-tag",
     .help = "Keep pixels as stored, turned by the orientation tag. Else they are upright."},
    {.name = "strip-location", .help = "Leave places out, of EXIF, XMP and IPTC."},
    decoder_option,
    again_option,
    workers_option,
    dry_run_option,
};

constexpr Option thumbnails_table[] = {
    query_option,
    {.name = "size",
     .kind = Kind::value,
     .metavar = "PX",
     .fallback = "320",
     .help = "Longest edge in pixels. Up to 320, most pictures of a phone have one inside, which is a "
             "hundred times "
             "faster."},
    decoder_option,
    again_option,
    workers_option,
    dry_run_option,
};

constexpr Example convert_examples[] = {
    {"photosafe convert", "Make a JPEG of every picture that is none, beside the originals."},
    {"photosafe convert --max-size 2048 --strip-location", "Make smaller ones to give away, without places."},
    {"photosafe convert album:Rome rating:4..", "Only of the best pictures of an album."},
};
constexpr Example thumbnails_examples[] = {
    {"photosafe thumbnails", "Make a small picture of every photo and movie."},
};

constexpr ExitCode exits[] = {
    ExitCode::ok,         ExitCode::failed, ExitCode::usage,       ExitCode::incomplete,
    ExitCode::no_archive, ExitCode::busy,   ExitCode::interrupted,
};

HevcDecoder parse_decoder(const std::string& text)
{
    for (const HevcDecoder decoder : {HevcDecoder::libavcodec, HevcDecoder::libde265})
        if (text == name(decoder)) return decoder;
    return HevcDecoder::any; // the table admits nothing else
}

ConvertOptions read_options(const Run& run, const Settings& settings)
{
    ConvertOptions options;
    options.rendition.decoder = settings.parsed("decoder", parse_decoder);
    options.again = settings.flag("again");
    options.media.workers = settings.parsed("workers", parse_number);
    options.stop = run.stop;
    return options;
}

ExitCode make(const Run& run, ConvertOptions options, const Query& query)
{
    const bool dry_run = run.settings.flag("dry-run");
    Archive archive = Archive::open(run.settings.archive(), dry_run ? Access::read : Access::write);
    for (const auto& warning : archive.warnings()) run.terminal.note(warning);
    if (run.settings.given("query")) options.assets = found_by(archive, query, run);
    ConvertView view{run.terminal};
    const std::string_view verb = run.settings.command().name;
    if (dry_run) {
        view.watch(options);
        const ConvertPlan plan = plan_convert(archive, options);
        view.finish(plan);
        run.terminal.summary(verb, ConvertView::json(plan));
        return ExitCode::ok;
    }
    const ConvertReport report = view.run(archive, std::move(options));
    run.terminal.summary(verb, ConvertView::json(report));
    if (!report.complete) return ExitCode::interrupted;
    return report.failed == 0 ? ExitCode::ok : ExitCode::incomplete;
}

ExitCode run_convert(const Run& run)
{
    return with_query(run, [&](const Query& query) { return make(run, convert_options(run), query); });
}

ExitCode run_thumbnails(const Run& run)
{
    ConvertOptions options = read_options(run, run.settings);
    options.rendition.kind = RenditionKind::thumbnail;
    options.rendition.max_size = run.settings.parsed("size", parse_pixels);
    options.rendition.quality = 85;
    return with_query(run, [&](const Query& query) { return make(run, std::move(options), query); });
}

} // namespace

ConvertOptions convert_options(const Run& run)
{
    const Settings settings = run.settings.as(convert_command);
    ConvertOptions options = read_options(run, settings);
    RenditionOptions& rendition = options.rendition;
    rendition.quality = static_cast<int>(settings.parsed("quality", parse_number));
    rendition.max_size = settings.parsed("max-size", parse_pixels);
    rendition.progressive = settings.flag("progressive");
    rendition.srgb = settings.flag("srgb");
    rendition.keep_tag = settings.flag("keep-tag");
    rendition.strip_location = settings.flag("strip-location");
    return options;
}

const Command convert_command = {
    .name = "convert",
    .purpose = "make JPEGs of pictures that others can't show, beside the originals",
    .description =
        "Makes a JPEG of every HEIC, AVIF, PNG, WebP, TIFF and RAW (of its preview) below renditions/jpeg, "
        "upright, "
        "with its colours, EXIF, XMP and places. Originals stay as they are. JPEGs are left alone unless "
        "--max-size, "
        "--srgb or --strip-location asks for something else.\n\n"
        "Nothing is made twice: the command makes what is missing, was deleted, or was made with other "
        "options. What "
        "a JPEG can't hold (the gain map of HDR, depth, the moving half of a Live Photo, more than 8 bits) "
        "is named, "
        "and kept in the catalog. Where the installed decoders refuse a picture, its embedded preview is "
        "taken and "
        "marked as such; doctor says what would do better.\n\n"
        "Pictures are drawn by workers in a jail: one that crashes or hangs its decoder costs itself only. "
        "It is "
        "remembered, and not tried again until something that draws has changed, or --again is given.\n\n"
        "Renditions may be deleted at any time. An import never takes one for an original where its own is "
        "known.",
    .options = convert_table,
    .examples = convert_examples,
    .exits = exits,
    .see_also = "thumbnails import doctor",
    .run = run_convert,
};

const Command thumbnails_command = {
    .name = "thumbnails",
    .purpose = "make a small picture of every photo and movie",
    .description =
        "Makes small JPEGs below renditions/thumbnails: of the picture that is embedded in the original "
        "where it is "
        "large enough, else of the whole one; of a movie, a frame. They carry nothing but their colours.\n\n"
        "As with convert, nothing is made twice, and all of it may be deleted at any time.",
    .options = thumbnails_table,
    .examples = thumbnails_examples,
    .exits = exits,
    .see_also = "convert",
    .run = run_thumbnails,
};

} // namespace photosafe::cli
