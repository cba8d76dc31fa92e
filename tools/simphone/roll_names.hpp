// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <set>
#include <string>

namespace simphone {

/// The counter of a phone's camera: IMG_0001 … IMG_9999 and again IMG_0001, a thousand to a folder, and a new
/// folder where the numbers begin again.
class CameraCounter {
public:
    explicit CameraCounter(unsigned first_number) : number_{first_number}, folder_{100 + first_number / 1000}
    {
    }

    struct Name {
        std::string folder; ///< "100APPLE"
        std::string digits; ///< "0042"
        std::string stem() const { return "IMG_" + digits; }
        std::string path(const std::string& ext) const { return "DCIM/" + folder + "/" + stem() + ext; }
    };

    /// The name of the next shot.
    Name next();

private:
    unsigned number_;
    unsigned folder_;
};

/// "0042"
std::string four_digits(unsigned number);

/// Path without its extension and without its folder.
std::string stem_of(const std::string& path);
std::string folder_of(const std::string& path);
std::string extension_of(const std::string& path);

} // namespace simphone
