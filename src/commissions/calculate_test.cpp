/// The cases of the contract, C1 to C26 as far as they are computed here, and what lies between.

#include "commissions/calculate.hpp"

#include <gtest/gtest.h>

#include "base/problem.hpp"
#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

TEST(Calculations, TakeAShareAndRoundOnce) {
    const struct {
        std::int64_t revenue, ppm, amount;
    } rows[] = {
        {123'456, 100'000, 12'346},  // C1
        {500, 29'000, 15},           // C2 and so on
        {3, 200'000, 1},
        {15, 100'000, 2},
        {1, 500'000, 1},
        {2, 200'000, 0},
        {-15, 100'000, -2},
        {0, 100'000, 0},
        {999'999'999'999'999, 1'000'000, 999'999'999'999'999},
    };
    for (const auto& row : rows)
        EXPECT_EQ(amount(facts(row.revenue), rule(Basis::revenue, row.ppm)), row.amount)
            << row.revenue << " × " << row.ppm;
}

TEST(Calculations, KnowCurrenciesWithoutAndWithThreeDecimals) {
    const struct {
        const char* code;
        std::int64_t revenue, ppm, amount;
    } rows[] = {{"JPY", 12'345, 75'000, 926}, {"KWD", 12'345, 75'000, 926}};  // C18
    for (const auto& row : rows) {
        Facts sale = facts(row.revenue);
        RuleVersion share = rule(Basis::revenue, row.ppm);
        sale.currency = share.currency = currency(row.code);
        EXPECT_EQ(amount(sale, share), row.amount) << row.code;
    }
}

TEST(Calculations, LiftAndLimit) {
    RuleVersion share = rule(Basis::revenue, 50'000);
    share.min_amount = 10'00;
    share.max_amount = 250'00;
    const std::pair<std::int64_t, std::int64_t> rows[] = {
        {120'00, 10'00}, {9'000'00, 250'00},  // C3
        {1, 10'00},      {0, 0},              // Nothing stays nothing.
        {400'00, 20'00}, {-9'000'00, -250'00}};
    for (const auto& [revenue, expected] : rows)
        EXPECT_EQ(amount(facts(revenue), share), expected) << revenue;
}

TEST(Calculations, TakeTheMarginButNeverLessThanNothing) {
    const RuleVersion share = rule(Basis::margin);

    EXPECT_EQ(amount(facts(2'400'00, 2'010'00), share), 39'00);  // C4
    const Calculation changed =
        calculate(facts(2'400'00, 2'085'00), share, {.posted = 39'00}, utc());
    EXPECT_EQ(changed.amount, 31'50);
    EXPECT_EQ(changed.difference, -7'50);
    EXPECT_EQ(amount(facts(1'000'00, 1'080'00), share), 0);  // C5
}

TEST(Calculations, PostTheDifferenceAfterEachRefund) {
    const RuleVersion share = rule();
    State state;
    std::vector<std::int64_t> differences;

    for (const std::int64_t revenue : {100'00, 66'67, 33'34, 0}) {
        const Calculation result = calculate(facts(revenue), share, state, utc());
        differences.push_back(result.difference);
        state.posted += result.difference;
    }

    EXPECT_EQ(differences, (std::vector<std::int64_t>{10'00, -3'33, -3'34, -3'33}));  // C6
    EXPECT_EQ(state.posted, 0);
}

TEST(Calculations, LeaveNothingOfWhatIsReversed) {
    for (RuleVersion version : {rule(), rule(Basis::margin), rule(Basis::fixed, 25'00),
                                rule(Basis::quantity, 25'000'000), rule(Basis::commission)}) {
        version.min_amount = 10'00;
        Facts sale = facts(100'00);
        sale.quantity = 3'000;
        sale.commission = 5'00;
        sale.is_reversed = true;

        const Calculation result = calculate(sale, version, {.posted = 77'77}, utc());

        EXPECT_EQ(result.amount, 0);
        EXPECT_EQ(result.difference, -77'77);
        EXPECT_EQ(result.reason, Reason::reversed);
    }
}

TEST(Calculations, PayByQuantity) {
    const struct {
        std::int64_t quantity, unit_amount, amount;
    } rows[] = {
        {10'000'000, 10'000, 100'00},  // C13: 10,000 miles at 0.01
        {1'237'000, 12'500, 15'46},    // 1,237 miles at 0.0125
        {1'500, 25'000'000, 37'50},    // one and a half at 25.00
        {1, 5'000'000, 1},             // a thousandth at 5.00 is half a cent
    };
    for (const auto& row : rows) {
        Facts drive = facts(0);
        RuleVersion per_mile = rule(Basis::quantity, row.unit_amount);
        drive.quantity = row.quantity;
        drive.unit = per_mile.unit = Unit::mile;
        EXPECT_EQ(amount(drive, per_mile), row.amount) << row.quantity;
    }
}

TEST(Calculations, PayNothingForAnotherUnit) {
    Facts drive = facts(0);
    drive.quantity = 1'000;
    drive.unit = Unit::mile;

    const Calculation result = calculate(drive, rule(Basis::quantity, 25'000'000), {}, utc());

    EXPECT_EQ(result.amount, 0);
    EXPECT_EQ(result.reason, Reason::other_unit);
}

TEST(Calculations, ConvertWithinTheOneRounding) {
    Facts sale = facts(11'75);
    sale.currency = currency("EUR");
    sale.exchange_rate = ExchangeRate::parse("1.0837");
    EXPECT_EQ(amount(sale, rule(Basis::revenue, 75'000)), 96);  // C17

    sale.currency = currency("JPY");
    sale.revenue = 12'345;
    sale.exchange_rate = ExchangeRate::parse("0.0066");
    EXPECT_EQ(amount(sale, rule()), 8'15);  // 12,345 × 0.0066 × 10 % = 8.1477

    RuleVersion in_yen = rule();
    in_yen.currency = currency("JPY");
    sale = facts(10'01);
    sale.exchange_rate = ExchangeRate::parse("151.5");
    EXPECT_EQ(amount(sale, in_yen), 152);  // 151.6515
}

TEST(Calculations, RefuseWhatCannotBeComputed) {
    Facts sale = facts(100);
    sale.currency = currency("EUR");
    EXPECT_THROW(amount(sale, rule()), Problem);  // No exchange rate.

    sale.exchange_rate = ExchangeRate::parse("999999999999999999");
    sale.revenue = 999'999'999'999'999;
    EXPECT_THROW(amount(sale, rule()), Problem);
    EXPECT_THROW(amount(facts(1'000'000'000'000'000), rule()), Problem);
    EXPECT_THROW(amount(facts(0, -1'000'000'000'000'000), rule()), Problem);
}

TEST(Calculations, PayEachSliceAtItsRate) {
    const RuleVersion version = tiered(growing(TierMode::marginal));
    const struct {
        std::int64_t volume, revenue, amount;
    } rows[] = {
        {0, 4'000'00, 200'00},  // C7
        {4'000'00, 3'000'00, 210'00},
        {7'000'00, 15'000'00, 1'240'00},
        {0, 22'000'00, 1'650'00},
        {5'000'00, 100, 8},
        {4'999'99, 1, 0},      // A cent at 5 %
        {4'999'00, 2'00, 13},  // 1.00 at 5 % and 1.00 at 8 %
        {5'001'00, -2'00, -13},
        {30'000'00, 10'00, 1'00},
    };
    for (const auto& row : rows)
        EXPECT_EQ(amount(facts(row.revenue), version, {.volume = row.volume}), row.amount)
            << row.volume << " + " << row.revenue;
}

TEST(Calculations, CutConvertedAmountsExactly) {
    Facts sale = facts(4'000'00);
    sale.currency = currency("EUR");
    sale.exchange_rate = ExchangeRate::parse("1.5");

    const Calculation result = calculate(sale, tiered(growing(TierMode::marginal)), {}, utc());

    EXPECT_EQ(result.amount, 330'00);  // 5,000.00 at 5 % and 1,000.00 at 8 %
    EXPECT_EQ(result.counted, 6'000'00);
}

TEST(Calculations, AskTheTierBeforeOrAfterTheEvent) {
    const auto at_rate_of = [](TierTiming timing, TierMode mode, std::int64_t volume) {
        return amount(facts(1'000'00), tiered(growing(mode, timing)), {.volume = volume});
    };
    EXPECT_EQ(at_rate_of(TierTiming::before, TierMode::marginal, 4'999'99), 50'00);
    EXPECT_EQ(at_rate_of(TierTiming::before, TierMode::marginal, 5'000'00), 80'00);
    EXPECT_EQ(at_rate_of(TierTiming::after, TierMode::whole, 4'000'00), 80'00);
    EXPECT_EQ(at_rate_of(TierTiming::after, TierMode::whole, 3'999'99), 50'00);
    EXPECT_EQ(at_rate_of(TierTiming::before, TierMode::whole, 4'000'00), 50'00);
}

TEST(Calculations, EndWithTheCustomersMonths) {
    RuleVersion recurring = rule();
    recurring.duration_months = 12;
    Facts load = facts(100'00);
    const State state{.first_at = at("2026-01-31T10:00:00Z")};

    load.occurred_at = at("2027-01-31T09:59:59.999999Z");
    EXPECT_EQ(amount(load, recurring, state), 10'00);
    load.occurred_at = at("2027-01-31T10:00:00Z");
    const Calculation over = calculate(load, recurring, state, utc());
    EXPECT_EQ(over.amount, 0);
    EXPECT_EQ(over.reason, Reason::term_over);
    EXPECT_EQ(amount(load, recurring), 10'00);  // It is the first itself.
}

TEST(Calculations, StopAtCaps) {
    RuleVersion capped = rule();
    capped.cap_customer = 500'00;
    capped.cap_partner_period = PartnerCap{1'000'00};
    capped.budget = 5'000'00;
    const struct {
        const char* name;
        State state;
        std::int64_t amount;
        std::optional<Reason> reason;
    } rows[] = {
        {"nothing used", {}, 39'00, {}},
        {"customer, just", {.customer_earned = 461'00}, 39'00, {}},
        {"customer, in part", {.customer_earned = 490'00}, 10'00, Reason::cap_customer},
        {"customer, all", {.customer_earned = 500'00}, 0, Reason::cap_customer},
        {"partner", {.partner_period_earned = 999'99}, 1, Reason::cap_partner_period},
        {"budget", {.budget_spent = 4'987'66}, 12'34, Reason::budget},  // C19
        {"budget, all", {.budget_spent = 5'000'00}, 0, Reason::budget},
        {"budget, overspent", {.budget_spent = 6'000'00}, 0, Reason::budget},
        {"program", {.program_budget_left = 12'34}, 12'34, Reason::budget},
        {"program, all", {.program_budget_left = 0}, 0, Reason::budget},
        {"the tightest",
         {.customer_earned = 490'00, .budget_spent = 4'995'00},
         5'00,
         Reason::budget},
    };
    for (const auto& row : rows) {
        const Calculation result = calculate(facts(390'00), capped, row.state, utc());
        EXPECT_EQ(result.amount, row.amount) << row.name;
        EXPECT_EQ(result.reason, row.reason) << row.name;
    }
}

TEST(Calculations, GoUpTheLevels) {
    const std::int64_t rates[] = {100'000, 20'000, 10'000}, amounts[] = {10'00, 2'00, 1'00};
    for (int level = 1; level <= 3; ++level) {  // C15: each of the sale
        Facts sale = facts(100'00);
        sale.level = level;
        EXPECT_EQ(amount(sale, rule(Basis::revenue, rates[level - 1])), amounts[level - 1]);
    }

    Facts sale = facts(2'400'00, 2'010'00);  // C16: of level 1's commission
    sale.level = 2;
    sale.commission = 39'00;
    EXPECT_EQ(amount(sale, rule(Basis::commission)), 3'90);
    sale.commission = 31'50;
    EXPECT_EQ(calculate(sale, rule(Basis::commission), {.posted = 3'90}, utc()).difference, -75);
}

TEST(Calculations, DivideByAttribution) {
    const std::int64_t weights[] = {333'334, 333'333, 333'333};
    const std::int64_t parts[] = {33'34, 33'33, 33'33};
    Facts sale = facts(1'000'00);
    sale.weights = weights;
    for (std::size_t i = 0; i < 3; ++i) {
        sale.own_weight = i;
        EXPECT_EQ(amount(sale, rule()), parts[i]);
        sale.commission = 33'34;
        EXPECT_EQ(amount(sale, rule(Basis::commission)), 3'33);  // Is a part already.
    }
}

TEST(Calculations, AddTheBonusOfTheTierToTheRuleThatWon) {
    Facts load = facts(0);
    load.bonus_ppm = 100'000;

    EXPECT_EQ(amount(load, rule(Basis::fixed, 300)), 330);
    load.revenue = 45;  // 4.5 × 1.1 = 4.95 is rounded once; 5 × 1.1 would be 6.
    EXPECT_EQ(amount(load, rule()), 5);
}

}  // namespace
}  // namespace referral::commissions
