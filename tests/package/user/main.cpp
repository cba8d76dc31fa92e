// SPDX-License-Identifier: LGPL-2.1-or-later
// A program of somebody else: user NEW_FOLDER. It calls what the API has, and checks what comes back.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <photosafe/photosafe.hpp>

namespace {

void expect(bool fact, const char* what)
{
    if (fact) return;
    std::cerr << "not so: " << what << '\n';
    std::exit(1);
}

} // namespace

int main(int argc, char** argv)
try {
    expect(argc == 2, "one argument");
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder / "card");
    std::ofstream{folder / "card/IMG_0001.JPG"} << "first light";

    const auto card = photosafe::open_folder(folder / "card");
    auto archive = photosafe::Archive::create(folder / "archive");
    expect(photosafe::plan_ingest(*card, archive).to_copy == 1, "one file is to be copied");
    expect(photosafe::ingest(*card, archive).stored == 1, "one file was stored");
    expect(photosafe::ingest(*card, archive).known == 1, "the second time it is known");
    expect(photosafe::check_fixity(archive).matched == 1, "its bytes match");
    archive.for_each_asset([&](const photosafe::Asset& asset) {
        expect(archive.find(asset.digest).has_value() && !photosafe::sha256_hex(asset.digest).empty(),
               "it is found");
        expect(!archive.places(asset).empty() && photosafe::name(asset.role) == "original",
               "with its place and role");
        return true;
    });
    const auto findings = photosafe::diagnose(folder / "archive");
    expect(!findings.empty(), "the doctor has something to say");
    for (const photosafe::Finding& finding : findings) {
        if (finding.code == "media") std::cout << finding.message << '\n';
        expect(finding.code != "media" || finding.severity != photosafe::Severity::problem,
               "the media worker is found and starts");
    }
    expect(photosafe::rebuild(folder / "archive", {.dry_run = true}).originals == 1, "a rebuild would find it");
    try {
        photosafe::list_devices();
        expect(false, "there is no usbmuxd here");
    } catch (const photosafe::DeviceError& e) {
        expect(e.code() == photosafe::ErrorCode::device_absent,
               "an error is caught by its class across the library");
    }
    expect(photosafe::version() == PHOTOSAFE_VERSION, "the versions agree");
    std::cout << "PhotoSafe " << photosafe::version() << " works from outside\n";
} catch (const photosafe::Error& e) {
    std::cerr << photosafe::name(e.code()) << ": " << e.what() << '\n';
    return 1;
}
