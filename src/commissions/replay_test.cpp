#include "commissions/replay.hpp"

#include <gtest/gtest.h>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

/// The n-th conversion of a month, an hour after the one before.
Event event(int n, std::int64_t revenue, std::int64_t customer = 1, std::int64_t partner = 1) {
    Event made{.conversion = n, .customer = customer, .partner = partner, .facts = facts(revenue)};
    made.facts.occurred_at += std::chrono::hours(n);
    made.facts.quantity = 1'000;
    return made;
}

/// What is posted in all when each event is reported, in the order of the list.
std::vector<std::int64_t> posted_step_by_step(const std::vector<Event>& events,
                                              const RuleVersion& version) {
    std::vector<Event> known;
    std::vector<std::int64_t> posted;
    for (const Event& next : events) {
        known.push_back(next);
        posted.push_back(0);
        const auto earned = replay(known, version, utc());
        for (std::size_t i = 0; i < known.size(); ++i) {
            known[i].posted += earned[i].difference;
            posted.back() += earned[i].difference;
        }
    }
    return posted;
}

using Amounts = std::vector<std::int64_t>;

TEST(Replays, PostTiersOfAMonth) {
    const std::vector<Event> events{event(1, 4'000'00), event(2, 3'000'00), event(3, 15'000'00)};

    EXPECT_EQ(posted_step_by_step(events, tiered(growing(TierMode::marginal))),
              (Amounts{200'00, 210'00, 1'240'00}));  // C7
    EXPECT_EQ(posted_step_by_step(events, tiered(growing(TierMode::whole))),
              (Amounts{200'00, 360'00, 1'640'00}));  // C8
    EXPECT_EQ(posted_step_by_step(events, tiered(growing(TierMode::whole, TierTiming::before))),
              (Amounts{200'00, 150'00, 1'410'00}));
}

TEST(Replays, BeginTiersAnewEachMonth) {
    std::vector<Event> events{event(1, 4'000'00), event(2, 3'000'00)};
    events[1].facts.occurred_at = at("2026-04-01T00:00:00Z");

    EXPECT_EQ(posted_step_by_step(events, tiered(growing(TierMode::marginal))),
              (Amounts{200'00, 150'00}));
}

TEST(Replays, CountDistinctCustomersBeforeTheEvent) {
    const RuleVersion version = tiered({.timing = TierTiming::before,
                                        .measure = TierMeasure::customers,
                                        .period = Period::always,
                                        .steps = {{0, {200'000}}, {11, {250'000}}}});
    std::vector<Event> events;
    for (int i = 1; i <= 10; ++i) events.push_back(event(i, 100'00, i));
    events.push_back(event(11, 100'00, 10));  // Nobody new.
    events.push_back(event(12, 100'00, 11));
    events.push_back(event(13, 100'00, 11));

    const auto earned = replay(events, version, utc());

    EXPECT_EQ(earned[10].amount, 20'00);
    EXPECT_EQ(earned[11].amount, 20'00);  // C9
    EXPECT_EQ(earned[12].amount, 25'00);
}

TEST(Replays, StopAtCapsInTheOrderOfEvents) {
    RuleVersion per_load = rule(Basis::quantity, 25'000'000);
    per_load.cap_customer = 500'00;
    std::vector<Event> events;
    for (int i = 1; i <= 22; ++i) events.push_back(event(i, 0));

    const auto earned = replay(events, per_load, utc());

    std::int64_t total = 0;
    for (const Earned& one : earned) total += one.amount;
    EXPECT_EQ(total, 500'00);  // C11
    EXPECT_EQ(earned[19].reason, std::nullopt);
    for (const std::size_t i : {20u, 21u}) {
        EXPECT_EQ(earned[i].amount, 0);
        EXPECT_EQ(earned[i].reason, Reason::cap_customer);
    }

    per_load.rate.value = 500'000'000;  // The vectors' other cap: twelve of 500.00 at 5,000.00.
    per_load.cap_customer = 5'000'00;
    total = 0;
    for (const Earned& one : replay(std::span(events).first(12), per_load, utc()))
        total += one.amount;
    EXPECT_EQ(total, 5'000'00);
}

TEST(Replays, CapPartnersByThePeriodAndTheRuleByItsBudget) {
    RuleVersion share = rule();
    share.cap_partner_period = PartnerCap{15'00};
    share.budget = 40'00;
    std::vector<Event> events{event(1, 100'00, 1, 1), event(2, 100'00, 2, 1),
                              event(3, 100'00, 3, 2), event(4, 100'00, 4, 1),
                              event(5, 100'00, 5, 2)};
    events[3].facts.occurred_at = at("2026-04-01T00:00:00Z");
    events[4].facts.occurred_at = at("2026-05-01T00:00:00Z");

    const auto earned = replay(events, share, utc());

    EXPECT_EQ(earned[0].amount, 10'00);
    EXPECT_EQ(earned[1].amount, 5'00);
    EXPECT_EQ(earned[1].reason, Reason::cap_partner_period);
    EXPECT_EQ(earned[2].amount, 10'00);
    EXPECT_EQ(earned[3].amount, 10'00);
    EXPECT_EQ(earned[4].amount, 5'00);
    EXPECT_EQ(earned[4].reason, Reason::budget);
}

TEST(Replays, FillWhatAReversedConversionLeaves) {
    RuleVersion share = rule();
    share.cap_customer = 15'00;
    std::vector<Event> events{event(1, 100'00), event(2, 100'00)};
    events[0].facts.is_reversed = true;
    events[0].posted = 10'00;
    events[1].posted = 5'00;

    const auto earned = replay(events, share, utc());

    EXPECT_EQ(earned[0].difference, -10'00);
    EXPECT_EQ(earned[1].difference, 5'00);
}

TEST(Replays, CountACustomersMonthsFromTheFirstThatIsLeft) {
    RuleVersion recurring = rule();
    recurring.duration_months = 1;
    std::vector<Event> events{event(1, 100'00), event(2, 100'00), event(3, 100'00)};
    events[1].facts.occurred_at = at("2026-03-20T12:00:00Z");
    events[2].facts.occurred_at = at("2026-04-15T12:00:00Z");

    EXPECT_EQ(replay(events, recurring, utc())[2].reason, Reason::term_over);
    events[0].facts.is_reversed = true;
    EXPECT_EQ(replay(events, recurring, utc())[2].amount, 10'00);
}

TEST(Replays, DivideACapAmongThePartnersOfOneConversion) {
    const std::int64_t weights[] = {1, 1, 1};
    RuleVersion share = rule();
    share.cap_customer = 8'00;
    std::vector<Event> events;
    for (std::size_t i = 0; i < 3; ++i) {
        events.push_back(event(1, 100'00, 1, static_cast<std::int64_t>(i) + 1));
        events.back().facts.weights = weights;
        events.back().facts.own_weight = i;
    }

    const auto earned = replay(events, share, utc());

    EXPECT_EQ(earned[0].amount, 2'67);
    EXPECT_EQ(earned[1].amount, 2'67);
    EXPECT_EQ(earned[2].amount, 2'66);
}

}  // namespace
}  // namespace referral::commissions
