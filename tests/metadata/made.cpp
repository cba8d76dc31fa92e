// SPDX-License-Identifier: LGPL-2.1-or-later
#include "metadata/made.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "core/file.hpp"
#include "support/temp_folder.hpp"
#include "worker/read_metadata.hpp"

namespace photosafe::worker::made {

std::string number(std::uint64_t value, std::size_t bytes, ByteOrder order)
{
    std::string text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i)
        text[order == ByteOrder::little ? i : bytes - 1 - i] = static_cast<char>(value >> (8 * i));
    return text;
}

Folder& Folder::add(Entry entry)
{
    entries_.push_back(std::move(entry));
    return *this;
}

Folder& Folder::ascii(std::uint16_t tag, std::string_view text)
{
    std::string zero{text};
    zero += '\0';
    return add({.tag = tag, .type = 2, .count = static_cast<std::uint32_t>(zero.size()), .text = zero});
}

Folder& Folder::undefined(std::uint16_t tag, std::string_view bytes)
{
    return add({.tag = tag,
                .type = 7,
                .count = static_cast<std::uint32_t>(bytes.size()),
                .text = std::string{bytes}});
}

Folder& Folder::bytes(std::uint16_t tag, std::string_view bytes)
{
    return add({.tag = tag,
                .type = 1,
                .count = static_cast<std::uint32_t>(bytes.size()),
                .text = std::string{bytes}});
}

Folder& Folder::shorts(std::uint16_t tag, const std::vector<std::uint16_t>& values)
{
    return add({.tag = tag,
                .type = 3,
                .count = static_cast<std::uint32_t>(values.size()),
                .width = 2,
                .values = {values.begin(), values.end()}});
}

Folder& Folder::longs(std::uint16_t tag, const std::vector<std::uint32_t>& values)
{
    return add({.tag = tag,
                .type = 4,
                .count = static_cast<std::uint32_t>(values.size()),
                .width = 4,
                .values = {values.begin(), values.end()}});
}

Folder& Folder::signed_long(std::uint16_t tag, std::int32_t value)
{
    return add(
        {.tag = tag, .type = 9, .count = 1, .width = 4, .values = {static_cast<std::uint32_t>(value)}});
}

Folder& Folder::ratios(std::uint16_t tag, const std::vector<Ratio>& values)
{
    Entry entry{.tag = tag, .type = 5, .count = static_cast<std::uint32_t>(values.size()), .width = 4};
    for (const auto& [over, under] : values) {
        if (over < 0 || under < 0) entry.type = 10;
        entry.values.push_back(static_cast<std::uint32_t>(over));
        entry.values.push_back(static_cast<std::uint32_t>(under));
    }
    return add(std::move(entry));
}

Folder& Folder::below(std::uint16_t tag, const Folder& folder)
{
    return add({.tag = tag, .type = 4, .count = 1, .folder = std::make_shared<Folder>(folder)});
}

Folder& Folder::pointing(std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::uint32_t offset)
{
    return add({.tag = tag, .type = type, .count = count, .width = 4, .values = {offset}, .elsewhere = true});
}

Folder& Folder::next(std::uint32_t offset)
{
    next_ = offset;
    return *this;
}

std::string Folder::render(ByteOrder order, std::size_t at) const
{
    std::string entries = number(entries_.size(), 2, order);
    std::string behind;
    const std::size_t values_at = at + 2 + entries_.size() * 12 + 4;
    for (const Entry& entry : entries_) {
        entries += number(entry.tag, 2, order) + number(entry.type, 2, order) + number(entry.count, 4, order);
        std::string value = entry.text;
        for (const std::uint64_t one : entry.values) value += number(one, entry.width, order);
        if (entry.folder || (value.size() > 4 && !entry.elsewhere)) {
            if (behind.size() % 2 == 1) behind += '\0';
            const std::size_t place = values_at + behind.size();
            behind += entry.folder ? entry.folder->render(order, place) : value;
            entries += number(place, 4, order);
        } else {
            value.resize(4, '\0');
            entries += value;
        }
    }
    return entries + number(next_, 4, order) + behind;
}

std::string tiff(const Folder& first, ByteOrder order)
{
    return (order == ByteOrder::big ? "MM" : "II") + number(42, 2, order) + number(8, 4, order) +
           first.render(order, 8);
}

std::string apple_note(const Folder& folder)
{
    using namespace std::string_literals;
    return "Apple iOS\0\0\1MM"s + folder.render(ByteOrder::big, 14);
}

std::string jpeg(const std::vector<std::pair<int, std::string>>& segments, std::uint16_t width,
                 std::uint16_t height)
{
    std::string file = "\xff\xd8";
    const auto add = [&](int marker, const std::string& content) {
        file += '\xff';
        file += static_cast<char>(marker);
        file += big(content.size() + 2, 2) + content;
    };
    for (const auto& [marker, content] : segments) add(marker, content);
    add(0xc0, '\x08' + big(height, 2) + big(width, 2) + std::string{"\x01\x01\x11\0", 4});
    add(0xda, std::string{"\x01\x01\0\0\x3f\0", 6});
    return file + "\xff\xd9";
}

std::string jpeg_with_exif(const std::string& block)
{
    return jpeg({{0xe1, std::string{"Exif\0\0", 6} + block}});
}

std::string png_chunk(std::string_view name, std::string_view content)
{
    const std::string body = std::string{name} + std::string{content};
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return big(content.size(), 4) + body + big(sum, 4);
}

std::string png(const std::string& chunks)
{
    return "\x89PNG\r\n\x1a\n" +
           png_chunk("IHDR", big(1620, 4) + big(2160, 4) + std::string{"\x08\x06\0\0\0", 5}) + chunks +
           png_chunk("IEND", "");
}

std::string packed(const std::string& text)
{
    uLongf size = compressBound(text.size());
    std::string result(size, '\0');
    compress(reinterpret_cast<Bytef*>(result.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
             text.size());
    result.resize(size);
    return result;
}

std::string riff_chunk(std::string_view name, std::string_view content)
{
    std::string chunk = std::string{name} + little(content.size(), 4) + std::string{content};
    if (chunk.size() % 2 == 1) chunk += '\0';
    return chunk;
}

std::string webp(const std::string& chunks)
{
    return "RIFF" + little(chunks.size() + 4, 4) + "WEBP" + chunks;
}

std::string box(std::string_view type, std::string_view content)
{
    return big(content.size() + 8, 4) + std::string{type} + std::string{content};
}

std::string xmp(std::string_view properties)
{
    return "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>\n<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
           "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''"
           " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'"
           " xmlns:exif='http://ns.adobe.com/exif/1.0/' xmlns:tiff='http://ns.adobe.com/tiff/1.0/'"
           " xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' "
           "xmlns:GPano='http://ns.google.com/photos/1.0/panorama/'"
           " xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/'"
           " xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#' xmlns:MP='http://ns.microsoft.com/photo/1.2/'"
           " xmlns:MPRI='http://ns.microsoft.com/photo/1.2/t/RegionInfo#'"
           " xmlns:MPReg='http://ns.microsoft.com/photo/1.2/t/Region#'>" +
           std::string{properties} + "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>";
}

std::string iptc(const std::vector<std::pair<int, std::string>>& records, bool told_utf8)
{
    std::string data = told_utf8 ? std::string{"\x1c\x01\x5a\0\x03\x1b%G", 8} : "";
    for (const auto& [record, text] : records)
        data += "\x1c\x02" + std::string(1, static_cast<char>(record)) + big(text.size(), 2) + text;
    std::string block = std::string{"8BIM\x04\x04\0\0", 8} + big(data.size(), 4) + data;
    if (block.size() % 2 == 1) block += '\0';
    return std::string{"Photoshop 3.0\0", 14} + block;
}

Metadata read(const std::string& bytes)
{
    static const bool prepared = (prepare_readers(), true);
    (void)prepared;
    const test::TempFolder folder;
    const auto path = folder.write("file", bytes); // no name tells what it is
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC), path};
    return read_metadata(file.fd());
}

std::string raw(const Metadata& facts, std::string_view key)
{
    for (const RawTag& tag : facts.raw)
        if (tag.key == key) return tag.value;
    return {};
}

} // namespace photosafe::worker::made
