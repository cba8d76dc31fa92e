// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_content.hpp"

#include "roll_exif.hpp"
#include "roll_heic.hpp"
#include "roll_jpeg.hpp"
#include "roll_movie.hpp"
#include "roll_plist.hpp"
#include "roll_png.hpp"
#include "roll_random.hpp"

namespace simphone {
namespace {

// What is missing to the wanted size.
std::uint64_t filling_for(const RollFile& file, std::uint64_t size)
{
    return file.wanted_bytes > size ? file.wanted_bytes - size : 0;
}

Content padded(const RollFile& file, std::string head)
{
    const std::uint64_t filling = filling_for(file, head.size());
    return {std::move(head), filling, derive_seed(file.seed, "filling"), false, {}};
}

Content heic(const RollFile& file, PictureBank& bank)
{
    const TiledPicture& picture = bank.heic(file.picture, file.width, file.height);
    std::string head = assemble_heic(file, picture, 0);
    const std::uint64_t filling = filling_for(file, head.size());
    if (filling > 0) head = assemble_heic(file, picture, filling);
    return {std::move(head), filling, derive_seed(file.seed, "filling"), false, {}};
}

Content movie(const RollFile& file, PictureBank& bank)
{
    const auto& frames = bank.frames(file.picture);
    Movie plain = assemble_movie(file, frames, 0);
    const std::uint64_t filling = filling_for(file, plain.head.size() + plain.tail.size());
    if (filling > 0) plain = assemble_movie(file, frames, filling);
    // Nobody has room for so much noise: from 1 GiB on, a movie is mostly a hole.
    constexpr std::uint64_t noise_limit = std::uint64_t{1} << 30;
    return {std::move(plain.head), filling, derive_seed(file.seed, "filling"), filling >= noise_limit,
            std::move(plain.tail)};
}

Content noise(const RollFile& file)
{
    Content content;
    content.filling = file.wanted_bytes;
    content.seed = derive_seed(file.seed, "filling");
    return content;
}

} // namespace

Content make_content(const RollFile& file, PictureBank& bank)
{
    switch (file.format) {
    case Format::heic: return heic(file, bank);
    case Format::jpeg: {
        const std::string thumbnail = file.camera ? bank.jpeg_thumbnail(file.picture) : std::string{};
        return padded(file, assemble_jpeg(file, bank.jpeg(file.picture, file.width, file.height), thumbnail));
    }
    case Format::png:
        return {assemble_png(file, bank.png_rows(file.picture, file.width, file.height)), 0, 0, false, {}};
    case Format::gif: return padded(file, make_gif(file));
    case Format::mov: return movie(file, bank);
    case Format::dng: return padded(file, dng(file, bank.jpeg(file.picture, file.width, file.height)));
    case Format::aae: return padded(file, adjustments_aae(file));
    case Format::plist: return padded(file, adjustments_plist(file));
    case Format::noise: return noise(file);
    }
    return {};
}

} // namespace simphone
