// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the device layer have in common.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <photosafe/error.hpp>
#include <photosafe/source.hpp>

#include "support/phone.hpp"

namespace photosafe::test {

using namespace std::chrono_literals;

/// Bytes that differ from their neighbours and from those of another seed.
inline std::string picture(std::size_t bytes, unsigned seed = 1)
{
    std::string content(bytes, '\0');
    std::uint32_t state = seed * 2654435761U + 1;
    for (auto& c : content) {
        state = state * 1664525U + 1013904223U;
        c = static_cast<char>(state >> 24);
    }
    return content;
}

inline std::unique_ptr<Source> open_phone(const SimPhone& phone, DeviceOptions options = {})
{
    DeviceInfo device;
    device.udid = phone.udid();
    device.state = DeviceState::ready;
    return open_device(device, options);
}

inline const SourceFile* find(const Listing& listing, std::string_view path)
{
    for (const auto& file : listing.files) {
        if (file.path == path) return &file;
    }
    return nullptr;
}

inline SourceFile listed(Source& source, std::string_view path)
{
    const auto listing = source.list();
    const auto* file = find(listing, path);
    if (!file) throw std::runtime_error{"not listed: " + std::string{path}};
    return *file;
}

/// All bytes of a file, proven.
inline std::string read_all(Reader& reader)
{
    std::string content;
    for (auto bytes = reader.next(); !bytes.empty(); bytes = reader.next())
        content.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    reader.finish();
    return content;
}

/// The code of the DeviceError that `work` throws.
template <class Work>
std::string error_of(Work&& work)
{
    try {
        work();
    } catch (const DeviceError& error) {
        return std::string{name(error.code())};
    }
    return "no error";
}

} // namespace photosafe::test
