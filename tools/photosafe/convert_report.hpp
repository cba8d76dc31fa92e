// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <photosafe/convert.hpp>

#include "import_report.hpp"
#include "progress.hpp"

namespace photosafe::cli {

class Terminal;
struct Run;

/// What `photosafe convert` is asked for, by whichever verb runs.
ConvertOptions convert_options(const Run& run);

/// Renditions being made, as a person and a script see them.
class ConvertView {
public:
    explicit ConvertView(Terminal& terminal) : terminal_{terminal}, progress_{terminal, "Drawing"} {}

    /// Has it told of everything.
    void watch(ConvertOptions& options);
    /// The figures, for people.
    void finish(const ConvertReport& report);
    void finish(const ConvertPlan& plan);

    /// The same figures for scripts.
    static Json json(const ConvertReport& report);
    static Json json(const ConvertPlan& plan);

    /// Makes them, and tells of all but the summary.
    ConvertReport run(Archive& archive, ConvertOptions options);

private:
    void take(const ConvertedItem& item);

    Terminal& terminal_;
    Progress progress_;
    Reasons failed_{20};
};

} // namespace photosafe::cli
