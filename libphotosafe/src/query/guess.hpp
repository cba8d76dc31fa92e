// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace photosafe {

/// The word that was probably meant; empty when none is near.
std::string_view nearest_word(std::string_view typed, std::span<const std::string_view> words);

/// `photo, video or live`.
std::string listed(std::span<const std::string_view> words);

} // namespace photosafe
