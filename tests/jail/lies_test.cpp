// SPDX-License-Identifier: LGPL-2.1-or-later
// Answers that make no sense are refused, whoever wrote them, and the worker is replaced.
#include <cstring>

#include "jail/jail_help.hpp"
#include "media/protocol.hpp"

namespace photosafe::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Optional;

/// A message as message.cpp frames it, with lengths of one's own.
std::string frame(std::string_view json, std::uint32_t json_bytes, std::uint64_t payload_bytes)
{
    std::string text = "PSM1";
    const auto add = [&](const auto& number) {
        text.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    add(json_bytes);
    add(payload_bytes);
    return text + std::string{json};
}
std::string frame(std::string_view json) { return frame(json, static_cast<std::uint32_t>(json.size()), 0); }

std::string metadata(std::string_view fields) { return R"({"metadata":{)" + std::string{fields} + "}}"; }

struct Lie {
    const char* name;
    std::string bytes;
};

std::vector<Lie> lies()
{
    const std::string deep(100'000, '[');
    return {
        {"no frame at all", std::string(64, 'x')},
        {"facts beyond the limit", frame("{}", 0xffffffff, 0)},
        {"a payload beyond the limit", frame("{}", 2, ~std::uint64_t{0})},
        {"a payload beside facts", frame(metadata("") + "xy", 15, 2)},
        {"nothing", frame("")},
        {"no JSON", frame("{\"metadata\":")},
        {"deep lists", frame(deep)},
        {"deep lists within facts", frame(R"({"metadata":{"aux":)" + deep)},
        {"bytes that are no UTF-8", frame(metadata("\"make\":\"\xff\xfe\""))},
        {"an end that isn't", frame(metadata("") + '\0' + "{}")},
    };
}

TEST(Lies, OfAWorkerEndIt)
{
    WorkerPool pool{misbehaving()};
    for (const Lie& lie : lies()) {
        const Outcome outcome = read(pool, "say " + lie.bytes);
        EXPECT_THAT(outcome.code, Optional(ErrorCode::protocol)) << lie.name << ": " << outcome.text;
        EXPECT_EQ(read(pool, "ok").code, std::nullopt) << "after " << lie.name;
    }
}

TEST(Lies, AnAnswerThatStopsHalfwayIsWaitedForAsLongAsAnyOther)
{
    WorkerPool pool{misbehaving(200ms)};

    EXPECT_THAT(read(pool, "say " + frame("{", 100, 0)).code, Optional(ErrorCode::timeout));
    EXPECT_THAT(read(pool, "say PSM").code, Optional(ErrorCode::timeout));
    EXPECT_EQ(read(pool, "ok").code, std::nullopt);
}

TEST(Lies, WhatIsSaidUnaskedIsNoAnswerToTheNextQuestion)
{
    WorkerPool pool{misbehaving()};
    const std::string other = frame(metadata(R"("caption":"of another picture")"));

    const Outcome first = read(pool, "say " + frame(metadata(R"("caption":"first")")) + other);
    const Outcome second = read(pool, "ok");

    EXPECT_EQ(first.text, "first");
    EXPECT_EQ(second.code, std::nullopt) << second.text;
    EXPECT_NE(second.text, "of another picture");
}

TEST(Lies, APictureIsAJpegAtLeast)
{
    WorkerPool pool{misbehaving()};
    const Order good{"picture"}, facts{"ok"};
    const std::string_view said = R"({"picture":{"width":8,"height":8}})";
    const Order bad{"say " + frame(std::string{said} + "text", static_cast<std::uint32_t>(said.size()), 4)};

    EXPECT_EQ(pool.render(good.fd(), {}).jpeg.size(), 4U);
    EXPECT_THROW((void)pool.render(bad.fd(), {}), MediaError);
    EXPECT_THROW((void)pool.render(facts.fd(), {}), MediaError);
}

Message message(std::string json) { return {.json = std::move(json), .payload = {}, .descriptor = {}}; }

/// Whether `metadata_answer` takes it, and `protocol` is the code where it doesn't.
testing::AssertionResult taken(const std::string& json)
{
    try {
        (void)metadata_answer(message(json));
        return testing::AssertionSuccess() << json << " was taken";
    } catch (const MediaError& error) {
        if (error.code() != ErrorCode::protocol) return testing::AssertionSuccess() << name(error.code());
        return testing::AssertionFailure() << json << ": " << error.what();
    }
}

TEST(Lies, FactsAreWhatTheyCanBe)
{
    EXPECT_TRUE(taken(metadata("")));
    EXPECT_TRUE(
        taken(metadata(R"("width":4032,"height":3024,"orientation":6,"position":[48.2,16.37,171.5])")));
    EXPECT_TRUE(taken(metadata(R"("taken_local":"2024-05-31T14:03:22.123","taken_offset":120,"taken":-1)")));
    for (const char* fields : {
             R"("kind":5)",
             R"("kind":-1)",
             R"("kind":"photo")",
             R"("kind":1.5)",
             R"("taken_source":8)",
             R"("width":-1)",
             R"("width":4294967296)",
             R"("width":1e3)",
             R"("orientation":0)",
             R"("orientation":9)",
             R"("orientation":1e999)",
             R"("position":[])",
             R"("position":[91,0])",
             R"("position":[0,181])",
             R"("position":[1])",
             R"("position":[1,2,3,4])",
             R"("position":[null,0])",
             R"("position":[0,0,1e300])",
             R"("position":{"a":1})",
             R"("rating":6)",
             R"("rating":-2)",
             R"("duration_s":-1)",
             R"("duration_s":1e10)",
             R"("duration_s":"long")",
             R"("frame_rate":-0.1)",
             R"("hdr":1)",
             R"("spatial":"yes")",
             R"("bit_depth":0)",
             R"("bit_depth":65)",
             R"("tiles":-3)",
             R"("taken":9223372036854775808)",
             R"("taken":1.5)",
             R"("taken_offset":1441)",
             R"("taken_local":"2024-05-31")",
             R"("taken_local":"2024-05-31T14:03:22.")",
             R"("taken_local":"2024-05-31T14:03:22.1234567890")",
             R"("taken_local":"2024-05-31 14:03:22")",
             R"("make":7)",
             R"("make":"a\nb")",
             R"("make":"\u0000")",
             R"("make":"\u202e")",
             R"("make":"\ud800")",
             R"("keywords":"one")",
             R"("keywords":[1])",
             R"("keywords":["\u001b[2J"])",
             R"("people":[["a",0,0,1]])",
             R"("people":[["a",0,0,1,99]])",
             R"("people":[[1,0,0,1,1]])",
             R"("raw":["key"])",
             R"("raw":[["a","b"]])",
             R"("raw":["key",1])",
             R"("live_index":10000000000000000)",
             R"("unknown":1)",
             R"("make":"a","make ":"b")",
         }) {
        EXPECT_FALSE(taken(metadata(fields)));
    }
}

TEST(Lies, ListsAndTextsAreBounded)
{
    const auto list = [](const char* key, std::size_t count, const std::string& entry) {
        std::string text = '"' + std::string{key} + "\":[";
        for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + entry;
        return metadata(text + ']');
    };
    const auto text = [](std::size_t size) { return '"' + std::string(size, 'a') + '"'; };

    EXPECT_TRUE(taken(metadata("\"caption\":" + text(4096))));
    EXPECT_FALSE(taken(metadata("\"caption\":" + text(4097))));
    EXPECT_TRUE(taken(list("keywords", 1000, "\"a\"")));
    EXPECT_FALSE(taken(list("keywords", 1001, "\"a\"")));
    EXPECT_TRUE(taken(list("raw", 128, text(2048))));
    EXPECT_FALSE(taken(list("raw", 130, text(2048)))) << "together they are too large";
    EXPECT_FALSE(taken(list("raw", 40'000, "\"\"")));
    EXPECT_FALSE(taken(list("people", 1001, R"(["",0,0,0,0])")));
}

TEST(Lies, AnAnswerIsOneThing)
{
    for (const char* json :
         {"[]", "1", "null", "{}", R"({"picture":{}})", R"({"metadata":[]})", R"({"metadata":null})",
          R"({"metadata":{},"error":{"code":"unreadable","message":"x"}})", R"({"error":"x"})",
          R"({"error":{"code":"device_gone","message":"unplug it"}})", R"({"error":{"code":"unreadable"}})",
          R"({"error":{"code":7,"message":"x"}})", R"({"error":{"code":"unreadable","message":"\u0007"}})"}) {
        EXPECT_FALSE(taken(json));
    }
    EXPECT_TRUE(taken(R"({"error":{"code":"out_of_memory","message":"x"}})"));
}

TEST(Lies, PicturesHaveASize)
{
    const auto drawn = [](const std::string& fields) {
        Message answer = message(R"({"picture":{)" + fields + "}}");
        for (const unsigned byte : {0xffU, 0xd8U, 0xffU, 0xd9U})
            answer.payload.push_back(static_cast<std::byte>(byte));
        return picture_answer(std::move(answer));
    };
    EXPECT_EQ(drawn(R"("width":8,"height":65535)").height, 65'535U);
    for (const char* fields :
         {R"("width":8)", R"("width":0,"height":8)", R"("width":8,"height":65536)",
          R"("width":8,"height":-8)", R"("width":8,"height":8.5)",
          R"("width":8,"height":8,"lost":["\u0001"])", R"("width":8,"height":8,"embedded":1)"}) {
        EXPECT_THROW((void)drawn(fields), MediaError) << fields;
    }
}

TEST(Lies, AWorkerOfAnotherVersionIsNone)
{
    EXPECT_THROW((void)hello_of(message(R"({"hello":{"photosafe":"99.0","versions":"x"}})")), MediaError);
    EXPECT_THROW((void)hello_of(message(R"({"hello":{"versions":"x"}})")), MediaError);
    EXPECT_EQ(
        hello_of(message(hello({.versions = "x", .libheif = {}, .hevc_decoders = {}, .jail = {}}))).versions,
        "x");
}

} // namespace
} // namespace photosafe::test
