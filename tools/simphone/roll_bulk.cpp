// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_bulk.hpp"

#include "roll_names.hpp"
#include "roll_pictures.hpp"
#include "roll_random.hpp"
#include "roll_scenes.hpp"
#include "roll_write.hpp"

#include <algorithm>

namespace simphone {
namespace {

std::string bulk_path(std::size_t index, Spread spread, CameraCounter& counter)
{
    if (spread == Spread::folders) return counter.next().path(".JPG");
    return "DCIM/100APPLE/IMG_" + four_digits(static_cast<unsigned>(index + 1)) + ".JPG";
}

void add_absent(Roll& roll, CameraCounter& counter, std::uint64_t bytes, bool in_icloud, Journey& journey)
{
    journey.advance();
    RollFile file;
    file.path = counter.next().path(".JPG"); // with all others in one folder, this is another one
    file.kind = FileKind::jpeg;
    file.role = "primary";
    file.shot = roll.shots.size();
    file.mtime_ns = file.birthtime_ns = journey.now().utc_ns;
    file.bytes = bytes;
    file.in_icloud = in_icloud;
    Shot shot;
    shot.id = file.shot;
    shot.kind = in_icloud ? ShotKind::only_in_icloud : ShotKind::vanished;
    shot.absent = {roll.absent.size()};
    roll.absent.push_back(std::move(file));
    roll.shots.push_back(std::move(shot));
}

} // namespace

Roll make_bulk(const BulkOptions& options, const std::filesystem::path& root)
{
    const std::string picture = encode_jpeg(draw_picture(options.seed, 16, 16), 50);
    CameraCounter counter{1};
    Journey journey{options.seed, options.files};
    RollWriter writer{root};
    Roll roll;
    roll.files.reserve(options.files);
    roll.shots.reserve(options.files);
    for (std::size_t i = 0; i < options.files; ++i) {
        journey.advance();
        RollFile file;
        file.path = bulk_path(i, options.spread, counter);
        file.kind = FileKind::jpeg;
        file.role = "primary";
        file.shot = i;
        file.mtime_ns = file.birthtime_ns = journey.now().utc_ns;
        Content content;
        content.head = picture;
        content.seed = derive_seed(options.seed, "bulk", i);
        // Eight bytes at least, so that no two files are the same.
        content.filling = std::max<std::uint64_t>(options.bytes_each, picture.size() + 8) - picture.size();
        writer.write(file, content);
        Shot shot;
        shot.id = i;
        shot.kind = ShotKind::bulk;
        shot.files = {i};
        roll.shots.push_back(std::move(shot));
        roll.files.push_back(std::move(file));
    }
    for (std::size_t i = 0; i < options.only_in_icloud + options.vanished; ++i)
        add_absent(roll, counter, options.bytes_each, i < options.only_in_icloud, journey);
    writer.finish(roll);
    return roll;
}

} // namespace simphone
