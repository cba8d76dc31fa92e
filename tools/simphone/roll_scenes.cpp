// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_scenes.hpp"

#include <array>

namespace simphone {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t year_2024 = 1'704'067'200 * second_ns;
constexpr std::int64_t mean_gap_seconds = 1800;

struct Town {
    double latitude, longitude, altitude;
    int offset_minutes;
};

// North and south, east and west, whole, half and quarter hours, below the sea.
constexpr std::array<Town, 9> towns{{{52.5200, 13.4050, 34, 60},
                                     {41.9028, 12.4964, 21, 120},
                                     {38.7223, -9.1393, 2, 0},
                                     {40.7128, -74.0060, 10, -240},
                                     {27.7172, 85.3240, 1400, 345},
                                     {-33.8688, 151.2093, 3, 600},
                                     {-22.9068, -43.1729, 5, -180},
                                     {31.5590, 35.4732, -428, 120},
                                     {47.5615, -52.7126, 12, -150}}};

double microdegrees(double value)
{
    return static_cast<double>(static_cast<std::int64_t>(value * 1e6)) / 1e6;
}

} // namespace

Camera phone_camera(const Moment& moment)
{
    const std::int64_t half_years = (moment.utc_ns - year_2024) / (second_ns * 15'768'000);
    if (half_years < -8)
        return {"Apple", "iPhone 8", "iPhone 8 back camera 3.99mm f/1.8", "13.3.1", 3.99, 1.8, 28};
    if (half_years < -3)
        return {
            "Apple", "iPhone 11 Pro", "iPhone 11 Pro back triple camera 4.25mm f/1.8", "14.4.2", 4.25, 1.8,
            26};
    if (half_years < 0)
        return {"Apple", "iPhone 13", "iPhone 13 back dual wide camera 5.1mm f/1.6", "16.6", 5.1, 1.6, 26};
    return {"Apple",  "iPhone 15 Pro", "iPhone 15 Pro back triple camera 6.765mm f/1.78",
            "17.6.1", 6.765,           1.78,
            24};
}

Camera card_camera()
{
    return {"Canon", "Canon EOS R6", "RF24-105mm F4 L IS USM", "Firmware 1.8.2", 50, 4, 50};
}

Journey::Journey(std::uint64_t seed, std::size_t shots) : random_{derive_seed(seed, "journey")}
{
    // The last shot falls near the end of 2024, whatever the size of the roll.
    const std::int64_t end = year_2024 + std::int64_t{330} * 86400 * second_ns;
    now_.utc_ns = end - static_cast<std::int64_t>(shots) * mean_gap_seconds * second_ns;
}

void Journey::advance()
{
    if (shots_here_ == 0) {
        town_ = static_cast<std::size_t>(random_.below(towns.size()));
        shots_here_ = static_cast<unsigned>(random_.between(3, 40));
    }
    --shots_here_;
    const Town& town = towns[town_];
    now_.utc_ns += random_.between(20, 2 * mean_gap_seconds - 20) * second_ns;
    now_.utc_ns += (random_.between(1, 999) * 1'000'000) - now_.utc_ns % second_ns;
    now_.offset_minutes = town.offset_minutes;
    place_.reset();
    if (random_.chance(88))
        place_ = Place{microdegrees(town.latitude + (random_.fraction() - 0.5) / 10),
                       microdegrees(town.longitude + (random_.fraction() - 0.5) / 10),
                       town.altitude + static_cast<double>(random_.below(1000)) / 100};
}

} // namespace simphone
