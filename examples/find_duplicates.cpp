// SPDX-License-Identifier: LGPL-2.1-or-later
// Lists pictures that were seen in more than one place: find_duplicates ARCHIVE [QUERY]
#include <iostream>

#include <photosafe/photosafe.hpp>

int main(int argc, char** argv)
try {
    if (argc < 2 || argc > 3) return std::cerr << "Usage: find_duplicates ARCHIVE [QUERY]\n", 2;

    const auto archive = photosafe::Archive::open(argv[1], photosafe::Access::read);
    const auto query = photosafe::Query::parse(argc == 3 ? argv[2] : "");

    photosafe::FindOptions options;
    options.unit = photosafe::FindUnit::files;
    options.places = true;
    photosafe::find(archive, query, options, [](const photosafe::Found& found) {
        // Names on a phone are any bytes at all: found.places has them, a terminal shouldn't.
        if (found.places.size() > 1)
            std::cout << found.asset.path << " was seen in " << found.places.size() << " places\n";
        return true; // go on
    });
    return 0;
} catch (const photosafe::Error& e) { // a wrong query, too: with the place and the reason
    return std::cerr << e.what() << '\n', 1;
}
