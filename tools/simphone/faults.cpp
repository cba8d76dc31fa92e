// SPDX-License-Identifier: LGPL-2.1-or-later
#include "faults.hpp"

#include <algorithm>
#include <array>
#include <fnmatch.h>
#include <string_view>

namespace simphone {
namespace {

bool matches_path(const std::string& glob, const std::string& path)
{
    if (::fnmatch(glob.c_str(), path.c_str(), 0) == 0) return true;
    if (glob.find('/') != std::string::npos) return false;
    const auto slash = path.rfind('/');
    return slash != std::string::npos && ::fnmatch(glob.c_str(), path.c_str() + slash + 1, 0) == 0;
}

template <std::size_t n>
bool among(const std::array<std::string_view, n>& words, const std::string& word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Some faults make sense for some operations only; the others aren't counted.
bool fits_operation(FaultKind kind, const std::string& op)
{
    static constexpr std::array<std::string_view, 2> reads = {"FileRead", "ReadWithOffset"};
    static constexpr std::array<std::string_view, 2> listings = {"ReadDir", "DirEnumRead"};
    static constexpr std::array<std::string_view, 3> lists = {"ReadDir", "GetFileInfo", "GetDeviceInfo"};
    static constexpr std::array<std::string_view, 11> deeds = {
        "GetFileInfo",           "FileWrite", "WriteWithOffset", "RemovePath",
        "RemovePathAndContents", "MakeDir",   "RenamePath",      "TruncateFile",
        "FileSetSize",           "MakeLink",  "SetModTime"};
    switch (kind) {
    case FaultKind::short_read:
    case FaultKind::flip: return among(reads, op);
    case FaultKind::listing: return among(listings, op);
    case FaultKind::bad_list: return among(lists, op);
    case FaultKind::lie: return among(deeds, op);
    default: return true;
    }
}

bool matches(const Fault& fault, const FaultEvent& event)
{
    if (fault.service) {
        if (::fnmatch(fault.service->c_str(), event.service.c_str(), 0) != 0) return false;
    } else if (!event.afc && (fault.stage == FaultStage::before || fault.stage == FaultStage::reply ||
                              fault.stage == FaultStage::opened)) {
        return false; // lockdown's replies are met by name only
    }
    if (fault.op && ::fnmatch(fault.op->c_str(), event.op.c_str(), 0) != 0) return false;
    if (fault.path && !matches_path(*fault.path, event.path)) return false;
    if (fault.connection && *fault.connection != event.connection) return false;
    if (!fits_operation(fault.kind, event.op)) return false;
    if (fault.offset) {
        if (!event.has_range || *fault.offset < event.offset) return false;
        if (*fault.offset - event.offset >= event.length) return false;
    }
    if (fault.after_bytes && event.sent_before + event.reply_size <= *fault.after_bytes) return false;
    return !fault.after || Clock::now() >= fault.armed + *fault.after;
}

} // namespace

void Faults::add(Fault fault)
{
    const std::lock_guard lock(mutex_);
    fault.armed = Clock::now();
    faults_.push_back(std::move(fault));
    armed_ = faults_.size();
}

void Faults::clear()
{
    const std::lock_guard lock(mutex_);
    faults_.clear();
    armed_ = 0;
    release();
}

std::vector<Fault> Faults::all() const
{
    const std::lock_guard lock(mutex_);
    return faults_;
}

std::vector<Fault> Faults::meet(FaultStage stage, const FaultEvent& event)
{
    std::vector<Fault> met;
    if (!any()) return met;
    const std::lock_guard lock(mutex_);
    for (Fault& fault : faults_) {
        if (fault.stage != stage || fault.fired >= fault.times || !matches(fault, event)) continue;
        ++fault.seen;
        if (fault.seen < fault.nth || (fault.seen - fault.nth) % fault.every != 0) continue;
        ++fault.fired;
        met.push_back(fault);
        if (fault.after_bytes && !fault.at) {
            met.back().at = *fault.after_bytes - std::min(*fault.after_bytes, event.sent_before);
        }
    }
    return met;
}

} // namespace simphone
