// SPDX-License-Identifier: LGPL-2.1-or-later
#include <photosafe/ingest.hpp>

namespace photosafe {

namespace {

std::string interruption(const Error& cause, const IngestReport& report)
{
    std::string message = cause.what();
    if (!message.ends_with('.')) message += '.';
    return message + ' ' + std::to_string(report.stored + report.known) +
           (report.stored + report.known == 1 ? " file is" : " files are") +
           " safe already; run it again to go on.";
}

} // namespace

std::uint64_t IngestReport::count(Outcome outcome) const noexcept
{
    switch (outcome) {
    case Outcome::stored: return stored;
    case Outcome::known: return known;
    case Outcome::failed: return failed;
    case Outcome::excluded: return excluded;
    }
    return 0;
}

IngestInterrupted::IngestInterrupted(const Error& cause, IngestReport report)
    : Error{cause.code(), interruption(cause, report), cause.subject()},
      report_{std::make_shared<const IngestReport>(std::move(report))},
      at_device_{dynamic_cast<const DeviceError*>(&cause) != nullptr}
{
}

} // namespace photosafe
