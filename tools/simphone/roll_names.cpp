// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roll_names.hpp"

#include <algorithm>

namespace simphone {

CameraCounter::Name CameraCounter::next()
{
    constexpr unsigned last = 9999;
    Name name{std::to_string(folder_) + "APPLE", four_digits(number_)};
    number_ = number_ == last ? 1 : number_ + 1;
    if (number_ % 1000 == 0 || number_ == 1) ++folder_;
    return name;
}

std::string four_digits(unsigned number)
{
    const std::string digits = std::to_string(number);
    return std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

std::string folder_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string{} : path.substr(0, slash);
}

std::string extension_of(const std::string& path)
{
    const auto dot = path.rfind('.');
    const auto slash = path.rfind('/');
    if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return {};
    return path.substr(dot);
}

std::string stem_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    return name.substr(0, name.size() - extension_of(name).size());
}

} // namespace simphone
