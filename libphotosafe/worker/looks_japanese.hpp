// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace photosafe::worker {

/// Whether bytes of a text, which aren't UTF-8, are rather Shift-JIS than Windows-1252: read as the former,
/// less of it is out of place. Where neither is clear, they aren't: a quote, a dash or an accent in a Western
/// text often makes a kanji with the letter behind it.
bool looks_japanese(std::string_view bytes);

} // namespace photosafe::worker
