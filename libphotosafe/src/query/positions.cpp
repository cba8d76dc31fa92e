// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "query/facts.hpp"

namespace photosafe {

namespace {

constexpr double earth_radius = 6'371'008.8; ///< metres, the mean one
constexpr double degree = std::numbers::pi / 180;

/// Along a sphere, in metres.
double distance(double latitude, double longitude, const Near& to)
{
    const double a = latitude * degree, b = to.latitude * degree;
    const double half_height = std::sin((a - b) / 2),
                 half_width = std::sin((longitude - to.longitude) * degree / 2);
    const double chord = half_height * half_height + std::cos(a) * std::cos(b) * half_width * half_width;
    return 2 * earth_radius * std::asin(std::min(1.0, std::sqrt(chord)));
}

/// One that doesn't cross the date line.
using Boxes = std::vector<Box>;

/// The box as boxes that don't; the date line itself is both of its longitudes.
Boxes cut_at_date_line(const Box& box)
{
    Boxes boxes;
    if (box.west > box.east) {
        boxes.push_back({box.south, box.west, box.north, 180});
        boxes.push_back({box.south, -180, box.north, box.east});
        return boxes;
    }
    boxes.push_back(box);
    if (box.east == 180 && box.west > -180) boxes.push_back({box.south, -180, box.north, -180});
    if (box.west == -180 && box.east < 180) boxes.push_back({box.south, 180, box.north, 180});
    return boxes;
}

/// Boxes around all that is near.
Boxes boxes_around(const Near& near)
{
    constexpr double margin = 1e-6; // for the rounding of what follows
    const double angle = near.metres / earth_radius;
    const double reach = angle / degree + margin;
    const double south = near.latitude - reach, north = near.latitude + reach;
    if (south <= -90 || north >= 90) // a pole is near, and there all longitudes are
        return {{std::max(south, -90.0), -180, std::min(north, 90.0), 180}};
    const double width =
        std::asin(std::min(1.0, std::sin(angle) / std::cos(near.latitude * degree))) / degree + margin;
    const double west = near.longitude - width, east = near.longitude + width;
    if (west < -180) return cut_at_date_line({south, west + 360, north, east});
    if (east > 180) return cut_at_date_line({south, west, north, east - 360});
    return cut_at_date_line({south, west, north, east});
}

class PositionCriterion final : public Criterion {
public:
    PositionCriterion(Boxes boxes, std::optional<Near> near, Statements& sql)
        : boxes_{std::move(boxes)}, near_{near}, sql_{&sql}
    {
    }

    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        SlotSet found{window};
        for (const Box& box : boxes_) read(box, candidates, window, found);
        return found;
    }
    double work() const override { return 200; }

private:
    void read(const Box& box, const SlotSet& candidates, const Window& window, SlotSet& found)
    {
        Statement& row =
            (*sql_)("SELECT slot, south, west FROM position WHERE north>=? AND south<=? AND east>=? AND "
                    "west<=? AND last>=? AND first<=?");
        row.bind_real(1, box.south).bind_real(2, box.north).bind_real(3, box.west).bind_real(4, box.east);
        row.bind_real(5, position_axis(block_of_chunk(window.chunks.front())));
        row.bind_real(6, position_axis(block_of_chunk(window.chunks.back())));
        while (row.step()) {
            const std::int64_t slot = row.number(0);
            if (candidates.has(window, slot) && lies_in(slot, row.real(1), row.real(2), box))
                found.add(window, slot);
        }
        row.reset();
    }

    /// The index has rounded positions; only near the edge the exact one makes a difference.
    bool lies_in(std::int64_t slot, double latitude, double longitude, const Box& box)
    {
        constexpr double rounding = 4e-5, rounding_metres = 5; // at most 3e-5, at 180 degrees
        if (near_) {
            const double rough = distance(latitude, longitude, *near_) - near_->metres;
            if (std::abs(rough) > rounding_metres) return rough < 0;
        } else if (latitude > box.south + rounding && latitude < box.north - rounding &&
                   longitude > box.west + rounding && longitude < box.east - rounding) {
            return true;
        }
        Statement& row = (*sql_)("SELECT latitude, longitude FROM metadata WHERE slot=?").bind(1, slot);
        const bool there = row.step() && !row.is_null(0);
        const double exact_latitude = there ? row.real(0) : 0, exact_longitude = there ? row.real(1) : 0;
        row.reset();
        if (!there) return false;
        if (near_) return distance(exact_latitude, exact_longitude, *near_) <= near_->metres;
        return exact_latitude >= box.south && exact_latitude <= box.north && exact_longitude >= box.west &&
               exact_longitude <= box.east;
    }

    Boxes boxes_;
    std::optional<Near> near_;
    Statements* sql_;
};

} // namespace

CriterionPtr is_near(const Near& near, const SearchContext& context)
{
    return std::make_unique<PositionCriterion>(boxes_around(near), near, context.sql);
}

CriterionPtr is_in(const Box& box, const SearchContext& context)
{
    return std::make_unique<PositionCriterion>(cut_at_date_line(box), std::nullopt, context.sql);
}

} // namespace photosafe
