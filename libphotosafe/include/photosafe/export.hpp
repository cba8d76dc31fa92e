// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

/// Marks what the shared library shows to its users; everything else stays inside.
#define PHOTOSAFE_EXPORT __attribute__((visibility("default")))
