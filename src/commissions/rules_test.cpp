#include "commissions/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

constexpr std::int64_t groups[] = {7, 8};
constexpr Place place{.program = 1, .enrolment = 11, .code = 21, .groups = groups};

RuleVersion numbered(std::int64_t id, Scope scope = {ScopeKind::program, 1}, int priority = 0) {
    RuleVersion version = rule();
    version.id = {id};
    version.name = "R" + std::to_string(id);
    version.scope = scope;
    version.priority = priority;
    return version;
}

RuleVersion with_tests(RuleVersion version, std::size_t count) {
    const Condition test{.field = Field::customer, .values = {"new"}};
    version.conditions = Condition{.joint = Joint::all, .parts = {count, test}};
    return version;
}

RuleVersion as_version(RuleVersion version, int number, Instant from) {
    version.version = number;
    version.effective_from = from;
    return version;
}

std::int64_t winner(std::vector<RuleVersion> versions, const Facts& sale = facts(100'00)) {
    const Rules rules(std::move(versions));
    const RuleVersion* chosen = rules.select(sale, place);
    return chosen ? chosen->id.value : 0;
}

TEST(Rules, PreferTheMoreSpecific) {
    const RuleVersion program = numbered(1, {ScopeKind::program, 1}, 100);
    const RuleVersion group = numbered(2, {ScopeKind::group, 8}, 50);
    const RuleVersion enrolment = numbered(3, {ScopeKind::enrolment, 11});
    const RuleVersion code = numbered(4, {ScopeKind::code, 21}, 1);

    EXPECT_EQ(winner({program}), 1);
    EXPECT_EQ(winner({program, group}), 2);
    EXPECT_EQ(winner({enrolment, program, group}), 3);
    EXPECT_EQ(winner({enrolment, code, program, group}), 4);  // Equally specific: by priority.
    EXPECT_EQ(winner({numbered(5, {ScopeKind::group, 9}), numbered(6, {ScopeKind::program, 2}),
                      numbered(7, {ScopeKind::enrolment, 12}), numbered(8, {ScopeKind::code, 22})}),
              0);
}

TEST(Rules, NeverPreferTheHigherAmount) {
    RuleVersion generous = numbered(1);
    generous.rate.value = 900'000;
    RuleVersion custom = numbered(2, {ScopeKind::enrolment, 11});
    custom.rate.value = 1;

    EXPECT_EQ(winner({generous, custom}), 2);
}

TEST(Rules, PreferPriorityThenConditionsThenTheNewest) {
    const Instant march = at("2026-03-01T00:00:00Z");
    const RuleVersion plain = numbered(1);

    EXPECT_EQ(winner({with_tests(numbered(2), 3), numbered(3, {ScopeKind::program, 1}, 1)}), 3);
    EXPECT_EQ(winner({with_tests(numbered(2), 2), with_tests(numbered(3), 1), plain}), 2);
    EXPECT_EQ(winner({as_version(numbered(2), 1, march), plain}), 2);
    EXPECT_EQ(winner({numbered(2), plain}), 2);
}

TEST(Rules, AreThoseInForceWhenItOccurred) {
    // C22 and C26: from midnight in Chicago.
    const Instant june =
        chicago().instant(std::chrono::local_days(std::chrono::year(2026) / std::chrono::June / 1));
    const Rules rules({numbered(1), as_version(numbered(1), 2, june)});
    const auto version_at = [&](const char* when) {
        Facts sale = facts(100'00);
        sale.occurred_at = at(when);
        const RuleVersion* chosen = rules.select(sale, place);
        return chosen ? chosen->version : 0;
    };

    EXPECT_EQ(version_at("2025-12-31T23:59:59Z"), 0);
    EXPECT_EQ(version_at("2026-06-01T04:59:59Z"), 1);
    EXPECT_EQ(version_at("2026-06-01T05:00:00Z"), 2);
}

TEST(Rules, DoNotComeBackWhenTheirNewVersionDoesNotFit) {
    RuleVersion newer = as_version(numbered(1), 2, at("2026-02-01T00:00:00Z"));
    newer.event_kind = EventKind::paid;

    EXPECT_EQ(winner({numbered(1), newer}), 0);
}

TEST(Rules, AreForOneLevelAndUnit) {
    Facts sale = facts(100'00);
    RuleVersion upper = numbered(2);
    upper.level = 2;
    RuleVersion per_mile = numbered(3, {ScopeKind::program, 1}, 9);
    per_mile.basis = Basis::quantity;
    per_mile.unit = Unit::mile;

    EXPECT_EQ(winner({numbered(1), upper, per_mile}, sale), 1);
    sale.level = 2;
    EXPECT_EQ(winner({numbered(1), upper, per_mile}, sale), 2);
    sale.level = 1;
    sale.unit = Unit::mile;
    EXPECT_EQ(winner({numbered(1), upper, per_mile}, sale), 3);
}

TEST(Rules, ExplainWhoWonAndWhyEachOtherLost) {
    RuleVersion ltl = numbered(9);
    ltl.conditions = Condition{.joint = Joint::all,
                               .parts = {{.field = Field::customer, .values = {"new"}},
                                         {.field = Field::mode, .values = {"ltl"}}}};
    RuleVersion paid = numbered(7), upper = numbered(8), miles = numbered(10);
    paid.event_kind = EventKind::paid;
    upper.level = 2;
    miles.basis = Basis::quantity;
    miles.unit = Unit::mile;
    const Instant february = at("2026-02-01T00:00:00Z");
    const Rules rules({numbered(1), as_version(numbered(1), 2, february),
                       as_version(numbered(1), 3, at("2027-01-01T00:00:00Z")),
                       with_tests(numbered(2), 1), numbered(3, {ScopeKind::program, 1}, -1),
                       numbered(4, {ScopeKind::group, 7}), numbered(6, {ScopeKind::group, 9}), paid,
                       upper, ltl, miles, numbered(5, {ScopeKind::group, 7})});

    std::vector<std::string> lines;
    for (const Considered& considered : rules.explain(facts(100'00), place))
        lines.push_back(text_of(considered));

    EXPECT_THAT(
        lines,
        ::testing::ElementsAre(
            R"(Rule "R5", version 1, won.)",
            R"(Rule "R1", version 1, lost: a newer version of it was in force.)",
            R"(Rule "R1", version 2, lost: its scope is less specific.)",
            R"(Rule "R1", version 3, lost: it was not yet in force.)",
            R"(Rule "R2", version 1, lost: its scope is less specific.)",
            R"(Rule "R3", version 1, lost: its scope is less specific.)",
            R"(Rule "R4", version 1, lost: it is older.)",
            R"(Rule "R6", version 1, lost: it is for others.)",
            R"(Rule "R7", version 1, lost: it is for another kind of event.)",
            R"(Rule "R8", version 1, lost: it is for another level.)",
            R"(Rule "R9", version 1, lost: its conditions do not hold, for it is not so that )"
            "the mode is ltl.",
            R"(Rule "R10", version 1, lost: it pays for another unit.)"));
}

TEST(Rules, ExplainPriorityAndConditions) {
    const Rules rules({numbered(1), with_tests(numbered(2), 1),
                       with_tests(numbered(3, {ScopeKind::program, 1}, 1), 0),
                       with_tests(numbered(4, {ScopeKind::program, 1}, 1), 1)});

    const auto list = rules.explain(facts(100'00), place);

    ASSERT_EQ(list.size(), 4u);
    EXPECT_EQ(list[0].rule->id.value, 4);
    EXPECT_EQ(list[1].loss, Loss::lower_priority);
    EXPECT_EQ(list[2].loss, Loss::lower_priority);
    EXPECT_EQ(list[3].loss, Loss::fewer_conditions);
}

TEST(Rules, ExplainThatNoneFits) {
    const Rules rules({numbered(6, {ScopeKind::group, 9})});

    const auto list = rules.explain(facts(100'00), place);

    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].loss, Loss::other_scope);
}

}  // namespace
}  // namespace referral::commissions
