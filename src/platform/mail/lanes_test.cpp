#include "platform/mail/lanes.hpp"

#include <gtest/gtest.h>

#include <future>

namespace referral::mail {
namespace {

using std::chrono_literals::operator""ms, std::chrono_literals::operator""h;

TEST(Lanes, AreAsManyAsWasSaid) {
    Lanes lanes(2, {.room = 0ms, .slow = 1h});
    const Lanes::Lease first(lanes);
    {
        const Lanes::Lease second(lanes), third(lanes);

        EXPECT_TRUE(first.had());
        EXPECT_TRUE(second.had());
        EXPECT_FALSE(third.had());
    }
    EXPECT_TRUE(Lanes::Lease(lanes).had());
}

TEST(Lanes, AreWaitedForWhileAllIsWell) {
    Lanes lanes(1, {.room = 60'000ms, .slow = 1h});
    auto first = std::make_unique<Lanes::Lease>(lanes);

    auto second = std::async(std::launch::async, [&] { return Lanes::Lease(lanes).had(); });
    first.reset();

    EXPECT_TRUE(second.get());
}

TEST(Lanes, AreNotWaitedForWhenTheServerIsSlowOrIll) {
    const auto begun = std::chrono::steady_clock::now();
    Lanes slow(1, {.room = 60'000ms, .slow = -1ms});
    const Lanes::Lease one(slow);
    EXPECT_FALSE(Lanes::Lease(slow).had());

    Lanes ill(1, {.room = 60'000ms, .slow = 1h});
    ill.note(false);
    const Lanes::Lease probing(ill);
    EXPECT_TRUE(probing.had());
    EXPECT_FALSE(Lanes::Lease(ill).had());

    EXPECT_LT(std::chrono::steady_clock::now() - begun, 30'000ms);
}

}  // namespace
}  // namespace referral::mail
