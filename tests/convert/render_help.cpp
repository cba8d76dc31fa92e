// SPDX-License-Identifier: LGPL-2.1-or-later
#include "convert/render_help.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>

#include "core/file.hpp"
#include "worker/decode.hpp"
#include "worker/jpeg.hpp"

namespace photosafe::test {

namespace fs = std::filesystem;

namespace {

File open(const fs::path& file)
{
    File opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC), file};
    if (!opened) throw std::runtime_error("no such file: " + file.string());
    return opened;
}

} // namespace

Rendition rendered(const fs::path& file, const nlohmann::json& options)
{
    static const bool prepared = (worker::prepare_decoders(), true);
    (void)prepared;
    const File opened = open(file);
    return worker::render(opened.fd(), options);
}

Pixels pixels_in(const fs::path& file)
{
    const File opened = open(file);
    return worker::decode_frame(opened.fd(), {}).pixels;
}

Pixels pixels_of(const Rendition& rendition)
{
    return worker::decode_jpeg(rendition.payload, 0, worker::default_pixel_limit).pixels;
}

double difference(const Pixels& a, const Pixels& b)
{
    if (a.width != b.width || a.height != b.height) return 255;
    const Pixels one = scale_down(a, 256), other = scale_down(b, 256);
    double sum = 0;
    for (std::uint32_t y = 0; y < one.height; ++y) {
        for (std::uint32_t i = 0; i < 3 * one.width; ++i) sum += std::abs(one.row(y)[i] - other.row(y)[i]);
    }
    return sum / (3.0 * one.width * one.height);
}

double likeness(const Pixels& a, const Pixels& b)
{
    if (a.width != b.width || a.height != b.height) return 0;
    double squares = 0;
    for (std::uint32_t y = 0; y < a.height; ++y) {
        for (std::uint32_t i = 0; i < 3 * a.width; ++i) {
            const double apart = a.row(y)[i] - b.row(y)[i];
            squares += apart * apart;
        }
    }
    const double mean = squares / (3.0 * a.width * a.height);
    return mean == 0 ? 99 : 10 * std::log10(255.0 * 255.0 / mean);
}

Colour colour_at(const Pixels& pixels, double x, double y)
{
    const auto at = [](double share, std::uint32_t edge) {
        return static_cast<std::uint32_t>(share * (edge - 1) + 0.5);
    };
    const std::uint8_t* rgb = pixels.row(at(y, pixels.height)) + 3 * std::size_t{at(x, pixels.width)};
    return {rgb[0], rgb[1], rgb[2]};
}

fs::path write_file(const fs::path& file, const Rendition& rendition)
{
    std::ofstream out{file, std::ios::binary};
    out.write(reinterpret_cast<const char*>(rendition.payload.data()),
              static_cast<std::streamsize>(rendition.payload.size()));
    if (!out.flush()) throw std::runtime_error("can't write " + file.string());
    return file;
}

bool has_program(const std::string& name)
{
    return std::system(("command -v " + name + " >/dev/null").c_str()) == 0;
}

std::string quoted(const fs::path& path)
{
    return '\'' + path.string() + '\'';
} // no test has quotes in names

std::string output_of(const std::string& command)
{
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (!pipe) throw std::runtime_error("can't run " + command);
    std::string output;
    std::array<char, 4096> buffer{};
    while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
        output.append(buffer.data(), n);
    if (const int status = ::pclose(pipe); status != 0)
        throw std::runtime_error(command + " ended with " + std::to_string(status));
    return output;
}

nlohmann::json exiftool(const fs::path& file, const std::string& which)
{
    nlohmann::json all = nlohmann::json::parse(
        output_of("exiftool -json -a -n -G1 " + which + ' ' + quoted(file) + " 2>/dev/null"));
    all.at(0).erase("SourceFile");
    return all.at(0);
}

} // namespace photosafe::test
