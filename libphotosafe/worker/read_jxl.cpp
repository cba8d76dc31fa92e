// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "worker/brotli.hpp"
#include "worker/exif.hpp"
#include "worker/iso_box.hpp"
#include "worker/pictures.hpp"
#include "worker/xmp.hpp"

namespace photosafe::worker {

namespace {

/// Bits of a JPEG XL codestream, the lowest of a byte first.
class Bits {
public:
    explicit Bits(ByteView bytes) : bytes_{bytes} {}
    std::uint32_t take(unsigned count)
    {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < count; ++i, ++at_)
            value |= static_cast<std::uint32_t>(bytes_.u8(at_ / 8) >> (at_ % 8) & 1) << i;
        return value;
    }
    /// One of four widths, which two bits choose.
    std::uint32_t take_one_of(const std::array<unsigned, 4>& widths) { return take(widths[take(2)]); }
    bool over() const { return at_ > bytes_.size() * 8; }

private:
    ByteView bytes_;
    std::uint64_t at_ = 0;
};

std::uint32_t take_length(Bits& bits, bool eighths)
{
    if (eighths) return (bits.take(5) + 1) * 8;
    return bits.take_one_of({9, 13, 18, 30}) + 1;
}

/// Size, orientation and depth, which are the first that a codestream has (ISO/IEC 18181-1, annex A).
void read_codestream(ByteView stream, Gathered& found)
{
    if (stream.u16(0, ByteOrder::big) != 0xff0a) return;
    Bits bits{stream.part(2)};
    const bool eighths = bits.take(1) != 0;
    const std::uint32_t height = take_length(bits, eighths);
    struct Ratio {
        std::uint32_t over, under;
    };
    static constexpr std::array<Ratio, 8> ratios{
        {{0, 1}, {1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1}}};
    const Ratio ratio = ratios[bits.take(3)];
    const std::uint64_t width =
        ratio.over == 0 ? take_length(bits, eighths) : std::uint64_t{height} * ratio.over / ratio.under;
    int orientation = 1, depth = 8;
    bool more = false;
    if (bits.take(1) == 0) { // not all of what follows is as usual
        if (bits.take(1) != 0) {
            orientation = static_cast<int>(bits.take(3)) + 1;
            more =
                bits.take(3) != 0; // another size, a preview, an animation, each described before the depth
        }
        const bool is_float = !more && bits.take(1) != 0;
        constexpr std::array<int, 3> usual{8, 10, 12};
        const std::uint32_t choice = more || is_float ? 3 : bits.take(2);
        depth = choice < 3 ? usual[choice] : more ? 0 : static_cast<int>(is_float ? 0 : bits.take(6) + 1);
    }
    if (bits.over()) return found.trouble("The JPEG XL ends within its header.");
    found.facts.width = static_cast<std::uint32_t>(std::min<std::uint64_t>(width, UINT32_MAX));
    found.facts.height = height;
    found.facts.orientation = orientation;
    if (depth > 0) found.facts.bit_depth = depth;
}

/// EXIF has before it how far its TIFF header is away.
ByteView exif_in(ByteView box) { return box.part(std::uint64_t{4} + box.u32(0, ByteOrder::big)); }

/// A box that Brotli has packed, with its name before it: XMP is read, EXIF is left in `exif`.
void read_packed(ByteView box, Bytes& exif, Gathered& found)
{
    constexpr std::size_t most_bytes = 8u << 20;
    const std::string_view name = box.text(0, 4);
    if (name != "Exif" && name != "xml ") return; // nothing that is read where it isn't packed
    auto bytes = unpacked_brotli(box.part(4), most_bytes);
    if (!bytes)
        return found.trouble("The JPEG XL has " + clean_text(name) + " packed by Brotli that can't be read.");
    if (name == "xml ") return read_xmp(ByteView{*bytes}, found);
    exif = std::move(*bytes);
}

} // namespace

void read_jxl(ByteView file, Gathered& found)
{
    found.facts.codec = "jxl";
    if (file.u16(0, ByteOrder::big) == 0xff0a) return read_codestream(file, found);
    bool started = false;
    Bytes unpacked;
    ByteView exif; // behind the codestream, often, whose word on the orientation counts
    while (const auto box = next_box(file)) {
        if ((box->name == "jxlc" || box->name == "jxlp") && !started) {
            read_codestream(box->name == "jxlp" ? box->content.part(4) : box->content, found);
            started = true;
        } else if (box->name == "Exif") {
            exif = exif_in(box->content);
        } else if (box->name == "xml ") {
            read_xmp(box->content, found);
        } else if (box->name == "brob") {
            read_packed(box->content, unpacked, found);
            if (!unpacked.empty()) exif = exif_in(ByteView{unpacked});
        }
        if (box->cut) found.trouble("The JPEG XL ends within a box.");
    }
    read_exif_beside_orientation(exif, found);
    if (found.facts.width == 0) found.trouble("The JPEG XL doesn't say how large it is.");
}

} // namespace photosafe::worker
