#include "conversions/attribution.hpp"

#include <gtest/gtest.h>

#include "base/split.hpp"
#include "conversions/attribution_fixture_test.hpp"

namespace referral::conversions {
namespace {

using Model = AttributionModel;
using Credits = std::vector<Credit>;

Credits whole(UserId partner, Source source) { return {{partner, 1'000'000, source}}; }

/// The reason of a partner's only claim.
Reason reason_of(const Attribution& decision, UserId partner) {
    return why_not(decision.trace, partner).nearest.value().reason;
}

TEST(Attribution, GoesToTheFirstSourceThatHasAGoodClaim) {
    struct Case {
        const char* what;
        AttributionFacts facts;
        Credits credits;
    };
    const std::vector<Claim> clicks_of_both{click(a, "03-01"), click(b, "03-10")};
    const Claim as_lead = lead(a, "04-01", "06-30");
    const Case cases[] = {
        {"A1 last", conversion("03-12", clicks_of_both), whole(b, Source::clicks)},
        {"A1 first", conversion("03-12", clicks_of_both, {.model = Model::first}),
         whole(a, Source::clicks)},
        {"A2 inside", conversion("2026-05-30T11:59:59Z", {click(a, "03-01")}),
         whole(a, Source::clicks)},
        {"A2 outside", conversion("2026-05-30T12:00:00Z", {click(a, "03-01")}), {}},
        {"A3", conversion("05-15", {as_lead, click(b, "05-01")}), whole(a, Source::lead)},
        {"A4", conversion("07-01", {as_lead, click(b, "05-01")}), whole(b, Source::clicks)},
        {"A5", conversion("03-12", {click(b, "03-10"), claim(Source::code, a, "03-12")}),
         whole(a, Source::code)},
        {"A6", conversion("09-15", {lock(a, "2027-02-01T00:00:00Z"), click(b, "09-10")}),
         whole(a, Source::lock)},
        {"A7", conversion("05-20", {click(a, "03-01")}), whole(a, Source::clicks)},
        {"an override before all",
         conversion("05-15", {claim(Source::admin, b, "05-20"), as_lead, lock(a, "12-31")}),
         whole(b, Source::admin)},
        {"a lead before a lock", conversion("05-15", {lock(b, "12-31"), as_lead}),
         whole(a, Source::lead)},
        {"a lock before a code",
         conversion("05-15", {claim(Source::code, b, "05-15"), lock(a, "12-31")}),
         whole(a, Source::lock)},
        {"a code before a token",
         conversion("05-15", {claim(Source::token, b, "05-14"), claim(Source::code, a, "05-10")}),
         whole(a, Source::code)},
        {"a token before clicks",
         conversion("05-15", {click(b, "05-14"), claim(Source::token, a, "05-10")}),
         whole(a, Source::token)},
        {"of token and click id the later",
         conversion("05-15",
                    {claim(Source::click_id, b, "05-11"), claim(Source::token, a, "05-10")}),
         whole(b, Source::click_id)},
        {"of two leads the earlier", conversion("05-15", {lead(b, "04-02", "06-30"), as_lead}),
         whole(a, Source::lead)},
        {"a match is for review", conversion("05-15", {claim(Source::match, a, "05-15")}), {}},
        {"nothing is known", conversion("05-15", {}), {}},
    };
    for (const Case& c : cases) EXPECT_EQ(attribute(c.facts).credits, c.credits) << c.what;
}

TEST(Attribution, HasHalfOpenTerms) {
    struct Case {
        const char* at;
        Claim claim;
        bool good;
    };
    const Claim as_lead = lead(a, "04-01", "06-30"), as_lock = lock(a, "06-30");
    const Claim as_click = click(a, "04-01"), as_code = claim(Source::code, a, "04-01");
    const Case cases[] = {
        {"2026-04-01T11:59:59.999999Z", as_lead, false},  {"2026-04-01T12:00:00Z", as_lead, true},
        {"2026-06-30T11:59:59.999999Z", as_lead, true},   {"2026-06-30T12:00:00Z", as_lead, false},
        {"2026-06-30T11:59:59.999999Z", as_lock, true},   {"2026-06-30T12:00:00Z", as_lock, false},
        {"2026-04-01T11:59:59.999999Z", as_click, false}, {"2026-04-01T12:00:00Z", as_click, true},
        {"2026-06-30T11:59:59.999999Z", as_click, true},  {"2026-06-30T12:00:00Z", as_click, false},
        {"2026-06-30T11:59:59.999999Z", as_code, true},   {"2026-06-30T12:00:00Z", as_code, false},
    };
    for (const Case& c : cases)
        EXPECT_EQ(!attribute(conversion(c.at, {c.claim})).credits.empty(), c.good)
            << name_of(c.claim.source) << ' ' << c.at;
}

TEST(Attribution, BelongsToNobodyWhenTheAccountWasKnownBeforeTheFirstTouch) {  // A8
    AttributionFacts facts = conversion("03-12", {click(a, "03-01")}, {.acquisition = true});
    facts.account_known_at = on("01-15");

    const Attribution decision = attribute(facts);

    EXPECT_TRUE(decision.credits.empty());
    EXPECT_EQ(decision.trace.source, Source::organic);
    EXPECT_EQ(reason_of(decision, a), Reason::existing_customer);
}

TEST(Attribution, KeepsCustomersThatBecameKnownByATouch) {
    AttributionFacts facts =
        conversion("03-12", {click(a, "03-01"), click(b, "03-10")}, {.acquisition = true});
    facts.account_known_at = on("03-01");
    EXPECT_EQ(attribute(facts).credits, whole(b, Source::clicks));

    facts.account_known_at = on("02-28");
    EXPECT_TRUE(attribute(facts).credits.empty());
    facts.policy.acquisition = false;
    EXPECT_EQ(attribute(facts).credits, whole(b, Source::clicks));
    facts.policy.acquisition = true;
    facts.claims.push_back(lock(a, "12-31"));
    EXPECT_EQ(attribute(facts).credits, whole(a, Source::lock));
}

TEST(Attribution, SkipsWhoWasNotInGoodStandingThen) {
    struct Case {
        std::vector<StatusChange> later;
        Reason reason;
    };
    const auto since = [](const char* day, EnrolmentStatus status) {
        return StatusChange{on(day), status};
    };
    const Case cases[] = {
        {{since("03-05", EnrolmentStatus::suspended)}, Reason::suspended},  // A9
        {{since("03-12", EnrolmentStatus::banned)}, Reason::banned},
        {{since("03-05", EnrolmentStatus::left)}, Reason::left},
        {{since("03-05", EnrolmentStatus::rejected)}, Reason::rejected},
        {{since("03-05", EnrolmentStatus::applied)}, Reason::applied},
        {{since("03-05", EnrolmentStatus::invited)}, Reason::invited},
        {{since("03-13", EnrolmentStatus::suspended)}, Reason::credited},
        {{since("03-08", EnrolmentStatus::approved), since("03-05", EnrolmentStatus::suspended)},
         Reason::credited},
    };
    for (const Case& c : cases) {
        AttributionFacts facts = conversion("03-12", {click(b, "03-02"), click(a, "03-04")});
        facts.standings = {standing(a, c.later), standing(b)};

        const Attribution decision = attribute(facts);

        EXPECT_EQ(reason_of(decision, a), c.reason);
        const UserId winner = c.reason == Reason::credited ? a : b;
        EXPECT_EQ(decision.credits, whole(winner, Source::clicks)) << name_of(c.reason);
    }
}

TEST(Attribution, SkipsWhatIsNotEligible) {
    struct Case {
        Claim claim;
        Reason reason;
    };
    const auto of_class = [](clicks::Class click_class) {
        Claim claim = click(a, "03-11");
        claim.click_class = click_class;
        return claim;
    };
    Claim waiting = lead(a, "03-01", "06-30");
    waiting.accepted = false;
    const Case cases[] = {
        {of_class(clicks::Class::duplicate), Reason::not_human},
        {of_class(clicks::Class::suspect), Reason::not_human},
        {of_class(clicks::Class::bot), Reason::not_human},
        {of_class(clicks::Class::embedded), Reason::not_human},
        {of_class(clicks::Class::self), Reason::self},
        {waiting, Reason::not_accepted},
        {lead(a, "03-13", "06-30"), Reason::not_yet},
        {lead(a, "01-01", "03-12"), Reason::over},
        {lock(a, "03-12"), Reason::over},
        {click(a, "03-13"), Reason::not_yet},
        {click({9}, "03-11"), Reason::not_enrolled},
    };
    for (const Case& c : cases) {
        const Attribution decision = attribute(conversion("03-12", {click(b, "03-02"), c.claim}));

        EXPECT_EQ(reason_of(decision, c.claim.partner), c.reason);
        EXPECT_EQ(decision.credits, whole(b, Source::clicks)) << name_of(c.reason);
    }
}

TEST(Attribution, IsNotEarnedByOnesOwnBusiness) {
    AttributionFacts facts = conversion("03-12", {click(a, "03-10"), lock(a, "12-31")});
    facts.standings[0].is_customer = true;

    const Attribution decision = attribute(facts);

    EXPECT_TRUE(decision.credits.empty());
    EXPECT_EQ(reason_of(decision, a), Reason::self);
}

TEST(Attribution, SharesMoneyByTheModel) {  // A10 to A12
    struct Case {
        Policy policy;
        std::vector<Claim> claims;
        std::int64_t amount;
        std::vector<std::int64_t> parts;
    };
    const std::vector<Claim> three{click(a, "02-26"), click(b, "03-05"), click(c, "03-12")};
    const Case cases[] = {
        {{.model = Model::linear}, three, 10'000, {3'334, 3'333, 3'333}},
        {{.model = Model::position},
         {click(a, "03-01"), click(b, "03-02"), click(c, "03-03"), click(d, "03-04")},
         9'753,
         {3'901, 976, 975, 3'901}},
        {{.model = Model::decay}, three, 10'000, {1'429, 2'857, 5'714}},
        {{.model = Model::last}, three, 10'000, {10'000}},
        {{.model = Model::decay, .half_life_days = 14},
         {click(a, "02-26"), click(b, "03-12")},
         300,
         {100, 200}},
    };
    for (const Case& row : cases) {
        const Attribution decision = attribute(conversion("03-12", row.claims, row.policy));

        std::vector<std::int64_t> weights;
        for (const Credit& credit : decision.credits) weights.push_back(credit.weight_ppm);
        EXPECT_EQ(split(row.amount, weights), row.parts) << name_of(row.policy.model);
    }
}

TEST(Attribution, MergesTheTouchesOfOnePartner) {
    const std::vector<Claim> claims{click(a, "03-01", 1), click(b, "03-02", 2),
                                    click(a, "03-03", 3), click(a, "03-04", 4)};

    const Attribution decision = attribute(conversion("03-12", claims, {.model = Model::linear}));

    const Credits halves{{a, 500'000, Source::clicks}, {b, 500'000, Source::clicks}};
    EXPECT_EQ(decision.credits, halves);
}

TEST(Attribution, GivesEqualTimesToTheLowerClickId) {
    for (const Model model : {Model::last, Model::first}) {
        const std::vector<Claim> claims{click(a, "03-01", 7), click(b, "03-01", 6)};
        EXPECT_EQ(attribute(conversion("03-12", claims, {.model = model})).credits,
                  whole(b, Source::clicks))
            << name_of(model);
    }
}

TEST(Attribution, LocksTheCustomerOnce) {
    AttributionFacts facts = conversion("03-12", {click(a, "03-10")}, {.lock_days = 365});
    facts.qualifies = true;
    EXPECT_EQ(attribute(facts).locks_until, on("2027-03-12T12:00:00Z"));

    AttributionFacts locked = facts, unqualified = facts, organic = facts, unlocking = facts;
    locked.claims.push_back(lock(b, "03-01"));
    unqualified.qualifies = false;
    organic.claims.clear();
    unlocking.policy.lock_days.reset();
    for (const AttributionFacts& other : {locked, unqualified, organic, unlocking})
        EXPECT_FALSE(attribute(other).locks_until);
}

TEST(Attribution, SharesALockAsItWasSetAmongThoseWhoStillEarn) {
    AttributionFacts facts = conversion(
        "09-15", {lock(a, "12-31", 400'000), lock(b, "12-31", 450'000), lock(c, "12-31", 150'000)});
    const Credits all{
        {a, 400'000, Source::lock}, {b, 450'000, Source::lock}, {c, 150'000, Source::lock}};
    EXPECT_EQ(attribute(facts).credits, all);

    facts.standings[1] = standing(b, {{on("05-01"), EnrolmentStatus::banned}});
    const Credits left{{a, 727'273, Source::lock}, {c, 272'727, Source::lock}};
    EXPECT_EQ(attribute(facts).credits, left);
}

}  // namespace
}  // namespace referral::conversions
