#include "platform/cache/local_limits.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>

namespace referral::cache {
namespace {

using namespace std::chrono_literals;

constexpr Instant begin{std::chrono::seconds(1'800'000'000)};
constexpr Rate ten_a_second{.count = 10, .period = 1s, .burst = 3};

/// A mark whose set is chosen by `number` and which is like no other.
Mark mark(std::uint64_t number, std::uint64_t other = 1) {
    Mark mark;
    std::memcpy(mark.data(), &number, sizeof number);
    std::memcpy(mark.data() + sizeof number, &other, sizeof other);
    return mark;
}

TEST(LocalLimits, RememberEveryoneApart) {
    LocalLimits limits(1'000);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limits.take(mark(1), ten_a_second, begin).allowed);

    EXPECT_FALSE(limits.take(mark(1), ten_a_second, begin).allowed);
    EXPECT_TRUE(limits.take(mark(2), ten_a_second, begin).allowed);
    EXPECT_TRUE(limits.take(mark(1), ten_a_second, begin + 100ms).allowed);
    EXPECT_FALSE(limits.take(mark(1), ten_a_second, begin + 100ms).allowed);
}

TEST(LocalLimits, OnlyLookWithoutTaking) {
    LocalLimits limits(1'000);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(limits.look(mark(1), ten_a_second, begin).allowed);
    EXPECT_EQ(limits.take(mark(1), ten_a_second, begin).remaining, 2);
}

TEST(LocalLimits, AreRaisedButNotLowered) {
    LocalLimits limits(1'000);
    limits.raise(mark(1), begin + 300ms, begin);
    EXPECT_FALSE(limits.take(mark(1), ten_a_second, begin).allowed);

    limits.raise(mark(1), begin + 100ms, begin);
    EXPECT_FALSE(limits.take(mark(1), ten_a_second, begin).allowed);
}

TEST(LocalLimits, ForgetWhoOwesLeast) {
    LocalLimits limits(8);  // One set.
    const Mark worst = mark(0, 1);
    for (int i = 0; i < 3; ++i) limits.take(worst, ten_a_second, begin);

    for (std::uint64_t other = 2; other < 1'000; ++other)
        limits.take(mark(0, other), ten_a_second, begin + 10ms);

    EXPECT_FALSE(limits.take(worst, ten_a_second, begin + 20ms).allowed);
}

TEST(LocalLimits, CountExactlyInManyThreads) {
    LocalLimits limits(1'000);
    constexpr Rate hundred{.count = 1, .period = 1h, .burst = 100};
    std::atomic<int> allowed = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < 1'000; ++k)
                if (limits.take(mark(k % 2), hundred, begin).allowed) ++allowed;
        });
    for (std::thread& thread : threads) thread.join();

    EXPECT_EQ(allowed, 200);
}

}  // namespace
}  // namespace referral::cache
