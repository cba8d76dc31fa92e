// SPDX-License-Identifier: LGPL-2.1-or-later
// Copies every picture of a folder into an archive, each proven byte for byte: import_folder CARD ARCHIVE
#include <iostream>

#include <photosafe/photosafe.hpp>

int main(int argc, char** argv)
try {
    if (argc != 3) return std::cerr << "Usage: import_folder CARD ARCHIVE\n", 2;

    const auto card = photosafe::open_folder(argv[1]);
    auto archive = std::filesystem::exists(argv[2])
                       ? photosafe::Archive::open(argv[2], photosafe::Access::write)
                       : photosafe::Archive::create(argv[2]);

    const auto report = photosafe::ingest(*card, archive);

    std::cout << report.stored << " new, " << report.known << " known, " << report.failed << " failed\n";
    return report.failed == 0 ? 0 : 3;
} catch (const photosafe::Error& e) {
    return std::cerr << e.what() << '\n', 1;
}
