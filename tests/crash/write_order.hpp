// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "crash/laboratory.hpp"

namespace photosafe::test {

/// What a power cut could make untrue: a file system keeps for sure only what was synced, so in a trace every
/// fact must be durable before the next one rests on it. Sentences, one for each place where that isn't so:
///
/// - an original: its last write, then its sync, then its rename into originals/;
/// - a line `stored` of a manifest: after the sync of the folder with the original's name, and of each folder
///   above in which a new one was made;
/// - its line of the sums: after the sync of that line;
/// - a write of the catalog's log: after the sync of all lines written until then;
/// - the word `stored`: after the sync of that log;
/// - the note of a checkpoint: after the syncs of the part and of the note.
///
/// A sync that failed is none. `disk` is the folder above the archive. The trace may be that of several
/// processes, one after the other.
std::vector<std::string> order_problems(const std::vector<Call>& trace, const std::string& disk);

/// Whether SQLite made it. It syncs the folder of its log, and goes on without: a catalog that lost its log
/// is brought up to the manifests.
bool is_of_sqlite(const Call& call);

/// Syncs of a file (not of SQLite's) that were tried again after one of them had failed, and renames of it.
std::vector<std::string> trusted_failures(const std::vector<Call>& trace);

} // namespace photosafe::test
