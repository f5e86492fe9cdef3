/// What must hold for every history of sales, refunds and changed costs; histories are random, the
/// seed is not.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "commissions/random_history_test.hpp"

namespace referral::commissions {
namespace {

Event random_event(Chance& chance, std::int64_t id, const RuleVersion& version) {
    Event event{.conversion = id,
                .customer = chance.between(1, 4),
                .partner = chance.between(1, 2),
                .facts = facts(chance.between(0, 900'00), chance.between(0, 500'00))};
    event.facts.occurred_at += std::chrono::hours(chance.between(0, 2'000));
    event.facts.quantity = chance.between(0, 40'000);
    event.facts.bonus_ppm = chance.once_in(4) ? chance.between(0, 500'000) : 0;
    if (event.facts.currency != version.currency)
        event.facts.exchange_rate = ExchangeRate::parse("151.237");
    return event;
}

/// A refund, a dearer or cheaper carrier, or the end.
void change(Chance& chance, Facts& sale) {
    if (chance.once_in(3))
        sale.revenue -= chance.between(0, sale.revenue);
    else if (chance.once_in(2))
        sale.cost = chance.between(0, 600'00);
    else
        sale.is_reversed = chance.once_in(2);
}

void post(std::vector<Event>& events, const RuleVersion& version) {
    const auto earned = replay(events, version, chicago());
    for (std::size_t i = 0; i < events.size(); ++i) events[i].posted += earned[i].difference;
}

std::map<std::int64_t, std::int64_t> posted(const std::vector<Event>& events) {
    std::map<std::int64_t, std::int64_t> list;
    for (const Event& event : events) list[event.conversion] = event.posted;
    return list;
}

TEST(Histories, EndAtNothingWhenAllIsReversed) {
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        Chance chance(seed);
        const RuleVersion version = random_rule(chance);
        ASSERT_TRUE(errors_of(version).empty()) << seed;
        std::vector<Event> events;
        for (std::int64_t id = 1; id <= 12; ++id) {
            events.push_back(random_event(chance, id, version));
            if (chance.once_in(2))
                change(chance, events[static_cast<std::size_t>(chance.between(0, id - 1))].facts);
            post(events, version);
        }

        chance.shuffle(events);
        for (Event& event : events) {
            event.facts.is_reversed = true;
            post(events, version);
            ASSERT_EQ(event.posted, 0) << "seed " << seed;
        }

        for (const Event& event : events) ASSERT_EQ(event.posted, 0) << "seed " << seed;
    }
}

TEST(Histories, DoNotDependOnWhenTheyWereReported) {
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        Chance chance(seed);
        const RuleVersion version = random_rule(chance);
        std::vector<Event> known, final_facts;
        for (std::int64_t id = 1; id <= 12; ++id)
            final_facts.push_back(random_event(chance, id, version));

        // Reported in any order, with other facts first, and each time posted.
        auto reports = final_facts;
        chance.shuffle(reports);
        for (const Event& report : reports) {
            known.push_back(report);
            change(chance, known.back().facts);
            post(known, version);
            known.back().facts = report.facts;
            post(known, version);
        }

        auto at_once = final_facts;
        post(at_once, version);
        ASSERT_EQ(posted(known), posted(at_once)) << "seed " << seed;
    }
}

TEST(Histories, NeverPayMoreThanTheirCaps) {
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        Chance chance(seed);
        const RuleVersion version = random_rule(chance);
        std::vector<Event> events;
        for (std::int64_t id = 1; id <= 30; ++id)
            events.push_back(random_event(chance, id, version));

        post(events, version);

        std::int64_t total = 0;
        std::map<std::int64_t, std::int64_t> by_customer;
        std::map<std::pair<std::int64_t, Instant>, std::int64_t> by_partner;
        for (const Event& event : events) {
            total += event.posted;
            by_customer[event.customer] += event.posted;
            const Span month = period_of(event.facts.occurred_at, Period::month, chicago());
            by_partner[{event.partner, month.begin}] += event.posted;
        }
        ASSERT_LE(total, version.budget.value_or(total)) << seed;
        for (const auto& [customer, sum] : by_customer)
            ASSERT_LE(sum, version.cap_customer.value_or(sum)) << seed;
        for (const auto& [partner, sum] : by_partner)
            ASSERT_LE(sum, version.cap_partner_period.value_or(PartnerCap{sum}).amount) << seed;
    }
}

TEST(Histories, OfOneSaleFollowItsFacts) {
    // The difference method alone: what was posted is what the last facts earn, to the unit.
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        Chance chance(seed);
        const RuleVersion version = random_rule(chance);
        Event sale = random_event(chance, 1, version);
        State state;
        for (int i = 0; i < 10; ++i) {
            change(chance, sale.facts);
            const Calculation result = calculate(sale.facts, version, state, chicago());
            state.posted += result.difference;
            ASSERT_EQ(state.posted, calculate(sale.facts, version, {}, chicago()).amount);
        }
        sale.facts.is_reversed = true;
        state.posted += calculate(sale.facts, version, state, chicago()).difference;
        ASSERT_EQ(state.posted, 0) << "seed " << seed;
    }
}

}  // namespace
}  // namespace referral::commissions
