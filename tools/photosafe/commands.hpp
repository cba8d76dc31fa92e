// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cli.hpp"

namespace photosafe::cli {

extern const Command init_command;
extern const Command device_command;
extern const Command import_command;
extern const Command status_command;
extern const Command verify_command;
extern const Command album_command;
extern const Command find_command;
extern const Command show_command;
extern const Command metadata_command;
extern const Command convert_command;
extern const Command thumbnails_command;
extern const Command sidecars_command;
extern const Command rebuild_command;
extern const Command doctor_command;
extern const Command config_command;
extern const Command completion_command;
extern const Command help_command;

/// `photosafe` itself, for its manual page.
extern const Command photosafe_command;

} // namespace photosafe::cli
