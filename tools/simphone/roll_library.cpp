// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_library.hpp"

#include "library_oddities.hpp"
#include "library_write.hpp"

namespace simphone {

Library give_library(Roll& roll, std::uint64_t seed, const LibraryOptions& options,
                     const std::filesystem::path& root)
{
    const Generation& generation = find_generation(options.generation);
    Library library = plan_library(roll, seed, options);
    write_library(library, generation, root);
    for (const std::string& oddity : options.oddities) plant_oddity(oddity, generation, root);
    RollWriter writer{root};
    for (const char* end : {"", "-wal", "-shm"}) {
        RollFile file;
        file.path = std::string{"PhotoData/Photos.sqlite"} + end;
        if (!std::filesystem::exists(root / file.path)) continue;
        file.kind = FileKind::photos_database;
        file.role = "photos_database";
        file.shot = roll.shots.size();
        file.importable = false;
        file.why_not = "the phone's database";
        file.mtime_ns = file.birthtime_ns = library.written_ns;
        writer.adopt(file);
        roll.files.push_back(std::move(file));
    }
    writer.finish(roll);
    return library;
}

} // namespace simphone
