// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_pictures.hpp"

#include <libheif/heif.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

#ifdef __SANITIZE_ADDRESS__
// x265 3.5 never frees its parameters and filters; the sanitizer is to look at our own memory.
extern "C" const char*
__lsan_default_suppressions(); // NOLINT(bugprone-reserved-identifier): the sanitizer's name
extern "C" const char* __lsan_default_suppressions() // NOLINT(bugprone-reserved-identifier)
{
    return "leak:libx265\n";
}
#endif

namespace simphone {
namespace {

template <auto free_fn>
struct FreeWith {
    template <class T>
    void operator()(T* handle) const noexcept
    {
        free_fn(handle);
    }
};
using Context = std::unique_ptr<heif_context, FreeWith<heif_context_free>>;
using Encoder = std::unique_ptr<heif_encoder, FreeWith<heif_encoder_release>>;
using Image = std::unique_ptr<heif_image, FreeWith<heif_image_release>>;
using Handle = std::unique_ptr<heif_image_handle, FreeWith<heif_image_handle_release>>;

void check(const heif_error& error, const char* what)
{
    if (error.code != heif_error_Ok) throw std::runtime_error(std::string{what} + ": " + error.message);
}

Encoder make_encoder()
{
    heif_encoder* raw = nullptr;
    const heif_error error = heif_context_get_encoder_for_format(nullptr, heif_compression_HEVC, &raw);
    Encoder encoder{raw};
    if (error.code != heif_error_Ok)
        throw std::runtime_error("libheif has no HEVC encoder here: install libheif-plugin-x265");
    check(heif_encoder_set_lossy_quality(raw, 50), "Setting the quality");
    // One thread, and no text about the encoder in the stream: the same bytes on every run and machine.
    for (const auto& [name, value] : {std::pair{"preset", "ultrafast"},
                                      {"x265:pools", "none"},
                                      {"x265:frame-threads", "1"},
                                      {"x265:wpp", "0"},
                                      {"x265:info", "0"}})
        check(heif_encoder_set_parameter(raw, name, value), name);
    return encoder;
}

void copy_plane(heif_image* image, heif_channel channel, const Picture& picture,
                const std::vector<std::uint8_t>& samples, unsigned step)
{
    const unsigned width = (picture.width + step - 1) / step;
    const unsigned height = (picture.height + step - 1) / step;
    check(heif_image_add_plane(image, channel, static_cast<int>(width), static_cast<int>(height), 8),
          "Adding a plane");
    int stride = 0;
    std::uint8_t* plane = heif_image_get_plane(image, channel, &stride);
    for (unsigned y = 0; y < height; ++y)
        for (unsigned x = 0; x < width; ++x)
            plane[std::size_t{y} * static_cast<unsigned>(stride) + x] =
                samples[std::size_t{y} * step * picture.width + std::size_t{x} * step];
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, int size)
{
    if (at > bytes.size() || bytes.size() - at < static_cast<std::size_t>(size))
        throw std::runtime_error("libheif wrote a shorter file than expected");
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

// The content of the first box of this type among its siblings.
std::string_view find_box(std::string_view boxes, std::string_view type)
{
    std::size_t at = 0;
    while (at + 8 <= boxes.size()) {
        const std::uint64_t size = number_at(boxes, at, 4);
        if (size < 8 || size > boxes.size() - at) break;
        if (boxes.substr(at + 4, 4) == type) return boxes.substr(at + 8, size - 8);
        at += size;
    }
    throw std::runtime_error("libheif wrote no box of type " + std::string{type});
}

// The first item's only extent: libheif has just written one item (ISO/IEC 14496-12, 8.11.3).
std::string_view item_bytes(std::string_view file, std::string_view location)
{
    const auto version = number_at(location, 0, 1);
    const auto sizes = number_at(location, 4, 2);
    const int offset_size = static_cast<int>(sizes >> 12), length_size = static_cast<int>(sizes >> 8 & 15);
    const int base_size = static_cast<int>(sizes >> 4 & 15);
    std::size_t at = 8 + 2 + (version == 1 ? 2 : 0) + 2; // count, item, construction, data reference
    const auto base = number_at(location, at, base_size);
    at += static_cast<std::size_t>(base_size) + 2;
    const auto offset = number_at(location, at, offset_size);
    const auto length = number_at(location, at + static_cast<std::size_t>(offset_size), length_size);
    if (base + offset + length > file.size())
        throw std::runtime_error("libheif wrote an item beyond the end");
    return file.substr(base + offset, length);
}

heif_error append(heif_context*, const void* data, std::size_t size, void* out)
{
    static_cast<std::string*>(out)->append(static_cast<const char*>(data), size);
    return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

} // namespace

CodedPicture encode_hevc(const Picture& picture)
{
    const Context context{heif_context_alloc()};
    const Encoder encoder = make_encoder();
    heif_image* raw_image = nullptr;
    check(heif_image_create(static_cast<int>(picture.width), static_cast<int>(picture.height),
                            heif_colorspace_YCbCr, heif_chroma_420, &raw_image),
          "Making a picture");
    const Image image{raw_image};
    copy_plane(raw_image, heif_channel_Y, picture, picture.y, 1);
    copy_plane(raw_image, heif_channel_Cb, picture, picture.cb, 2);
    copy_plane(raw_image, heif_channel_Cr, picture, picture.cr, 2);
    heif_image_handle* raw_handle = nullptr;
    check(heif_context_encode_image(context.get(), raw_image, encoder.get(), nullptr, &raw_handle),
          "Encoding");
    const Handle handle{raw_handle};
    std::string file;
    heif_writer writer{1, append};
    check(heif_context_write(context.get(), &writer, &file), "Writing a picture");

    const std::string_view meta = find_box(file, "meta").substr(4);
    const std::string_view hvcc = find_box(find_box(find_box(meta, "iprp"), "ipco"), "hvcC");
    return {picture.width, picture.height, std::string{hvcc},
            std::string{item_bytes(file, find_box(meta, "iloc"))}};
}

} // namespace simphone
