#include "platform/cache/gcra.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace referral::cache {

/// For the messages of the tests.
static std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
    return out << (verdict.allowed ? "allowed" : "refused") << ", " << verdict.remaining
               << " remain, retry after " << verdict.retry_after.count() << " us, reset after "
               << verdict.reset_after.count() << " us";
}

namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::seconds(1'800'000'000)};

/// Ten a second, three at once: an interval of 100 ms and a window of 300 ms.
constexpr Rate rate{.count = 10, .period = 1s, .burst = 3};

TEST(Decide, FollowsTheTable) {
    struct Row {
        const char* name;
        std::optional<std::chrono::microseconds> owed;  // The arrival time, from now on.
        std::int64_t cost;
        Verdict wanted;
    };
    const Row rows[] = {
        {"never seen", {}, 1, {true, 2, 0us, 100ms}},
        {"rested", -1h, 1, {true, 2, 0us, 100ms}},
        {"just rested", 0us, 1, {true, 2, 0us, 100ms}},
        {"one taken", 100ms, 1, {true, 1, 0us, 200ms}},
        {"two taken", 200ms, 1, {true, 0, 0us, 300ms}},
        {"all taken", 300ms, 1, {false, 0, 100ms, 300ms}},
        {"a microsecond too early", 200ms + 1us, 1, {false, 0, 1us, 200ms + 1us}},
        {"half an interval later", 250ms, 1, {false, 0, 50ms, 250ms}},
        {"remaining counts whole ones only", 50ms, 1, {true, 1, 0us, 150ms}},
        {"all at once", {}, 3, {true, 0, 0us, 300ms}},
        {"two when one remains", 200ms, 2, {false, 1, 100ms, 200ms}},
        {"only looking", 200ms, 0, {true, 1, 0us, 200ms}},
        {"looking with nothing left", 300ms, 0, {true, 0, 0us, 300ms}},
        {"giving back", 300ms, -1, {true, 1, 0us, 200ms}},
        {"giving back more than was taken", 50ms, -1, {true, 3, 0us, 0us}},
        {"the clock went back a day", 24h, 1, {false, 0, 100ms, 300ms}},
    };
    for (const Row& row : rows) {
        const auto arrival = row.owed ? std::optional(start + *row.owed) : std::nullopt;

        EXPECT_EQ(decide(rate, arrival, start, row.cost), row.wanted) << row.name;
    }
}

/// How many of requests that come every `pause` are allowed within `time`.
std::int64_t allowed_within(const Rate& of, std::chrono::microseconds time,
                            std::chrono::microseconds pause) {
    std::optional<Instant> arrival;
    std::int64_t allowed = 0;
    for (Instant now = start; now < start + time; now += pause) {
        const Verdict verdict = decide(of, arrival, now);
        allowed += verdict.allowed;
        arrival = now + verdict.reset_after;
    }
    return allowed;
}

TEST(Decide, AllowsTheBurstAndThenTheRate) {
    constexpr Rate a_minute{.count = 600, .period = 1min, .burst = 100};

    EXPECT_EQ(allowed_within(a_minute, 60s, 100ms), 600) << "at the limit: all";
    EXPECT_EQ(allowed_within(a_minute, 60s, 50ms), 699) << "twice the limit";
    EXPECT_EQ(allowed_within(a_minute, 60s, 10ms), 699) << "ten times the limit";
    EXPECT_EQ(allowed_within(a_minute, 60s, 120ms), 500) << "below it: all";
}

TEST(Decide, IsAllowedWhenItSaysSo) {
    Instant now = start;
    std::optional<Instant> arrival;
    for (int i = 0; i < 1'000; ++i) {
        const Verdict verdict = decide(rate, arrival, now);
        arrival = now + verdict.reset_after;
        if (verdict.allowed) continue;
        EXPECT_FALSE(decide(rate, arrival, now + verdict.retry_after - 1us).allowed);
        now += verdict.retry_after;
        EXPECT_TRUE(decide(rate, arrival, now).allowed);
    }
}

TEST(Rates, AreSharedWithoutBecomingMore) {
    constexpr Rate whole{.count = 600, .period = 1min, .burst = 100};
    const Rate part = whole.shared_by(3);

    EXPECT_EQ(part.interval(), 3 * whole.interval());
    EXPECT_EQ(part.burst, 33);
    EXPECT_EQ(whole.shared_by(1), whole);
    EXPECT_EQ((Rate{.count = 1, .period = 1s, .burst = 1}.shared_by(50).burst), 1);
}

}  // namespace
}  // namespace referral::cache
