#include "commissions/trace.hpp"

#include <gtest/gtest.h>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

/// A case in which nearly every step is taken.
struct Example {
    RuleVersion version = tiered(growing(TierMode::marginal), Basis::margin);
    Facts sale = facts(6'000'00, 1'000'00);
    std::int64_t weights[2] = {600'000, 400'000};
    State state{.posted = 30'00,
                .first_at = at("2026-02-01T10:00:00Z"),
                .volume = 1'000'00,
                .customer_earned = 90'00,
                .partner_period_earned = 10'00};

    Example() {
        version.min_amount = 1'00;
        version.max_amount = 300'00;
        version.cap_customer = 250'00;
        version.cap_partner_period = PartnerCap{500'00};
        version.budget = 1'000'00;
        version.duration_months = 12;
        sale.currency = currency("EUR");
        sale.exchange_rate = ExchangeRate::parse("1.1");
        sale.quantity = 1'500;
        sale.bonus_ppm = 100'000;
        sale.weights = weights;
    }
};

TEST(Traces, AreLinesForPeople) {
    const Example example;

    const Calculation result = calculate(example.sale, example.version, example.state, chicago());

    EXPECT_EQ(text_of(result.trace, example.version, example.sale.currency),
              "Facts: delivered at 2026-03-10T12:00:00Z, revenue EUR 6000.00, cost "
              "EUR 1000.00, quantity 1.5 (load)\n"
              "Rule \"Standard\", version 1, in force since 2026-01-01T00:00:00Z\n"
              "Months of the customer: from 2026-02-01T10:00:00Z until before "
              "2027-02-01T10:00:00Z: inside\n"
              "Basis: margin EUR 5000.00\n"
              "Exchange: × 1.1 = USD 5500\n"
              "Period of the tiers: from 2026-03-01T06:00:00Z until before "
              "2026-04-01T05:00:00Z: inside\n"
              "Slice from USD 0.00: USD 4000 × 5 %\n"
              "Slice from USD 5000.00: USD 1500 × 8 %\n"
              "Bonus of the partner's tier: 10 % more\n"
              "Rounding, half away from zero: USD 352 to USD 352.00\n"
              "Period of the partner's cap: from 2026-03-01T06:00:00Z until before "
              "2026-04-01T05:00:00Z: inside\n"
              "Minimum USD 1.00: USD 352.00\n"
              "Maximum USD 300.00: USD 300.00\n"
              "Most for one customer: USD 250.00, of which USD 90.00 are used: USD "
              "160.00\n"
              "Most for the partner in the period: USD 500.00, of which USD 10.00 "
              "are used: USD 160.00\n"
              "Budget: USD 1000.00, of which USD 0.00 are used: USD 160.00\n"
              "Split: 600000 of 1000000 parts of USD 160.00: USD 96.00\n"
              "Result: USD 96.00, posted before USD 30.00, to post USD 66.00\n");
    EXPECT_EQ(result.reason, Reason::cap_customer);
}

TEST(Traces, AreObjectsForPrograms) {
    RuleVersion version = rule(Basis::margin);
    version.cap_customer = 20'00;
    const Facts sale = facts(123'45);

    const Calculation result = calculate(sale, version, {.customer_earned = 15'00}, utc());

    const auto expected = schema::parse(R"([
        {"step": "facts", "event_kind": "delivered", "occurred_at": "2026-03-10T12:00:00Z",
         "currency": "USD", "revenue": "123.45", "cost": "0.00", "quantity": "0", "unit": "load"},
        {"step": "rule", "rule_id": ")" +
                                        version.id.text() + R"(", "name": "Standard",
         "version": 1, "effective_from": "2026-01-01T00:00:00Z", "currency": "USD"},
        {"step": "basis", "basis": "margin", "amount": "123.45"},
        {"step": "rate", "rate": "10 %"},
        {"step": "rounding", "exact": "12.345", "rounded": "12.35", "mode": "half_away_from_zero"},
        {"step": "cap", "cap": "cap_customer", "limit": "20.00", "used": "15.00",
         "amount": "5.00"},
        {"step": "post", "amount": "5.00", "posted": "0.00", "difference": "5.00"}])");
    EXPECT_EQ(to_json(result.trace, version, sale.currency), expected);
}

TEST(Traces, WriteEveryStepAsAnObject) {
    const Example example;
    const Calculation result = calculate(example.sale, example.version, example.state, chicago());

    const auto list = to_json(result.trace, example.version, example.sale.currency);

    std::string steps;
    for (const auto& step : list) {
        const auto& name = step.at("step").as_string();
        steps.append(name.data(), name.size()).append(" ");
    }
    EXPECT_EQ(steps,
              "facts rule window basis exchange window slice slice bonus rounding window minimum "
              "maximum cap cap cap split post ");
}

TEST(Traces, SayWhyNothingIsDue) {
    Facts sale = facts(100'00);
    sale.is_reversed = true;

    const Calculation result = calculate(sale, rule(), {}, utc());

    const auto* step = result.trace.find<NothingStep>();
    ASSERT_NE(step, nullptr);
    EXPECT_EQ(step->reason, Reason::reversed);
    EXPECT_NE(text_of(result.trace, rule(), sale.currency)
                  .find("Nothing is due: nothing is left of the conversion"),
              std::string::npos);
}

TEST(Traces, HoldTheLongestCalculationThereIs) {
    Example example;
    example.version.tiers->steps.clear();
    for (int i = 0; i < static_cast<int>(Tiers::steps_max); ++i)
        example.version.tiers->steps.push_back({i * 100, {10'000 * i}});
    example.state = {.first_at = example.state.first_at, .program_budget_left = 1};

    const Calculation result = calculate(example.sale, example.version, example.state, chicago());

    EXPECT_LE(result.trace.steps().size(), Trace::steps_max);
    EXPECT_NE(result.trace.find<SplitStep>(), nullptr);
}

}  // namespace
}  // namespace referral::commissions
