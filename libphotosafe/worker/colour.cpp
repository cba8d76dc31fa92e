// SPDX-License-Identifier: LGPL-2.1-or-later
#include "worker/colour.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include <lcms2.h>

#include "core/handle.hpp"

namespace photosafe::worker {

namespace {

using Profile = std::unique_ptr<void, FreeWith<cmsCloseProfile>>;
using Transform = std::unique_ptr<void, FreeWith<cmsDeleteTransform>>;
using Curve = std::unique_ptr<cmsToneCurve, FreeWith<cmsFreeToneCurve>>;
using Text = std::unique_ptr<cmsMLU, FreeWith<cmsMLUfree>>;

void name_profile(cmsHPROFILE profile, const char* name)
{
    const Text text{cmsMLUalloc(nullptr, 1)};
    if (!text || !cmsMLUsetASCII(text.get(), "en", "US", name)) return;
    cmsWriteTag(profile, cmsSigProfileDescriptionTag, text.get());
}

constexpr cmsCIExyY d65{0.3127, 0.3290, 1};

Bytes made_profile(const char* name, const cmsCIExyY& white, const cmsCIExyYTRIPLE& colours,
                   const Curve& curve)
{
    std::array<cmsToneCurve*, 3> curves{curve.get(), curve.get(), curve.get()};
    const Profile profile{curve ? cmsCreateRGBProfile(&white, &colours, curves.data()) : nullptr};
    if (!profile) throw CannotRender{"Memory ran out."};
    name_profile(profile.get(), name);
    cmsUInt32Number size = 0;
    if (!cmsSaveProfileToMem(profile.get(), nullptr, &size)) return {};
    Bytes bytes(size);
    if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size)) return {};
    return bytes;
}

Profile open(const Bytes& icc)
{
    return Profile{cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size()))};
}

} // namespace

Bytes profile_of_primaries(int primaries)
{
    struct Known {
        int number;
        const char* name;
        cmsCIExyYTRIPLE colours;
        cmsCIExyY white;
    };
    static constexpr std::array<Known, 3> known{
        {{9, "Rec. 2020", {{0.708, 0.292, 1}, {0.170, 0.797, 1}, {0.131, 0.046, 1}}, d65},
         {11, "DCI-P3", {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}}, {0.314, 0.351, 1}},
         {12, "Display P3", {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}}, d65}}};
    const auto* const found =
        std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.number == primaries; });
    if (found == known.end()) return {};
    constexpr std::array<cmsFloat64Number, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    const Curve curve{cmsBuildParametricToneCurve(nullptr, 4, srgb.data())};
    return made_profile(found->name, found->white, found->colours, curve);
}

bool is_near_srgb(int primaries) noexcept
{
    constexpr std::array near{1, 2, 5, 6, 7, 22}; // BT.709, nobody says, those of old television, EBU 3213
    return std::find(near.begin(), near.end(), primaries) != near.end();
}

Bytes adobe_rgb_profile()
{
    constexpr cmsCIExyYTRIPLE colours{{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    const Curve curve{cmsBuildGamma(nullptr, 563.0 / 256)};
    return made_profile("compatible with Adobe RGB (1998)", d65, colours, curve);
}

std::string profile_name(const Bytes& icc)
{
    if (icc.empty()) return {};
    const Profile profile = open(icc);
    if (!profile) return {};
    std::array<char, 256> text{};
    cmsGetProfileInfoASCII(profile.get(), cmsInfoDescription, "en", "US", text.data(), text.size() - 1);
    std::string name;
    for (const char c : std::string{text.data()}) {
        if (c >= ' ' && c <= '~') name += c;
    }
    return name;
}

bool is_rgb_profile(const Bytes& icc) noexcept
{
    constexpr std::size_t header_bytes = 128, space_at = 16, name_at = 36;
    const auto is = [&](std::size_t at, std::string_view word) {
        return std::equal(word.begin(), word.end(), icc.begin() + static_cast<std::ptrdiff_t>(at));
    };
    return icc.size() > header_bytes && is(space_at, "RGB ") && is(name_at, "acsp");
}

bool to_srgb(Pixels& pixels, const Bytes& icc)
{
    const Profile from = open(icc);
    if (!from || cmsGetColorSpace(from.get()) != cmsSigRgbData) return false;
    const Profile to{cmsCreate_sRGBProfile()};
    const Transform transform{to ? cmsCreateTransform(from.get(), TYPE_RGB_8, to.get(), TYPE_RGB_8,
                                                      INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE)
                                 : nullptr};
    if (!transform) return false;
    const Canvas canvas = make_canvas(pixels.width, pixels.height);
    for (std::uint32_t y = 0; y < pixels.height; ++y) {
        cmsDoTransform(transform.get(), pixels.row(y), canvas.row(y), pixels.width);
    }
    pixels = canvas.pixels;
    return true;
}

} // namespace photosafe::worker
