// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "worker/boxes.hpp"

namespace photosafe::test {

/// A HEIC whose structure is whatever a test asks for, around coded pictures that nobody could decode.
class HeifMaker {
public:
    explicit HeifMaker(std::string brands = "mif1heic") : brands_{std::move(brands)} {}

    /// An item, and its number, from 1. The first is the main picture unless `main` says otherwise.
    unsigned item(std::string type, std::string data, std::vector<unsigned> properties = {},
                  std::string after_name = {})
    {
        items_.push_back({std::move(type), std::move(data), std::move(properties), std::move(after_name)});
        return static_cast<unsigned>(items_.size());
    }
    /// A property, and its number for items, from 1.
    unsigned property(std::string whole_box)
    {
        properties_ += whole_box;
        return ++property_count_;
    }
    void refer(std::string_view type, unsigned from, const std::vector<unsigned>& to)
    {
        std::string list = u16(from) + u16(to.size());
        for (const unsigned one : to) list += u16(one);
        references_ += box(type, list);
    }
    void group(std::string_view type, unsigned id, const std::vector<unsigned>& members)
    {
        std::string list = u32(id) + u32(members.size());
        for (const unsigned one : members) list += u32(one);
        groups_ += full_box(type, list);
    }
    unsigned main = 1;

    unsigned size(std::uint64_t width, std::uint64_t height)
    {
        return property(full_box("ispe", u32(width) + u32(height)));
    }
    unsigned rotation(unsigned quarters_ccw) { return property(box("irot", u8(quarters_ccw))); }
    unsigned mirror(unsigned axis) { return property(box("imir", u8(axis))); }
    unsigned auxiliary(const std::string& urn) { return property(full_box("auxC", urn + '\0')); }
    unsigned nclx(unsigned primaries, unsigned transfer)
    {
        return property(box("colr", "nclx" + u16(primaries) + u16(transfer) + u16(6) + u8(0x80)));
    }
    /// A configuration of HEVC without parameter sets.
    unsigned hevc(unsigned bits = 8)
    {
        return property(box("hvcC", u8(1) + u8(1) + u32(0x60000000) + u32(0) + u16(0) + u8(120) +
                                        u16(0xf000) + u8(0xfc) + u8(0xfd) + u8(0xf8 + bits - 8) +
                                        u8(0xf8 + bits - 8) + u16(0) + u8(0x0f) + u8(0)));
    }

    std::string file() const
    {
        const std::string brands = box("ftyp", "heic" + u32(0) + brands_);
        const auto meta = [&](std::size_t media) {
            return full_box("meta", full_box("hdlr", u32(0) + "pict" + std::string(13, '\0')) +
                                        full_box("pitm", u16(main)) + locations(media) + infos() +
                                        (references_.empty() ? "" : full_box("iref", references_)) +
                                        box("iprp", box("ipco", properties_) + associations()) +
                                        (groups_.empty() ? "" : box("grpl", groups_)));
        };
        std::string media;
        for (const Item& one : items_) media += one.data;
        return brands + meta(brands.size() + meta(0).size() + 8) + box("mdat", media);
    }

private:
    struct Item {
        std::string type, data;
        std::vector<unsigned> properties;
        std::string after_name; ///< content type of `mime`
    };

    std::string locations(std::size_t at) const
    {
        std::string list = u16(0x4400) + u16(items_.size());
        for (std::size_t i = 0; i < items_.size(); ++i) {
            list += u16(i + 1) + u16(0) + u16(1) + u32(at) + u32(items_[i].data.size());
            at += items_[i].data.size();
        }
        return full_box("iloc", list);
    }
    std::string infos() const
    {
        std::string list = u16(items_.size());
        for (std::size_t i = 0; i < items_.size(); ++i) {
            list += full_box("infe", u16(i + 1) + u16(0) + items_[i].type + u8(0) + items_[i].after_name, 2);
        }
        return full_box("iinf", list);
    }
    std::string associations() const
    {
        std::string list;
        std::size_t count = 0;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (items_[i].properties.empty()) continue;
            ++count;
            list += u16(i + 1) + u8(items_[i].properties.size());
            for (const unsigned one : items_[i].properties) list += u8(one);
        }
        return full_box("ipma", u32(count) + list);
    }

    std::string brands_;
    std::vector<Item> items_;
    std::string properties_, references_, groups_;
    unsigned property_count_ = 0;
};

} // namespace photosafe::test
