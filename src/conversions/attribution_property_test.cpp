/// What is true of every decision, found out with made-up facts.

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "base/split.hpp"
#include "conversions/attribution_fixture_test.hpp"
#include "conversions/attribution_schemas.hpp"

namespace referral::conversions {
namespace {

/// Draws facts that collide often: few partners, few times.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}

    std::int64_t below(std::int64_t bound) {
        return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(random_);
    }

    AttributionFacts facts() {
        AttributionFacts facts{.occurred_at = time(), .qualifies = below(2) == 0};
        if (below(3) == 0) facts.account_known_at = time();
        facts.policy = {.model = static_cast<AttributionModel>(below(5)),
                        .window_days = 1 + below(60),
                        .half_life_days = 1 + below(10),
                        .acquisition = below(2) == 0};
        if (below(2) == 0) facts.policy.lock_days = 30;
        for (std::int64_t id = 1; id <= 5; ++id) {
            Standing known = standing({id});
            known.is_customer = below(12) == 0;
            if (below(3) == 0)
                known.changes.push_back({time(), static_cast<EnrolmentStatus>(below(7))});
            if (below(8) != 0) facts.standings.push_back(known);
        }
        const std::int64_t count = below(12);
        for (std::int64_t i = 0; i < count; ++i) facts.claims.push_back(claim());
        return facts;
    }

    template <class T>
    void shuffle(std::vector<T>& list) {
        std::ranges::shuffle(list, random_);
    }

private:
    Instant time() { return on("03-01") + std::chrono::days(below(40)); }

    Claim claim() {
        Claim claim{.source = below(2) == 0 ? Source::clicks : static_cast<Source>(below(8)),
                    .partner = {1 + below(5)},
                    .made_at = time()};
        if (below(2) == 0) claim.until = time();
        if (claim.source == Source::clicks || claim.source == Source::click_id) {
            claim.click_id = click_number(static_cast<std::uint8_t>(below(200)));
            if (below(4) == 0) claim.click_class = clicks::class_of(1 + below(10)).value();
        }
        claim.accepted = below(5) != 0;
        claim.weight_ppm = 1 + below(1'000'000);
        return claim;
    }

    std::mt19937_64 random_;
};

std::string json_of(const Attribution& decision) { return schema::text_of(decision); }

TEST(AnyAttribution, IsShareOfAMillionOrOrganic) {
    Dice dice(1);
    int credited = 0;
    for (int i = 0; i < 5'000; ++i) {
        const Attribution decision = attribute(dice.facts());

        std::vector<std::int64_t> weights;
        std::set<UserId> partners;
        for (const Credit& credit : decision.credits) {
            EXPECT_GT(credit.weight_ppm, 0);
            weights.push_back(credit.weight_ppm);
            partners.insert(credit.partner);
        }
        ASSERT_EQ(partners.size(), decision.credits.size());
        ASSERT_EQ(decision.trace.source == Source::organic, decision.credits.empty());
        if (decision.credits.empty()) continue;
        ++credited;
        ASSERT_EQ(std::accumulate(weights.begin(), weights.end(), std::int64_t{0}), 1'000'000);

        const std::int64_t amount = dice.below(2'000'000) - 1'000'000;
        const auto parts = split(amount, weights);
        ASSERT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), amount);
    }
    EXPECT_GT(credited, 1'000) << "the facts must be able to credit somebody";
}

TEST(AnyAttribution, DoesNotDependOnTheOrderOfItsFacts) {
    Dice dice(2);
    for (int i = 0; i < 5'000; ++i) {
        AttributionFacts facts = dice.facts();
        const std::string decision = json_of(attribute(facts));

        dice.shuffle(facts.claims);
        dice.shuffle(facts.standings);
        for (Standing& known : facts.standings) dice.shuffle(known.changes);

        ASSERT_EQ(json_of(attribute(facts)), decision) << explained(attribute(facts).trace);
    }
}

TEST(AnyAttribution, KeepsEveryClaimAndCreditsOnlyGoodOnes) {
    Dice dice(3);
    for (int i = 0; i < 2'000; ++i) {
        const AttributionFacts facts = dice.facts();
        const Attribution decision = attribute(facts);

        ASSERT_EQ(decision.trace.steps.size(), facts.claims.size());
        for (const Step& step : decision.trace.steps) {
            const bool has_credit = std::ranges::find(decision.credits, step.partner,
                                                      &Credit::partner) != decision.credits.end();
            if (step.reason == Reason::credited) {
                ASSERT_TRUE(has_credit && step.weight_ppm);
            } else {
                ASSERT_FALSE(step.weight_ppm);
            }
        }
    }
}

}  // namespace
}  // namespace referral::conversions
