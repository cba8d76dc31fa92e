// SPDX-License-Identifier: LGPL-2.1-or-later
// What a media worker says of a library that has taken it over: what is taken of it says the same once more.
#include <cstdlib>

#include <photosafe/error.hpp>

#include "media/phone_library_json.hpp"

using namespace photosafe;

namespace {

std::string lines_of(const PhoneLibrary& library)
{
    std::string lines = library_line(library) + '\n';
    for (const PhoneAsset& asset : library.assets) (lines += asset_line(asset)) += '\n';
    for (const PhoneAlbum& album : library.albums) {
        (lines += album_line(album)) += '\n';
        for (std::size_t first = 0; first < album.members.size(); first += members_of_a_line)
            (lines += members_line(album, first)) += '\n';
    }
    for (const std::string& trouble : library.troubles) (lines += trouble_line(trouble)) += '\n';
    for (const std::string& lost : library.lost_facts) (lines += lost_fact_line(lost)) += '\n';
    return lines + end_line(library.assets.size(), library.albums.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    PhoneLibrary library;
    try {
        library = phone_library_of({reinterpret_cast<const char*>(data), size});
    } catch (const MediaError&) { // the worker's fault, and found
        return 0;
    }
    const std::string lines = lines_of(library);
    if (lines_of(phone_library_of(lines)) != lines) std::abort();
    return 0;
}
