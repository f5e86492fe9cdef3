#include "commissions/payable.hpp"

#include <gtest/gtest.h>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

TEST(Payable, SaysWhenAndWhyNotYet) {
    const Instant now = at("2026-05-01T00:00:00Z");
    const auto facts = [](Status status, std::string_view triggered = "2026-04-10T18:00:00Z") {
        PayableFacts made{.status = status, .amount = 39'00, .hold_days = 30};
        if (!triggered.empty()) made.triggered_at = at(triggered);
        return made;
    };
    const auto with = [](PayableFacts made, auto PayableFacts::*member, auto value) {
        made.*member = value;
        return made;
    };
    const PayableFacts due = facts(Status::pending, "2026-03-01T00:00:00Z");
    const PayableFacts limited =
        with(due, &PayableFacts::four_eyes_above, std::optional<std::int64_t>(39'00));
    PayableFacts above = limited;
    above.amount = 39'01;
    struct Row {
        const char* name;
        PayableFacts facts;
        std::optional<WhyNot> why_not;
    };
    const Row rows[] = {
        {"days", facts(Status::pending), WhyNot::days},
        {"trigger", facts(Status::pending, ""), WhyNot::trigger},
        {"left", with(facts(Status::pending), &PayableFacts::is_enrolled, false),
         WhyNot::enrolment},
        {"due", due, WhyNot::job},
        {"at the limit", limited, WhyNot::job},
        {"above the limit", above, WhyNot::four_eyes},
        {"nothing", with(due, &PayableFacts::amount, std::int64_t{0}), WhyNot::nothing},
        {"held", facts(Status::held), WhyNot::held},
        {"rejected", facts(Status::rejected), WhyNot::rejected},
        {"canceled", facts(Status::canceled), WhyNot::canceled},
        {"approved", facts(Status::approved), std::nullopt},
        {"in a payout", facts(Status::in_payout), std::nullopt},
        {"paid", facts(Status::paid), std::nullopt},
    };
    for (const Row& row : rows) {
        const Payable found = payable(row.facts, now);
        EXPECT_EQ(found.why_not, row.why_not) << row.name;
        EXPECT_FALSE(found.sentence.empty()) << row.name;
    }

    EXPECT_EQ(payable(facts(Status::pending), now).on, at("2026-05-10T18:00:00Z"));  // C23
    EXPECT_EQ(payable(facts(Status::pending), now).sentence,
              "Payable on 2026-05-10: 30 days after it was delivered on 2026-04-10.");
}

}  // namespace
}  // namespace referral::commissions
