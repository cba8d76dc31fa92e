// SPDX-License-Identifier: LGPL-2.1-or-later
#include "contract/source_contract.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include <gmock/gmock.h>

#include <photosafe/error.hpp>

#include "support/memory_source.hpp"

namespace photosafe::test {

using ::testing::AnyOf;

SourceFile SourceContract::listed(const std::string& path)
{
    for (SourceFile& file : source().list().files) {
        if (file.path == path) return std::move(file);
    }
    ADD_FAILURE() << path << " is not listed";
    return {};
}

std::string SourceContract::rest_of(Reader& reader)
{
    std::string bytes;
    for (auto chunk = reader.next(); !chunk.empty(); chunk = reader.next()) {
        bytes.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    }
    return bytes;
}

std::string SourceContract::whole(const SourceFile& file, std::uint64_t offset)
{
    const auto reader = source().open(file, offset);
    std::string bytes = rest_of(*reader);
    reader->finish();
    return bytes;
}

namespace {

const std::string picture = "DCIM/100APPLE/IMG_0001.HEIC";
constexpr std::size_t mib = std::size_t{1} << 20;
constexpr Instant later = picture_time + std::chrono::seconds{5};

std::string noise(std::size_t bytes, unsigned seed = 7)
{
    std::mt19937 random{seed};
    std::string text(bytes, '\0');
    std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
    return text;
}

template <class Call>
ErrorCode code_of(Call call)
{
    try {
        call();
    } catch (const Error& e) {
        EXPECT_STRNE(e.what(), "");
        return e.code();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

TEST_P(SourceContract, ListsEveryFileWithItsSizeAndTime)
{
    files().put(picture, "first light", picture_time);
    files().put("DCIM/101APPLE/IMG_0001.MOV", "", later);
    files().put("DCIM/101APPLE/IMG_0002.JPG", std::string(5000, 'x'), later);

    Listing listing = source().list();

    std::sort(listing.files.begin(), listing.files.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    ASSERT_EQ(listing.files.size(), 3u);
    EXPECT_EQ(listing.files[0].path, picture);
    EXPECT_EQ(listing.files[0].bytes, 11u);
    EXPECT_EQ(listing.files[0].modified, picture_time);
    EXPECT_EQ(listing.files[1].bytes, 0u);
    EXPECT_EQ(listing.files[2].bytes, 5000u);
    EXPECT_EQ(listing.files[2].modified, later);
    EXPECT_TRUE(listing.skipped.empty());
}

TEST_P(SourceContract, ListsNothingWhereNothingIs)
{
    const Listing listing = source().list();
    EXPECT_TRUE(listing.files.empty());
    EXPECT_TRUE(listing.skipped.empty());
}

TEST_P(SourceContract, KeepsNamesByteForByte)
{
    std::set<std::string> names;
    for (const char* name :
         {"a b.jpg", "\u00c9.HEIC", "E\u0301.HEIC", "a.jpg", "A.JPG", "new\nline.jpg", "\x1b[2J.jpg", "-rf",
          "\u202egpj.exe", "back\\slash.jpg", "no_extension", "a:b*c?.jpg"}) {
        names.insert("DCIM/100APPLE/" + std::string{name});
    }
    names.insert("DCIM/100APPLE/" + std::string(250, 'n') + ".JPG");
    for (const std::string& name : names) files().put(name, name, picture_time);

    std::set<std::string> seen;
    for (const SourceFile& file : source().list().files) {
        seen.insert(file.path);
        EXPECT_EQ(whole(file), file.path);
    }

    EXPECT_EQ(seen, names);
}

TEST_P(SourceContract, SaysTheSameOfItselfEachTime)
{
    const SourceInfo info = source().info();
    EXPECT_EQ(info.id.rfind(info.kind + ':', 0), 0u) << info.id;
    EXPECT_FALSE(info.name.empty());
    EXPECT_EQ(files().source().info().id, info.id);
}

TEST_P(SourceContract, GivesEveryByteOnce)
{
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4095}, std::size_t{4096},
                                   std::size_t{4097}, mib - 1, mib, mib + 1, 5 * mib + 12345}) {
        const std::string content = noise(size);
        files().put(picture, content, picture_time);
        ASSERT_TRUE(whole(listed(picture)) == content) << size;
    }
}

TEST_P(SourceContract, GoesOnFromAnOffset)
{
    const std::string content = noise(3 * mib + 17);
    files().put(picture, content, picture_time);
    const SourceFile file = listed(picture);
    for (const std::size_t offset :
         {std::size_t{1}, std::size_t{4096}, mib, content.size() - 1, content.size()}) {
        ASSERT_TRUE(whole(file, offset) == content.substr(offset)) << offset;
    }
    EXPECT_EQ(code_of([&] { whole(file, content.size() + 1); }), ErrorCode::invalid);
}

TEST_P(SourceContract, OpensTheNextFileBeforeTheLastOneIsRead)
{
    std::vector<std::unique_ptr<Reader>> readers;
    for (unsigned i = 0; i < 4; ++i) {
        files().put("DCIM/" + std::to_string(i), noise(mib + i, i), picture_time);
        readers.push_back(source().open(listed("DCIM/" + std::to_string(i))));
    }
    for (unsigned i = 4; i-- > 0;) {
        EXPECT_TRUE(rest_of(*readers[i]) == noise(mib + i, i)) << i;
        readers[i]->finish();
    }
}

TEST_P(SourceContract, LetsTwoThreadsReadTwoFiles)
{
    const std::string contents[] = {noise(3 * mib, 1), noise(3 * mib, 2)};
    std::unique_ptr<Reader> readers[2];
    for (unsigned i = 0; i < 2; ++i) files().put("DCIM/" + std::to_string(i), contents[i], picture_time);
    for (unsigned i = 0; i < 2; ++i) readers[i] = source().open(listed("DCIM/" + std::to_string(i)));

    std::string read[2];
    {
        const auto work = [&](unsigned i) {
            read[i] = rest_of(*readers[i]);
            readers[i]->finish();
        };
        const std::jthread other{work, 1u};
        work(0);
    }

    EXPECT_TRUE(read[0] == contents[0]);
    EXPECT_TRUE(read[1] == contents[1]);
}

TEST_P(SourceContract, LetsAReaderGoHalfWay)
{
    files().put(picture, noise(3 * mib), picture_time);
    const SourceFile file = listed(picture);
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(source().open(file)->next().empty());
    EXPECT_TRUE(whole(file) == noise(3 * mib));
}

TEST_P(SourceContract, RefusesToFinishBeforeTheEnd)
{
    files().put(picture, noise(3 * mib), picture_time);
    const auto reader = source().open(listed(picture));
    ASSERT_FALSE(reader->next().empty());
    EXPECT_EQ(code_of([&] { reader->finish(); }), ErrorCode::mismatch);
}

TEST_P(SourceContract, NoticesAFileThatIsGone)
{
    files().put(picture, "first light", picture_time);
    const SourceFile file = listed(picture);
    files().remove(picture);
    EXPECT_THAT(code_of([&] { whole(file); }), AnyOf(ErrorCode::not_found, ErrorCode::changed));
}

TEST_P(SourceContract, NoticesAFileThatIsNotAsListed)
{
    const std::pair<const char*, Instant> changes[] = {
        {"first", picture_time}, {"first light!", picture_time}, {"first light", later}, {"", picture_time}};
    for (const auto& [content, time] : changes) {
        files().put(picture, "first light", picture_time);
        const SourceFile file = listed(picture);
        files().overwrite(picture, content, time);
        EXPECT_THAT(code_of([&] { whole(file); }), AnyOf(ErrorCode::changed, ErrorCode::mismatch)) << content;
    }
}

TEST_P(SourceContract, NoticesAFileThatChangesWhileItIsRead)
{
    const std::string before = noise(6 * mib);
    const std::pair<std::string, Instant> changes[] = {{before.substr(0, 2 * mib), picture_time},
                                                       {before + "x", picture_time},
                                                       {noise(6 * mib, 8), later},
                                                       {before, later}};
    for (const auto& [after, time] : changes) {
        files().put(picture, before, picture_time);
        const auto reader = source().open(listed(picture));
        ASSERT_FALSE(reader->next().empty());
        files().overwrite(picture, after, time);
        EXPECT_THAT(code_of([&] {
                        rest_of(*reader);
                        reader->finish();
                    }),
                    AnyOf(ErrorCode::changed, ErrorCode::mismatch))
            << after.size();
    }
}

TEST_P(SourceContract, NoticesAFileThatGoesAfterItsLastByte)
{
    files().put(picture, "first light", picture_time);
    const auto reader = source().open(listed(picture));
    EXPECT_EQ(rest_of(*reader), "first light");
    if (files().proves_ahead()) return reader->finish(); // it has been asked for already
    files().remove(picture);
    EXPECT_THAT(code_of([&] { reader->finish(); }), AnyOf(ErrorCode::not_found, ErrorCode::changed));
}

TEST_P(SourceContract, LooksAtOneFileAgain)
{
    files().put(picture, "first light", picture_time);
    source().list();
    files().overwrite(picture, "second light", later);
    const SourceFile now = source().look(picture);
    EXPECT_EQ(now.path, picture);
    EXPECT_EQ(now.bytes, 12u);
    EXPECT_EQ(now.modified, later);
    EXPECT_EQ(whole(now), "second light");
    files().remove(picture);
    EXPECT_EQ(code_of([&] { source().look(picture); }), ErrorCode::not_found);
}

TEST_P(SourceContract, StopsWhenAsked)
{
    files().put(picture, noise(3 * mib), picture_time);
    const SourceFile file = listed(picture);
    std::stop_source stop;
    const auto reader = source().open(file, 0, stop.get_token());
    ASSERT_FALSE(reader->next().empty());
    stop.request_stop();
    EXPECT_EQ(code_of([&] { rest_of(*reader); }), ErrorCode::cancelled);
    EXPECT_EQ(code_of([&] { source().list({.on_progress = {}, .stop = stop.get_token()}); }),
              ErrorCode::cancelled);
    EXPECT_TRUE(whole(file) == noise(3 * mib)) << "a stop ends one reader, not the source";
}

TEST_P(SourceContract, TellsHowManyFilesItHasFound)
{
    for (int i = 0; i < 20; ++i) files().put("DCIM/" + std::to_string(i), "x", picture_time);
    std::uint64_t last = 0;
    source().list({.on_progress =
                       [&](std::uint64_t now) {
                           EXPECT_GE(now, last);
                           last = now;
                       },
                   .stop = {}});
    EXPECT_EQ(last, 20u);
}

} // namespace
} // namespace photosafe::test
