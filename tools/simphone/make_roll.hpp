// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace CLI {
class App;
}

namespace simphone {

/// Adds `make-roll` to the program. When it is asked for, its callback does the work and sets `exit_code`: 0
/// done, 1 failed (the reason on standard error), 2 wrong usage. Both must outlive the parsing.
void add_make_roll(CLI::App& app, int& exit_code);

} // namespace simphone
