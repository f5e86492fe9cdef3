#include "commissions/rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

std::vector<std::string> fields(const RuleVersion& version) {
    std::vector<std::string> names;
    for (const FieldError& error : errors_of(version)) names.push_back(error.field);
    return names;
}

TEST(RuleVersions, AreGood) {
    for (const RuleVersion& version :
         {rule(), rule(Basis::margin), rule(Basis::fixed, 25'00), rule(Basis::commission),
          rule(Basis::quantity, 12'500), tiered(growing(TierMode::whole))})
        EXPECT_THAT(fields(version), ::testing::IsEmpty());
}

TEST(RuleVersions, NameEveryFieldThatIsWrong) {
    RuleVersion bad = rule(Basis::commission, -1);
    bad.name = "";
    bad.level = 1;
    bad.scope.id = 0;
    bad.min_amount = 10'00;
    bad.max_amount = 9'99;
    bad.cap_customer = 0;
    bad.cap_partner_period = PartnerCap{-1};
    bad.budget = minor_max;
    bad.duration_months = 0;
    EXPECT_THAT(
        fields(bad),
        ::testing::ElementsAre("name", "scope_id", "basis", "rate_ppm", "max_amount",
                               "cap_customer", "cap_partner_period", "budget", "duration_months"));

    RuleVersion steps = tiered({.steps = {{1, {10}}, {1, {10'000'001}}, {5, {-1}}}});
    steps.rate.value = 5;
    EXPECT_THAT(fields(steps),
                ::testing::ElementsAre("tiers.0.from", "tiers.1.from", "tiers.1.rate_ppm",
                                       "tiers.2.rate_ppm", "rate_ppm"));
    EXPECT_THAT(fields(tiered({})), ::testing::ElementsAre("tiers"));
    EXPECT_THAT(fields(tiered({.steps = std::vector<Tier>(11)})), ::testing::ElementsAre("tiers"));
}

TEST(RuleVersions, AreSentences) {
    RuleVersion share = rule(Basis::margin, 75'000);
    share.min_amount = 10'00;
    share.max_amount = 250'00;
    share.conditions = Condition{.field = Field::mode, .values = {"ftl", "ltl"}};
    share.cap_customer = 500'00;
    share.cap_partner_period = PartnerCap{5'000'00};
    share.budget = 90'000'00;
    share.duration_months = 12;
    EXPECT_EQ(sentence(share),
              "Pays 7.5 % of the margin, at least USD 10.00 and at most USD 250.00, for each "
              "delivered event if the mode is ftl or ltl. At most USD 500.00 for one customer, "
              "USD 5000.00 for one partner in a month, USD 90000.00 for the whole rule. For 12 "
              "months from the customer's first.");

    EXPECT_EQ(
        sentence(rule(Basis::commission)),
        "Pays 10 % of what level 1 earns for each delivered event to the partner of level 2.");
    EXPECT_EQ(sentence(rule(Basis::fixed, 25'00)), "Pays USD 25.00 for each delivered event.");
    RuleVersion miles = rule(Basis::quantity, 12'500);
    miles.unit = Unit::mile;
    EXPECT_EQ(sentence(miles), "Pays USD 0.0125 per mile for each delivered event.");
    miles.rate.value = 25'500'000;
    EXPECT_EQ(sentence(miles), "Pays USD 25.50 per mile for each delivered event.");
}

TEST(RuleVersions, SayHowTheirTiersPay) {
    EXPECT_EQ(sentence(tiered(growing(TierMode::marginal))),
              "Pays 5 % of the revenue, 8 % from USD 5000.00 on, 10 % from USD 20000.00 on in a "
              "month, each slice at its rate for each delivered event.");
    EXPECT_THAT(sentence(tiered(growing(TierMode::whole))),
                ::testing::HasSubstr("in a month, all at the rate reached for"));
    Tiers customers{.timing = TierTiming::before,
                    .measure = TierMeasure::customers,
                    .period = Period::always,
                    .steps = {{0, {200'000}}, {11, {250'000}}}};
    EXPECT_EQ(sentence(tiered(customers)),
              "Pays 20 % of the revenue, 25 % from 11 customers on in all, each event at the rate "
              "reached before it for each delivered event.");
}

}  // namespace
}  // namespace referral::commissions
