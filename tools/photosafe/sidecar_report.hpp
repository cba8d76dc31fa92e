// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/sidecars.hpp>

#include "import_report.hpp"
#include "progress.hpp"

namespace photosafe::cli {

class Terminal;

/// Sidecars being written, as a person and a script see them.
class SidecarView {
public:
    explicit SidecarView(Terminal& terminal) : terminal_{terminal}, progress_{terminal, "Writing sidecars"} {}

    /// Writes them, or says what would be written, and tells of all but the summary.
    SidecarReport run(Archive& archive, SidecarOptions options, bool dry_run);

    /// The figures for scripts.
    static Json json(const SidecarReport& report);

private:
    void take(const SidecarItem& item);
    void finish(const SidecarReport& report, bool dry_run);

    Terminal& terminal_;
    Progress progress_;
    Reasons failed_{20};
};

} // namespace photosafe::cli
