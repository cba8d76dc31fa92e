// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <photosafe/asset.hpp>

namespace photosafe {

/// Both digests of a stream, in one pass. Feed it, then ask; asking doesn't end it, so a prefix can be sealed
/// too.
class Digester {
public:
    Digester();
    Digester(Digester&&) noexcept;
    Digester& operator=(Digester&&) noexcept;
    ~Digester();

    void update(std::span<const std::byte> bytes);
    Digest digest() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

Digest digest_of(std::span<const std::byte> bytes);

std::string hex(std::span<const std::byte> bytes);
/// The bytes that `text` says in hexadecimal; none if it is anything else or not `size` bytes long.
bool from_hex(std::string_view text, std::span<std::byte> bytes) noexcept;

} // namespace photosafe
