// SPDX-License-Identifier: LGPL-2.1-or-later
// What faults do: to replies on their way, to files, to the phone.
#pragma once

#include "afc_files.hpp"
#include "fault.hpp"
#include "services.hpp"

#include <string>
#include <vector>

namespace simphone {

using FaultList = std::vector<Fault>;

void log_fault(const Session& session, const Fault& fault);

/// Writes a reply, with the cuts, stalls and unplugs of `faults`, in the order of their bytes. False when the
/// connection is over.
bool write_with_faults(Session& session, const char* bytes, std::size_t size, const FaultList& faults);

/// Changes, grows, shrinks, replaces or removes the file of the fault, or else of `path`.
void act_on_file(const AfcFiles& files, const Fault& fault, const std::string& path);

/// Lock, no-space and unplug, and their end after `for=`.
void act_on_phone(Phone& phone, const Fault& fault);

/// Before the header is written: lists, listings, data, lies.
void spoil_payload(const Fault& fault, const AfcCall& call, AfcReply& reply);
/// After it is: numbers of the header.
void spoil_header(const Fault& fault, AfcReply& reply);

} // namespace simphone
