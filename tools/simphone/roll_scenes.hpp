// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "roll.hpp"
#include "roll_random.hpp"

namespace simphone {

/// The phone of the year in which a picture was taken.
Camera phone_camera(const Moment& moment);
/// A camera whose card was read on the phone.
Camera card_camera();

/// Where the person is and when: walks from place to place and forwards in time as shots are taken.
class Journey {
public:
    Journey(std::uint64_t seed, std::size_t shots);

    /// The moment and place of the next shot. One in eight has no place.
    void advance();
    const Moment& now() const { return now_; }
    const std::optional<Place>& place() const { return place_; }

private:
    Random random_;
    Moment now_;
    std::optional<Place> place_;
    std::size_t town_ = 0;
    unsigned shots_here_ = 0;
};

} // namespace simphone
