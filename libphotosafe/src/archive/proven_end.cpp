// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/proven_end.hpp"

#include <algorithm>
#include <vector>

#include "core/digest.hpp"

namespace photosafe {

namespace {

std::string read_from(const File& file, std::uint64_t at, std::uint64_t size)
{
    std::string text(static_cast<std::size_t>(size - at), '\0');
    text.resize(file.read_at(std::as_writable_bytes(std::span{text}), at));
    return text;
}

} // namespace

std::optional<std::string> proven_end(const File& file, std::string_view name, std::string_view ending,
                                      std::size_t most_bytes)
{
    const auto size = static_cast<std::uint64_t>(file.stat().st_size);
    // What the end of a file has to look like for it to be worth a further look.
    const std::size_t ending_bytes = before_proof.size() + proof_bytes + ending.size();
    if (size < ending_bytes) return std::nullopt;
    const std::string last = read_from(file, size - ending_bytes, size);
    if (!last.starts_with(before_proof) || !last.ends_with(ending)) return std::nullopt;

    const std::uint64_t tail_at = size - std::min<std::uint64_t>(size, most_bytes + ending.size());
    const std::string tail = read_from(file, tail_at, size);
    const std::size_t name_at = tail.rfind(name);
    if (name_at == std::string::npos || tail.size() < name_at + name.size() + ending_bytes)
        return std::nullopt;
    const std::size_t proof_at = tail.size() - ending.size() - proof_bytes;

    Digester digester; // of all before the proof
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    for (std::uint64_t at = 0, end = tail_at + proof_at; at < end;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), end - at));
        const std::size_t n = file.read_at(std::span{buffer}.first(wanted), at);
        if (n == 0) return std::nullopt; // it has become shorter
        digester.update(std::span{buffer}.first(n));
        at += n;
    }
    if (sha256_hex(digester.digest()) != tail.substr(proof_at, proof_bytes)) return std::nullopt;
    const std::size_t text_at = name_at + name.size();
    return tail.substr(text_at, proof_at - before_proof.size() - text_at);
}

} // namespace photosafe
