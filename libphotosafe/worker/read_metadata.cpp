// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/read_metadata.hpp"

#include <optional>

#include "worker/aae.hpp"
#include "worker/av_input.hpp"
#include "worker/exif.hpp"
#include "worker/exiv2_file.hpp"
#include "worker/file_text.hpp"
#include "worker/gathered.hpp"
#include "worker/heif_boxes.hpp"
#include "worker/heif_facts.hpp"
#include "worker/mapped.hpp"
#include "worker/pictures.hpp"
#include "worker/sniff.hpp"
#include "worker/tiff_check.hpp"
#include "worker/video.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

namespace {

ByteView view_of(const std::string& text)
{
    return {{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}};
}

/// What libheif can't show has its metadata all the same, and the facts that stand in its boxes.
void read_refused_heif(ByteView file, Beside& beside, Gathered& found)
{
    constexpr std::uint32_t longest_edge = 1'000'000; // what claims more is no picture
    HeifBoxes boxes = read_heif_boxes(file);
    Metadata& facts = found.facts;
    if (facts.width == 0 && boxes.width <= longest_edge && boxes.height <= longest_edge) {
        facts.width = boxes.width;
        facts.height = boxes.height;
        facts.orientation = boxes.orientation;
        facts.colour_profile = name_of_profile(ByteView{boxes.icc});
    }
    beside.exif = std::move(boxes.exif);
    if (beside.xmp.empty()) beside.xmp = std::move(boxes.xmp);
}

void read_heif(ByteView file, Gathered& found)
{
    Beside beside = read_heif_facts(file.bytes(), found.facts);
    const bool refused = !found.facts.troubles.empty();
    if (beside.exif.empty()) read_refused_heif(file, beside, found);
    if (refused && beside.exif.empty()) return read_exiv2_file(file, found);
    read_exif_beside_orientation(ByteView{beside.exif}, found);
    read_xmp(view_of(beside.xmp), found);
}

void read_movie(int fd, Gathered& found)
{
    const std::string xmp = read_video(fd, found.facts);
    read_xmp(view_of(xmp), found);
}

void read_tiff(ByteView file, Gathered& found)
{
    constexpr std::uint16_t of_big_tiff = 43; // whose folders are of another form
    const auto block = TiffBlock::open(file);
    if (block && file.u16(2, block->order) != of_big_tiff) check_tiff(*block, found);
    read_exiv2_file(file, found);
}

void read_picture(const Sniffed& what, ByteView file, Gathered& found)
{
    switch (what.shape) {
    case Shape::jpeg: return read_jpeg(file, found);
    case Shape::heif: return read_heif(file, found);
    case Shape::png: return read_png(file, found);
    case Shape::webp: return read_webp(file, found);
    case Shape::gif: return read_gif(file, found);
    case Shape::jxl: return read_jxl(file, found);
    case Shape::tiff: return read_tiff(file, found);
    case Shape::raw: return read_exiv2_file(file, found);
    case Shape::edit: return read_aae(file, found);
    case Shape::xmp: return read_xmp(file, found);
    case Shape::movie: return;
    case Shape::unknown:
        if (what.mime.empty()) found.trouble("What it is can't be told from its bytes.");
        if (what.mime == plist_mime) check_plist(file, found);
    }
}

} // namespace

void prepare_readers()
{
    prepare_text();
    prepare_exiv2();
    quieten_libavcodec();
}

Metadata read_metadata(int fd)
{
    Gathered found;
    std::optional<Mapped> file{std::in_place, fd};
    const Sniffed what = sniff(file->bytes());
    found.facts.kind = what.kind;
    found.facts.mime = what.mime;
    if (what.shape == Shape::movie) {
        file.reset(); // its place in memory is wanted
        read_movie(fd, found);
    } else {
        read_picture(what, file->bytes(), found);
    }
    return weighed(std::move(found));
}

} // namespace photosafe::worker
