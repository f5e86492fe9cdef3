#include "clicks/duplicates.hpp"

#include <gtest/gtest.h>

#include <barrier>
#include <cstring>
#include <thread>

namespace referral::clicks {
namespace {

using std::chrono::seconds;

constexpr Instant start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
constexpr seconds window{3'600};

Visitor visitor(std::uint64_t number) {
    Visitor value{};
    std::memcpy(value.data(), &number, sizeof number);
    return value;
}

class DuplicatesTest : public ::testing::Test {
protected:
    bool claim(std::uint64_t who, Instant now, std::int64_t link = 1, seconds of = window) {
        return reader_.claim(duplicates_.key_of(visitor(who), link), now, of);
    }
    void fill(std::uint64_t from, std::uint64_t count, Instant now) {
        for (std::uint64_t i = from; i < from + count; ++i) ASSERT_TRUE(claim(i, now));
    }

    Duplicates duplicates_{{.slots_max = 1 << 14, .key = {1}}, start};
    Duplicates::Reader reader_{duplicates_};
};

TEST_F(DuplicatesTest, EndWithTheWindowAndNotASecondEarlier) {
    EXPECT_TRUE(claim(1, start));
    EXPECT_FALSE(claim(1, start + seconds(3'599)));
    EXPECT_TRUE(claim(1, start + seconds(3'600)));
}

TEST_F(DuplicatesTest, AreMeasuredFromTheLastUniqueClick) {
    EXPECT_TRUE(claim(1, start));
    EXPECT_FALSE(claim(1, start + seconds(3'000)));
    EXPECT_TRUE(claim(1, start + seconds(3'600)));
    EXPECT_FALSE(claim(1, start + seconds(7'199)));
    EXPECT_TRUE(claim(1, start + seconds(7'200)));
}

TEST_F(DuplicatesTest, AreExactToTheMicrosecond) {
    EXPECT_TRUE(claim(1, start));
    EXPECT_FALSE(claim(1, start + window - std::chrono::microseconds(1)));
    EXPECT_TRUE(claim(1, start + window));
}

TEST_F(DuplicatesTest, TellVisitorsAndLinksApart) {
    EXPECT_TRUE(claim(1, start, 1));
    EXPECT_TRUE(claim(2, start, 1));
    EXPECT_TRUE(claim(1, start, 2));
}

TEST_F(DuplicatesTest, AreNoneWithoutAWindow) {
    EXPECT_TRUE(claim(1, start, 1, seconds(0)));
    EXPECT_TRUE(claim(1, start, 1, seconds(0)));
}

TEST_F(DuplicatesTest, AreFoundThoughTheClockWentBackALittle) {
    EXPECT_TRUE(claim(1, start));
    EXPECT_FALSE(claim(1, start - seconds(1)));
}

TEST_F(DuplicatesTest, ForgetAClockThatWasFarAhead) {
    EXPECT_TRUE(claim(1, start + std::chrono::hours(24 * 365)));
    EXPECT_TRUE(claim(1, start));
}

TEST_F(DuplicatesTest, AreNoneAfterTheClaimWasTakenBack) {
    const DuplicateKey key = duplicates_.key_of(visitor(1), 1);
    ASSERT_TRUE(reader_.claim(key, start, window));

    reader_.take_back(key, start);

    EXPECT_FALSE(reader_.seen(key, start, window));
    EXPECT_TRUE(claim(1, start));
}

TEST_F(DuplicatesTest, TakeBackOnlyTheirOwnClaim) {
    const DuplicateKey key = duplicates_.key_of(visitor(1), 1);
    ASSERT_TRUE(reader_.claim(key, start, window));
    ASSERT_TRUE(reader_.claim(key, start + window, window));

    reader_.take_back(key, start);

    EXPECT_FALSE(claim(1, start + window + seconds(1)));
}

TEST_F(DuplicatesTest, AreSeenWithoutClaiming) {
    const DuplicateKey key = duplicates_.key_of(visitor(1), 1);

    EXPECT_FALSE(reader_.seen(key, start, window));
    EXPECT_FALSE(reader_.seen(key, start, window));
    EXPECT_TRUE(reader_.claim(key, start, window));
    EXPECT_TRUE(reader_.seen(key, start, window));
}

TEST_F(DuplicatesTest, AreFoundInOlderGenerations) {
    ASSERT_TRUE(claim(1, start));
    fill(1'000, 3'000, start);
    duplicates_.maintain(start + seconds(1));
    ASSERT_EQ(duplicates_.stats().generations, 2u);

    EXPECT_FALSE(claim(1, start + seconds(3'599)));
    EXPECT_TRUE(claim(1, start + seconds(3'600)));
    EXPECT_FALSE(claim(1, start + seconds(3'601)));
}

TEST_F(DuplicatesTest, LetGoOfGenerationsOlderThanTheLongestWindow) {
    fill(1'000, 3'000, start);
    duplicates_.maintain(start + seconds(1));
    ASSERT_EQ(duplicates_.stats().generations, 2u);

    duplicates_.maintain(start + seconds(3'600));
    EXPECT_EQ(duplicates_.stats().generations, 2u);
    duplicates_.maintain(start + seconds(3'611));

    EXPECT_EQ(duplicates_.stats().generations, 1u);
    EXPECT_EQ(duplicates_.stats().forgotten, 0u);
}

TEST_F(DuplicatesTest, ForgetTheOldestAndSaySoWhenMemoryIsAtItsCap) {
    for (std::uint64_t round = 0; round < 8; ++round) {
        fill(round * 10'000, 2'500, start + seconds(round));
        duplicates_.maintain(start + seconds(round));
    }

    EXPECT_LE(duplicates_.stats().slots, std::size_t{1} << 14);
    EXPECT_GT(duplicates_.stats().forgotten, 0u);
    EXPECT_FALSE(claim(70'000, start + seconds(8)));
}

TEST_F(DuplicatesTest, CountAsUniqueWhatFindsNoRoom) {
    for (std::uint64_t i = 0; i < 10'000; ++i) EXPECT_TRUE(claim(i, start));

    EXPECT_GT(duplicates_.stats().untracked, 0u);
}

TEST(DuplicatesRemembered, AreTheLatestClicksOfAnEarlierRun) {
    const Instant now = start + seconds(3'601);
    Duplicates duplicates({.slots_max = 1 << 18, .key = {1}}, now);
    duplicates.expect_windows(window);
    duplicates.remember(visitor(1), 1, start + seconds(3'600), now);
    duplicates.remember(visitor(1), 1, start, now);
    for (std::uint64_t i = 100; i < 90'000; ++i) duplicates.remember(visitor(i), 1, now, now);
    duplicates.maintain(now + seconds(60));

    Duplicates::Reader reader(duplicates);
    const auto claim = [&](std::uint64_t who, Instant at) {
        return reader.claim(duplicates.key_of(visitor(who), 1), at, window);
    };
    EXPECT_GT(duplicates.stats().generations, 1u);
    EXPECT_EQ(duplicates.stats().forgotten, 0u);
    EXPECT_FALSE(claim(1, start + seconds(7'199)));
    EXPECT_FALSE(claim(89'999, now + seconds(3'599)));
    EXPECT_TRUE(claim(1, start + seconds(7'200)));
}

/// Eight threads claim the same keys in the same order, while generations are made as fast as they
/// can be: of each key exactly one claim may win, window by window.
TEST(DuplicatesRace, HasExactlyOneWinnerPerKeyAndWindow) {
    constexpr std::uint64_t keys = 60'000;
    constexpr int threads = 8;
    constexpr int windows = 2;
    Duplicates duplicates({.slots_max = 1 << 20, .key = {1}}, start);
    std::vector<std::atomic<int>> winners(keys * windows);
    std::atomic<int> running{threads};
    std::atomic<std::uint64_t> looks{0};
    std::barrier next_window(threads);
    // However little of the machine the maintainer gets, no table fills up before it looks again.
    const auto wait_for_maintainer = [&] {
        for (const std::uint64_t before = looks; looks == before;) std::this_thread::yield();
    };

    std::vector<std::thread> clickers;
    for (int thread = 0; thread < threads; ++thread)
        clickers.emplace_back([&, thread] {
            Duplicates::Reader reader(duplicates);
            for (int round = 0; round < windows; ++round) {
                for (std::uint64_t i = 0; i < keys; ++i) {
                    if (i % 2'000 == 0) wait_for_maintainer();
                    const Instant now = start + round * (window + seconds(60)) + seconds(thread);
                    if (reader.claim(duplicates.key_of(visitor(i), 1), now, window))
                        ++winners[i * windows + static_cast<std::size_t>(round)];
                }
                next_window.arrive_and_wait();
            }
            --running;
        });
    std::size_t generations_max = 0;
    while (running > 0) {
        // Time stands still for the maintainer: generations are made, none is dropped for age.
        duplicates.maintain(start);
        ++looks;
        generations_max = std::max(generations_max, duplicates.stats().generations);
    }
    for (std::thread& clicker : clickers) clicker.join();

    EXPECT_EQ(duplicates.stats().untracked, 0u);
    EXPECT_EQ(duplicates.stats().forgotten, 0u);
    EXPECT_GT(generations_max, 1u);
    for (const auto& count : winners) ASSERT_EQ(count, 1);
}

}  // namespace
}  // namespace referral::clicks
