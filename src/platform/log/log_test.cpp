#include "platform/log/log.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

namespace referral::log {

namespace {

using ::testing::ElementsAre, ::testing::HasSubstr, ::testing::StartsWith, ::testing::EndsWith;

Instant now_for_tests;
Instant test_clock() { return now_for_tests; }

class Log : public testing::Test {
protected:
    void SetUp() override {
        now_for_tests = *parse_instant("2026-03-01T12:00:00.25Z");
        take({});
    }
    void TearDown() override { configure({}); }

    void take(Settings settings) {
        settings.clock = test_clock;
        settings.to = [this](std::string_view line) { lines.emplace_back(line); };
        configure(std::move(settings));
    }

    std::vector<std::string> lines;
};

std::string content(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

std::filesystem::path fresh_folder(std::string_view name) {
    const auto folder = std::filesystem::temp_directory_path() /
                        (std::string(name) + "-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

}  // namespace

TEST_F(Log, WritesOneJsonObjectALine) {
    const std::string host = "db";

    info("started", "the program runs",
         {{"port", 8080}, {"tls", false}, {"took_ms", 1.5}, {"host", host}});

    EXPECT_THAT(lines, ElementsAre(R"({"time":"2026-03-01T12:00:00.250Z","level":"info",)"
                                   R"("event":"started","message":"the program runs",)"
                                   R"("port":8080,"tls":false,"took_ms":1.5,"host":"db"})"
                                   "\n"));
}

TEST_F(Log, WritesReadableTextWhenAsked) {
    take({.format = Format::text});

    warn("disk_slow", "a commit took long", {{"took_ms", 900u}, {"file", "a b"}, {"who", ""}});

    EXPECT_THAT(lines, ElementsAre("2026-03-01T12:00:00.250Z WARN  disk_slow: a commit took long "
                                   "took_ms=900 file=\"a b\" who=\"\"\n"));
}

TEST_F(Log, KeepsForgedLinesInsideTheirField) {
    info("sign_in", "refused", {{"email", "x\"}\n{\"level\":\"error\"\r\x1b[31m\x7f\u2028\u0085"}});
    take({.format = Format::text});
    info("sign_in", "a\nERROR forged", {{"email", "a b=c\nd"}});

    EXPECT_THAT(lines[0],
                EndsWith(R"("email":"x\"}\n{\"level\":\"error\"\r\u001b[31m\u007f\u2028\u0085"})"
                         "\n"));
    EXPECT_THAT(lines[1], EndsWith(R"(sign_in: "a\nERROR forged" email="a b=c\nd")"
                                   "\n"));
}

TEST_F(Log, ReplacesBytesThatAreNoUtf8) {
    info("odd", "", {{"agent", "\xff\xc0\xaf\xed\xa0\x80\xf0\x9f\x98\x80\xe2\x82"}});

    std::string seven_and_a_face;
    for (int i = 0; i < 6; ++i) seven_and_a_face += "\ufffd";
    seven_and_a_face += "\U0001f600\ufffd\ufffd";
    EXPECT_THAT(lines[0], HasSubstr("\"agent\":\"" + seven_and_a_face + "\""));
}

TEST_F(Log, WritesNullForWhatJsonHasNoNumberFor) {
    info("odd", "", {{"ratio", std::numeric_limits<double>::infinity()}});

    EXPECT_THAT(lines[0], HasSubstr("\"ratio\":null"));
}

TEST_F(Log, WritesOnlyItsLevelAndAbove) {
    set_level(Level::warn);

    info("quiet", "");
    error("loud", "");

    EXPECT_EQ(lines.size(), 1u);
    EXPECT_FALSE(enabled(Level::info));
    EXPECT_THAT(lines[0], HasSubstr("loud"));
}

TEST_F(Log, HoldsBackRepeatedWarningsAndSaysHowMany) {
    take({.repeats_max = 2});
    const auto before = lines_held_back();

    for (int i = 0; i < 5; ++i) error("disk_failed", "cannot write");
    error("other", "");
    now_for_tests += std::chrono::seconds(10);
    error("disk_failed", "cannot write");

    ASSERT_EQ(lines.size(), 5u);
    EXPECT_EQ(lines_held_back() - before, 3u);
    EXPECT_THAT(lines[3], HasSubstr(R"("event":"log_held_back")"));
    EXPECT_THAT(lines[3], EndsWith("\"of\":\"disk_failed\",\"lines\":3}\n"));
    EXPECT_THAT(lines[4], HasSubstr("cannot write"));
}

TEST_F(Log, NeverHoldsBackInformation) {
    take({.repeats_max = 2});

    for (int i = 0; i < 50; ++i) info("request", "answered");

    EXPECT_EQ(lines.size(), 50u);
}

TEST_F(Log, SaysAtTheEndWhatItHeldBack) {
    take({.repeats_max = 1});
    for (int i = 0; i < 3; ++i) warn("slow", "");

    flush();

    EXPECT_THAT(lines.back(), HasSubstr("\"lines\":2"));
}

TEST_F(Log, BoundsTheEventsItRemembers) {
    take({.repeats_max = 1});
    for (int i = 0; i < 1'000; ++i) warn("made_up_" + std::to_string(i), "");

    flush();

    EXPECT_EQ(lines.size(), 256u + 1u + 1u);
    EXPECT_THAT(lines.back(), HasSubstr("(others)"));
}

TEST_F(Log, CarriesTheRequestOfItsThread) {
    {
        const RequestScope outer("req_1");
        {
            const RequestScope inner("req_2");
            info("in", "");
        }
        info("out", "");
        std::thread([] { info("elsewhere", ""); }).join();
    }
    info("after", "");

    EXPECT_THAT(lines[0], HasSubstr(R"("request_id":"req_2")"));
    EXPECT_THAT(lines[1], HasSubstr(R"("request_id":"req_1")"));
    EXPECT_THAT(lines[2], ::testing::Not(HasSubstr("request_id")));
    EXPECT_THAT(lines[3], ::testing::Not(HasSubstr("request_id")));
}

TEST_F(Log, WritesWholeLinesFromManyThreads) {
    const auto folder = fresh_folder("log-threads");
    configure({.file = folder / "log"});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([i] {
            for (int k = 0; k < 500; ++k) info("t", std::string(100, char('a' + i)));
        });
    for (auto& thread : threads) thread.join();

    std::istringstream written(content(folder / "log"));
    int count = 0;
    for (std::string line; std::getline(written, line); ++count) {
        EXPECT_THAT(line, StartsWith("{\"time\""));
        EXPECT_THAT(line, EndsWith("\"}"));
    }
    EXPECT_EQ(count, 2'000);
    std::filesystem::remove_all(folder);
}

TEST_F(Log, RotatesAFullFile) {
    const auto folder = fresh_folder("log-rotates");
    configure({.file = folder / "log", .file_bytes_max = 1'000, .files_max = 2});

    for (int i = 0; i < 100; ++i) info("filler", std::string(100, 'x'));

    EXPECT_LE(std::filesystem::file_size(folder / "log"), 1'000u);
    EXPECT_TRUE(std::filesystem::exists(folder / "log.2"));
    EXPECT_FALSE(std::filesystem::exists(folder / "log.3"));
    std::filesystem::remove_all(folder);
}

TEST_F(Log, OpensItsFileAgainAfterItWasMovedAway) {
    const auto folder = fresh_folder("log-reopens");
    configure({.file = folder / "log"});
    info("first", "");
    std::filesystem::rename(folder / "log", folder / "moved");

    reopen();
    info("second", "");

    EXPECT_THAT(content(folder / "moved"), HasSubstr("first"));
    EXPECT_THAT(content(folder / "log"), HasSubstr("second"));
    std::filesystem::remove_all(folder);
}

TEST_F(Log, RefusesAFileItCannotOpenAndStaysAsItWas) {
    EXPECT_THROW(configure({.file = "/proc/nothing/log"}), std::runtime_error);

    info("still", "");

    EXPECT_EQ(lines.size(), 1u);
}

TEST_F(Log, CountsLinesADiskDidNotTake) {
    configure({.file = "/dev/full"});
    const auto before = lines_lost();

    info("gone", std::string(100, 'x'));

    EXPECT_GE(lines_lost() - before, 1u);
}

}  // namespace referral::log
