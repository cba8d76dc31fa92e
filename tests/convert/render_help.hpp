// SPDX-License-Identifier: LGPL-2.1-or-later
// What tests of renditions share: drawing a file, and comparing what came of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "worker/pixels.hpp"
#include "worker/render.hpp"

namespace photosafe::test {

using worker::Pixels;
using worker::Rendition;

/// The rendition of a file. Throws what `render` throws.
Rendition rendered(const std::filesystem::path& file,
                   const nlohmann::json& options = nlohmann::json::object());

/// The pixels of a file as they are stored in it, whatever decodes them.
Pixels pixels_in(const std::filesystem::path& file);
Pixels pixels_of(const Rendition& rendition);

/// How far the colours of two pictures are apart, in steps of 255, over areas: each is made small first. 255
/// where their sizes differ.
double difference(const Pixels& a, const Pixels& b);
/// The same pixel by pixel, in decibels; 0 where their sizes differ.
double likeness(const Pixels& a, const Pixels& b);

/// Red, green and blue at a place, as shares of width and height.
struct Colour {
    int red = 0, green = 0, blue = 0;
};
Colour colour_at(const Pixels& pixels, double x, double y);

/// Writes the JPEG; `file`.
std::filesystem::path write_file(const std::filesystem::path& file, const Rendition& rendition);

/// Whether there is a program of this name.
bool has_program(const std::string& name);
/// Runs a shell command, which must succeed; what it wrote to standard output.
std::string output_of(const std::string& command);
std::string quoted(const std::filesystem::path& path);
/// What exiftool reads from a file, by `Group:Tag`.
nlohmann::json exiftool(const std::filesystem::path& file, const std::string& which);

} // namespace photosafe::test
