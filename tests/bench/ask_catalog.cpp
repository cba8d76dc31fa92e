// SPDX-License-Identifier: LGPL-2.1-or-later
// What queries cost in a large catalog, for bench.py:
//
//     ask_catalog make ARCHIVE N          makes an archive without files, whose catalog has N assets
//     ask_catalog ask ARCHIVE warm|cold N asks N queries of every form, and prints a line for each form:
//                                         its name, the median and the 99th percentile in milliseconds
//
// Cold: the catalog is dropped from the page cache and opened anew before each query, and the opening counts.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <photosafe/archive.hpp>
#include <photosafe/query.hpp>

#include "archive/impl.hpp"
#include "archive/metadata_store.hpp"
#include "core/descriptor.hpp"
#include "support/catalog_fill.hpp"

namespace {

using namespace photosafe;
using test::CatalogFill;
using test::NewAsset;

constexpr unsigned first_year = 2004, years = 22;
constexpr std::size_t page = 50; ///< what a person sees at once

class Random {
public:
    explicit Random(unsigned seed) : engine_{seed} {}
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(engine_); }
    double real(double from, double to) { return std::uniform_real_distribution<double>{from, to}(engine_); }
    /// Few are frequent, most are rare, as words are.
    std::size_t rank(std::size_t n)
    {
        const double u = real(0, 1);
        return std::min(n - 1, static_cast<std::size_t>(static_cast<double>(n) * u * u * u));
    }

private:
    std::mt19937 engine_;
};

std::string word(std::size_t number)
{
    constexpr std::array<std::string_view, 16> parts{"ba", "ke", "lo", "mi", "nu", "ra", "se", "ti",
                                                     "vo", "da", "fe", "gi", "ho", "ju", "pe", "zu"};
    std::string text;
    for (int i = 0; i < 4; ++i, number /= parts.size()) text += parts[number % parts.size()];
    return text;
}
std::string keyword(std::size_t number) { return "k" + word(number * 37); }
std::string person(std::size_t number) { return "P" + word(number * 101) + " Q" + word(number * 53); }
constexpr std::size_t words = 5000, keywords = 300, people = 60, cameras = 14, places = 40;

std::string camera(std::size_t number) { return "iPhone " + std::to_string(4 + number); }

GeoPoint place(std::size_t number, Random& random)
{
    const double south = -50 + static_cast<double>(number * 17 % 110),
                 west = -170 + static_cast<double>(number * 53 % 340);
    return {south + random.real(0, 0.4), west + random.real(0, 0.4), random.real(0, 900)};
}

std::string two(std::size_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

Metadata metadata_of(const NewAsset& asset, Random& random)
{
    Metadata m;
    m.kind = asset.path.ends_with(".MOV") ? MediaKind::video : MediaKind::photo;
    m.make = "Apple";
    const std::size_t model = random.rank(cameras);
    m.model = camera(model);
    m.lens = m.model + " back camera " + std::to_string(2 + random.below(5)) + "mm";
    m.width = 4032;
    m.height = 3024;
    m.mime = "image/heic";
    if (random.below(10) < 7) m.position = place(random.rank(places), random);
    if (random.below(4) == 0) m.rating = static_cast<int>(random.below(6));
    if (random.below(6) == 0) m.title = word(random.rank(words)) + ' ' + word(random.rank(words));
    if (random.below(8) == 0)
        m.caption =
            word(random.rank(words)) + ' ' + word(random.rank(words)) + ' ' + word(random.rank(words));
    if (random.below(3) == 0) m.keywords = {keyword(random.rank(keywords)), keyword(random.rank(keywords))};
    if (random.below(5) == 0) m.people = {{person(random.rank(people)), .5, .5, .1, .1}};
    m.screenshot = random.below(25) == 0;
    m.panorama = random.below(90) == 0;
    if (m.kind == MediaKind::video) m.duration_s = random.real(1, 300);
    if (random.below(12) == 0) m.aux = {"depth"};
    return m;
}

/// A fifth of it are the moving halves of Live Photos.
void make(const std::filesystem::path& root, std::size_t count)
{
    Archive archive = Archive::create(root);
    CatalogFill fill{archive.impl().catalog};
    MetadataStore& store = archive.impl().catalog.metadata();
    Random random{1};
    constexpr std::size_t batch = 5000;
    for (std::size_t done = 0; done < count;) {
        std::vector<NewAsset> assets;
        while (assets.size() < batch && done + assets.size() < count) {
            const std::size_t year = first_year + random.below(years), month = 1 + random.below(12),
                              day = 1 + random.below(28);
            NewAsset one;
            one.local = std::to_string(year) + '-' + two(month) + '-' + two(day) + 'T' +
                        two(random.below(24)) + ':' + two(random.below(60)) + ':' + two(random.below(60));
            const std::string stem = std::to_string(year) + '/' + one.local.substr(0, 10) + "/IMG_" +
                                     std::to_string(done + assets.size());
            one.path = stem + (random.below(20) == 0 ? ".MOV" : ".HEIC");
            one.bytes = 100'000 + random.below(9'000'000);
            one.device = std::string{"device:"} + static_cast<char>('a' + random.below(3));
            assets.push_back(one);
            if (random.below(4) != 0 || !one.path.ends_with("HEIC")) continue;
            one.path = stem + ".MOV";
            one.role = Role::live_video;
            assets.push_back(one);
        }
        std::ranges::stable_sort(assets, {}, &NewAsset::device);
        const std::vector<std::int64_t> ids = fill.add_all(assets);
        auto rows = store.begin();
        for (std::size_t i = 0; i < ids.size(); ++i)
            store.put(ids[i], metadata_of(assets[i], random), "bench");
        rows.commit();
        done += assets.size();
    }
}

struct Form {
    const char* name;
    std::function<std::string(Random&)> query;
    bool count = false; ///< how many there are, rather than the first page
};

std::string month_of(Random& r)
{
    return std::to_string(first_year + r.below(years)) + '-' + two(1 + r.below(12));
}

const std::vector<Form>& forms()
{
    static const std::vector<Form> all{
        {"everything", [](Random&) { return std::string{}; }},
        {"camera", [](Random& r) { return "camera:\"" + camera(r.below(cameras)) + '"'; }},
        {"lens", [](Random& r) { return "lens:" + std::to_string(2 + r.below(5)) + "mm"; }},
        {"taken, a month", [](Random& r) { return "taken:" + month_of(r); }},
        {"taken, up to a year",
         [](Random& r) { return "taken:.." + std::to_string(first_year + r.below(years)); }},
        {"imported", [](Random&) { return std::string{"imported:2024-06..2024-07"}; }},
        {"kind",
         [](Random& r) {
             return std::string{std::array{"kind:live", "kind:video", "kind:screenshot", "kind:panorama",
                                           "kind:raw"}[r.below(5)]};
         }},
        {"near",
         [](Random& r) {
             const GeoPoint at = place(r.rank(places), r);
             return "near:" + std::to_string(at.latitude) + ',' + std::to_string(at.longitude) + ',' +
                    std::to_string(1 + r.below(20)) + "km";
         }},
        {"in a box",
         [](Random& r) {
             const GeoPoint at = place(r.rank(places), r);
             return "in:" + std::to_string(at.latitude - 1) + ',' + std::to_string(at.longitude - 1) + ',' +
                    std::to_string(at.latitude + 1) + ',' + std::to_string(at.longitude + 1);
         }},
        {"rating", [](Random& r) { return "rating:" + std::to_string(r.below(6)) + ".."; }},
        {"keyword", [](Random& r) { return "keyword:" + keyword(r.below(keywords)); }},
        {"person", [](Random& r) { return "person:\"" + person(r.below(people)) + '"'; }},
        {"name, whole",
         [](Random& r) { return "name:=IMG_" + std::to_string(r.below(1'000'000)) + ".HEIC"; }},
        {"name, pattern", [](Random& r) { return "name:IMG_" + std::to_string(1000 + r.below(9000)) + '*'; }},
        {"device",
         [](Random& r) {
             return std::string{"device:\"Phone of "} + static_cast<char>('a' + r.below(3)) + '"';
         }},
        {"text, a word", [](Random& r) { return word(r.below(words)); }},
        {"text, a beginning", [](Random& r) { return word(r.below(words)).substr(0, 3 + r.below(4)) + '*'; }},
        {"text, two words", [](Random& r) { return word(r.rank(words)) + ' ' + word(r.rank(words)); }},
        {"size", [](Random& r) { return "size:>" + std::to_string(1 + r.below(9)) + "MB"; }},
        {"duration", [](Random& r) { return "duration:" + std::to_string(1 + r.below(200)) + "s.."; }},
        {"not, or",
         [](Random& r) {
             return "not camera:\"" + camera(r.below(cameras)) + "\" (keyword:" + keyword(r.below(keywords)) +
                    " or rating:5)";
         }},
        {"rare and frequent",
         [](Random& r) {
             return "keyword:" + keyword(r.below(keywords)) + " kind:panorama camera:\"" +
                    camera(r.below(cameras)) + '"';
         }},
        {"place and month",
         [](Random& r) {
             const GeoPoint at = place(r.rank(places), r);
             return "near:" + std::to_string(at.latitude) + ',' + std::to_string(at.longitude) +
                    ",20km taken:" + month_of(r);
         }},
        {"text and camera",
         [](Random& r) { return word(r.rank(words)) + " camera:\"" + camera(r.below(cameras)) + '"'; }},
        {"nothing", [](Random& r) { return "keyword:" + keyword(r.below(keywords)) + " taken:1990"; }},
        {"count, camera", [](Random& r) { return "camera:\"" + camera(r.below(cameras)) + '"'; }, true},
        {"count, keyword", [](Random& r) { return "keyword:" + keyword(r.below(keywords)); }, true},
    };
    return all;
}

double ask(const std::filesystem::path& root, std::optional<Archive>& archive, const Form& form,
           const std::string& text)
{
    const auto begin = std::chrono::steady_clock::now();
    if (!archive) archive.emplace(Archive::open(root, Access::read));
    const Query query = Query::parse(text);
    if (form.count)
        (void)count(*archive, query);
    else
        find(*archive, query, {.limit = page}, [](const Found&) { return true; });
    return std::chrono::duration<double, std::milli>{std::chrono::steady_clock::now() - begin}.count();
}

void drop(const std::filesystem::path& file)
{
    const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (::posix_fadvise(descriptor.get(), 0, 0, POSIX_FADV_DONTNEED) != 0)
        std::fprintf(stderr, "the cache stays\n");
}

void ask_all(const std::filesystem::path& root, bool cold, std::size_t times)
{
    Random random{2};
    std::optional<Archive> archive;
    for (const Form& form : forms()) {
        std::vector<double> took;
        for (std::size_t i = 0; i < times + 1; ++i) {
            if (cold) {
                archive.reset();
                drop(root / "catalog.sqlite");
            }
            const double time = ask(root, archive, form, form.query(random));
            if (i > 0 || cold) took.push_back(time); // the first warms it
        }
        std::ranges::sort(took);
        std::printf("%s\t%.3f\t%.3f\n", form.name, took[took.size() / 2],
                    took[std::min(took.size() - 1, took.size() * 99 / 100)]);
    }
}

} // namespace

int main(int argc, char** argv)
try {
    const std::vector<std::string> words{argv + 1, argv + argc};
    if (words.size() == 3 && words[0] == "make")
        make(words[1], std::strtoul(words[2].c_str(), nullptr, 10));
    else if (words.size() == 4 && words[0] == "ask")
        ask_all(words[1], words[2] == "cold", std::strtoul(words[3].c_str(), nullptr, 10));
    else
        return std::fprintf(stderr, "usage: ask_catalog make ARCHIVE N | ask ARCHIVE warm|cold N\n"), 2;
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "ask_catalog: %s\n", error.what());
    return 1;
}
