// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstring>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "archive/catalog.hpp"
#include "core/time.hpp"

namespace photosafe::test {

/// An asset to be, without a file.
struct NewAsset {
    std::string path = "IMG_0001.HEIC"; ///< below originals/; its folder and stem are its shot
    Role role = Role::original;
    std::uint64_t bytes = 1000;
    std::string local = "2024-05-31T14:03:22"; ///< by which it is filed
    Instant imported = Instant{std::chrono::seconds{1'717'200'000}};
    std::string device = "device:a"; ///< it was seen on
    std::string name{};              ///< on the device; that of `path` when empty
    std::string shot{};              ///< that of `path` when empty
    std::string place{};             ///< on the device, below DCIM/; `path` when empty
};

/// Puts assets into a catalog as imports would.
class CatalogFill {
public:
    explicit CatalogFill(Catalog& catalog) : catalog_{&catalog} {}

    /// Number of the new asset.
    std::int64_t add(const NewAsset& asset) { return add_all({asset}).front(); }

    /// All in one batch, which is much faster.
    std::vector<std::int64_t> add_all(const std::vector<NewAsset>& assets)
    {
        std::vector<std::int64_t> ids;
        for (std::size_t i = 0; i < assets.size();) {
            std::size_t end = i;
            while (end < assets.size() && assets[end].device == assets[i].device) ++end;
            add_seen_on(assets[i].device, std::span{assets}.subspan(i, end - i), ids);
            i = end;
        }
        return ids;
    }

    static std::string name_of_device(const std::string& device) { return "Phone of " + device.substr(7); }

private:
    void add_seen_on(const std::string& device, std::span<const NewAsset> assets,
                     std::vector<std::int64_t>& ids)
    {
        const std::string manifest = "m " + device;
        auto [at, is_new] = ends_.try_emplace(manifest, 0);
        if (is_new) {
            const Event begun = Begun{"import",
                                      static_cast<std::int64_t>(ends_.size()),
                                      Instant{},
                                      "0.1",
                                      {device, "device", name_of_device(device), "iPhone15,2", "18"}};
            catalog_->apply(manifest, std::span{&begun, 1}, {0, 1});
            at->second = 1;
        }
        Catalog::Batch batch{*catalog_, manifest};
        for (const NewAsset& one : assets) {
            Digest digest;
            const std::int64_t number = ++last_;
            std::memcpy(digest.sha256.data(), &number, sizeof number);
            digest.xxh128.fill(std::byte{7});
            const std::string path = "originals/" + one.path;
            const std::size_t slash = one.path.rfind('/') + 1; // 0 where there is none
            const std::string shot = one.shot.empty() ? one.path.substr(0, one.path.rfind('.')) : one.shot;
            const Instant modified = from_rfc3339(one.local + 'Z').value_or(Instant{});
            batch.add(Stored{.digest = digest,
                             .path = path,
                             .group = shot,
                             .bytes = one.bytes,
                             .name = one.name.empty() ? one.path.substr(slash) : one.name,
                             .role = one.role,
                             .modified = modified,
                             .taken = modified,
                             .taken_local = one.local,
                             .taken_source = "file_modified",
                             .at = one.imported});
            batch.add(Seen{digest.sha256,
                           {device,
                            "DCIM/" + (one.place.empty() ? one.path : one.place),
                            one.bytes,
                            modified,
                            {},
                            one.imported}});
            ids.push_back(catalog_->find(digest)->id);
        }
        batch.commit({at->second, at->second + 1});
        ++at->second;
    }

    Catalog* catalog_;
    std::map<std::string, std::uint64_t> ends_;
    std::int64_t last_ = 0;
};

} // namespace photosafe::test
