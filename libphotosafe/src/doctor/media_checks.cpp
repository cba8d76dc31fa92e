// SPDX-License-Identifier: LGPL-2.1-or-later
// What doctor thinks of the media worker.
#include "doctor/checks.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace photosafe::doctor {

namespace {

constexpr std::pair ios_18{1, 18}; // the libheif that first read what iPhones write since then

/// 1 and 18 of `1.18.2`.
std::pair<int, int> version_of(std::string_view text)
{
    int major = 0, minor = 0;
    const char* const end = text.data() + text.size();
    const auto [dot, error] = std::from_chars(text.data(), end, major);
    if (error == std::errc{} && dot != end) (void)std::from_chars(dot + 1, end, minor);
    return {major, minor};
}

Finding finding(Severity severity, std::string subject, std::string message, std::string next)
{
    return {.severity = severity,
            .code = "media",
            .subject = std::move(subject),
            .message = std::move(message),
            .next = std::move(next)};
}

std::string_view step(std::string_view part)
{
    if (part == "landlock") return "Use Linux 5.13 or later, with landlock among the kernel's lsm= modules.";
    if (part == "seccomp")
        return "Use a kernel with CONFIG_SECCOMP_FILTER; in a container, allow the seccomp call.";
    return "See what forbids it: a container's settings, or those of the service that runs this.";
}

Finding about_jail_part(const JailPart& part)
{
    return finding(Severity::warning, part.name,
                   "Pictures are read without a part of the jail, " + part.name + ": " + part.reason,
                   std::string{step(part.name)});
}

Finding about_decoders(const std::vector<std::string>& decoders)
{
    if (decoders.empty()) {
        return finding(Severity::warning, "libheif",
                       "HEIC pictures can't be decoded: libheif has no decoder for HEVC.",
                       "Install libheif-plugin-ffmpegdec (libavcodec) and libheif-plugin-libde265.");
    }
    std::string text = "HEIC pictures are decoded by ";
    for (std::size_t i = 0; i < decoders.size(); ++i) text += (i == 0 ? "" : ", else by ") + decoders[i];
    if (std::ranges::find(decoders, "libavcodec") == decoders.end()) {
        return finding(Severity::note, "libheif", text + "; libavcodec would be a third faster.",
                       "Install libheif-plugin-ffmpegdec, where there is one.");
    }
    return finding(Severity::ok, "libheif", text + '.', {});
}

Finding about_libheif(const std::string& version)
{
    if (version_of(version) >= ios_18)
        return finding(Severity::ok, "libheif", "libheif " + version + " is in use.", {});
    return finding(Severity::warning, "libheif",
                   "libheif " + version +
                       " refuses pictures that iPhones take since iOS 18. They are imported all the "
                       "same, but shown by their small previews only.",
                   "Install libheif 1.18 or later; Debian 12 has one in bookworm-backports.");
}

} // namespace

std::vector<Finding> about_media(const WorkerFacts& worker)
{
    std::vector<Finding> findings;
    for (const JailPart& part : worker.jail)
        if (!part.held) findings.push_back(about_jail_part(part));
    if (findings.empty()) {
        findings.push_back(
            finding(Severity::ok, "photosafe-media-worker", "Pictures are read in a jail.", {}));
    }
    findings.push_back(about_libheif(worker.libheif));
    findings.push_back(about_decoders(worker.hevc_decoders));
    return findings;
}

} // namespace photosafe::doctor
